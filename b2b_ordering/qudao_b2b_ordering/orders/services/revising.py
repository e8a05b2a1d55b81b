"""From an order back to a cart: to change a returned one, or to order the same again."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from qudao_partner_portal import api as portal

from ... import bulk
from ...cart import queries as carts
from ...cart import services as cart_services
from ...cart.models import Cart, CartLine
from ...cart.rules import MOST_LINES, LineInput
from ...cart.services import BulkResult
from .. import rules
from ..models import Order, OrderLine
from ..queries import access
from .moving import lock_order


@transaction.atomic
def revise(*, viewer: portal.Viewer, number: str) -> Cart:
    """A cart with the lines of an order that was returned for change; submitting it changes that order.

    The cart becomes the viewer's current one. Calling it again returns the cart as far as it was edited.

    :raises NotFound: ``order_not_found``. :raises Forbidden: ``role_required``.
    :raises Conflict: ``order_not_returned``.
    """
    order = lock_order(viewer, number)
    if order.company_id != viewer.company_id or not carts.may_order(viewer):
        raise portal.Forbidden("role_required", _("Only a buyer of the company changes its orders."))
    if order.status != rules.RETURNED:
        raise portal.Conflict(
            "order_not_returned",
            _("Order %(number)s was not returned for change.") % {"number": order.number},
        )
    started = carts.open_carts(viewer).filter(revises=order).first()
    if started is not None:
        return cart_services.switch_cart(viewer=viewer, cart_id=started.pk)
    cart = cart_services.start_cart(viewer=viewer, name=order.number, revises_id=order.pk)
    bulk.insert(_cart_lines(cart, order))
    return cart


def _cart_lines(cart: Cart, order: Order) -> list[CartLine]:
    """Exactly what was ordered, at the price that was seen; products that are gone altogether cannot be lines."""
    lines = OrderLine.objects.filter(order=order, product__isnull=False).order_by("position")
    return [
        CartLine(
            cart=cart,
            product_id=line.product_id,
            quantity=line.quantity,
            note=line.note,
            seen_price=line.unit_price,
            position=line.position,
        )
        for line in lines
    ]


def reorder(
    *, viewer: portal.Viewer, number: str, cart_id: int | None = None, new_cart: bool = False
) -> BulkResult:
    """Put what an order contained into a cart again, at today's prices, with a status for every line.

    ``new_cart`` starts a cart for it instead of adding to the current one.

    :raises NotFound: ``order_not_found``. :raises Forbidden: ``role_required``.
    """
    order = access.get_order(viewer, number)
    lines = OrderLine.objects.filter(order=order).order_by("position")[:MOST_LINES]
    wanted = [LineInput(line.product_id or line.sku, line.quantity) for line in lines]
    with transaction.atomic():
        if new_cart:
            cart_id = cart_services.start_cart(viewer=viewer, name=order.number).pk
        return cart_services.add_lines(viewer=viewer, lines=wanted, cart_id=cart_id)
