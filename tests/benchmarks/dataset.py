"""The data every benchmark runs on: 10,000 products, 1,000 companies, 200,000 price rows. Written in bulk.

Five price lists of a root seller: base (everyone), one per tier (gold derived, silver rows), one per territory, and a
contract for every tenth company. A dealer of the middle of the tree sees four of them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from oscar.core.loading import get_model
from qudao_b2b_ordering import models as ordering
from qudao_catalog import models as catalog
from qudao_partner_portal import models as portal

PRODUCTS, COMPANIES, PRICE_ROWS = 10_000, 1_000, 200_000
BATCH = 5_000


@dataclass(frozen=True)
class Dataset:
    """Where the benchmarks begin: the seller, one dealer and its buyer, and the ids of all products."""

    seller_id: int
    company_id: int
    user_id: int
    base_list_id: int
    product_ids: tuple[int, ...]
    warehouse_id: int


def build(
    products: int = PRODUCTS,
    companies: int = COMPANIES,
    price_rows: int = PRICE_ROWS,
    *,
    analyzed: bool = True,
) -> Dataset:
    """Fill an empty, migrated database. Idempotent enough for a benchmark: it expects no rows of its own."""
    seller = portal.Company.add_root(
        code="ROOT", name="Maker", kind="manufacturer", is_seller=True, currency="CNY"
    )
    tier = portal.Tier.objects.create(code="gold", name="Gold", rank=1)
    dealers = _companies(seller, tier, companies)
    ids = _products(products)
    warehouse = ordering.Warehouse.objects.create(code="WH1", name="Main", seller=seller)
    _stock(warehouse, ids)
    base = _prices(seller, dealers, ids, price_rows)
    buyer = make_buyer(dealers[len(dealers) // 2])
    if analyzed:
        analyze()
    return Dataset(seller.pk, dealers[len(dealers) // 2].pk, buyer.pk, base.pk, tuple(ids), warehouse.pk)


def analyze() -> None:
    """What a server does by itself a minute later: statistics for the planner, the visibility map."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _companies(seller: Any, tier: Any, count: int) -> list[Any]:
    """Distributors below the maker, dealers below them; written in bulk with their tree paths."""
    step, alphabet = portal.Company.steplen, portal.Company.alphabet
    groups = max(1, count // 50)
    rows: list[Any] = []
    for number in range(groups):
        path = seller.path + _key(number + 1, step, alphabet)
        rows.append(_company(path, 2, f"A{number}", "distributor", tier))
    for number in range(count - groups):
        parent = rows[number % groups]
        parent.numchild += 1
        path = parent.path + _key(parent.numchild, step, alphabet)
        rows.append(_company(path, 3, f"D{number}", "dealer", tier))
    seller.numchild = groups
    seller.save(update_fields=["numchild"])
    portal.Company.objects.bulk_create(rows, batch_size=BATCH)
    return rows


def _key(number: int, step: int, alphabet: str) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, len(alphabet))
        digits = alphabet[rest] + digits
    return digits.rjust(step, alphabet[0])


def _company(path: str, depth: int, code: str, kind: str, tier: Any) -> Any:
    return portal.Company(
        path=path,
        depth=depth,
        numchild=0,
        code=code,
        name=f"Company {code}",
        kind=kind,
        tier=tier,
        currency="CNY",
    )


def _products(count: int) -> list[int]:
    product_model, class_model = get_model("catalogue", "Product"), get_model("catalogue", "ProductClass")
    category_model = get_model("catalogue", "Category")
    kind = class_model.objects.create(name="Goods", slug="goods", requires_shipping=True, track_stock=False)
    unit = catalog.Unit.objects.get_or_create(code="pcs", defaults={"name": "piece"})[0]
    tax = catalog.TaxClass.objects.get_or_create(
        code="standard", defaults={"name": "Standard", "rate": Decimal("0.13")}
    )[0]
    lines = [catalog.ProductLine.objects.create(code=f"line-{n}", name=f"Line {n}") for n in range(12)]
    categories = [category_model.add_root(name=f"Category {n}", slug=f"category-{n}") for n in range(12)]
    rows = [
        product_model(
            structure="standalone",
            upc=f"P-{number:05d}",
            title=_title(number),
            slug=f"p-{number:05d}",
            product_class=kind,
            is_public=True,
        )
        for number in range(count)
    ]
    product_model.objects.bulk_create(rows, batch_size=BATCH)
    _profiles(rows, unit, tax, lines)
    _pictures(rows)
    link = product_model.categories.through
    link.objects.bulk_create(
        [link(product_id=row.pk, category_id=categories[n % 12].pk) for n, row in enumerate(rows)],
        batch_size=BATCH,
    )
    grant = catalog.Assortment.objects.create(code="all", name="All", all_products=True)
    catalog.AssortmentAudience.objects.create(assortment=grant, audience_key="members")
    return [row.pk for row in rows]


def _title(number: int) -> str:
    return f"工业级交换机 {number}" if number % 2 else f"Industrial switch {number}"


def _profiles(rows: list[Any], unit: Any, tax: Any, lines: list[Any]) -> None:
    catalog.ProductProfile.objects.bulk_create(
        [
            catalog.ProductProfile(
                product=row,
                sku=row.upc,
                unit=unit,
                tax_class=tax,
                line=lines[number % 12],
                pack_size=Decimal(12),
            )
            for number, row in enumerate(rows)
        ],
        batch_size=BATCH,
    )
    catalog.ProductTranslation.objects.bulk_create(
        [
            catalog.ProductTranslation(product=row, language="zh-hans", title=f"产品 {row.upc}")
            for row in rows
        ],
        batch_size=BATCH,
    )


def _pictures(rows: list[Any]) -> None:
    image_model = get_model("catalogue", "ProductImage")
    image_model.objects.bulk_create(
        [image_model(product=row, original="benchmark/product.webp", display_order=0) for row in rows],
        batch_size=BATCH,
    )


def _stock(warehouse: Any, ids: list[int]) -> None:
    ordering.StockLevel.objects.bulk_create(
        [ordering.StockLevel(warehouse=warehouse, product_id=pk, on_hand=Decimal(100_000)) for pk in ids],
        batch_size=BATCH,
    )
    ordering.StockPolicy.objects.create(seller=warehouse.seller, audience_key="everyone", mode="exact")


def _prices(seller: Any, dealers: list[Any], ids: list[int], count: int) -> Any:
    base = ordering.PriceList.objects.create(code="base", name="Base", seller=seller)
    silver = ordering.PriceList.objects.create(code="silver", name="Silver", seller=seller)
    gold = ordering.PriceList.objects.create(
        code="gold", name="Gold", seller=seller, kind="derived", base=base, percent=Decimal(-5)
    )
    ordering.PriceListAssignment.objects.bulk_create(
        [
            ordering.PriceListAssignment(price_list=base, audience_key="everyone"),
            ordering.PriceListAssignment(price_list=silver, audience_key="tier:silver"),
            ordering.PriceListAssignment(price_list=gold, audience_key="tier:gold"),
        ]
    )
    contracts = _contracts(seller, dealers[len(dealers) // 2 :: 10])
    _insert(itertools.islice(_rows(base, silver, contracts, ids), count))
    return base


def _contracts(seller: Any, companies: list[Any]) -> list[Any]:
    lists = ordering.PriceList.objects.bulk_create(
        [
            ordering.PriceList(
                code=f"contract-{row.code.lower()}", name=f"Contract {row.code}", seller=seller
            )
            for row in companies
        ]
    )
    ordering.PriceListAssignment.objects.bulk_create(
        [
            ordering.PriceListAssignment(price_list=made, audience_key=f"company:{row.pk}")
            for made, row in zip(lists, companies, strict=True)
        ]
    )
    return lists


def _rows(base: Any, silver: Any, contracts: list[Any], ids: list[int]) -> Iterator[Any]:
    """Base with three breaks, silver with two, then contracts of some products each, until enough."""
    for pk in ids:
        for minimum, price in ((1, "100"), (12, "95"), (120, "88.5")):
            yield _row(base, pk, minimum, price)
        for minimum, price in ((1, "97"), (12, "92")):
            yield _row(silver, pk, minimum, price)
    for number, pk in enumerate(itertools.cycle(ids)):
        if number >= len(ids) * len(contracts):
            return
        yield _row(contracts[number // len(ids)], pk, 1, "90")
        yield _row(contracts[number // len(ids)], pk, 24, "85")


def _row(price_list: Any, product_id: int, minimum: int, price: str) -> Any:
    return ordering.PriceRow(
        price_list=price_list, product_id=product_id, min_quantity=Decimal(minimum), unit_price=Decimal(price)
    )


def _insert(rows: Iterable[Any]) -> None:
    for batch in itertools.batched(rows, BATCH) if hasattr(itertools, "batched") else _batched(rows):
        ordering.PriceRow.objects.bulk_create(list(batch))


def _batched(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """`itertools.batched` for Python 3.11."""
    iterator = iter(rows)
    while batch := list(itertools.islice(iterator, BATCH)):
        yield batch


def make_buyer(company: Any) -> Any:
    """A member of ``company`` who buys."""
    user_model = get_user_model()
    buyer = user_model.objects.create_user(email="buyer@bench.example", password=None)
    membership = portal.Membership.objects.create(user=buyer, company=company)
    portal.MembershipRole.objects.create(membership=membership, role="buyer")
    return buyer
