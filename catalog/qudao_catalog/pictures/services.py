"""Make the WebP sizes of pictures."""

from __future__ import annotations

import io
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps
from qudao_core import api as core
from wagtail.images import get_image_model

from .. import conf
from .rules import rendition_name


def make_rendition(original: str, width: int) -> str | None:
    """Store the picture ``original`` as WebP that fits into a square of ``width`` pixels.

    Repeating it is harmless.

    :returns: the stored name, or ``None`` when the file is missing or no picture.
    """
    name = rendition_name(original, width)
    try:
        with default_storage.open(original) as file, Image.open(file) as picture:
            data = _webp(picture, width)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(data))
    return name


def library_picture(image_id: int, field: str) -> ContentFile[bytes]:
    """A copy of a picture of Wagtail's library, for a product or a category to keep.

    :raises core.Refusal: ``unknown_picture``: it is not there any more, its file neither, or it is a drawing (SVG),
        of which no sizes can be made; ``field`` is where it was chosen.
    """
    image = get_image_model().objects.filter(pk=image_id).first()
    try:
        if image is not None and not image.is_svg():
            with image.file.open("rb") as file:
                return ContentFile(file.read(), name=PurePath(image.file.name).name)
    except OSError:
        pass
    raise core.Refusal(
        "unknown_picture",
        _("This picture cannot be used: it is no longer in the picture library, or it is an SVG drawing."),
        field=field,
        remedy=_("Choose another one."),
    )


def _webp(picture: Image.Image, width: int) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    coloured = upright.convert(
        "RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB"
    )
    coloured.thumbnail((width, width), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    coloured.save(target, "WEBP", quality=conf.picture_quality(), method=4)
    return target.getvalue()
