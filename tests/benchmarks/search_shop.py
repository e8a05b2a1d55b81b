"""What the search benchmarks look through: products in both languages, and a dealer who may not see all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone
from oscar.core.loading import get_model
from qudao_b2b_ordering import models as ordering
from qudao_catalog import models as catalog
from qudao_partner_portal import models as portal

from tests.benchmarks.dataset import BATCH, analyze, make_buyer
from tests.benchmarks.search_words import DEGREES, Goods

LINES = 8
#: The line that is granted to nobody, and the one denied to the dealer's tier.
HIDDEN, DENIED = 6, 7


@dataclass(frozen=True)
class Shop:
    """The dealer's person, all products in order of their numbers, and the categories by number."""

    user_id: int
    product_ids: tuple[int, ...]
    category_ids: tuple[int, ...]


def build(count: int) -> Shop:
    """Fill an empty, migrated database with ``count`` products, a base price for each; nothing is indexed."""
    seller = portal.Company.add_root(
        code="ROOT", name="Maker", kind="manufacturer", is_seller=True, currency="CNY"
    )
    tier = portal.Tier.objects.create(code="gold", name="Gold", rank=1)
    dealer = seller.add_child(code="D1", name="Dealer", kind="dealer", tier=tier, currency="CNY")
    goods = [Goods(number) for number in range(count)]
    lines = [catalog.ProductLine.objects.create(code=f"line-{n}", name=f"Line {n}") for n in range(LINES)]
    categories = _categories()
    ids = _products(goods)
    _profiles(goods, ids, lines)
    _words(goods, ids)
    _attributes(goods, ids)
    _file(goods, ids, categories)
    _assortments(lines)
    _prices(seller, ids)
    analyze()
    return Shop(make_buyer(dealer).pk, tuple(ids), tuple(categories))


def _categories() -> list[int]:
    category = get_model("catalogue", "Category")
    return [
        category.add_root(name=f"{english} and more", slug=f"category-{n}").pk
        for n, (english, _chinese) in enumerate(Goods.nouns[::4])
    ]


def _products(goods: Sequence[Goods]) -> list[int]:
    model = get_model("catalogue", "Product")
    kind = get_model("catalogue", "ProductClass").objects.create(
        name="Goods", slug="goods", track_stock=False
    )
    rows = [
        model(
            structure="standalone",
            upc=each.sku,
            title=each.titles[0],
            description=each.texts[0],
            slug=f"p-{each.number}",
            product_class=kind,
            is_public=True,
        )
        for each in goods
    ]
    model.objects.bulk_create(rows, batch_size=BATCH)
    return [row.pk for row in rows]


def _profiles(goods: Sequence[Goods], ids: Sequence[int], lines: Sequence[Any]) -> None:
    unit = catalog.Unit.objects.get_or_create(code="pcs", defaults={"name": "piece"})[0]
    tax = catalog.TaxClass.objects.get_or_create(
        code="standard", defaults={"name": "Standard", "rate": Decimal("0.13")}
    )[0]
    now = timezone.now()
    rows = [
        catalog.ProductProfile(
            product_id=pk,
            sku=each.sku,
            external_key=f"ERP-{each.sku}",
            barcode=f"69{each.number:011d}",
            status="discontinued" if each.discontinued else "active",
            line=lines[each.category % LINES],
            unit=unit,
            tax_class=tax,
            listed_at=now,
        )
        for each, pk in zip(goods, ids, strict=True)
    ]
    catalog.ProductProfile.objects.bulk_create(rows, batch_size=BATCH)


def _words(goods: Sequence[Goods], ids: Sequence[int]) -> None:
    rows = [
        catalog.ProductTranslation(
            product_id=pk, language="zh-hans", title=each.titles[1], description=each.texts[1]
        )
        for each, pk in zip(goods, ids, strict=True)
    ]
    catalog.ProductTranslation.objects.bulk_create(rows, batch_size=BATCH)


def _attributes(goods: Sequence[Goods], ids: Sequence[int]) -> None:
    """Finish and degree of protection, both filters, and the power, which is not one."""
    made = {
        code: _attribute(code, kind)
        for code, kind in (("finish", "option"), ("ip", "option"), ("power", "float"))
    }
    finishes = _options(made["finish"], [name for name, _chinese in Goods.finishes])
    degrees = _options(made["ip"], DEGREES)
    value = get_model("catalogue", "ProductAttributeValue")
    rows: list[Any] = []
    for each, pk in zip(goods, ids, strict=True):
        rows += [
            value(product_id=pk, attribute=made["finish"], value_option=finishes[each.finish]),
            value(product_id=pk, attribute=made["ip"], value_option=degrees[each.degree]),
            value(product_id=pk, attribute=made["power"], value_float=each.power),
        ]
    value.objects.bulk_create(rows, batch_size=BATCH)


def _attribute(code: str, kind: str) -> Any:
    product_class = get_model("catalogue", "ProductClass").objects.get()
    group = (
        get_model("catalogue", "AttributeOptionGroup").objects.create(name=code) if kind == "option" else None
    )
    row = get_model("catalogue", "ProductAttribute").objects.create(
        product_class=product_class, name=code.title(), code=code, type=kind, option_group=group
    )
    unit = "W" if kind == "float" else ""
    catalog.AttributeProfile.objects.create(attribute=row, unit=unit, is_facet=kind == "option")
    return row


def _options(attribute: Any, names: Sequence[str]) -> list[Any]:
    model = get_model("catalogue", "AttributeOption")
    return [model.objects.create(group=attribute.option_group, option=name) for name in names]


def _file(goods: Sequence[Goods], ids: Sequence[int], categories: Sequence[int]) -> None:
    link = get_model("catalogue", "ProductCategory")
    link.objects.bulk_create(
        [
            link(product_id=pk, category_id=categories[each.category])
            for each, pk in zip(goods, ids, strict=True)
        ],
        batch_size=BATCH,
    )


def _assortments(lines: Sequence[Any]) -> None:
    """Members see all lines but one; the dealer's tier is denied another."""
    for code, effect, audience, chosen in (
        ("range", "grant", "members", [line for n, line in enumerate(lines) if n != HIDDEN]),
        ("not-for-gold", "deny", "tier:gold", [lines[DENIED]]),
    ):
        made = catalog.Assortment.objects.create(code=code, name=code, effect=effect)
        catalog.AssortmentAudience.objects.create(assortment=made, audience_key=audience)
        for line in chosen:
            catalog.AssortmentItem.objects.create(assortment=made, line=line)


def _prices(seller: Any, ids: Sequence[int]) -> None:
    base = ordering.PriceList.objects.create(code="base", name="Base", seller=seller)
    ordering.PriceListAssignment.objects.create(price_list=base, audience_key="everyone")
    ordering.PriceRow.objects.bulk_create(
        [
            ordering.PriceRow(
                price_list=base,
                product_id=pk,
                min_quantity=Decimal(1),
                unit_price=Decimal(100 + number % 900),
            )
            for number, pk in enumerate(ids)
        ],
        batch_size=BATCH,
    )
