"""Take a cart for a change, and say that it was changed."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core

from .. import queries
from ..models import Cart


def lock_cart(viewer: core.Viewer, cart_id: int | None = None, revision: int | None = None) -> Cart:
    """The viewer's cart, locked until the transaction ends; the current one (made when missing) without an id.

    :raises Forbidden: ``role_required``. :raises NotFound: ``cart_not_found``.
    :raises Conflict: ``cart_ordered``; ``changed_meanwhile`` when it is no longer at ``revision``.
    """
    refuse_unless_buyer(viewer)
    mine = Cart.objects.select_for_update().filter(company_id=viewer.company_id, user_id=viewer.user_id)
    if cart_id is None:
        cart = mine.filter(is_current=True, submitted_at=None).first() or _made_current(viewer)
    else:
        cart = mine.filter(pk=cart_id).first()
    if cart is None:
        raise queries.cart_not_found()
    if cart.submitted_at is not None:
        raise core.Conflict(
            "cart_ordered", _("This cart has been ordered."), remedy=_("Start a new cart, or order again.")
        )
    if revision is not None and cart.revision != revision:
        raise core.Outdated(
            "changed_meanwhile",
            _("The cart has changed in the meantime."),
            remedy=_("Review it and make your change again."),
            params={"revision": cart.revision},
        )
    return cart


def current_cart_id(viewer: core.Viewer) -> int | None:
    """The id of the viewer's current cart, if there is one."""
    return queries.open_carts(viewer).filter(is_current=True).values_list("pk", flat=True).first()


def _made_current(viewer: core.Viewer) -> Cart | None:
    """Two requests may both find no current cart: one insert wins, and both get that cart."""
    Cart.objects.bulk_create([queries.new_cart(viewer)], ignore_conflicts=True)
    return queries.open_carts(viewer).select_for_update().filter(is_current=True).first()


def refuse_unless_buyer(viewer: core.Viewer) -> None:
    """:raises Forbidden: ``role_required``. :raises Refusal: ``no_seller``."""
    if viewer.seller_id is None and viewer.is_member:
        raise core.Refusal("no_seller", _("Your company has no seller here."))
    require_buyer(viewer)


def require_buyer(viewer: core.Viewer) -> None:
    """:raises Forbidden: ``role_required``."""
    if not queries.may_order(viewer):
        raise core.Forbidden(
            "role_required",
            _("You need the role Buyer to order for your company."),
            remedy=_("Ask an administrator of your company."),
            params={"role": "buyer"},
        )


def touch(viewer: core.Viewer, cart: Cart) -> None:
    """Raise the revision. The cart follows its company when that buys from another seller or in another currency."""
    assert viewer.seller_id is not None  # asked when the cart was locked
    cart.seller_id, cart.currency = viewer.seller_id, viewer.currency
    Cart.objects.filter(pk=cart.pk).update(
        revision=F("revision") + 1,
        updated_at=timezone.now(),
        seller_id=viewer.seller_id,
        currency=viewer.currency,
    )
    cart.revision += 1
