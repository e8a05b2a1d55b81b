"""Stock for the people who keep it: a seller's own warehouse staff, and the back office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.headless import Reference, ReferenceKinds, resolve

from ...pricing.codes import product_ids
from ..models import Arrival, StockLevel, StockMovement, StockPolicy, Warehouse

#: Roles of a selling company that keep its stock.
ROLES = ("warehouse",)
_APP = "qudao_b2b_ordering"


def keeps_stock(viewer: core.Viewer) -> bool:
    """Whether the viewer's company sells and the viewer keeps its stock."""
    return viewer.is_member and viewer.is_seller and viewer.may_trade and viewer.has_role(*ROLES)


def keeps_terms(viewer: core.Viewer) -> bool:
    """Whether the viewer settles which products may be ordered beyond their stock: they hold for every seller."""
    if viewer.is_staff and viewer.may(f"{_APP}.change_stockterms"):
        return True
    return keeps_stock(viewer) and viewer.company_kind == "manufacturer"


def warehouses(viewer: core.Viewer, action: str = "view") -> QuerySet[Warehouse]:
    """The warehouses that the viewer may ``view`` or ``change``: its company's, or all of them."""
    return _kept(viewer, Warehouse.objects.select_related("seller"), "warehouse", action, "seller_id")


def get_warehouse(viewer: core.Viewer, code: str, action: str = "view") -> Warehouse:
    """:raises NotFound: unknown, or not the viewer's."""
    found = warehouses(viewer, action).filter(code=code).first()
    if found is None:
        raise core.NotFound("not_found", _("There is no such warehouse."))
    return found


@dataclass(frozen=True, slots=True)
class LevelFilter:
    """``search`` in SKU and title; ``state``: ``free``, ``out`` or ``over`` (promised more than was counted)."""

    search: str = ""
    product: int | str = ""
    warehouse: str = ""
    state: str = ""


def levels(
    viewer: core.Viewer,
    wanted: LevelFilter = LevelFilter(),
    action: str = "view",  # noqa: B008 - frozen
) -> QuerySet[StockLevel]:
    """The levels that the viewer may see or change, by SKU and warehouse."""
    rows = StockLevel.objects.select_related("warehouse", "product__profile", "product__parent")
    rows = rows.prefetch_related(*catalog.title_lookups())
    rows = _kept(viewer, rows, "stocklevel", action, "warehouse__seller_id")
    if wanted.search:
        rows = rows.filter(catalog.title_matches(wanted.search))
    if wanted.product:
        rows = rows.filter(product_id=product_ids([wanted.product]).get(wanted.product))
    if wanted.warehouse:
        rows = rows.filter(warehouse__code=wanted.warehouse)
    if wanted.state in STATES:
        rows = rows.filter(STATES[wanted.state])
    return rows.order_by("product__profile__sku", "warehouse__priority", "pk")


STATES = {
    "free": Q(on_hand__gt=F("allocated")),
    "out": Q(on_hand__lte=F("allocated")),
    "over": Q(on_hand__lt=F("allocated")),
}


def movements(viewer: core.Viewer) -> QuerySet[StockMovement]:
    """The journal of the levels that the viewer may see, newest first."""
    rows = StockMovement.objects.select_related("level__warehouse", "level__product__profile", "by")
    rows = _kept(viewer, rows, "stockmovement", "view", "level__warehouse__seller_id")
    return rows.order_by("-pk")


def arrivals(viewer: core.Viewer, action: str = "view") -> QuerySet[Arrival]:
    """Expected and received goods of the viewer's warehouses, the next first."""
    rows = Arrival.objects.select_related("warehouse", "product__profile", "product__parent")
    return _kept(viewer, rows, "arrival", action, "warehouse__seller_id").order_by("expected_on", "pk")


def arrival_not_found() -> core.NotFound:
    return core.NotFound("arrival_not_found", _("There is no such arrival."))


ARRIVAL_NAMES = ReferenceKinds(arrival_not_found)


def get_arrival(viewer: core.Viewer, reference: Reference, action: str = "change") -> Arrival:
    """:raises NotFound: unknown, or not the viewer's."""
    return resolve(reference, arrivals(viewer, action), ARRIVAL_NAMES)


def policies(viewer: core.Viewer, action: str = "view") -> QuerySet[StockPolicy]:
    """Who sees how much of the viewer's company's stock (in the back office: of every seller's)."""
    rows = StockPolicy.objects.select_related("seller")
    return _kept(viewer, rows, "stockpolicy", action, "seller_id")


def seller_of(viewer: core.Viewer) -> int:
    """For which seller the viewer writes stock.

    :raises Forbidden: the viewer keeps none.
    """
    if keeps_stock(viewer) and viewer.company_id is not None:
        return viewer.company_id
    if viewer.is_staff and viewer.may(f"{_APP}.change_stocklevel"):
        if viewer.is_seller and viewer.company_id is not None:
            return viewer.company_id
        if viewer.seller_id is not None:
            return viewer.seller_id
    raise core.Forbidden("forbidden", _("You do not have permission to manage stock."))


def _kept(viewer: core.Viewer, rows: Any, model: str, action: str, seller: str) -> Any:
    if viewer.is_staff and viewer.may(f"{_APP}.{action}_{model}"):
        return rows
    return rows.filter(**{seller: viewer.company_id}) if keeps_stock(viewer) else rows.none()
