"""Serve pictures at the sizes pages show them. Made when first asked for.

A web server may then serve the file.
"""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe
from qudao_core.pages import allowed_in_previews

from . import rules
from .queries import is_catalogue_picture
from .services import make_rendition

#: A picture that changes gets a new name, so an address always shows the same one.
FOREVER = "public, max-age=31536000, immutable"


@allowed_in_previews
@require_safe
def picture(request: HttpRequest, width: int, name: str) -> FileResponse:
    """The picture ``name`` at ``width`` pixels.

    404 for other widths and for files that are no product pictures.
    """
    if width not in rules.WIDTHS or not rules.is_safe(name):
        raise Http404
    stored: str | None = rules.rendition_name(name, width)
    if not default_storage.exists(stored):
        stored = make_rendition(name, width) if is_catalogue_picture(name) else None
    if stored is None:
        raise Http404
    response = FileResponse(default_storage.open(stored), content_type="image/webp")
    response["Cache-Control"] = FOREVER
    return response
