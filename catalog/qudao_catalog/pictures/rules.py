"""Which sizes pictures are made in and what the files are called. A name is worked out, never looked up."""

from __future__ import annotations

from urllib.parse import quote

#: Table cell, card, product page, and the product page on a dense screen; in pixels.
WIDTHS = (96, 320, 640, 1280)
THUMBNAIL, CARD, PAGE, LARGE = WIDTHS


def rendition_name(original: str, width: int) -> str:
    """Where the WebP of ``original`` lies in the storage.

    >>> rendition_name("images/products/2026/11/lamp.jpg", 320)
    'renditions/320/images/products/2026/11/lamp.jpg.webp'
    """
    return f"renditions/{width}/{original}.webp"


def rendition_url(prefix: str, original: str, width: int) -> str:
    """The address of a picture below ``prefix``, or ``""`` when there is no picture.

    >>> address("/pictures/", "a b.jpg", 96)
    '/pictures/96/a%20b.jpg.webp'
    """
    return f"{prefix}{width}/{quote(original)}.webp" if original else ""


def is_safe(original: str) -> bool:
    """Whether a name from an address may be looked at: relative, and without steps upwards."""
    return bool(original) and not original.startswith("/") and ".." not in original.split("/")
