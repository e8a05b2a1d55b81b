"""Rows set in bulk: per-row answers, nothing half-applied, unchanged rows untouched, a history that can be read."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from qudao_b2b_ordering.pricing import services
from qudao_b2b_ordering.pricing.models import PriceRow
from qudao_b2b_ordering.pricing.services import PriceInput
from qudao_b2b_ordering.product_codes import product_ids
from qudao_b2b_ordering.testing import make_price_list, price
from qudao_catalog.testing import make_product
from qudao_core import api as core
from qudao_partner_portal.testing import make_company, make_person

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def shop() -> SimpleNamespace:
    maker = make_company("Maker")
    lamp, cable = make_product("LAMP"), make_product("CABLE", external_key="ERP-7")
    sales = make_person(maker, roles=["sales"])
    listed = make_price_list("base", seller=maker, prices={lamp: {1: 10, 100: 8}})
    return SimpleNamespace(maker=maker, lamp=lamp, cable=cable, sales=sales, list=listed)


def stored(shop) -> list[tuple]:
    rows = PriceRow.objects.filter(price_list=shop.list).order_by("product_id", "min_quantity", "valid_from")
    return [(row.product_id, row.min_quantity, row.unit_price, row.valid_until) for row in rows]


def put(shop, *rows: PriceInput, **options):
    return services.set_prices(actor=shop.sales, price_list=shop.list, rows=rows, **options)


def test_new_changed_and_unchanged_rows_are_told_apart(shop):
    done = put(
        shop,
        PriceInput("LAMP", D(1), D("10.00")),
        PriceInput(shop.lamp.pk, D(100), D("7.5")),
        PriceInput("ext:ERP-7", D(1), D("0.1234"), date(2026, 1, 1), date(2026, 12, 31)),
    )
    assert (done.created, done.changed, done.unchanged, done.removed) == (1, 1, 1, 0)
    assert stored(shop) == [
        (shop.lamp.pk, 1, 10, None),
        (shop.lamp.pk, 100, D("7.5"), None),
        (shop.cable.pk, 1, D("0.1234"), date(2026, 12, 31)),
    ]


def test_the_same_again_changes_nothing_and_leaves_no_entry(shop):
    rows = [PriceInput("LAMP", D(1), D("9.99")), PriceInput("CABLE", D(1), D(1))]
    put(shop, *rows)
    entries = len(core.history(shop.list))
    done = put(shop, *rows)
    assert (done.created, done.changed, done.unchanged) == (0, 0, 2)
    assert len(core.history(shop.list)) == entries


def test_one_bad_row_stops_all_and_every_bad_row_is_named(shop):
    before = stored(shop)
    with pytest.raises(core.Refusal) as refusal:
        put(
            shop,
            PriceInput("CABLE", D(1), D(5)),
            PriceInput("NOPE", D(1), D(5)),
            PriceInput("LAMP", D(0), D(5)),
            PriceInput("LAMP", D(1), D("-1")),
            PriceInput("LAMP", D(1), D("1.00001")),
            PriceInput("LAMP", D(1), D("NaN")),
            PriceInput("LAMP", D(2), D(5), date(2026, 2, 1), date(2026, 1, 1)),
            PriceInput("CABLE", D(1), D(6)),
            PriceInput(10**9, D(1), D(6)),
            PriceInput("ext:none", D(1), D(6)),
        )
    assert refusal.value.code == "rows_invalid"
    assert [(each.line, each.code) for each in refusal.value.problems] == [
        (2, "unknown_product"),
        (3, "quantity_invalid"),
        (4, "unit_price_invalid"),
        (5, "unit_price_invalid"),
        (6, "unit_price_invalid"),
        (7, "dates_invalid"),
        (8, "duplicate_row"),
        (9, "unknown_product"),
        (10, "unknown_product"),
    ]
    assert stored(shop) == before


def test_partial_writes_the_good_rows_and_reports_the_others(shop):
    done = put(shop, PriceInput("NOPE", D(1), D(5)), PriceInput("CABLE", D(1), D(5)), partial=True)
    assert done.created == 1
    assert [(each.line, each.field) for each in done.problems] == [(1, "product")]
    assert (shop.cable.pk, 1, 5, None) in stored(shop)


def test_replace_makes_the_list_exactly_what_was_sent(shop):
    done = put(shop, PriceInput("CABLE", D(1), D(5)), replace=True)
    assert (done.created, done.removed) == (1, 2)
    assert stored(shop) == [(shop.cable.pk, 1, 5, None)]
    done = put(shop, replace=True)
    assert done.removed == 1
    assert stored(shop) == []


def test_only_this_lists_rows_are_touched(shop):
    other = make_price_list("other", seller=shop.maker, prices={shop.lamp: 3})
    put(shop, PriceInput("LAMP", D(1), D(5)), replace=True)
    assert [row.unit_price for row in other.rows.all()] == [3]


def test_a_price_of_another_day_is_another_row(shop):
    put(shop, PriceInput("LAMP", D(1), D(11), date(2030, 1, 1)))
    assert PriceRow.objects.filter(price_list=shop.list, product=shop.lamp, min_quantity=1).count() == 2


def test_a_derived_list_takes_no_rows(shop):
    shop.list = make_price_list("derived", seller=shop.maker, base=shop.list, percent=-5)
    with pytest.raises(core.Refusal) as refusal:
        put(shop, PriceInput("LAMP", D(1), D(5)))
    assert refusal.value.code == "list_is_derived"


def test_codes_with_odd_characters_are_just_codes(shop):
    odd = "A\tB\\N\n'; DROP"
    make_product(odd[:9])
    with pytest.raises(core.Refusal) as refusal:
        put(shop, PriceInput(odd, D(1), D(1)), PriceInput("\\N", D(1), D(1)), PriceInput("", D(1), D(1)))
    assert [each.line for each in refusal.value.problems] == [1, 2, 3]


def test_upper_and_lower_case_are_the_same_product(shop):
    done = put(shop, PriceInput("lamp", D(1), D(5)), PriceInput("ext:erp-7", D(1), D(6)))
    assert (done.created, done.changed) == (1, 1)
    with pytest.raises(core.Refusal) as refusal:
        put(shop, PriceInput("lamp", D(1), D(5)), PriceInput("LAMP", D(1), D(5)))
    assert [(each.line, each.code) for each in refusal.value.problems] == [(2, "duplicate_row")]
    assert product_ids(["Lamp", "ext:ERP-7", "nope", ""]) == {
        "Lamp": shop.lamp.pk,
        "ext:ERP-7": shop.cable.pk,
    }


def test_the_history_says_who_changed_what(shop):
    put(shop, PriceInput("LAMP", D(1), D("9.5")), PriceInput("CABLE", D(1), D(2)), reference="ERP 2026-11")
    entry = core.history(shop.list)[0]
    assert entry.action == "qudao.prices.set"
    assert entry.data["counts"] == {"created": 1, "changed": 1, "unchanged": 0, "removed": 0}
    changed = {"sku": "LAMP", "from": "1", "start": "2000-01-01", "old": "10.0000", "new": "9.5000"}
    assert entry.data["rows"] == [changed]
    assert "LAMP ≥ 1: 10.0000 → 9.5000" in entry.details
    assert "ERP 2026-11" in entry.details


def test_a_thousand_changes_are_one_bounded_entry(shop):
    products = [make_product() for _number in range(30)]
    rows = [PriceInput(product.pk, D(step), D(1)) for product in products for step in range(1, 11)]
    put(shop, *rows)
    put(shop, *(PriceInput(row.product, row.min_quantity, D(2)) for row in rows))
    entries = core.history(shop.list)
    assert len(entries) == 2
    assert entries[0].data["counts"]["changed"] == 300
    assert len(entries[0].data["rows"]) == 200
    assert len(entries[0].data["changes"]) == 10


def test_closing_ends_what_is_valid_and_removes_what_would_begin(shop):
    price(shop.list, shop.lamp, 12, valid_from=date(2030, 1, 1))
    services.close_prices(actor=shop.sales, price_list=shop.list, last_day=date(2026, 12, 31))
    assert {row[3] for row in stored(shop)} == {date(2026, 12, 31)}
    assert len(stored(shop)) == 2
    counts = core.history(shop.list)[0].data["counts"]
    assert counts == {"created": 0, "changed": 2, "unchanged": 0, "removed": 1}


def test_removing_rows_keeps_their_prices_in_the_history(shop):
    ids = list(shop.list.rows.values_list("pk", flat=True))
    assert services.remove_prices(actor=shop.sales, price_list=shop.list, row_ids=ids) == 2
    assert services.remove_prices(actor=shop.sales, price_list=shop.list, row_ids=ids) == 0
    entry = core.history(shop.list)[0]
    assert [(row["old"], row["new"]) for row in entry.data["rows"]] == [("10.0000", None), ("8.0000", None)]


@pytest.mark.parametrize("count", [1, 3, 2000])
def test_statements_do_not_depend_on_the_number_of_rows(shop, count):
    products = [shop.lamp, shop.cable]
    rows = [PriceInput(products[number % 2].pk, D(1000 + number), D(number)) for number in range(count)]
    put(shop, rows[0])
    changed = [PriceInput(row.product, row.min_quantity, row.unit_price + 1) for row in rows]
    with CaptureQueriesContext(connection) as seen:
        put(shop, *changed)
    own = [query["sql"] for query in seen if "SAVEPOINT" not in query["sql"]]
    assert len(own) == (20 if connection.vendor == "sqlite" else 21)
