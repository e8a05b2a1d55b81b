"""HTML to PDF, for every plugin. WeasyPrint and the libraries it needs are optional: without them pages say so."""

from __future__ import annotations

import functools
import importlib
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.translation import gettext_lazy as _
from PIL import ImageFile

from .errors import Refusal

#: Characters for which WenQuanYi Micro Hei, the Chinese font of every installation, holds an empty or broken
#: picture, and how they are written instead.
_WITHOUT_GLYPH = str.maketrans(
    {"℃": "°C", "℉": "°F", "\u212b": "Å", "½": "1/2", "Ⅴ": "V", "Ⅹ": "X", "∼": "~"}
)


@functools.cache
def available() -> bool:
    """Whether this machine can make PDFs: the package is installed and finds Pango."""
    try:
        importlib.import_module("weasyprint")
    except (ImportError, OSError):
        return False
    # WeasyPrint has Pillow accept pictures that are cut off, in the whole process: uploads would take them, too.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return True


def require() -> None:
    """Refuse what needs a PDF where none can be made.

    :raises Refusal: ``pdf_unavailable``.
    """
    if not available():
        raise Refusal(
            "pdf_unavailable",
            _("This installation cannot make PDF files yet."),
            remedy=_(
                "Print the page from your browser, or ask the operator to install the libraries for PDF."
            ),
            status=503,
        )


def render(html: str) -> bytes:
    """``html`` as a PDF. Styles, fonts and pictures come from our static files and media only, never from a network.

    :raises Refusal: ``pdf_unavailable`` where the machine lacks what WeasyPrint needs.
    """
    require()
    weasyprint = importlib.import_module("weasyprint")
    document = weasyprint.HTML(
        string=html.translate(_WITHOUT_GLYPH), base_url="file:///", url_fetcher=_fetcher(weasyprint)
    )
    written: bytes = document.write_pdf()
    return written


def _fetcher(weasyprint: object) -> object:
    base = importlib.import_module("weasyprint.urls").URLFetcher

    class StaticOnly(base):  # type: ignore[misc, valid-type]
        """Reads what lies below STATIC_URL from the disk and refuses everything else."""

        def fetch(self, url: str, headers: object = None) -> object:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            return super().fetch(_file(url).as_uri(), headers)

    return StaticOnly(allowed_protocols=("file", "data"))


def _file(url: str) -> Path:
    path = urlsplit(url).path
    prefix = urlsplit(settings.STATIC_URL).path
    if not path.startswith(prefix):
        raise ValueError(f"a document may not fetch {url}")
    name = path.removeprefix(prefix)
    found = finders.find(name)
    if found:
        return Path(str(found))
    return Path(staticfiles_storage.path(name))
