"""A person's carts. A cart is its owner's, for one company; for everybody else it does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _
from qudao_catalog import api as catalog
from qudao_core import api as core

from ...orders.rules import RETURNED
from .. import rules
from ..models import Cart, CartLine


@dataclass(frozen=True, slots=True)
class CartSummary:
    """One of a person's carts in a list."""

    id: int
    name: str
    is_current: bool
    line_count: int
    revises: str | None
    revision: int
    updated_at: Any


def may_order(viewer: core.Viewer) -> bool:
    """Whether the viewer buys for its company at all (whatever the company's state)."""
    return viewer.user_id is not None and viewer.is_member and viewer.has_role("buyer")


def open_carts(viewer: core.Viewer) -> QuerySet[Cart]:
    """The viewer's own carts for its company that are not yet ordered, the current one first."""
    if not may_order(viewer):
        return Cart.objects.none()
    return Cart.objects.filter(company_id=viewer.company_id, user_id=viewer.user_id, submitted_at=None)


def carts(viewer: core.Viewer) -> list[CartSummary]:
    """The viewer's open carts, at most 50, in one statement."""
    rows = open_carts(viewer).annotate(line_count=Count("lines")).select_related("revises")
    rows = rows.order_by("-is_current", "-updated_at", "-pk")
    return [
        CartSummary(
            row.pk,
            row.name,
            row.is_current,
            row.line_count,
            row.revises.number if row.revises else None,
            row.revision,
            row.updated_at,
        )
        for row in rows[: rules.MOST_CARTS]
    ]


def get_cart(viewer: core.Viewer, cart_id: int | None = None) -> Cart:
    """A cart of the viewer: the one asked for (also when it was ordered), else the current one.

    Where there is no current cart an unsaved empty one is returned; it is written with the first line.

    :raises NotFound: ``cart_not_found``: no such cart, or another person's or company's.
    """
    if cart_id is None:
        found = open_carts(viewer).filter(is_current=True).select_related("revises").first()
        return found or new_cart(viewer)
    mine = Cart.objects.filter(pk=cart_id, company_id=viewer.company_id, user_id=viewer.user_id)
    found = mine.select_related("revises").first() if may_order(viewer) else None
    if found is None:
        raise cart_not_found()
    return found


def new_cart(viewer: core.Viewer, name: str = "") -> Cart:
    """An unsaved cart of the viewer."""
    return Cart(
        company_id=viewer.company_id,
        user_id=viewer.user_id,
        seller_id=viewer.seller_id,
        currency=viewer.currency,
        name=name,
    )


def cart_not_found() -> core.NotFound:
    return core.NotFound("cart_not_found", _("There is no such cart."))


def in_cart(viewer: core.Viewer, product_ids: Sequence[int]) -> dict[int, Decimal]:
    """Product id → how much of it lies in the viewer's current cart; products that do not are left out."""
    if not product_ids or not may_order(viewer):
        return {}
    assert viewer.company_id is not None and viewer.user_id is not None  # may_order
    return dict(_statements.rows_of("in cart", product_ids, _in_cart, viewer.company_id, viewer.user_id))


def line_products(viewer: core.Viewer) -> frozenset[int]:
    """The products in the viewer's current cart."""
    rows = CartLine.objects.filter(cart__in=open_carts(viewer).filter(is_current=True).order_by())
    return frozenset(rows.order_by().values_list("product_id", flat=True))


def line_to_restore(viewer: core.Viewer, line_id: int) -> dict[str, Any] | None:
    """What brings a line of the current cart back once it is taken out; ``None`` when it is not there."""
    rows = CartLine.objects.filter(pk=line_id, cart__in=open_carts(viewer).filter(is_current=True).order_by())
    found = rows.values("product_id", "quantity", "note", "position").first()
    if found is None:
        return None
    facts = catalog.product_facts(viewer, [found["product_id"]]).get(found["product_id"])
    name = facts.name(viewer.language) if facts else ""
    return found | {"id": line_id, "name": name, "quantity": catalog.plain_number(found["quantity"])}


def line_at(viewer: core.Viewer, position: int) -> int:
    """The first line of the current cart that stands at a position or behind it; 0 when there is none."""
    rows = CartLine.objects.filter(cart__in=open_carts(viewer).filter(is_current=True).order_by())
    found = (
        rows.filter(position__gte=position).order_by("position", "pk").values_list("pk", flat=True).first()
    )
    return found or 0


_statements = catalog.CompiledQueries(size=400)


def _in_cart(ids: Sequence[int], company: int, user: int) -> QuerySet[CartLine, tuple[Any, ...]]:
    rows = CartLine.objects.filter(
        cart__company_id=company,
        cart__user_id=user,
        cart__is_current=True,
        cart__submitted_at=None,
        product_id__among=ids,
    )
    return rows.order_by().values_list("product_id", "quantity")


@dataclass(frozen=True, slots=True)
class CartCount:
    """What the cart's button shows; cheap enough for every page. ``revises`` is the number of the returned order that
    the cart changes; ``revisable``: that order still waits for the change.
    """

    id: int | None
    name: str
    lines: int
    revises: str | None = None
    revisable: bool = False


def cart_count(viewer: core.Viewer) -> CartCount:
    """The current cart's name and number of lines, in one statement."""
    if not may_order(viewer):
        return CartCount(None, "", 0)
    row = (
        open_carts(viewer)
        .filter(is_current=True)
        .order_by()
        .values_list("pk", "name", Count("lines"), "revises__number", "revises__status")
        .first()
    )
    if row is None:
        return CartCount(None, "", 0)
    *plain, status = row
    return CartCount(*plain, revisable=status == RETURNED)
