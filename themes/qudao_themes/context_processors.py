"""Template context that every page needs to be dressed: the brand and the reader's light or dark choice."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .brands import brand_for

THEME_COOKIE = "qd_theme"
THEMES = ("auto", "light", "dark")


def color_theme(request: HttpRequest) -> str:
    """``auto``, ``light`` or ``dark``: what the reader chose, ``auto`` (the device decides) otherwise."""
    chosen = request.COOKIES.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


def theme(request: HttpRequest) -> dict[str, object]:
    """Adds ``brand`` (lazy) and ``color_theme``."""
    return {"brand": SimpleLazyObject(lambda: brand_for(request)), "color_theme": color_theme(request)}
