"""Price lists for the people who manage them: a seller's own staff, and the back office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.headless import Reference
from qudao_partner_portal import api as portal

from .. import rules
from ..codes import product_ids
from ..models import PriceList, PriceRow
from .explain import explain

#: Roles of a selling company that manage its price lists.
ROLES = ("sales",)
_APP = "qudao_b2b_ordering"


def manages(viewer: core.Viewer) -> bool:
    """Whether the viewer's company sells and the viewer keeps its prices."""
    return viewer.is_member and viewer.is_seller and viewer.may_trade and viewer.has_role(*ROLES)


def managed_lists(viewer: core.Viewer, action: str = "view") -> QuerySet[PriceList]:
    """The price lists that the viewer may ``view``, ``change`` or ``delete``: its company's, or all of them.

    Somebody without the role or the permission manages none.
    """
    lists = PriceList.objects.select_related("seller", "base")
    if viewer.is_staff and viewer.may(f"{_APP}.{action}_pricelist"):
        return lists
    return lists.filter(seller_id=viewer.company_id) if manages(viewer) else lists.none()


def get_list(viewer: core.Viewer, code: str, action: str = "view") -> PriceList:
    """One list by its code.

    :raises NotFound: unknown, or not the viewer's to see.
    :raises Forbidden: the viewer may see but not ``action`` it.
    """
    found = managed_lists(viewer).filter(code=code).first()
    if found is None:
        raise core.NotFound("not_found", _("There is no such price list."))
    if action != "view" and not managed_lists(viewer, action).filter(pk=found.pk).exists():
        raise core.Forbidden("forbidden", _("You can view this price list but not change it."))
    return found


def seller_of(viewer: core.Viewer, seller: Any = None) -> int:
    """For which seller the viewer may make price lists: its own company, or any ``seller`` in the back office.

    :raises Forbidden: none.
    """
    if seller is not None and viewer.is_staff and viewer.may(f"{_APP}.add_pricelist"):
        return int(seller.pk)
    if manages(viewer) and viewer.company_id is not None and seller in (None, viewer.company_id):
        return viewer.company_id
    raise core.Forbidden("forbidden", _("You do not have permission to manage price lists."))


@dataclass(frozen=True, slots=True)
class RowFilter:
    """``search`` in SKU and title; ``on``: valid on that day only."""

    search: str = ""
    on: date | None = None
    product: int | str = ""


def price_rows(price_list: PriceList, wanted: RowFilter = RowFilter()) -> QuerySet[PriceRow]:  # noqa: B008 - frozen
    """The stored rows of a list by SKU, minimum and start."""
    rows = PriceRow.objects.filter(price_list=price_list)
    rows = rows.select_related("product__profile", "product__parent")
    rows = rows.prefetch_related(*catalog.title_lookups())
    if wanted.search:
        rows = rows.filter(catalog.title_matches(wanted.search))
    if wanted.product:
        rows = rows.filter(product_id=product_ids([wanted.product]).get(wanted.product))
    if wanted.on:
        still = Q(valid_until=None) | Q(valid_until__gte=wanted.on)
        rows = rows.filter(still, valid_from__lte=wanted.on)
    return rows.order_by("product__profile__sku", "min_quantity", "valid_from", "pk")


def row_counts(lists: QuerySet[PriceList]) -> dict[int, int]:
    """List id → number of rows, in one statement."""
    rows = PriceRow.objects.filter(price_list__in=lists).order_by().values_list("price_list_id")
    return dict(rows.annotate(count=Count("pk")))


def explain_for(
    viewer: core.Viewer,
    company: Reference,
    product_code: int | str,
    quantity: Decimal,
    on: date | None = None,
) -> rules.Explanation:
    """What a company pays for a product on a day and why, for its seller's staff and the back office.

    :raises NotFound: ``not_found`` for a company that does not buy from the viewer's, ``product_not_found``.
    :raises Forbidden: the viewer keeps no prices.
    """
    office = viewer.is_staff and viewer.may(f"{_APP}.view_pricelist")
    if not (office or manages(viewer)):
        raise core.Forbidden("forbidden", _("You do not have permission to manage price lists."))
    customer = portal.company_viewer(portal.get_company(viewer, company))
    if not office and customer.seller_id != viewer.company_id:
        raise core.NotFound("not_found", _("This company does not buy from yours."))
    product_id = _product_id(viewer, customer, product_code, office)
    return explain(customer, product_id, quantity, on or timezone.localdate(), staff=True)


def _product_id(viewer: core.Viewer, customer: core.Viewer, code: int | str, office: bool) -> int:
    """A seller's staff asks about what it or its customer sees; the back office about any product."""
    if office:
        found = product_ids([code]).get(code)
        if found is None:
            raise core.NotFound("product_not_found", _("There is no such product."), field="product")
        return found
    for each in (viewer, customer):
        facts = catalog.facts_by_code(each, [code]).get(code)
        if facts is not None:
            return facts.id
    raise catalog.product_not_found(str(code))
