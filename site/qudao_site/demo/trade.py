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

from .content.channel import WAREHOUSES
from .content.families import Item

CENT = Decimal("0.01")
#: List: (name, tier, percent, {product line: percent})
TIER_LISTS = {
    "tier-platinum": ("Platinum prices", "铂金价", "tier:platinum", "-18", {"cable": "-9", "coastal": "-14"}),
    "tier-gold": ("Gold prices", "金牌价", "tier:gold", "-12", {"cable": "-6"}),
    "tier-silver": ("Silver prices", "银牌价", "tier:silver", "-7", {"cable": "-4"}),
}
PLENTY = Decimal(20000)


def _lines() -> dict[str, int]:
    return dict(apps.get_model("qudao_catalog", "ProductLine").objects.values_list("code", "pk"))


def _cents(amount: Decimal) -> Decimal:
    return max(amount.quantize(CENT, ROUND_HALF_UP), CENT)


# --- Ranges -----------------------------------------------------------------------------------------------------------


def make_assortments(system: core.Viewer) -> None:
    """Members see everything but the coastal line, which belongs to one province; bronze goes without projects."""
    lines = _lines()
    catalog.save_assortment(
        actor=system,
        code="standard-range",
        name="Standard range",
        name_zh="标准产品线",
        audience_keys=["members"],
        line_ids=[pk for code, pk in lines.items() if code != "coastal"],
        reason="Everybody who buys from us.",
    )
    catalog.save_assortment(
        actor=system,
        code="coastal-guangdong",
        name="Coastal line, Guangdong only",
        name_zh="海岸系列（仅广东）",
        audience_keys=["territory:CN-44"],
        line_ids=[lines["coastal"]],
        reason="Exclusive territory of the southern distributor until the factory has grown.",
    )
    catalog.save_assortment(
        actor=system,
        code="no-projects-for-bronze",
        name="No project lighting for bronze",
        name_zh="铜牌不含工程照明",
        effect="deny",
        audience_keys=["tier:bronze"],
        line_ids=[lines["pro-lighting"]],
        reason="Project lighting needs trained people.",
    )


# --- Prices -----------------------------------------------------------------------------------------------------------


def make_prices(
    system: core.Viewer, companies: Mapping[str, Any], chosen: Sequence[Item], today: date
) -> None:
    """Price lists of every kind: base, by tier, territory, contract, promotion, foreign currency, distributor's own."""
    goods = [item for item in chosen if not item.is_parent]
    maker = companies["LH"]
    base = _list(
        system, maker, "base", "List prices 2026", goods, Decimal(1), breaks=True, name_zh="2026 年标准价"
    )
    ordering.assign(actor=system, price_list=base, audience_key="members")
    _make_tier_lists(system, maker, base)
    outdoor = [item for item in goods if item.family.category in ("outdoor", "linear")]
    south = _list(
        system,
        maker,
        "south-outdoor",
        "South China outdoor season",
        outdoor,
        Decimal("0.80"),
        name_zh="华南户外季",
    )
    ordering.assign(actor=system, price_list=south, audience_key="territory:CN-44", priority=5)
    _make_contract(system, maker, companies, goods)
    _make_promotion(system, maker, goods, today)
    for code, currency, rate, firm in (
        ("export-eur", "EUR", "0.125", "D-EU"),
        ("export-usd", "USD", "0.136", "A-US"),
    ):
        if firm in companies:
            made = _list(
                system,
                maker,
                code,
                f"Export {currency}",
                goods,
                Decimal(rate),
                currency=currency,
                name_zh=f"出口价 {currency}",
            )
            ordering.assign(actor=system, price_list=made, audience_key=f"below:{companies[firm].pk}")
    _make_distributor_lists(system, companies["D-SW"], goods)


def _list(
    system: core.Viewer,
    seller: Any,
    code: str,
    name: str,
    goods: Sequence[Item],
    factor: Decimal,
    *,
    currency: str = "CNY",
    breaks: bool = False,
    **fields: Any,
) -> Any:
    made = ordering.create_list(
        actor=system, seller_id=seller.pk, code=code, name=name, currency=currency, **fields
    )
    rows = [row for item in goods for row in _rows(item, factor, breaks)]
    result = ordering.set_prices(actor=system, price_list=made, rows=rows)
    if result.problems:
        raise core.Refusal("demo_invalid", "The demo's own prices are refused.", problems=result.problems)
    return made


def _rows(item: Item, factor: Decimal, breaks: bool) -> list[ordering.PriceInput]:
    price = item.price * factor
    rows = [ordering.PriceInput(item.sku, Decimal(1), _cents(price))]
    if breaks:
        pack = Decimal(max(item.family.pack, 10))
        for times, share in ((1, "0.97"), (5, "0.94"), (20, "0.90")):
            rows.append(ordering.PriceInput(item.sku, pack * times, _cents(price * Decimal(share))))
    return rows


def _make_tier_lists(system: core.Viewer, maker: Any, base: Any) -> None:
    lines = _lines()
    for code, (name, name_zh, audience, percent, by_line) in TIER_LISTS.items():
        made = ordering.create_list(
            actor=system,
            seller_id=maker.pk,
            code=code,
            name=name,
            name_zh=name_zh,
            base=base,
            percent=Decimal(percent),
            rounding_step=CENT,
        )
        ordering.set_percents(
            actor=system,
            price_list=made,
            percents={lines[line]: Decimal(value) for line, value in by_line.items()},
            percent=Decimal(percent),
        )
        ordering.assign(actor=system, price_list=made, audience_key=audience)


def _make_contract(
    system: core.Viewer, maker: Any, companies: Mapping[str, Any], goods: Sequence[Item]
) -> None:
    """One firm has agreed on its own prices for what it buys most."""
    firm = companies.get("A-SH") or companies["A-CD"]
    agreed = [item for item in goods if item.family.category in ("downlights", "panels")][::3][:40]
    made = _list(
        system, maker, "contract-a-sh", f"Contract {firm}", agreed, Decimal("0.76"), name_zh=f"合同价 {firm}"
    )
    ordering.assign(actor=system, price_list=made, audience_key=f"company:{firm.pk}")


def _make_promotion(system: core.Viewer, maker: Any, goods: Sequence[Item], today: date) -> None:
    """Bulbs and sockets are cheaper for a few weeks, for the tiers that keep stock."""
    chosen = [item for item in goods if item.family.category in ("bulbs", "sockets")]
    made = _list(
        system,
        maker,
        "promotion",
        "Season promotion",
        chosen,
        Decimal("0.78"),
        valid_from=today - timedelta(days=18),
        valid_until=today + timedelta(days=24),
        name_zh="季节促销",
    )
    for tier in ("gold", "silver", "bronze"):
        ordering.assign(actor=system, price_list=made, audience_key=f"tier:{tier}", priority=10)


def _make_distributor_lists(system: core.Viewer, distributor: Any, goods: Sequence[Item]) -> None:
    own = _list(system, distributor, "jinyu-base", "锦屿 标准价", goods, Decimal("1.02"), breaks=True)
    ordering.assign(actor=system, price_list=own, audience_key=f"below:{distributor.pk}")
    gold = ordering.create_list(
        actor=system,
        seller_id=distributor.pk,
        code="jinyu-gold",
        name="锦屿 金牌价",
        base=own,
        percent=Decimal("-8"),
        rounding_step=CENT,
    )
    ordering.assign(actor=system, price_list=gold, audience_key="tier:gold")


# --- Stock ------------------------------------------------------------------------------------------------------------


def make_warehouses(system: core.Viewer, companies: Mapping[str, Any]) -> None:
    """Warehouses, and who sees how much of what lies in them."""
    territory = apps.get_model("qudao_partner_portal", "Territory")
    for code, (name, name_zh, seller, place, priority) in WAREHOUSES.items():
        ordering.set_warehouse(
            actor=system,
            seller_id=companies[seller].pk,
            code=code,
            name=name,
            name_zh=name_zh,
            territory=territory.objects.filter(code=place).first(),
            priority=priority,
        )
    maker, distributor = companies["LH"].pk, companies["D-SW"].pk
    bands = {"low_threshold": Decimal(60), "plenty_threshold": Decimal(600)}
    for seller, audience, mode in (
        (maker, "members", "banded"),
        (maker, "tier:platinum", "exact"),
        (maker, "tier:gold", "exact"),
        (maker, "tier:bronze", "hidden"),
        (distributor, "members", "banded"),
        (distributor, "tier:gold", "exact"),
    ):
        ordering.set_policy(actor=system, seller_id=seller, audience_key=audience, mode=mode, **bands)


def make_terms_of_stock(system: core.Viewer, goods: Sequence[Item], ids: Mapping[str, int]) -> set[str]:
    """What may be ordered before it is there; returns those SKUs."""
    late = [item.sku for item in goods if item.family.category in ("panels", "linear", "control")][::4][:24]
    for sku in late:
        ordering.set_terms(actor=system, product_id=ids[sku], backorder=True, backorder_limit=Decimal(2000))
    return set(late)


def fill_warehouses(system: core.Viewer, companies: Mapping[str, Any], goods: Sequence[Item]) -> None:
    """Enough of everything for the past year."""
    for seller, codes in _by_seller(companies).items():
        rows = [ordering.StockInput(item.sku, code, PLENTY) for code in codes for item in goods]
        ordering.set_stock(actor=system, seller_id=seller, rows=rows, reference="opening stock")


def count_warehouses(
    system: core.Viewer, companies: Mapping[str, Any], goods: Sequence[Item], late: set[str], seed: int
) -> set[str]:
    """Today's count: mostly enough, some low, some out; returns the SKUs of the maker that are out."""
    chance = random.Random(f"{seed}-stock")
    out: set[str] = set()
    for seller, codes in _by_seller(companies).items():
        rows = []
        for item in goods:
            level = _level(chance, item.sku in late)
            if level == 0 and seller == companies["LH"].pk:
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
    goods: Sequence[Item],
    out: set[str],
    today: date,
) -> None:
    """What is out comes back in a few weeks; some other goods come as well."""
    wanted = [item for place, item in enumerate(goods) if item.sku in out or place % 13 == 0]
    rows = [
        ordering.ArrivalInput(
            item.sku,
            "foshan" if place % 3 else "hangzhou",
            Decimal(item.family.pack * (10 + place % 7 * 5)),
            today + timedelta(days=4 + place * 5 % 38),
            f"PO-{today:%y%m}-{place + 1:03d}",
        )
        for place, item in enumerate(wanted)
    ]
    ordering.set_arrivals(actor=system, seller_id=companies["LH"].pk, rows=rows)


def _by_seller(companies: Mapping[str, Any]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for code, (_name, _name_zh, seller, _place, _priority) in WAREHOUSES.items():
        found.setdefault(companies[seller].pk, []).append(code)
    return found
