"""What ordering puts into the portal's shell: entries of the navigation, and blocks of the home page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_partner_portal.hooks import NavItem, Tile

from .cart.presenters import request_cart
from .cart.queries import may_order
from .orders.models import Order
from .orders.queries import (
    OrderFilter,
    UsualProduct,
    Waiting,
    bought_orders,
    may_see_board,
    order_previews,
    order_rows,
    orders,
    usual_products,
    waiting,
)
from .orders.queries.access import BUYER_ROLES
from .orders.web.presenters import order_row, product_link
from .pricing.queries import prices
from .pricing.rules import Price

WAITING_SHOWN, MOVING_SHOWN, AGAIN_SHOWN, USUAL_SHOWN = 4, 5, 3, 6


def navigation(viewer: core.Viewer, request: HttpRequest) -> Iterable[NavItem]:
    """Cart and orders for the buyer's people, the board for the seller's; each only for those who may open it."""
    if may_order(viewer) and viewer.seller_id is not None:
        count = request_cart(request, viewer).lines
        yield NavItem(
            "cart", _("Cart"), reverse("ordering:cart"), "shopping-cart", badge=count, phone_tab=True
        )
        yield NavItem("quick-order", _("Quick order"), reverse("ordering:quick-order"), "list-plus")
    if viewer.is_member and viewer.has_role(*BUYER_ROLES):
        yield NavItem("orders", _("Orders"), reverse("ordering:orders"), "package", phone_tab=True)
    if may_see_board(viewer) and viewer.is_member:
        yield NavItem("board", _("Orders to handle"), reverse("ordering:board"), "square-kanban")


def tiles(viewer: core.Viewer, request: HttpRequest) -> Iterable[Tile]:
    """What waits for the viewer, open orders, and beside them: find an order, buy again, usual products.

    Every figure leads to the rows it counts. A constant number of statements, however many orders there are.
    """
    if not viewer.shows("qudao_b2b_ordering.view_order"):
        return
    buys = viewer.is_member and viewer.has_role(*BUYER_ROLES)
    sells = viewer.is_member and may_see_board(viewer)
    if not (buys or sells):
        return
    desk = _Desk(viewer, buys=buys)
    yield desk.waiting()
    yield desk.open()
    yield desk.find()
    if not buys:
        yield desk.steps()
    if buys and may_order(viewer) and viewer.seller_id is not None:
        yield from desk.again()


class _Desk:
    """The orders and products of one viewer's home page; all their pictures are read together."""

    def __init__(self, viewer: core.Viewer, *, buys: bool) -> None:
        self.viewer, self.buys = viewer, buys
        self.found = waiting(viewer)
        side = OrderFilter(side="buyer" if buys else "seller", status="open")
        mine = orders(viewer, OrderFilter(mine=True)) if self.found.to_do else Order.objects.none()
        self.mine = list(mine.order_by("step_due", "submitted_at")[:WAITING_SHOWN])
        moving = orders(viewer, side).exclude(pk__in=[order.pk for order in self.mine])
        self.moving = list(moving[:MOVING_SHOWN])
        may_buy = buys and may_order(viewer) and viewer.seller_id is not None
        self.bought = bought_orders(viewer, AGAIN_SHOWN) if may_buy else []
        self.usual = usual_products(viewer, USUAL_SHOWN) if may_buy else []
        everything = [*self.mine, *self.moving, *self.bought]
        self.order_previews = order_previews(viewer, [order.pk for order in everything])
        shown = [each.product_id for each in self.order_previews.values() if each.product_id]
        self.facts = catalog.product_facts(viewer, shown)
        self.rows = {row.id: row for row in order_rows(viewer, everything)}

    def waiting(self) -> Tile:
        context = {
            "title": _("To do"),
            "items": _to_do(self.viewer, self.found),
            "orders": self._shown(self.mine),
            "show_company": not self.buys,
        }
        template = "qudao_b2b_ordering/orders/_tile_waiting.html"
        return Tile("orders-waiting", template, context, waiting=self.found.to_do)

    def open(self) -> Tile:
        page = "ordering:orders" if self.buys else "ordering:sales-orders"
        context = {
            "title": _("Open orders"),
            "empty": _("No other orders are in progress.") if self.mine else _("No orders are in progress."),
            "orders": self._shown(self.moving),
            "show_company": not self.buys,
            "all_url": f"{reverse(page)}?{urlencode({'status': 'open'})}",
        }
        return Tile("orders-moving", "qudao_b2b_ordering/orders/_tile_moving.html", context)

    def find(self) -> Tile:
        action = reverse("ordering:orders" if self.buys else "ordering:sales-orders")
        template = "qudao_b2b_ordering/orders/_tile_find.html"
        return Tile("orders-find", template, {"action": action}, place="side")

    def steps(self) -> Tile:
        """For the seller: how many open orders stand at which step."""
        page = reverse("ordering:sales-orders")
        items = [
            {
                "label": name,
                "count": count,
                "icon": "circle-dot",
                "href": f"{page}?{urlencode({'step': code})}",
            }
            for code, name, count in self.found.everywhere
        ]
        context = {"title": _("Open orders by step"), "items": items, "href": reverse("ordering:board")}
        return Tile("orders-steps", "qudao_b2b_ordering/orders/_tile_steps.html", context, place="side")

    def again(self) -> Iterable[Tile]:
        if self.bought:
            context = {"orders": self._shown(self.bought)}
            yield Tile("buy-again", "qudao_b2b_ordering/orders/_tile_again.html", context, place="side")
        if self.usual:
            pairs = [(each.facts.id, each.quantity) for each in self.usual]
            found = prices(
                self.viewer, pairs, lines={each.facts.id: each.facts.line_id for each in self.usual}
            )
            rows = [_usual(self.viewer, each, found[each.facts.id]) for each in self.usual]
            template = "qudao_b2b_ordering/orders/_tile_usual.html"
            yield Tile("usual-products", template, {"products": rows}, place="side")

    def _shown(self, found: Iterable[Order]) -> list[dict[str, Any]]:
        return [self._row(order) for order in found]

    def _row(self, order: Order) -> dict[str, Any]:
        row, glimpse = self.rows[order.pk], self.order_previews.get(order.pk)
        names = glimpse.names if glimpse else ()
        facts = self.facts.get(glimpse.product_id or 0) if glimpse else None
        words = ngettext("%(count)d line: %(names)s", "%(count)d lines: %(names)s", row.line_count)
        contents = words % {"count": row.line_count, "names": pgettext("list", ", ").join(names)}
        return order_row(row) | {
            "contents": contents,
            "way": row.way,
            "picture": product_link(facts)["picture"],
        }


def _usual(viewer: core.Viewer, usual: UsualProduct, price: Price) -> dict[str, Any]:
    facts = usual.facts
    return product_link(facts) | {
        "name": facts.name(viewer.language),
        "sku": facts.sku,
        "unit": facts.unit_name(viewer.language),
        "quantity": catalog.plain_number(usual.quantity),
        "price": price.unit_price,
        "currency": price.currency,
    }


def _to_do(viewer: core.Viewer, found: Waiting) -> list[dict[str, Any]]:
    """One line per step, leading to the orders that wait there."""
    items = [
        {"label": name, "count": count, "icon": "hourglass", "href": _list_address(viewer, code)}
        for code, name, _kind, count in found.steps
    ]
    if found.returned:
        address = f"{reverse('ordering:orders')}?{urlencode({'status': 'returned'})}"
        items.insert(
            0,
            {"label": _("Returned for changes"), "count": found.returned, "icon": "undo-2", "href": address},
        )
    return items


def _list_address(viewer: core.Viewer, step: str) -> str:
    page = "ordering:sales-orders" if may_see_board(viewer) else "ordering:orders"
    return f"{reverse(page)}?{urlencode({'step': step, 'mine': '1'})}"
