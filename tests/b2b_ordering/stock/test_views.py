"""What people see of stock, and counting it in bulk."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from qudao_b2b_ordering.stock import queries, services
from qudao_b2b_ordering.stock.models import StockLevel, StockMovement
from qudao_b2b_ordering.stock.services import StockInput
from qudao_b2b_ordering.testing import make_arrival, make_warehouse, stock, stock_policy, stock_terms
from qudao_catalog.testing import make_product
from qudao_core import api as core
from qudao_partner_portal.testing import make_back_office, make_company, make_person, viewer_of

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def channel() -> SimpleNamespace:
    maker = make_company("Maker")
    gold = make_company("Gold", parent=maker, tier="gold")
    silver = make_company("Silver", parent=maker, tier="silver")
    lamp = make_product("LAMP")
    east = make_warehouse("east", seller=maker)
    stock(lamp, 7, east, allocated=3)
    return SimpleNamespace(
        maker=maker,
        gold=gold,
        lamp=lamp,
        east=east,
        buyer=make_person(gold, roles=["buyer"]),
        stranger=make_person(silver, roles=["buyer"]),
    )


def seen(person, *products):
    return queries.stock_views(viewer_of(person), [product.pk for product in products])


def test_without_a_policy_nothing_is_told(channel):
    assert seen(channel.buyer, channel.lamp)[channel.lamp.pk].mode == "hidden"
    with pytest.raises(core.Refusal) as refused:
        services.set_policy(actor=None, seller_id=channel.maker.pk, audience_key="tier:gold", mode="shown")
    assert (refused.value.code, refused.value.problem.field) == ("not_a_choice", "mode")


def test_each_audience_sees_its_own(channel):
    stock_policy(channel.maker, "everyone", "banded")
    stock_policy(channel.maker, "tier:gold", "exact")
    assert seen(channel.buyer, channel.lamp)[channel.lamp.pk].quantity == 4
    view = seen(channel.stranger, channel.lamp)[channel.lamp.pk]
    assert (view.quantity, view.band) == (None, "low")


def test_a_change_of_policy_shows_at_the_next_request(channel):
    stock_policy(channel.maker, "everyone", "exact")
    assert seen(channel.buyer, channel.lamp)[channel.lamp.pk].mode == "exact"
    services.set_policy(actor=None, seller_id=channel.maker.pk, audience_key="tier:gold", mode="hidden")
    assert seen(channel.buyer, channel.lamp)[channel.lamp.pk].mode == "hidden"


def test_a_warehouse_that_promised_too_much_takes_nothing_from_another(channel):
    stock_policy(channel.maker, "everyone", "exact")
    stock(channel.lamp, 2, channel.east, allocated=9)
    stock(channel.lamp, 5, make_warehouse("west", seller=channel.maker))
    assert seen(channel.buyer, channel.lamp)[channel.lamp.pk].quantity == 5
    assert queries.saleable(channel.maker.pk, [channel.lamp.pk]) == {channel.lamp.pk: 5}


def test_open_arrivals_are_seen_earliest_first(channel):
    stock_policy(channel.maker, "everyone", "exact")
    make_arrival(channel.lamp, 9, date(2030, 2, 1), channel.east)
    make_arrival(channel.lamp, 4, date(2030, 1, 1), channel.east)
    make_arrival(channel.lamp, 1, date(2029, 1, 1), channel.east, received_at="2029-01-02T00:00Z")
    view = seen(channel.buyer, channel.lamp)[channel.lamp.pk]
    assert view.arrivals == ((date(2030, 1, 1), 4), (date(2030, 2, 1), 9))


def test_shortages_tell_no_more_than_the_policy(channel):
    stock_policy(channel.maker, "everyone", "banded")
    wanted = {channel.lamp.pk: D(5)}
    problem = queries.shortages(viewer_of(channel.stranger), wanted)[channel.lamp.pk]
    assert (problem.code, problem.params) == ("not_enough_stock", {})
    stock_policy(channel.maker, "tier:gold", "exact")
    assert queries.shortages(viewer_of(channel.buyer), wanted)[channel.lamp.pk].params == {"available": "4"}
    assert queries.shortages(viewer_of(channel.buyer), {channel.lamp.pk: D(4)}) == {}
    assert queries.shortages(viewer_of(channel.buyer), wanted)[channel.lamp.pk].message == "Only 4 in stock."
    bulb = stock(make_product("BULB"), 0, channel.east).product
    none_left = queries.shortages(viewer_of(channel.buyer), {bulb.pk: D(1)})[bulb.pk]
    assert (none_left.message, none_left.params) == ("Out of stock.", {"available": "0"})
    stock_terms(channel.lamp, backorder=True)
    assert queries.shortages(viewer_of(channel.buyer), wanted) == {}


@pytest.mark.parametrize("count", [1, 3, 2000])
def test_statements_do_not_depend_on_the_number_of_products(channel, count):
    stock_policy(channel.maker, "everyone", "exact")
    viewer, versions = viewer_of(channel.buyer), core.Versions.read()
    ids = [channel.lamp.pk, *range(10**6, 10**6 + count - 1)]
    queries.stock_views(viewer, ids[:1], versions=versions)
    with CaptureQueriesContext(connection) as captured:
        found = queries.stock_views(viewer, ids, versions=versions)
    assert (len(captured), len(found)) == (1, count)


@pytest.mark.parametrize("count", [1, 3, 2000])
def test_counting_takes_the_same_statements_for_any_number_of_rows(channel, count):
    products = [channel.lamp, *(make_product() for _number in range(2))]
    places = [make_warehouse(f"w-{number}", seller=channel.maker) for number in range((count + 2) // 3)]
    rows = [StockInput(product.upc, place.code, D(5)) for place in places for product in products][:count]
    with CaptureQueriesContext(connection) as captured:
        done = services.set_stock(actor=None, seller_id=channel.maker.pk, rows=rows)
    assert (done.created, done.changed, done.unchanged) == (count, 0, 0)
    own = [query for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(own) == 8
    with CaptureQueriesContext(connection) as captured:
        again = services.set_stock(actor=None, seller_id=channel.maker.pk, rows=rows)
    assert again.unchanged == count
    assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) == 4
    assert StockMovement.objects.count() == count


def test_of_a_product_counted_twice_the_last_row_stands(channel):
    rows = [StockInput("LAMP", "east", D(1)), StockInput(channel.lamp.pk, "east", D(9))]
    services.set_stock(actor=None, seller_id=channel.maker.pk, rows=rows)
    assert StockLevel.objects.get().on_hand == 9
    assert StockMovement.objects.get().quantity == 2


def test_fractions_stay_exact(channel):
    level = stock(make_product("WIRE", unit="kg"), 7, StockLevel.objects.get().warehouse)
    for _time in range(3):
        services.adjust(actor=None, level=level, change=D("0.1"))
    level.refresh_from_db()
    assert level.on_hand == D("7.3")


def test_terms_are_settled_by_the_manufacturers_keeper_and_the_back_office(channel):
    """They hold for every seller of a product, so a selling distributor's keeper does not settle them."""
    reseller = make_company("Reseller", parent=channel.maker, kind="distributor", is_seller=True)
    dealer = make_company("Works", parent=channel.maker, kind="manufacturer")
    permission = "qudao_b2b_ordering.change_stockterms"
    who = {
        "keeper": make_person(channel.maker, roles=["warehouse"]),
        "sales": make_person(channel.maker, roles=["sales"]),
        "reseller": make_person(reseller, roles=["warehouse"]),
        "works that do not sell": make_person(dealer, roles=["warehouse"]),
        "stranger": channel.stranger,
        "office": make_back_office(permissions=[permission]),
        "colleague": make_back_office(permissions=["qudao_b2b_ordering.view_stockterms"]),
    }
    assert {name for name, person in who.items() if queries.keeps_terms(viewer_of(person))} == {
        "keeper",
        "office",
    }


def test_one_piece_that_is_announced_is_no_withdrawal(channel):
    row = services.ArrivalInput("LAMP", "east", D(1), date(2030, 1, 1), "PO-1")
    assert services.set_arrivals(actor=None, seller_id=channel.maker.pk, rows=[row]).created == 1
    assert channel.east.arrivals.get().quantity == 1
    assert services.set_arrivals(actor=None, seller_id=channel.maker.pk, rows=[row]).unchanged == 1


def test_a_bad_row_of_a_count_is_named_by_its_line(channel):
    rows = [
        StockInput("LAMP", "east", D(1)),
        StockInput("NOPE", "east", D(1)),
        StockInput("LAMP", "east", D(-1)),
        StockInput("LAMP", "west", D(1)),
    ]
    with pytest.raises(core.Refusal) as refused:
        services.set_stock(actor=None, seller_id=channel.maker.pk, rows=rows)
    assert [(each.line, each.field) for each in refused.value.problems] == [
        (2, "product"),
        (3, "on_hand"),
        (4, "warehouse"),
    ]


def test_a_long_reason_of_a_movement_is_cut_to_its_column(channel):
    level = channel.lamp.stock_levels.get()
    services.adjust(actor=None, level=level, change=D(1), reference="Found behind the shelf " * 10)
    longest = StockMovement._meta.get_field("reference").max_length
    kept = StockMovement.objects.order_by("pk").last().reference
    assert kept == ("Found behind the shelf " * 10)[:longest]
