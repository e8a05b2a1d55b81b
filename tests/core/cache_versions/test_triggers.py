"""Whoever changes watched rows, by whatever statement, another version is read afterwards."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from oscar.core.loading import get_model
from qudao_b2b_ordering.models import PriceRow, StockLevel, StockTerms, Warehouse
from qudao_b2b_ordering.testing import make_price_list, make_warehouse, price, stock
from qudao_catalog.models import AssortmentItem, ProductProfile, ProductTranslation
from qudao_catalog.testing import grant, make_category, make_product
from qudao_core import api as core
from qudao_core.cache_versions import services, triggers
from qudao_core.models import DataChange
from qudao_partner_portal.testing import make_company

pytestmark = pytest.mark.django_db
Product = get_model("catalogue", "Product")
Value = get_model("catalogue", "ProductAttributeValue")
Filed = get_model("catalogue", "ProductCategory")


class World:
    def __init__(self) -> None:
        maker = make_company("Maker")
        self.lamp, self.cable = make_product("LAMP"), make_product("CABLE")
        self.warehouse = make_warehouse(seller=maker)
        self.level = stock(self.lamp, 5, self.warehouse)
        self.base = make_price_list("base", seller=maker, audience="everyone", prices={self.lamp: 10})
        self.other = make_price_list("other", seller=maker, audience="everyone", prices={self.lamp: 12})
        self.category = make_category("Lamps")
        self.colour = self.lamp.product_class.attributes.create(name="Power", code="power", type="integer")
        self.value = Value.objects.create(product=self.lamp, attribute=self.colour, value_integer=3)


@pytest.fixture
def world() -> World:
    return World()


def sql(statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def rows(model: Any) -> Any:
    return model._default_manager.all()


CHANGES: dict[str, tuple[str, Callable[[World], Any]]] = {
    "a price": ("prices:{base}", lambda w: price(w.base, w.cable, 3)),
    "prices in bulk": (
        "prices:{base}",
        lambda w: rows(PriceRow).bulk_create(
            [PriceRow(price_list=w.base, product=w.cable, unit_price=Decimal(1))]
        ),
    ),
    "a price by SQL": (
        "prices:{base}",
        lambda w: sql(
            f"UPDATE {PriceRow._meta.db_table} SET unit_price = unit_price + 1 WHERE price_list_id = %s",
            w.base.pk,
        ),
    ),
    "prices gone": (
        "prices:{base}",
        lambda w: rows(PriceRow).filter(price_list=w.base)._raw_delete("default"),
    ),
    "a price moved, old list": (
        "prices:{base}",
        lambda w: rows(PriceRow).filter(price_list=w.base).update(price_list=w.other, min_quantity=9),
    ),
    "a price moved, new list": (
        "prices:{other}",
        lambda w: rows(PriceRow).filter(price_list=w.base).update(price_list=w.other, min_quantity=9),
    ),
    "sold out": ("availability", lambda w: rows(StockLevel).update(allocated=5)),
    "another warehouse": ("availability", lambda w: rows(Warehouse).update(is_active=False)),
    "made to order": (
        "availability",
        lambda w: rows(StockTerms).bulk_create([StockTerms(product=w.cable, is_unlimited=True)]),
    ),
    "a product": ("products", lambda w: make_product("NEW")),
    "a line": ("products", lambda w: rows(ProductProfile).filter(pk=w.lamp.pk).update(min_quantity=7)),
    "hidden": ("products", lambda w: rows(Product).filter(pk=w.lamp.pk).update(is_public=False)),
    "a name": ("product_names", lambda w: rows(Product).filter(pk=w.lamp.pk).update(title="Z")),
    "a translation": (
        "product_names",
        lambda w: ProductTranslation.objects.create(product=w.lamp, language="zh-hans", title="\u706f"),
    ),
    "filed": ("product_categories", lambda w: Filed.objects.create(product=w.lamp, category=w.category)),
    "a value": ("product_attributes", lambda w: rows(Value).filter(pk=w.value.pk).update(value_integer=4)),
    "granted": ("assortment_products", lambda w: grant("members", products=[w.lamp])),
    "taken back": (
        "assortment_products",
        lambda w: (grant("members", products=[w.lamp]), rows(AssortmentItem)._raw_delete("default")),
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_gives_another_version_and_its_rollback_the_old_one(world: World, what: str) -> None:
    template, change = CHANGES[what]
    name = template.format(base=world.base.pk, other=world.other.pk)
    before = core.data_versions([name])
    with pytest.raises(RuntimeError), transaction.atomic():
        change(world)
        inside = core.data_versions([name])
        assert inside != before
        raise RuntimeError
    assert core.data_versions([name]) == before
    change(world)
    assert core.data_versions([name]) not in (before, inside)


UNCHANGED: dict[str, Callable[[World], Any]] = {
    "some pieces sold": lambda w: rows(StockLevel).update(allocated=2),
    "the same price": lambda w: rows(PriceRow).update(unit_price=10),
    "nobody": lambda w: rows(PriceRow).filter(pk=-1).update(unit_price=1),
    "a description": lambda w: rows(Product).update(description="long"),
    "a date": lambda w: [each.save() for each in rows(ProductProfile)],
}


@pytest.mark.parametrize("what", UNCHANGED)
def test_what_no_list_depends_on_raises_nothing(world: World, what: str) -> None:
    rows(PriceRow).update(unit_price=10)
    before = sorted(DataChange.objects.values_list("name", "number"))
    UNCHANGED[what](world)
    assert sorted(DataChange.objects.values_list("name", "number")) == before


def test_another_list_keeps_its_version(world: World) -> None:
    name = f"prices:{world.other.pk}"
    before = core.data_versions([name])
    price(world.base, world.cable, 3)
    assert core.data_versions([name]) == before


def test_many_changes_become_one_row_with_the_same_sum(world: World) -> None:
    DataChange.objects.bulk_create(DataChange(name="availability", number=number) for number in (5, 6))
    names = ["availability", "products", f"prices:{world.base.pk}"]
    before = core.data_versions(names)
    services.merge_data_changes()
    assert core.data_versions(names) == before
    assert DataChange.objects.filter(name="availability").count() == 1
    services.merge_data_changes()
    assert core.data_versions(names) == before


def test_a_sum_never_outgrows_its_column() -> None:
    DataChange.objects.bulk_create(DataChange(name="huge", number=2**61) for _time in range(3))
    services.merge_data_changes()
    assert 0 <= core.data_versions(["huge"])["huge"] < 2**41


def test_triggers_are_made_once_and_made_anew_after_they_were_taken_away(world: World) -> None:
    present = sorted(triggers._present(connection))
    assert len(present) >= 27
    before = core.data_versions(["availability"])
    triggers.install()
    assert core.data_versions(["availability"]) == before
    triggers.remove()
    assert triggers._present(connection) == []
    triggers.install()
    assert sorted(triggers._present(connection)) == present
    assert core.data_versions(["availability"]) != before
