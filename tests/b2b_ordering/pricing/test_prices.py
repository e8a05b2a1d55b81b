"""What each person pays: one function, a constant number of statements."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from qudao_b2b_ordering.pricing import queries, services
from qudao_b2b_ordering.pricing.models import PriceList
from qudao_b2b_ordering.testing import assign, make_price_list, price
from qudao_catalog.testing import make_line, make_product
from qudao_core import api as core
from qudao_partner_portal import api as portal
from qudao_partner_portal.testing import make_company, make_person, viewer_of

ONE = Decimal(1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def channel() -> SimpleNamespace:
    """A maker, a gold dealer with a buyer, a silver dealer with a buyer, and a lamp at 10.00 for everyone."""
    maker = make_company("Maker")
    gold = make_company("Gold", parent=maker, tier="gold", territories=["CN-51"])
    silver = make_company("Silver", parent=maker, tier="silver")
    lamp = make_product("LAMP", line="lighting")
    base = make_price_list("base", seller=maker, audience="everyone", prices={lamp: {1: 10, 100: 8}})
    return SimpleNamespace(
        maker=maker,
        gold=gold,
        silver=silver,
        lamp=lamp,
        base=base,
        buyer=make_person(gold, roles=["buyer"]),
        stranger=make_person(silver, roles=["buyer"]),
    )


def price_of(person, product, quantity=1, on=None) -> queries.prices:
    return queries.prices(viewer_of(person), [(product.pk, Decimal(quantity))], on=on)[product.pk]


def test_the_largest_minimum_not_above_the_quantity_decides(channel):
    assert price_of(channel.buyer, channel.lamp, 99).unit_price == Decimal("10.0000")
    found = price_of(channel.buyer, channel.lamp, 100)
    assert found.unit_price == Decimal("8.0000")
    assert found.from_quantity == 100
    assert [(b.min_quantity, b.unit_price) for b in found.breaks] == [(1, 10), (100, 8)]


def test_a_contract_wins_over_tier_and_is_not_merged_with_it(channel):
    make_price_list("tier", seller=channel.maker, audience="tier:gold", prices={channel.lamp: {1: 9, 50: 1}})
    make_price_list(
        "contract", seller=channel.maker, audience=f"company:{channel.gold.pk}", prices={channel.lamp: 9.5}
    )
    found = price_of(channel.buyer, channel.lamp, 60)
    assert (found.list_code, found.unit_price) == ("contract", Decimal("9.5000"))
    assert price_of(channel.stranger, channel.lamp, 60).list_code == "base"


def test_derived_by_line_with_breaks(channel):
    make_price_list(
        "gold",
        seller=channel.maker,
        audience="tier:gold",
        base=channel.base,
        percent=-5,
        lines={make_line("lighting"): "-12.5"},
        rounding_step=Decimal("0.1"),
    )
    found = price_of(channel.buyer, channel.lamp, 1)
    assert (found.list_code, found.unit_price) == ("gold", Decimal("8.8000"))
    assert [b.unit_price for b in found.breaks] == [Decimal("8.8"), Decimal("7.0")]


def test_no_list_means_on_request_and_not_orderable(channel):
    other = make_product("OTHER")
    found = price_of(channel.buyer, other)
    assert (found.unit_price, found.note, found.orderable) == (None, "on_request", False)


def test_below_the_first_break_says_from_where(channel):
    bulk = make_product("BULK")
    price(channel.base, bulk, 5, 12)
    found = price_of(channel.buyer, bulk, 11)
    assert (found.unit_price, found.note, found.from_quantity) == (None, "below_first_break", Decimal(12))


def test_a_future_price_holds_from_its_day(channel):
    price(channel.base, channel.lamp, 11, valid_from=date(2030, 1, 1))
    assert price_of(channel.buyer, channel.lamp, on=date(2029, 12, 31)).unit_price == 10
    assert price_of(channel.buyer, channel.lamp, on=date(2030, 1, 1)).unit_price == 11


def test_an_imported_price_shows_at_the_next_request(channel):
    assert price_of(channel.buyer, channel.lamp).unit_price == 10
    channel.base.rows.filter(min_quantity=1).update(unit_price="9.99")
    assert price_of(channel.buyer, channel.lamp).unit_price == Decimal("9.99")


def test_who_buys_from_a_distributor_pays_the_distributors_price(channel):
    distributor = make_company("Distributor", parent=channel.maker, is_seller=True)
    dealer = make_person(make_company("Shop", parent=distributor, tier="gold"), roles=["buyer"])
    make_price_list("gold", seller=channel.maker, audience="tier:gold", prices={channel.lamp: 9})
    assert price_of(dealer, channel.lamp).note == "on_request"
    make_price_list("theirs", seller=distributor, audience="members", prices={channel.lamp: 12})
    assert price_of(dealer, channel.lamp).list_code == "theirs"
    assert price_of(channel.buyer, channel.lamp).list_code == "gold"
    above = make_person(distributor, roles=["buyer"])
    assert price_of(above, channel.lamp).list_code == "base"


def test_a_company_pays_in_its_own_currency(channel):
    abroad = make_person(make_company("Abroad", parent=channel.maker, currency="USD"), roles=["buyer"])
    assert price_of(abroad, channel.lamp).note == "on_request"
    dollars = {"currency": "USD", "audience": "everyone", "prices": {channel.lamp: 2}}
    make_price_list("dollars", seller=channel.maker, **dollars)
    assert (price_of(abroad, channel.lamp).unit_price, price_of(abroad, channel.lamp).currency) == (2, "USD")
    assert price_of(channel.buyer, channel.lamp).currency == "CNY"


def test_a_guest_pays_what_everyone_pays(channel):
    make_price_list("inside", seller=channel.maker, audience="members", prices={channel.lamp: 9})
    found = queries.prices(portal.guest_viewer("en"), [(channel.lamp.pk, ONE)])[channel.lamp.pk]
    assert found.list_code == "base"


def test_a_list_taken_away_is_gone_at_the_next_request(channel):
    make_price_list("gold", seller=channel.maker, audience="tier:gold", prices={channel.lamp: 9})
    assert price_of(channel.buyer, channel.lamp).list_code == "gold"
    services.change_list(actor=None, price_list=PriceList.objects.get(code="gold"), is_active=False)
    assert price_of(channel.buyer, channel.lamp).list_code == "base"
    services.unassign(actor=None, price_list=channel.base, audience_key="everyone")
    assert price_of(channel.buyer, channel.lamp).note == "on_request"


@pytest.mark.parametrize("count", [1, 3, 2000])
def test_statements_do_not_depend_on_the_number_of_products(channel, count):
    assign(channel.base, f"below:{channel.maker.pk}")
    make_price_list("gold", seller=channel.maker, audience="tier:gold", base=channel.base, percent=-5)
    viewer = viewer_of(channel.buyer)
    ids = [channel.lamp.pk, *range(10**6, 10**6 + count - 1)]
    queries.prices(viewer, [(channel.lamp.pk, ONE)])
    with CaptureQueriesContext(connection) as seen:
        found = queries.prices(viewer, [(pk, ONE) for pk in ids])
    assert len(seen) == 2
    assert len(found) == count
    versions = core.Versions.read()
    with CaptureQueriesContext(connection) as seen:
        queries.prices(viewer, [(pk, ONE) for pk in ids], versions=versions)
    assert len(seen) == 1


def test_a_row_counts_on_its_first_and_its_last_day(channel):
    today = date(2026, 6, 15)
    bulb = make_product("BULB")
    price(channel.base, bulb, 5, valid_from=date(2026, 6, 1), valid_until=date(2026, 6, 30))
    found = {
        day: price_of(channel.buyer, bulb, on=date(2026, month, day)).unit_price
        for month, day in ((6, 1), (6, 30), (5, 31))
    }
    assert found == {1: Decimal("5.0000"), 30: Decimal("5.0000"), 31: None}
    assert price_of(channel.buyer, bulb, on=date(2026, 7, 1)).unit_price is None
    assert price_of(channel.buyer, bulb, on=today).unit_price == Decimal("5.0000")


def test_a_suspended_seller_keeps_no_prices(channel):
    sales = make_person(channel.maker, roles=["sales"])
    assert queries.managed_lists(viewer_of(sales)).exists()
    channel.maker.status = "suspended"
    channel.maker.save()
    assert not queries.managed_lists(viewer_of(sales)).exists()
    with pytest.raises(core.NotFound):
        queries.get_list(viewer_of(sales), "base", "change")
    with pytest.raises(core.Forbidden):
        queries.seller_of(viewer_of(sales))


def test_a_break_that_costs_more_than_a_smaller_quantity_is_said(channel):
    def put(*rows, **options):
        inputs = [
            services.PriceInput("LAMP", Decimal(minimum), Decimal(cost), *more)
            for minimum, cost, *more in rows
        ]
        done = services.set_prices(actor=None, price_list=channel.base, rows=inputs, **options)
        return [(each.code, each.line, each.params["min_quantity"]) for each in done.warnings]

    assert put((10, 9), (200, 7)) == []
    assert put((50, "9.5")) == [("dearer_break", 1, 50)]
    assert put((50, 9)) == []
    assert put((1, "8.5")) == [("dearer_break", 1, 10)], "50 costs what 10 does"
    assert put((1, "8.5")) == [], "nothing was written"
    assert put((1, 11, date(2030, 1, 1)), replace=False) == [], "cheaper only before that day"
    shown = services.set_prices(
        actor=None, price_list=channel.base, rows=[services.PriceInput("LAMP", Decimal(500), Decimal(99))]
    ).warnings[0]
    assert str(shown.message) == "LAMP from 500 costs 99, more than the 7 from 200."


def test_a_newer_start_replaces_the_price_of_its_own_minimum_only(channel):
    price(channel.base, channel.lamp, 7, 100, valid_from=date(2026, 3, 1))
    found = price_of(channel.buyer, channel.lamp, 100, on=date(2026, 3, 1))
    assert [(each.min_quantity, each.unit_price) for each in found.breaks] == [(1, 10), (100, 7)]


@pytest.mark.parametrize("derived", [False, True])
def test_the_explanation_tells_a_price_of_another_day_from_none_at_all(channel, derived):
    """For a list with rows of its own, and for one that derives from it."""
    rows = make_price_list("rows", seller=channel.maker)
    asked = make_price_list("asked", seller=channel.maker, base=rows) if derived else rows
    assign(asked, f"company:{channel.gold.pk}")
    lamp, cable = channel.lamp, make_product("CABLE")
    price(rows, lamp, 5, valid_from=date(2030, 1, 1))
    for product, outcome in ((lamp, "no_price_on_date"), (cable, "no_price")):
        found = queries.explain(viewer_of(channel.buyer), product.pk, ONE, on=date(2026, 6, 1))
        assert found.considered[0].list_code == asked.code
        assert found.considered[0].outcome == outcome
