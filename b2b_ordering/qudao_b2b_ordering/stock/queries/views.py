"""Reads of stock: what may be sold, and what of it a viewer sees."""

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
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_partner_portal import api as portal

from .. import rules
from ..models import Arrival, StockLevel, StockPolicy, StockTerms

FACT = "stock_policies"
#: Whoever previews pages as a company sees its stock with this right only.
SEE_STOCK = "qudao_b2b_ordering.view_stocklevel"
_kept: core.VersionedCache[dict[str, rules.Policy]] = core.VersionedCache(size=500)


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
    """Product id → units the seller may promise now: on hand − allocated over its active warehouses, 0 if
    none.

    A warehouse that promised more than it counted adds nothing and takes nothing from the others.
    """
    rows = _levels(seller_id, product_ids).values_list("product_id").annotate(total=Sum(_FREE))
    found = dict(rows.order_by())
    return {product_id: found.get(product_id, rules.ZERO) for product_id in product_ids}


def shortages(
    viewer: core.Viewer, wanted: Mapping[int, Decimal], *, versions: core.Versions | None = None
) -> dict[int, core.Problem]:
    """Product id → why ``wanted`` units cannot be had, for those that cannot. Tells no more than the viewer
    may see.

    It promises nothing: only :func:`..services.allocate` does. Open backorders of others are not counted
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
    policies = _kept.get(viewer.seller_id, versions.of(FACT), lambda: _policies(viewer.seller_id))
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


_statements = catalog.Prepared(size=400)


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
