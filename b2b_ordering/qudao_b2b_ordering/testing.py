"""Factories for tests of ordering and of everything above it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from .pricing.models import ALWAYS, PriceList, PriceListAssignment, PriceListLine, PriceRow
from .stock.models import Arrival, StockLevel, StockPolicy, StockTerms, Warehouse

_numbers = itertools.count(1)
Number = int | str | Decimal


def make_price_list(
    code: str = "",
    *,
    seller: Any,
    audience: str | Iterable[str] = (),
    priority: int = 0,
    prices: Mapping[Any, Number | Mapping[Number, Number]] | None = None,
    base: PriceList | None = None,
    percent: Number = 0,
    lines: Mapping[Any, Number] | None = None,
    **fields: Any,
) -> PriceList:
    """A price list of ``seller``, assigned to one audience key or several.

    ``prices``: product → unit price, or product → {minimum quantity: unit price}. With ``base`` it derives
    from that list by ``percent`` and by ``lines`` (product line → percent).
    """
    code = code or f"list-{next(_numbers)}"
    created = PriceList.objects.create(
        code=code,
        seller=seller,
        base=base,
        kind=PriceList.Kind.DERIVED if base else PriceList.Kind.ROWS,
        percent=Decimal(percent),
        **({"name": code.replace("-", " ").title(), "currency": seller.currency} | fields),
    )
    for line, line_percent in (lines or {}).items():
        PriceListLine.objects.create(price_list=created, line=line, percent=Decimal(line_percent))
    for key in [audience] if isinstance(audience, str) else audience:
        assign(created, key, priority=priority)
    for product, steps in (prices or {}).items():
        for minimum, unit_price in (steps if isinstance(steps, Mapping) else {1: steps}).items():
            price(created, product, unit_price, minimum)
    return created


def assign(price_list: PriceList, audience_key: str, *, priority: int = 0) -> PriceListAssignment:
    return PriceListAssignment.objects.create(
        price_list=price_list, audience_key=audience_key, priority=priority
    )


def price(
    price_list: PriceList,
    product: Any,
    unit_price: Number,
    min_quantity: Number = 1,
    *,
    valid_from: date = ALWAYS,
    valid_until: date | None = None,
) -> PriceRow:
    """One row of a price list."""
    return PriceRow.objects.create(
        price_list=price_list,
        product=product,
        unit_price=Decimal(unit_price),
        min_quantity=Decimal(min_quantity),
        valid_from=valid_from,
        valid_until=valid_until,
    )


def make_warehouse(code: str = "main", *, seller: Any, **fields: Any) -> Warehouse:
    """The warehouse with this code, made when it is missing."""
    defaults = {"name": code.title(), "seller": seller} | fields
    return Warehouse.objects.get_or_create(code=code, defaults=defaults)[0]


def stock(product: Any, on_hand: Number, warehouse: Warehouse, *, allocated: Number = 0) -> StockLevel:
    """What lies of a product in a warehouse."""
    values = {"on_hand": Decimal(on_hand), "allocated": Decimal(allocated)}
    return StockLevel.objects.update_or_create(warehouse=warehouse, product=product, defaults=values)[0]


def stock_terms(product: Any, **fields: Any) -> StockTerms:
    """``backorder=True``, ``backorder_limit=50``, ``is_unlimited=True`` …"""
    return StockTerms.objects.update_or_create(product=product, defaults=fields)[0]


def stock_policy(
    seller: Any, audience_key: str = "everyone", mode: str = "exact", **fields: Any
) -> StockPolicy:
    """How an audience sees the seller's stock."""
    return StockPolicy.objects.update_or_create(
        seller=seller, audience_key=audience_key, defaults={"mode": mode} | fields
    )[0]


def make_arrival(
    product: Any, quantity: Number, expected_on: date, warehouse: Warehouse, **fields: Any
) -> Arrival:
    return Arrival.objects.create(
        product=product, quantity=Decimal(quantity), expected_on=expected_on, warehouse=warehouse, **fields
    )
