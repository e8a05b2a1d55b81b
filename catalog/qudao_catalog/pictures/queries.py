"""Addresses of pictures, without asking anything per picture."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse
from oscar.core.loading import get_model

from . import rules


def picture_prefix() -> str:
    """What every picture's address begins with (``/pictures/``)."""
    try:
        return reverse("catalog:picture", args=(rules.CARD, "x")).removesuffix(f"{rules.CARD}/x.webp")
    except NoReverseMatch:
        return "/pictures/"


def picture_url(original: str, width: int = rules.CARD) -> str:
    """The address of one picture at a width of :data:`rules.WIDTHS`."""
    return rules.rendition_url(picture_prefix(), original, width)


def is_catalogue_picture(original: str) -> bool:
    """Whether a stored file is the picture of a product or a category: no other file is ever shown."""
    image, category = get_model("catalogue", "ProductImage"), get_model("catalogue", "Category")
    return (
        image.objects.filter(original=original).exists() or category.objects.filter(image=original).exists()
    )
