"""From an order back to a cart: to change a returned one, or to order the same again."""

from __future__ import annotations

from collections import Counter

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_core import bulk_sql

from ...cart import queries as carts
from ...cart import services as cart_services
from ...cart.models import Cart, CartLine
from ...cart.rules import MOST_LINES, LineInput
from ...cart.services import BulkResult
from .. import rules
from ..models import Order, OrderLine
from ..queries import access
from .transitions import lock_order


@transaction.atomic
def revise(*, viewer: core.Viewer, number: str) -> Cart:
    """A cart with the lines of an order that was returned for change; submitting it changes that order.

    The cart becomes the viewer's current one until it is submitted or :func:`stop_revising` is called; then the one
    before it is current again. Calling it again returns the cart as far as it was edited.

    :raises NotFound: ``order_not_found``. :raises Forbidden: ``role_required``.
    :raises Conflict: ``order_not_returned``; ``other_seller``.
    """
    _lock_carts(viewer)
    order = lock_order(viewer, number)
    if order.company_id != viewer.company_id or not carts.may_order(viewer):
        raise core.Forbidden("role_required", _("Only a buyer of the company can change its orders."))
    if order.status != rules.RETURNED:
        raise core.Conflict(
            "order_not_returned",
            _("Order %(number)s was not returned for changes.") % {"number": order.number},
        )
    refuse_other_seller(viewer, order)
    former = _former(viewer, order)
    started = carts.open_carts(viewer).filter(revises=order).first()
    if started is not None:
        cart = cart_services.switch_cart(viewer=viewer, cart_id=started.pk)
    else:
        cart = cart_services.start_cart(viewer=viewer, name=order.number, revises_id=order.pk)
        bulk_sql.insert(_cart_lines(cart, order))
    if cart.former_id != former:
        Cart.objects.filter(pk=cart.pk).update(former_id=former)
        cart.former_id = former
    return cart


def has_changes(viewer: core.Viewer, number: str) -> bool:
    """Whether the cart in which the viewer revises an order has other lines than the order."""
    cart = carts.open_carts(viewer).filter(revises__number=number).first()
    if cart is None:
        return False
    fields = ("product_id", "quantity", "note")
    wanted = CartLine.objects.filter(cart=cart).values_list(*fields)
    ordered = OrderLine.objects.filter(order=cart.revises_id, product__isnull=False).values_list(*fields)
    return Counter(wanted) != Counter(ordered)


@transaction.atomic
def stop_revising(*, viewer: core.Viewer, number: str | None = None) -> Cart | None:
    """Leave the revision: the cart from before it is the current one again, and the order stays as it is.

    What was changed so far is kept and there again when the order is revised again. Returns the current cart, if there
    is one. Where no order, or another one than ``number``, is being revised nothing happens.

    :raises Forbidden: ``role_required``.
    """
    if not carts.may_order(viewer):
        raise core.Forbidden("role_required", _("Only a buyer of the company can change its orders."))
    _lock_carts(viewer)
    cart = carts.open_carts(viewer).filter(is_current=True).select_related("revises").first()
    if cart is None or cart.revises is None or number not in (None, cart.revises.number):
        return cart
    return leave_revision(viewer, cart)


def leave_revision(viewer: core.Viewer, cart: Cart) -> Cart | None:
    """Make the cart from before a revision the current one; without one the next product begins a new cart."""
    former = carts.open_carts(viewer).filter(pk=cart.former_id).first() if cart.former_id else None
    if former is not None:
        return cart_services.switch_cart(viewer=viewer, cart_id=former.pk)
    Cart.objects.filter(pk=cart.pk).update(is_current=False)
    return None


def refuse_other_seller(viewer: core.Viewer, order: Order) -> None:
    """An order keeps its seller and its currency; prices of another seller cannot be written into it.

    :raises Conflict: ``other_seller``.
    """
    if (order.seller_id, order.currency) == (viewer.seller_id, viewer.currency):
        return
    raise core.Conflict(
        "other_seller",
        _("Order %(number)s was placed with %(seller)s in %(currency)s; your company now buys elsewhere.")
        % {"number": order.number, "seller": order.seller, "currency": order.currency},
        remedy=_("Cancel it and place the order again."),
        params={"number": order.number, "currency": order.currency},
    )


def _lock_carts(viewer: core.Viewer) -> None:
    """Carts are locked before orders, in primary-key order."""
    list(carts.open_carts(viewer).select_for_update().order_by("pk").values_list("pk"))


def _former(viewer: core.Viewer, order: Order) -> int | None:
    """The cart to come back to: the current one, or where that is a revision too, the one from before it."""
    current = carts.open_carts(viewer).filter(is_current=True).first()
    if current is None:
        return None
    return current.pk if current.revises_id is None else current.former_id


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
    *, viewer: core.Viewer, number: str, cart_id: int | None = None, new_cart: bool = False
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
