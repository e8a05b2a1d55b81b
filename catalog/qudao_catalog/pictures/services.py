"""Make the WebP sizes of pictures."""

from __future__ import annotations

import io

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

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


def _webp(picture: Image.Image, width: int) -> bytes:
    upright = ImageOps.exif_transpose(picture)
    coloured = upright.convert(
        "RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB"
    )
    coloured.thumbnail((width, width), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    coloured.save(target, "WEBP", quality=conf.picture_quality(), method=4)
    return target.getvalue()
