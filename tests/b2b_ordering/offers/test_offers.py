"""What the catalogue shows of ordering, in a constant number of statements."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from qudao_b2b_ordering import testing
from qudao_b2b_ordering.hooks import purchase_rules
from qudao_b2b_ordering.offers.provider import panel_context
from qudao_b2b_ordering.pricing import queries as pricing
from qudao_catalog import api as catalog
from qudao_catalog import hooks as catalog_hooks
from qudao_catalog.listing.matching import count_facets, matches
from qudao_catalog.listing.rules import Listing
from qudao_catalog.testing import grant, make_product
from qudao_core import api as core
from qudao_partner_portal.testing import make_company, make_person, viewer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel() -> SimpleNamespace:
    """A maker who shows banded stock, a dealer with a buyer, and lamps at 10.00, from 100 at 8.00."""
    maker = make_company("Maker")
    dealer = make_company("Dealer", parent=maker)
    grant("members")
    lamp = make_product("LAMP")
    warehouse = testing.make_warehouse(seller=maker)
    testing.stock(lamp, 7, warehouse)
    testing.stock_policy(maker, "everyone", "banded")
    prices = testing.make_price_list(
        "base", seller=maker, audience="everyone", prices={lamp: {1: 10, 100: 8}}
    )
    buyer = make_person(dealer, roles=["buyer"])
    return SimpleNamespace(
        maker=maker, dealer=dealer, lamp=lamp, warehouse=warehouse, prices=prices, buyer=buyer
    )


def offers_of(viewer: core.Viewer, *products: object) -> list[catalog_hooks.Offer]:
    ids = [product.pk for product in products]
    facts = catalog.product_facts(viewer, ids)
    found = catalog_hooks.offer_provider().offers(viewer, ids, facts=facts)
    return [found[pk] for pk in ids]


def test_an_offer_says_price_breaks_and_stock(channel):
    (offer,) = offers_of(viewer_of(channel.buyer), channel.lamp)
    assert (offer.unit_price, offer.currency, offer.from_quantity) == (Decimal("10.0000"), "CNY", 1)
    assert [(each.min_quantity, each.unit_price) for each in offer.breaks] == [(1, 10), (100, 8)]
    assert (offer.stock.band, offer.stock.quantity) == ("low", None)
    assert offer.orderable
    assert offer.problems == ()


def test_the_product_page_prices_what_is_in_the_cart(channel):
    """Not the smallest quantity: the price, its row, and the reason for it are those of the quantity in the field."""
    viewer = viewer_of(channel.buyer)
    facts = catalog.product_facts(viewer, [channel.lamp.pk])[channel.lamp.pk]
    small, large = (
        panel_context(viewer, facts, replace(offer, in_cart=Decimal(quantity)))
        for offer in offers_of(viewer, channel.lamp)
        for quantity in (1, 150)
    )
    assert (small["offer"].unit_price, small["priced_for"]) == (10, None)
    assert [row["applies"] for row in small["breaks"]] == [True, False]
    assert (large["offer"].unit_price, large["priced_for"]) == (8, 150)
    assert [row["applies"] for row in large["breaks"]] == [False, True]
    assert large["explain_url"].endswith("quantity=150")


def test_a_list_that_prices_only_larger_quantities_decides_what_is_in_the_cart(channel):
    testing.make_price_list(
        "own", seller=channel.maker, audience=f"company:{channel.dealer.pk}", prices={channel.lamp: {50: 6}}
    )
    viewer = viewer_of(channel.buyer)
    facts = catalog.product_facts(viewer, [channel.lamp.pk])[channel.lamp.pk]
    (offer,) = offers_of(viewer, channel.lamp)
    shown = panel_context(viewer, facts, replace(offer, in_cart=Decimal(60)))
    priced = pricing.prices(viewer, [(channel.lamp.pk, Decimal(60))])[channel.lamp.pk]
    assert (shown["offer"].unit_price, shown["offer"].from_quantity) == (
        priced.unit_price,
        priced.from_quantity,
    )


def test_without_a_price_it_is_on_request(channel):
    plain = make_product("PLAIN")
    testing.stock(plain, 5, channel.warehouse)
    (offer,) = offers_of(viewer_of(channel.buyer), plain)
    assert (offer.unit_price, offer.price_note, offer.orderable) == (None, "on_request", False)
    assert [problem.code for problem in offer.problems] == ["on_request"]


def test_a_first_break_above_the_minimum_is_shown_with_its_quantity(channel):
    bulk = make_product("BULK")
    testing.price(channel.prices, bulk, 5, 12)
    testing.stock(bulk, 500, channel.warehouse)
    (offer,) = offers_of(viewer_of(channel.buyer), bulk)
    assert (offer.unit_price, offer.from_quantity, offer.price_note) == (5, 12, "below_first_break")
    assert offer.orderable


def test_out_of_stock_is_no_offer_unless_it_may_wait(channel):
    testing.stock(channel.lamp, 0, channel.warehouse)
    viewer = viewer_of(channel.buyer)
    assert [each.code for each in offers_of(viewer, channel.lamp)[0].problems] == ["out_of_stock"]
    testing.stock_terms(channel.lamp, backorder=True)
    assert offers_of(viewer, channel.lamp)[0].orderable


def test_hidden_stock_says_nothing_at_all(channel):
    testing.stock_policy(channel.maker, "members", "hidden")
    testing.stock(channel.lamp, 0, channel.warehouse)
    testing.make_arrival(channel.lamp, 5, date(2030, 1, 1), channel.warehouse)
    (offer,) = offers_of(viewer_of(channel.buyer), channel.lamp)
    assert (offer.stock.mode, offer.stock.quantity, offer.stock.band) == ("hidden", None, None)
    assert offer.stock.arrivals == ()
    assert offer.orderable


def test_a_purchase_rule_says_why_not(channel):
    problem = core.Problem("certificate_missing", "Needs a certificate.", remedy="Take the course.")
    purchase_rules.register("test", lambda viewer, ids: {pk: problem for pk in ids})
    try:
        (offer,) = offers_of(viewer_of(channel.buyer), channel.lamp)
    finally:
        purchase_rules.unregister("test")
    assert offer.problems[0] is problem
    assert not offer.orderable


def test_a_suspended_company_sees_but_does_not_order(channel):
    channel.dealer.status = "suspended"
    channel.dealer.save()
    grant("everyone")
    (offer,) = offers_of(viewer_of(channel.buyer), channel.lamp)
    assert not offer.orderable


@pytest.mark.parametrize("count", [1, 3, 100])
def test_statements_do_not_depend_on_the_number_of_products(channel, count):
    products = [channel.lamp, *(make_product() for _number in range(count - 1))]
    viewer = viewer_of(channel.buyer)
    ids = [product.pk for product in products]
    facts = catalog.product_facts(viewer, ids)
    provider = catalog_hooks.offer_provider()
    provider.offers(viewer, ids[:1], facts=facts)
    with CaptureQueriesContext(connection) as seen:
        found = provider.offers(viewer, ids, facts=facts)
    assert len(found) == count
    assert len(seen) == 5


def test_lists_are_sorted_and_filtered_by_the_own_price(channel):
    cheap, dear, unpriced = make_product("CHEAP"), make_product("DEAR"), make_product("UNPRICED")
    testing.price(channel.prices, cheap, "1.5")
    testing.price(channel.prices, dear, 200)
    contract = f"company:{channel.dealer.pk}"
    testing.make_price_list("contract", seller=channel.maker, audience=contract, prices={dear: "0.5"})
    viewer = viewer_of(channel.buyer)

    def skus(sort="sku", **filters):
        found = matches(viewer, Listing(sort=sort, **filters))
        names = dict(catalog.visible_profiles(viewer).values_list("pk", "sku"))
        return [names[pk] for pk in found.page(0, 10)]

    assert skus("price") == ["DEAR", "CHEAP", "LAMP", "UNPRICED"]
    assert skus("-price") == ["LAMP", "CHEAP", "DEAR", "UNPRICED"]
    assert skus(price_low=Decimal("1.5"), price_high=Decimal(10)) == ["CHEAP", "LAMP"]
    assert skus(available=True) == ["LAMP"]
    facets = count_facets(viewer, Listing())
    assert (facets.price_span, facets.available) == ((Decimal("0.5"), Decimal(10)), 1)
    unseen = count_facets(viewer, Listing(skus=(unpriced.upc,)))
    assert (unseen.price_span, unseen.available) == (None, 0)


def test_an_available_filter_does_not_tell_hidden_stock(channel):
    make_product("GONE")
    testing.stock_policy(channel.maker, "members", "hidden")
    viewer = viewer_of(channel.buyer)
    assert count_facets(viewer, Listing(available=True)).total == 2
    assert count_facets(viewer, Listing()).available == 2


def test_the_page_explains_the_price_to_the_buyer(channel, client):
    client.force_login(channel.buyer)
    page = client.get("/prices/", {"sku": "LAMP", "quantity": "100"})
    assert page.status_code == 200
    text = page.content.decode()
    assert "Base" in text
    assert "Sets the price." in text
    part = client.get("/prices/", {"sku": "LAMP"}, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "Sets the price." in part.content.decode()


@pytest.mark.parametrize(
    "query", [{"quantity": "many"}, {"quantity": "-1"}, {"on": "soon"}, {"on": "1999-01-01"}]
)
def test_the_page_answers_nonsense_with_a_message(channel, client, query):
    client.force_login(channel.buyer)
    page = client.get("/prices/", {"sku": "LAMP", **query})
    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()


def test_a_product_not_granted_is_not_found(channel, client):
    client.force_login(channel.buyer)
    assert client.get("/prices/", {"sku": "NOPE"}).status_code == 404
    stranger = make_person(make_company("Elsewhere", is_seller=False))
    client.force_login(stranger)
    page = client.get("/prices/", {"sku": "LAMP"})
    assert "10.00" not in page.content.decode()
