"""What a company orders again and again, and what is in an order at a glance: for the home page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, OuterRef, Subquery
from django.utils import timezone
from qudao_catalog import api as catalog
from qudao_core import api as core

from .. import rules
from ..models import Order, OrderLine
from . import access
from .detail import line_name

#: How far back the usual products are counted.
USUAL_DAYS = 365
#: Products counted before those the viewer may no longer order are left out.
MOST_COUNTED = 40
#: Orders that never became a purchase say nothing about what a company needs.
NOT_BOUGHT = (rules.REJECTED, rules.CANCELLED, rules.RETURNED)


@dataclass(frozen=True, slots=True)
class Usual:
    """A product the company orders often. ``times``: orders it was on; ``quantity``: the last one ordered."""

    facts: catalog.ProductFacts
    times: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Glimpse:
    """The first lines of an order: names in the reader's language, and the first product for its picture."""

    names: tuple[str, ...]
    product_id: int | None


def usual_products(viewer: core.Viewer, limit: int, versions: core.Versions | None = None) -> list[Usual]:
    """What the viewer's company ordered most often within a year and may still order, in two statements.

    Quantities that can no longer be ordered (a new minimum or pack) are brought to the next one that can.
    """
    if not viewer.is_member or not viewer.has_role(*access.BUYER_ROLES):
        return []
    rows = OrderLine.objects.filter(
        order__company_id=viewer.company_id,
        order__submitted_at__gte=timezone.now() - timedelta(days=USUAL_DAYS),
        product_id__isnull=False,
    ).exclude(order__status__in=NOT_BOUGHT)
    latest = rows.filter(product_id=OuterRef("product_id")).order_by("-order__submitted_at", "-pk")
    counted = list(
        rows.order_by()
        .values("product_id")
        .annotate(times=Count("order_id", distinct=True), last=Subquery(latest.values("quantity")[:1]))
        .order_by("-times", "product_id")
        .values_list("product_id", "times", "last")[:MOST_COUNTED]
    )
    known = catalog.product_facts(viewer, [row[0] for row in counted], versions)
    return [
        Usual(known[product_id], times, catalog.snap_quantity(known[product_id], last))
        for product_id, times, last in counted
        if product_id in known and known[product_id].status == "active"
    ][:limit]


def bought_orders(viewer: core.Viewer, limit: int) -> list[Order]:
    """The latest orders of the viewer's company that can be ordered again."""
    rows = access.visible(viewer).filter(company_id=viewer.company_id).select_related("company", "seller")
    return list(rows.exclude(status__in=NOT_BOUGHT).order_by("-submitted_at", "-pk")[:limit])


def glimpses(viewer: core.Viewer, order_ids: Iterable[int], lines: int = 3) -> dict[int, Glimpse]:
    """Order id → its first lines, in one statement for all of them."""
    rows = OrderLine.objects.filter(order_id__in=sorted(set(order_ids)), position__lte=lines)
    found: dict[int, list[OrderLine]] = {}
    for row in rows.order_by("order_id", "position"):
        found.setdefault(row.order_id, []).append(row)
    return {pk: _glimpse(first, viewer.language) for pk, first in found.items()}


def _glimpse(lines: Sequence[OrderLine], language: str) -> Glimpse:
    return Glimpse(tuple(line_name(line, language) for line in lines), lines[0].product_id)
