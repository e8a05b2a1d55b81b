"""What ordering adds to every page: the cart bar. Nothing is read until a template looks at it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from qudao_partner_portal import api as portal

from .cart import queries
from .cart.answers import cart_bar


def ordering(request: HttpRequest) -> dict[str, Any]:
    """``cart_bar`` (lazy): lines and net total of the current cart, empty for people who do not buy."""
    return {"cart_bar": SimpleLazyObject(lambda: _bar(request))}


def _bar(request: HttpRequest) -> dict[str, Any]:
    viewer: portal.Viewer | None = getattr(request, "viewer", None)
    if viewer is None or not queries.may_order(viewer) or viewer.seller_id is None:
        return {}
    if not queries.cart_count(viewer).lines:
        return {"lines": 0, "url": reverse("ordering:cart"), "currency": viewer.currency}
    return cart_bar(viewer)
