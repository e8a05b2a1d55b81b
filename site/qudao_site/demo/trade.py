"""What is sold to whom at what price, and what lies in the warehouses."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.apps import apps
from qudao_b2b_ordering import api as ordering
from qudao_catalog import api as catalog
from qudao_core import api as core

from .channel import PriceList, Trade
from .families import CENT, Item

PLENTY = Decimal(20000)


def _lines() -> dict[str, int]:
    return dict(apps.get_model("qudao_catalog", "ProductLine").objects.values_list("code", "pk"))


def _cents(amount: Decimal) -> Decimal:
    return max(amount.quantize(CENT, ROUND_HALF_UP), CENT)


def _some(goods: Sequence[Item], categories: Sequence[str], every: int, at_most: int | None) -> list[Item]:
    """Of these categories (none: all) every so-many-th product, so many at most."""
    found = [item for item in goods if not categories or item.family.category in categories]
    return found[::every][:at_most]


# --- Assortments ------------------------------------------------------------------------------------------------------


def make_assortments(system: core.Viewer, trade: Trade) -> None:
    lines = _lines()
    for each in trade.assortments:
        codes = each.lines or [code for code in lines if code not in each.except_lines]
        catalog.save_assortment(
            actor=system,
            code=each.code,
            name=each.name,
            name_zh=each.name_zh,
            effect=each.effect,
            audience_keys=list(each.audiences),
            line_ids=[lines[code] for code in codes],
            reason=each.reason,
        )


# --- Prices -----------------------------------------------------------------------------------------------------------


def make_prices(
    system: core.Viewer,
    companies: Mapping[str, Any],
    trade: Trade,
    chosen: Sequence[Item],
    today: date,
) -> None:
    """Every list whose companies are in the channel, with its products and whom it is for."""
    goods = [item for item in chosen if not item.is_parent]
    made: dict[str, Any] = {}
    for each in trade.price_lists:
        keys = [_key(assigned.audience, companies) for assigned in each.assigned]
        if each.seller not in companies or "" in keys:
            continue
        made[each.code] = _list(system, each, companies[each.seller], made, goods, today)
        for key, assigned in zip(keys, each.assigned, strict=True):
            ordering.assign(
                actor=system, price_list=made[each.code], audience_key=key, priority=assigned.priority
            )


def _key(audience: str, companies: Mapping[str, Any]) -> str:
    """The audience with the company's id in place of its code; empty: it is not there."""
    kind, _colon, code = audience.partition(":")
    if kind not in ("company", "below"):
        return audience
    return f"{kind}:{companies[code].pk}" if code in companies else ""


def _list(
    system: core.Viewer,
    wanted: PriceList,
    seller: Any,
    made: Mapping[str, Any],
    goods: Sequence[Item],
    today: date,
) -> Any:
    common = {"actor": system, "seller_id": seller.pk, "code": wanted.code, "name": wanted.name}
    if wanted.base:
        return _derived(system, wanted, made[wanted.base], common)
    days = wanted.days
    fields = {"valid_from": days[0], "valid_until": days[1]} if days else {}
    price_list = ordering.create_list(
        **common,
        name_zh=wanted.name_zh,
        currency=wanted.currency,
        **{name: today + timedelta(days=each) for name, each in fields.items()},
    )
    some = _some(goods, wanted.categories, wanted.every, wanted.at_most)
    rows = [row for item in some for row in _rows(item, wanted)]
    result = ordering.set_prices(actor=system, price_list=price_list, rows=rows)
    if result.problems:
        raise core.Refusal("demo_invalid", "The demo's own prices are refused.", problems=result.problems)
    return price_list


def _derived(system: core.Viewer, wanted: PriceList, base: Any, common: Mapping[str, Any]) -> Any:
    price_list = ordering.create_list(
        **common, name_zh=wanted.name_zh, base=base, percent=wanted.percent, rounding_step=CENT
    )
    if wanted.percent_by_line:
        lines = _lines()
        by_line = {lines[code]: percent for code, percent in wanted.percent_by_line.items()}
        ordering.set_percents(actor=system, price_list=price_list, percents=by_line, percent=wanted.percent)
    return price_list


def _rows(item: Item, wanted: PriceList) -> list[ordering.PriceInput]:
    price = item.price * wanted.factor
    pack = Decimal(max(item.family.pack, 10))
    return [
        ordering.PriceInput(item.sku, Decimal(1), _cents(price)),
        *(
            ordering.PriceInput(item.sku, pack * cartons, _cents(price * share))
            for cartons, share in wanted.breaks.items()
        ),
    ]


# --- Stock ------------------------------------------------------------------------------------------------------------


def make_warehouses(system: core.Viewer, companies: Mapping[str, Any], trade: Trade) -> None:
    """Warehouses, and who sees how much of what lies in them."""
    territory = apps.get_model("qudao_partner_portal", "Territory")
    for code, each in trade.warehouses.items():
        ordering.set_warehouse(
            actor=system,
            seller_id=companies[each.seller].pk,
            code=code,
            name=each.name,
            name_zh=each.name_zh,
            territory=territory.objects.filter(code=each.place).first(),
            priority=each.priority,
        )
    for shown in trade.stock.shown:
        ordering.set_policy(
            actor=system,
            seller_id=companies[shown.seller].pk,
            audience_key=shown.audience,
            mode=shown.mode,
            low_threshold=trade.stock.low,
            plenty_threshold=trade.stock.plenty,
        )


def make_terms_of_stock(
    system: core.Viewer, trade: Trade, goods: Sequence[Item], ids: Mapping[str, int]
) -> set[str]:
    """What may be ordered before it is there; returns those SKUs."""
    terms = trade.stock.backorder
    late = _some(goods, terms.categories, terms.every, terms.at_most) if terms else []
    for item in late:
        ordering.set_terms(
            actor=system, product_id=ids[item.sku], backorder=True, backorder_limit=terms and terms.limit
        )
    return {item.sku for item in late}


def fill_warehouses(
    system: core.Viewer, companies: Mapping[str, Any], trade: Trade, goods: Sequence[Item]
) -> None:
    """Enough of everything for the past year."""
    for seller, codes in _by_seller(companies, trade).items():
        rows = [ordering.StockInput(item.sku, code, PLENTY) for code in codes for item in goods]
        ordering.set_stock(actor=system, seller_id=seller, rows=rows, reference="opening stock")


def count_warehouses(
    system: core.Viewer,
    companies: Mapping[str, Any],
    trade: Trade,
    maker: str,
    goods: Sequence[Item],
    late: set[str],
    seed: int,
) -> set[str]:
    """Today's count: mostly enough, some low, some out; returns the SKUs of the maker that are out."""
    chance = random.Random(f"{seed}-stock")
    out: set[str] = set()
    for seller, codes in _by_seller(companies, trade).items():
        rows = []
        for item in goods:
            level = _level(chance, item.sku in late)
            if level == 0 and seller == companies[maker].pk:
                out.add(item.sku)
            rows += [
                ordering.StockInput(item.sku, code, _counted(chance, level, item, first=not place))
                for place, code in enumerate(codes)
            ]
        ordering.set_stock(actor=system, seller_id=seller, rows=rows, reference="stock count")
    return out


def _level(chance: random.Random, late: bool) -> float:
    """0 out, below 1 low, from 1 normal."""
    if chance.random() < (0.5 if late else 0.05):
        return 0
    return chance.uniform(0.1, 0.6) if chance.random() < 0.12 else chance.uniform(1, 12)


def _counted(chance: random.Random, level: float, item: Item, *, first: bool) -> Decimal:
    usual = max(item.family.pack * 6, 80)
    return Decimal(round(usual * level * (1 if first else chance.uniform(0.1, 0.5))))


def announce_arrivals(
    system: core.Viewer,
    companies: Mapping[str, Any],
    trade: Trade,
    maker: str,
    goods: Sequence[Item],
    out: set[str],
    today: date,
) -> None:
    """What is out comes back in a few weeks; some other goods come as well. Every third comes to the last warehouse."""
    seller = companies[maker].pk
    codes = _by_seller(companies, trade).get(seller, [])
    wanted = [item for place, item in enumerate(goods) if item.sku in out or place % 13 == 0]
    rows = [
        ordering.ArrivalInput(
            item.sku,
            codes[0] if place % 3 else codes[-1],
            Decimal(item.family.pack * (10 + place % 7 * 5)),
            today + timedelta(days=4 + place * 5 % 38),
            f"PO-{today:%y%m}-{place + 1:03d}",
        )
        for place, item in enumerate(wanted)
        if codes
    ]
    ordering.set_arrivals(actor=system, seller_id=seller, rows=rows)


def _by_seller(companies: Mapping[str, Any], trade: Trade) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for code, warehouse in trade.warehouses.items():
        found.setdefault(companies[warehouse.seller].pk, []).append(code)
    return found
