"""After any change a list says what a process says that has just started."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from oscar.core.loading import get_model
from qudao_b2b_ordering.models import PriceList, PriceRow, StockLevel, StockTerms, Warehouse
from qudao_b2b_ordering.pricing.queries.prices import _lists, _own
from qudao_b2b_ordering.stock import queries
from qudao_catalog.listing import columns
from qudao_catalog.listing.matching import count_categories, count_facets, count_sections, matches
from qudao_catalog.listing.rules import Listing
from qudao_catalog.models import ProductProfile, ProductTranslation, Unit
from qudao_catalog.testing import deny, grant, make_category, make_line, make_product
from qudao_core import api as core

pytestmark = pytest.mark.django_db
Product = get_model("catalogue", "Product")
Value = get_model("catalogue", "ProductAttributeValue")
Filed = get_model("catalogue", "ProductCategory")
SORTS = ("sku", "name", "new", "price", "-price")


def everything(viewer: core.Viewer) -> list[Any]:
    versions = core.Versions.read()
    listing = Listing(price_low=Decimal(6), available=True)
    found = [count_facets(viewer, each, versions) for each in (Listing(), listing)]
    orders = [matches(viewer, Listing(sort=sort), versions).page(0, 50) for sort in SORTS]
    return [
        found,
        orders,
        count_sections(viewer, Listing(), None, versions),
        count_categories(viewer, versions),
    ]


def forget() -> None:
    for kept in (
        columns._index,
        columns._columns,
        columns._visible,
        _lists,
        _own,
        queries._kept_bitmaps,
    ):
        kept.clear()


def one(sku: str) -> Any:
    return Product.objects.filter(upc=sku)


def profile(product: Any) -> Any:
    return ProductProfile.objects.filter(pk=product.pk)


def change(rows: Any, **values: Any) -> None:
    for each in rows:
        for name, value in values.items():
            setattr(each, name, value)
        each.save()


CHANGES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "nothing": lambda shelf: None,
    "a price": lambda shelf: PriceRow.objects.filter(product=shelf["L-1"]).update(unit_price=Decimal("99.5")),
    "a price less": lambda shelf: PriceRow.objects.filter(product=shelf["L-1"]).delete(),
    "a break": lambda shelf: PriceRow.objects.filter(product=shelf["L-1"]).update(min_quantity=7),
    "a list switched off": lambda shelf: change(PriceList.objects.all(), is_active=False),
    "sold out": lambda shelf: StockLevel.objects.filter(product=shelf["L-1"]).update(allocated=5),
    "come in": lambda shelf: StockLevel.objects.filter(product=shelf["L-2"]).update(on_hand=5),
    "closed warehouse": lambda shelf: Warehouse.objects.update(is_active=False),
    "made to order": lambda shelf: StockTerms.objects.create(product=shelf["C-1"], is_unlimited=True),
    "a new product": lambda shelf: make_product("A-NEW", line="lighting"),
    "a product less": lambda shelf: profile(shelf["C-1"]).delete(),
    "hidden": lambda shelf: one("L-2").update(is_public=False),
    "a hidden family": lambda shelf: one("SW").update(is_public=False),
    "another minimum": lambda shelf: profile(shelf["L-1"]).update(min_quantity=12),
    "whole packs": lambda shelf: profile(shelf["L-1"]).update(pack_size=5, sold_in_packs=True),
    "fractions": lambda shelf: change(Unit.objects.all(), decimals=2),
    "another line": lambda shelf: profile(shelf["L-1"]).update(line=make_line("switches")),
    "another SKU": lambda shelf: profile(shelf["L-1"]).update(sku="ZZ"),
    "another name": lambda shelf: one("L-1").update(title="Zebra"),
    "a Chinese name": lambda shelf: ProductTranslation(product=shelf["L-3"], language="zh-hans", title="阿").save(),
    "a value": lambda shelf: Value.objects.filter(product=shelf["L-1"], value_float=5).update(value_float=77),
    "a family's value less": lambda shelf: Value.objects.filter(product=shelf["SW"]).delete(),
    "a variant's own value": lambda shelf: Value.objects.filter(product=shelf["SW-2"]).delete(),
    "filed elsewhere": lambda shelf: change(Filed.objects.filter(product=shelf["L-1"]), category=make_category("C")),
    "denied": lambda shelf: deny("members", products=[shelf["L-1"]]),
    "granted less": lambda shelf: deny("tier:gold", lines=["lighting"]),
    "granted more": lambda shelf: grant("everyone", products=[shelf["C-1"]]),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_change_shows_at_the_next_request(shelf: Any, channel: Any, what: str, language: str) -> None:
    viewer = channel.sees(channel.buyer, language)
    everything(viewer)
    CHANGES[what](shelf)
    kept = everything(viewer)
    forget()
    assert kept == everything(viewer)


def test_a_change_that_is_rolled_back_leaves_nothing_behind(shelf: Any, channel: Any) -> None:
    viewer = channel.sees(channel.buyer)
    before = everything(viewer)
    with pytest.raises(RuntimeError), transaction.atomic():
        PriceRow.objects.update(unit_price=1)
        StockLevel.objects.update(allocated=100)
        assert everything(viewer) != before
        raise RuntimeError
    assert everything(viewer) == before
