"""Start, name, choose and delete carts."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core

from .. import queries, rules
from ..models import Cart
from .locking import lock_cart, refuse_unless_buyer, touch


@transaction.atomic
def start_cart(*, viewer: core.Viewer, name: str = "", revises_id: int | None = None) -> Cart:
    """A new empty cart, which becomes the current one.

    :raises Refusal: ``too_many_carts`` (50 open ones).
    """
    refuse_unless_buyer(viewer)
    if queries.open_carts(viewer).count() >= rules.MOST_CARTS:
        raise core.Refusal(
            "too_many_carts", _("You have 50 open carts."), remedy=_("Order or delete one of them first.")
        )
    queries.open_carts(viewer).select_for_update().filter(is_current=True).update(is_current=False)
    cart = queries.new_cart(viewer, name.strip()[:80])
    cart.revises_id = revises_id
    cart.save()
    return cart


@transaction.atomic
def rename_cart(*, viewer: core.Viewer, cart_id: int, name: str) -> Cart:
    cart = lock_cart(viewer, cart_id)
    cart.name = name.strip()[:80]
    cart.save(update_fields=["name"])
    touch(viewer, cart)
    return cart


@transaction.atomic
def switch_cart(*, viewer: core.Viewer, cart_id: int) -> Cart:
    """Make a cart the one that products are added to."""
    mine = list(queries.open_carts(viewer).select_for_update().order_by("pk"))
    cart = next((each for each in mine if each.pk == cart_id), None)
    if cart is None:
        raise queries.cart_not_found()
    queries.open_carts(viewer).filter(is_current=True).exclude(pk=cart.pk).update(is_current=False)
    Cart.objects.filter(pk=cart.pk).update(is_current=True)
    cart.is_current = True
    return cart


@transaction.atomic
def delete_cart(*, viewer: core.Viewer, cart_id: int) -> None:
    """Delete an open cart with its lines. Another one becomes current when it was the current one."""
    cart = lock_cart(viewer, cart_id)
    was_current = cart.is_current
    cart.delete()
    if was_current:
        others = queries.open_carts(viewer).order_by("-updated_at", "-pk")
        following = others.filter(pk=cart.former_id).first() or others.first()
        if following:
            switch_cart(viewer=viewer, cart_id=following.pk)
