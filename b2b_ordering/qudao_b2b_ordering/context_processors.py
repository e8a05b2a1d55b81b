"""What ordering adds to every page: the cart bar, and the band while an order is being revised. Nothing is read until a
template looks at it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from qudao_core import api as core

from .cart import queries
from .cart.answers import cart_bar, request_cart


def ordering(request: HttpRequest) -> dict[str, Any]:
    """``cart_bar`` (lazy): lines and net total of the current cart, empty for people who do not buy.

    ``mode_band`` (lazy): what the page says on top while the current cart revises an order; empty otherwise.
    """
    return {
        "cart_bar": SimpleLazyObject(lambda: _bar(request)),
        "mode_band": SimpleLazyObject(lambda: _band(request)),
    }


def _buyer(request: HttpRequest) -> core.Viewer | None:
    viewer: core.Viewer | None = getattr(request, "viewer", None)
    if viewer is None or not queries.may_order(viewer) or viewer.seller_id is None:
        return None
    return viewer


def _bar(request: HttpRequest) -> dict[str, Any]:
    viewer = _buyer(request)
    if viewer is None:
        return {}
    if not request_cart(request, viewer).lines:
        return {"lines": 0, "url": reverse("ordering:cart"), "currency": viewer.currency}
    return cart_bar(viewer)


def _band(request: HttpRequest) -> dict[str, Any]:
    viewer = _buyer(request)
    cart = request_cart(request, viewer) if viewer else None
    if cart is None or not cart.revises:
        return {}
    words = {"number": cart.revises}
    short = _("Changing %(number)s") % words
    text = _("You are changing order %(number)s. What you add goes into this order.") % words
    if not cart.revisable:
        text = short = _("Order %(number)s is no longer waiting for your changes.") % words
    return {
        "icon": "file-pen-line",
        "text": text,
        "short": short,
        "href": reverse("ordering:cart"),
        "link": _("Show the changed order"),
        "action": reverse("ordering:order-stop-revising", args=[cart.revises]),
        "button": _("Stop editing"),
    }
