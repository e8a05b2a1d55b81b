"""Reads of stock: what may be sold, what of it a viewer sees, and what its keepers work on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    DateField,
    DecimalField,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from qudao_catalog import api as catalog
from qudao_catalog.api import Bitmap, ProductIndex
from qudao_core import api as core
from qudao_core.headless import Reference, ReferenceKinds, resolve
from qudao_partner_portal import api as portal

from ..product_codes import product_ids
from . import rules
from .models import Arrival, StockLevel, StockMovement, StockPolicy, StockTerms, Warehouse

FACT = "stock_policies"
#: Whoever previews pages as a company sees its stock with this right only.
SEE_STOCK = "qudao_b2b_ordering.view_stocklevel"
_kept_policies: core.VersionedCache[dict[str, rules.Policy]] = core.VersionedCache(size=500)


@dataclass(frozen=True, slots=True)
class Stock:
    """The true figures of some products at one seller; for rules and staff, never for buyers as they are."""

    saleable: Mapping[int, Decimal]
    terms: Mapping[int, rules.Terms]
    arrivals: Mapping[int, list[rules.ExpectedArrival]]


def stock_views(
    viewer: core.Viewer, product_ids: Collection[int], *, versions: core.Versions | None = None
) -> dict[int, rules.StockView]:
    """Product id → what the viewer sees of its seller's stock; an entry for every product asked for.

    One statement, and one when ``versions`` is not given.
    """
    if not product_ids:
        return {}
    policy = policy_for(viewer, versions=versions)
    stock = stock_of(viewer.seller_id, product_ids)
    return {
        product_id: rules.view(
            stock.saleable.get(product_id, rules.ZERO),
            policy,
            stock.terms.get(product_id, rules.NO_TERMS),
            stock.arrivals.get(product_id, ()),
        )
        for product_id in product_ids
    }


def saleable(seller_id: int | None, product_ids: Collection[int]) -> dict[int, Decimal]:
    """Product id → units the seller may sell now: on hand − allocated over its active warehouses, 0 if
    none.

    A warehouse with more allocated than counted adds nothing and takes nothing from the others.
    """
    rows = _levels(seller_id, product_ids).values_list("product_id").annotate(total=Sum(_FREE))
    found = dict(rows.order_by())
    return {product_id: found.get(product_id, rules.ZERO) for product_id in product_ids}


def shortages(
    viewer: core.Viewer, wanted: Mapping[int, Decimal], *, versions: core.Versions | None = None
) -> dict[int, core.Problem]:
    """Product id → why ``wanted`` units cannot be had, for those that cannot. Tells no more than the viewer
    may see.

    It allocates nothing: only ``orders.services.allocation`` does. Open backorders of others are not counted
    here.
    """
    policy = policy_for(viewer, versions=versions)
    stock = stock_of(viewer.seller_id, wanted)
    found: dict[int, core.Problem] = {}
    for product_id, quantity in wanted.items():
        terms = stock.terms.get(product_id, rules.NO_TERMS)
        free = max(stock.saleable.get(product_id, rules.ZERO), rules.ZERO)
        if not rules.can_be_had(quantity, free, terms):
            found[product_id] = not_enough(free if policy.mode == "exact" else None)
    return found


def not_enough(available: Decimal | None, line: int | None = None) -> core.Problem:
    """The one wording of "not enough stock"; ``available`` only for those who may know it."""
    message: Any = _("There is not enough in stock for this quantity.")
    params: dict[str, object] = {}
    if available is not None:
        params = {"available": f"{available.normalize():f}"}
        message = _("Only %(available)s in stock.") % params if available > 0 else _("Out of stock.")
    remedy = _("Order less, or ask your sales contact how much can be delivered.")
    if available is not None:
        remedy = _("Order less, or ask your sales contact when more arrives.")
    return core.Problem(
        "not_enough_stock", message, field="quantity", line=line, remedy=remedy, params=params
    )


def policy_for(viewer: core.Viewer, *, versions: core.Versions | None = None) -> rules.Policy:
    """How the viewer sees its seller's stock; hidden in a preview by somebody who may not see stock."""
    if not viewer.shows(SEE_STOCK):
        return rules.HIDDEN
    versions = versions if versions is not None else core.Versions.read()
    policies = _kept_policies.get(viewer.seller_id, versions.of(FACT), lambda: _policies(viewer.seller_id))
    return rules.choose_policy(policies[key] for key in viewer.audience if key in policies)


def stock_of(seller_id: int | None, product_ids: Collection[int]) -> Stock:
    """Saleable units, terms and open arrivals of products at a seller, in one statement."""
    saleable: dict[int, Decimal] = {}
    terms: dict[int, rules.Terms] = {}
    arrivals: dict[int, list[rules.ExpectedArrival]] = defaultdict(list)
    for kind, product_id, amount, threshold, day, flags in _facts(seller_id, product_ids):
        if kind == _LEVEL:
            saleable[product_id] = amount
        elif kind == _TERMS:
            terms[product_id] = rules.Terms(bool(flags & 1), amount, bool(flags & 2), threshold)
        else:
            arrivals[product_id].append((day, amount))
    return Stock(saleable, terms, arrivals)


_LEVEL, _TERMS, _ARRIVAL = 0, 1, 2
_NUMBER: DecimalField[Any, Any] = DecimalField(max_digits=14, decimal_places=3)
_FREE = Case(
    When(
        on_hand__gt=F("allocated"),
        then=ExpressionWrapper(F("on_hand") - F("allocated"), output_field=_NUMBER),
    ),
    default=Value(Decimal(0)),
    output_field=_NUMBER,
)


_statements = catalog.CompiledQueries(size=400)


def _levels(seller_id: int | None, product_ids: Collection[int]) -> QuerySet[StockLevel]:
    return StockLevel.objects.filter(
        warehouse__seller_id=seller_id, warehouse__is_active=True, product_id__among=product_ids
    )


def _facts(seller_id: int | None, product_ids: Collection[int]) -> list[tuple[Any, ...]]:
    """Rows of three kinds under the same columns: kind, product, amount, threshold, day, flags."""
    if seller_id is None:
        return list(_fact_rows(product_ids, None))
    return _statements.rows_of("facts", product_ids, _fact_rows, seller_id)


def _fact_rows(product_ids: Collection[int], seller_id: int | None) -> QuerySet[Any, tuple[Any, ...]]:
    no_number = Cast(Value(None), _NUMBER)
    no_day = Cast(Value(None), DateField())
    number = IntegerField()
    levels = (
        _levels(seller_id, product_ids)
        .order_by()
        .values("product_id")
        .annotate(
            amount=Sum(_FREE),
            kind=Value(_LEVEL, number),
            threshold=no_number,
            day=no_day,
            flags=Value(0, number),
        )
        .values_list("kind", "product_id", "amount", "threshold", "day", "flags")
    )
    flags = Case(When(backorder=True, then=1), default=0) + Case(When(is_unlimited=True, then=2), default=0)
    terms = (
        StockTerms.objects.filter(product_id__among=product_ids)
        .order_by()
        .annotate(kind=Value(_TERMS, number), day=no_day, flags=flags)
        .values_list("kind", "product_id", "backorder_limit", "low_threshold", "day", "flags")
    )
    arrivals = (
        Arrival.objects.filter(
            warehouse__seller_id=seller_id,
            warehouse__is_active=True,
            product_id__among=product_ids,
            received_at=None,
        )
        .order_by()
        .annotate(kind=Value(_ARRIVAL, number), threshold=no_number, flags=Value(0, number))
        .values_list("kind", "product_id", "quantity", "threshold", "expected_on", "flags")
    )
    return levels.union(terms, arrivals, all=True)


def _policies(seller_id: int | None) -> dict[str, rules.Policy]:
    return {
        row.audience_key: rules.Policy(
            mode=row.mode,
            low_threshold=row.low_threshold,
            plenty_threshold=row.plenty_threshold,
            show_arrivals=row.show_arrivals,
            rank=portal.audience_rank(row.audience_key),
            priority=row.priority,
            id=row.pk,
        )
        for row in StockPolicy.objects.filter(seller_id=seller_id)
    }


#: Name of the data version; raised when a product goes out of stock or comes in, not by every piece sold.
AVAILABLE = "availability"
_kept_bitmaps: core.VersionedCache[Bitmap] = core.VersionedCache(size=50)


def available(
    viewer: core.Viewer, index: ProductIndex, versions: core.Versions, data: core.Versions
) -> Bitmap | None:
    """What the viewer's seller has in stock or makes to order; ``None`` when the viewer may not see any stock.

    Two statements when something went out of stock or came in, else none.
    """
    if policy_for(viewer, versions=versions).mode == "hidden":
        return None
    version = (index.serial, *data.of(AVAILABLE))
    return _kept_bitmaps.get(viewer.seller_id, version, lambda: _read(viewer.seller_id, index))


def _read(seller_id: int | None, index: ProductIndex) -> Bitmap:
    levels = StockLevel.objects.filter(
        warehouse__seller_id=seller_id, warehouse__is_active=True, on_hand__gt=F("allocated")
    )
    in_stock = index.bitmap(levels.order_by().values_list("product_id", flat=True))
    unlimited = StockTerms.objects.filter(is_unlimited=True)
    return in_stock | index.bitmap(unlimited.order_by().values_list("pk", flat=True))


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
    return _of_sellers(viewer, Warehouse.objects.select_related("seller"), "warehouse", action, "seller_id")


def get_warehouse(viewer: core.Viewer, code: str, action: str = "view") -> Warehouse:
    """:raises NotFound: unknown, or not the viewer's."""
    found = warehouses(viewer, action).filter(code=code).first()
    if found is None:
        raise core.NotFound("not_found", _("There is no such warehouse."))
    return found


@dataclass(frozen=True, slots=True)
class LevelFilter:
    """``search`` in SKU and title; ``state``: ``free``, ``out`` or ``over`` (more allocated than counted)."""

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
    rows = _of_sellers(viewer, rows, "stocklevel", action, "warehouse__seller_id")
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
    rows = _of_sellers(viewer, rows, "stockmovement", "view", "level__warehouse__seller_id")
    return rows.order_by("-pk")


def arrivals(viewer: core.Viewer, action: str = "view") -> QuerySet[Arrival]:
    """Expected and received goods of the viewer's warehouses, the next first."""
    rows = Arrival.objects.select_related("warehouse", "product__profile", "product__parent")
    return _of_sellers(viewer, rows, "arrival", action, "warehouse__seller_id").order_by("expected_on", "pk")


def arrival_not_found() -> core.NotFound:
    return core.NotFound("arrival_not_found", _("There is no such arrival."))


ARRIVAL_NAMES = ReferenceKinds(arrival_not_found)


def get_arrival(viewer: core.Viewer, reference: Reference, action: str = "change") -> Arrival:
    """:raises NotFound: unknown, or not the viewer's."""
    return resolve(reference, arrivals(viewer, action), ARRIVAL_NAMES)


def policies(viewer: core.Viewer, action: str = "view") -> QuerySet[StockPolicy]:
    """Who sees how much of the viewer's company's stock (in the back office: of every seller's)."""
    rows = StockPolicy.objects.select_related("seller")
    return _of_sellers(viewer, rows, "stockpolicy", action, "seller_id")


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


def _of_sellers(viewer: core.Viewer, rows: Any, model: str, action: str, seller: str) -> Any:
    if viewer.is_staff and viewer.may(f"{_APP}.{action}_{model}"):
        return rows
    return rows.filter(**{seller: viewer.company_id}) if keeps_stock(viewer) else rows.none()
