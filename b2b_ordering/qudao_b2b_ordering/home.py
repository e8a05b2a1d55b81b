"""What ordering puts into the portal's shell: entries of the navigation, and blocks of the home page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from qudao_partner_portal import api as portal
from qudao_partner_portal.hooks import NavItem, Tile

from .cart.queries import may_order
from .cart.web import request_cart
from .orders.queries import OrderFilter, Waiting, may_see_board, order_rows, orders, waiting
from .orders.queries.access import BUYER_ROLES
from .orders.web.shown import order_row

MOVING_SHOWN = 5


def navigation(viewer: portal.Viewer, request: HttpRequest) -> Iterable[NavItem]:
    """Cart and orders for the buyer's people, the board for the seller's; each only for those who may open it."""
    if may_order(viewer) and viewer.seller_id is not None:
        count = request_cart(request, viewer).lines
        yield NavItem(
            "cart", _("Cart"), reverse("ordering:cart"), "shopping-cart", badge=count, phone_tab=True
        )
    if viewer.is_member and viewer.has_role(*BUYER_ROLES):
        yield NavItem("orders", _("Orders"), reverse("ordering:orders"), "package", phone_tab=True)
    if may_see_board(viewer) and viewer.is_member:
        yield NavItem("board", _("Orders to handle"), reverse("ordering:board"), "square-kanban")


def tiles(viewer: portal.Viewer, request: HttpRequest) -> Iterable[Tile]:
    """What waits for the viewer first, then orders on their way. Every figure leads to the rows it counts."""
    if not viewer.is_member or not (viewer.has_role(*BUYER_ROLES) or may_see_board(viewer)):
        return
    found = waiting(viewer)
    context = {"title": _("Orders waiting for you"), "items": _to_do(viewer, found)}
    yield Tile("orders-waiting", "qudao_b2b_ordering/orders/_tile_waiting.html", context, waiting=found.to_do)
    if viewer.has_role(*BUYER_ROLES):
        moving = orders(viewer, OrderFilter(status="open", side="buyer"))[:MOVING_SHOWN]
        rows = [order_row(row) for row in order_rows(viewer, moving)]
        yield Tile("orders-moving", "qudao_b2b_ordering/orders/_tile_moving.html", {"orders": rows})


def _to_do(viewer: portal.Viewer, found: Waiting) -> list[dict[str, Any]]:
    """One line per step, leading to the orders that wait there."""
    items = [
        {"label": name, "count": count, "icon": "hourglass", "href": _list_address(viewer, code)}
        for code, name, _kind, count in found.steps
    ]
    if found.returned:
        address = f"{reverse('ordering:orders')}?{urlencode({'status': 'returned'})}"
        items.insert(
            0, {"label": _("Returned for change"), "count": found.returned, "icon": "undo-2", "href": address}
        )
    return items


def _list_address(viewer: portal.Viewer, step: str) -> str:
    page = "ordering:sales-orders" if may_see_board(viewer) else "ordering:orders"
    return f"{reverse(page)}?{urlencode({'step': step, 'mine': '1'})}"
