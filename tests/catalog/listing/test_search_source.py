"""Products in the search: what finds them, by which access rules, and what a hit shows of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from oscar.core.loading import get_model
from qudao_b2b_ordering.testing import make_price_list, make_warehouse, stock, stock_policy
from qudao_catalog import api as catalog
from qudao_catalog.listing.search_source import ProductSource
from qudao_catalog.products import serializers
from qudao_catalog.products.access import product_access, visible_by_tokens
from qudao_catalog.products.models import AttributeProfile, OptionTranslation
from qudao_catalog.testing import deny, grant, make_category, make_line, make_product, make_variant
from qudao_core import api as core
from qudao_partner_portal import api as portal
from qudao_search.hooks import Document

pytestmark = pytest.mark.django_db

source = ProductSource()


def described() -> dict[str, Document]:
    """The document of every product that can be found, by SKU."""
    return {document.codes[0]: document for document in source.documents(list(source.items()))}


def opened(viewer: core.Viewer) -> set[str]:
    """SKUs whose access tokens open to the viewer."""
    documents = described()
    tokens = [access.tokens for document in documents.values() for access in document.access]
    answers = dict(zip(tokens, visible_by_tokens(viewer, tokens), strict=True))
    return {sku for sku, document in documents.items() if answers[document.access[0].tokens]}


def seen(viewer: core.Viewer) -> set[str]:
    return set(catalog.visible_profiles(viewer).values_list("sku", flat=True))


@pytest.fixture
def shelf(channel: Any) -> dict[str, Any]:
    """A lamp with everything that can be said of it, and a family of two switches."""
    goods = get_model("catalogue", "ProductClass").objects.create(name="Goods", track_stock=False)
    group = get_model("catalogue", "AttributeOptionGroup").objects.create(name="Colour")
    for code, name, name_zh in (("white", "White", "白色"), ("black", "Black", "黑色")):
        option = group.options.create(option=name, code=code)
        OptionTranslation.objects.create(option=option, language="zh-hans", name=name_zh)
    kinds = (("colour", "option", ""), ("power", "integer", "W"), ("dimmable", "boolean", ""))
    for code, kind, unit in kinds:
        grouped = {"option_group": group} if kind == "option" else {}
        attribute = goods.attributes.create(name=code.title(), code=code, type=kind, **grouped)
        name_zh = "可调光" if code == "dimmable" else ""
        AttributeProfile.objects.create(attribute=attribute, is_facet=True, unit=unit, name_zh=name_zh)
    lighting = make_category("Lighting", name_zh="照明")
    panels = make_category("Panels", parent=lighting, name_zh="面板灯")
    switches = make_category("Switches", name_zh="开关")
    make_line("lighting", name_zh="照明线")
    make_line("switches")
    white = {"attributes": {"colour": "White"}}
    lamp = {
        "sku": "PL-6060-36W",
        "external_key": "ERP-77",
        "barcode": "6901234567892",
        "title": "LED panel",
        "titles": {"zh-hans": "LED 面板灯"},
        "description": "<p>Flicker-free &amp; flat,<br>for offices</p>",
        "descriptions": {"zh-hans": "<p>无频闪</p>"},
        "line": "lighting",
        "categories": "Lighting > Panels",
        "attributes": {"colour": "White", "power": 36, "dimmable": True},
    }
    family = {"sku": "SW", "title": "Switch", "titles": {"zh-hans": "开关"}, "line": "switches"}
    variants = [
        {"sku": "SW-1", "parent": "SW"},
        {"sku": "SW-2", "parent": "SW", "title": "Black switch", "attributes": {"colour": "Black"}},
    ]
    rows = [lamp, family | {"categories": "Switches"} | white, *variants]
    result = catalog.upsert_products(actor=None, rows=rows)
    assert result.problems == ()
    products = {product.upc: product for product in get_model("catalogue", "Product").objects.all()}
    return products | {"lighting": lighting, "panels": panels, "switches": switches}


# --- What finds a product ---


def test_a_product_is_described_by_everything_people_look_for(shelf: Any) -> None:
    lamp = described()["PL-6060-36W"]
    assert lamp.item == str(shelf["PL-6060-36W"].pk)
    assert lamp.titles == {"en": "LED panel", "zh-hans": "LED 面板灯"}
    assert lamp.texts == {"en": "Flicker-free & flat, for offices", "zh-hans": "无频闪"}
    assert lamp.codes == ("PL-6060-36W", "ERP-77", "6901234567892")
    assert set(lamp.keywords) == {
        *("Lighting", "照明", "照明线", "Panels", "面板灯"),
        *("White", "白色", "36W", "Dimmable", "可调光"),
    }
    assert lamp.facets == {
        "line": ("lighting",),
        "category": (str(shelf["lighting"].pk), str(shelf["panels"].pk)),
        "status": ("active",),
        "attr_colour": ("white",),
        "attr_dimmable": ("1",),
    }
    assert lamp.dated_at == shelf["PL-6060-36W"].profile.listed_at


def test_a_family_is_found_through_its_variants(shelf: Any) -> None:
    found = described()
    assert set(found) == {"PL-6060-36W", "SW-1", "SW-2"}
    assert found["SW-1"].titles == {"en": "Switch", "zh-hans": "开关"}
    assert found["SW-2"].titles == {"en": "Black switch", "zh-hans": "开关"}
    assert found["SW-1"].facets["attr_colour"] == ("white",)
    assert found["SW-2"].facets["attr_colour"] == ("black",)
    assert {"Black", "黑色"} <= set(found["SW-2"].keywords) and "白色" not in found["SW-2"].keywords


def test_what_is_discontinued_stands_lower(shelf: Any) -> None:
    catalog.discontinue_product(actor=None, sku="PL-6060-36W")
    found = described()
    assert found["PL-6060-36W"].boost < found["SW-1"].boost == 1.0


def test_what_is_not_public_is_not_described(shelf: Any) -> None:
    shelf["SW"].is_public = False
    shelf["SW"].save()
    assert set(described()) == {"PL-6060-36W"}
    catalog.update_product(actor=None, sku="PL-6060-36W", is_public=False)
    assert described() == {}


def test_hidden_categories_are_no_words_and_no_filters(shelf: Any) -> None:
    shelf["lighting"].refresh_from_db()
    shelf["lighting"].is_public = False
    shelf["lighting"].save()
    lamp = described()["PL-6060-36W"]
    assert "category" not in lamp.facets and "Panels" not in lamp.keywords


def test_attributes_with_many_values_are_filters_of_lists_only(
    shelf: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qudao_catalog.listing.search_source.MOST_OPTIONS", 1)
    assert "attr_colour" not in described()["PL-6060-36W"].facets


def test_describing_costs_the_same_for_one_and_for_many(shelf: Any) -> None:
    items = list(source.items())
    list(source.documents(items))
    for some in (items[:1], items):
        with CaptureQueriesContext(connection) as asked:
            list(source.documents(some))
        assert len(asked) == 8


def test_keys_nobody_gave_out_describe_nothing(db: None) -> None:
    assert list(source.documents(["x", "-1", "", "9" * 12])) == []


# --- Doors ---


def test_access_tokens_are_facts_of_the_product(shelf: Any) -> None:
    named = grant("members", products=[shelf["SW"]])
    lamp, variant = shelf["PL-6060-36W"], shelf["SW-1"]
    with CaptureQueriesContext(connection) as asked:
        found = product_access([lamp.pk, variant.pk, 10**9])
    assert len(asked) == 3
    assert found == {
        lamp.pk: {f"line:{lamp.profile.line_id}", f"category:{shelf['panels'].pk}"},
        variant.pk: {
            f"line:{variant.profile.line_id}",
            f"category:{shelf['switches'].pk}",
            f"set:{named.pk}",
        },
    }


def test_each_person_finds_what_assortments_open(channel: Any, shelf: Any) -> None:
    grant("tier:gold", lines=["lighting"])
    grant("territory:CN-51", categories=[shelf["switches"]])
    deny("members", products=[shelf["SW-2"]])
    people = {name: opened(channel.sees(getattr(channel, name))) for name in ("buyer", "learner")}
    assert people["buyer"] == people["learner"] == {"PL-6060-36W", "SW-1"}
    assert opened(channel.sees(channel.stranger)) == opened(portal.guest_viewer("en")) == set()
    assert opened(channel.sees(channel.office)) == {"PL-6060-36W", "SW-1", "SW-2"}


def test_judging_tokens_asks_nothing_once_the_assortments_are_known(buyer: core.Viewer, shelf: Any) -> None:
    grant("members", lines=["lighting"])
    tokens = [document.access[0].tokens for document in described().values()]
    visible_by_tokens(buyer, tokens)
    with CaptureQueriesContext(connection) as asked:
        assert any(visible_by_tokens(buyer, tokens))
    assert len(asked) == 1


class DoorsSayWhatTheListsSay(TestCase):
    """Random assortments over a small shelf: the search opens exactly what the lists show."""

    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.booleans(),
                st.booleans(),
                st.sets(st.integers(0, 6), max_size=2),
                st.sets(st.integers(0, 2), max_size=1),
                st.sets(st.integers(0, 2), max_size=1),
            ),
            max_size=4,
        ),
        st.sets(st.integers(0, 6), max_size=2),
    )
    def test_agree(self, assortments: list[Any], hidden: set[int]) -> None:
        lines = [make_line(code) for code in ("l0", "l1", "l2")]
        root = make_category("R")
        categories = [root, make_category("S", parent=root), make_category("T")]
        family = make_product("G", line=lines[0], categories=[categories[1]], is_public=0 not in hidden)
        shelf = [
            family,
            make_variant(family, "G-1", line=lines[1], is_public=1 not in hidden),
            make_variant(family, "G-2", is_public=2 not in hidden),
            make_product("P-0", line=lines[1], categories=[categories[0]], is_public=3 not in hidden),
            make_product("P-1", line=lines[2], categories=[categories[2]], is_public=4 not in hidden),
            make_product("P-2", categories=[categories[1], categories[2]], is_public=5 not in hidden),
            make_product("P-3", line=lines[0], is_public=6 not in hidden),
        ]
        for denies, everything, products, line_set, category_set in assortments:
            (deny if denies else grant)(
                "everyone",
                everything=everything,
                products=[shelf[index] for index in products],
                lines=[lines[index] for index in line_set],
                categories=[categories[index] for index in category_set],
            )
        viewer = portal.guest_viewer("en")
        assert opened(viewer) == seen(viewer)


# --- Cards ---


@pytest.fixture
def priced(channel: Any, shelf: Any) -> dict[str, Any]:
    grant("members")
    prices = {"PL-6060-36W": "50", "SW-1": "5", "SW-2": "6"}
    given_prices = {shelf[sku]: price for sku, price in prices.items()}
    make_price_list(seller=channel.maker, audience="everyone", prices=given_prices)
    stock(shelf["SW-1"], 9, make_warehouse(seller=channel.maker))
    stock_policy(channel.maker)
    return shelf


def test_a_card_shows_the_readers_own_price_and_stock(channel: Any, priced: Any) -> None:
    item = str(priced["SW-1"].pk)
    card = source.cards(channel.sees(channel.buyer, "zh-hans"), [item])[item]
    assert card.title == "开关" and card.path == ("开关",) and card.url == "/products/SW-1/"
    assert card.template == "qudao_catalog/_found.html"
    assert card.context["product"]["price"] == Decimal(5) and card.context["cart_url"]
    assert card.data["offer"]["unit_price"] == Decimal(5) and card.data["sku"] == "SW-1"


def test_a_cards_data_is_what_the_products_list_gives(channel: Any, priced: Any, client: Any) -> None:
    client.force_login(channel.buyer)
    listed = client.get("/api/v1/products/").json()["results"]
    assert {each["sku"] for each in listed} == {"PL-6060-36W", "SW-1", "SW-2"}
    cards = source.cards(channel.sees(channel.buyer), list(source.items()))
    assert set(listed[0]) == set(serializers.FIELDS) == set(next(iter(cards.values())).data)


def test_what_may_not_be_seen_has_no_card(channel: Any, priced: Any) -> None:
    deny("members", lines=["lighting"])
    cards = source.cards(channel.sees(channel.buyer), [*source.items(), "x", "999999"])
    assert {card.data["sku"] for card in cards.values()} == {"SW-1", "SW-2"}
    assert source.cards(channel.sees(channel.stranger), []) == {}


def test_cards_cost_the_same_for_one_and_for_many(channel: Any, priced: Any) -> None:
    buyer, items = channel.sees(channel.buyer), list(source.items())
    source.cards(buyer, items)
    for some in (items[:1], items):
        with CaptureQueriesContext(connection) as asked:
            assert len(source.cards(buyer, some)) == len(some)
        assert len(asked) == 7


def test_own_price_orders_items_with_those_on_request_last(channel: Any, priced: Any) -> None:
    lamp, first, second = (str(priced[sku].pk) for sku in ("PL-6060-36W", "SW-1", "SW-2"))
    free = str(make_product("FREE").pk)
    items = [lamp, free, second, first]
    buyer = channel.sees(channel.buyer)
    assert source.by_price(buyer, items, descending=False) == [first, second, lamp, free]
    assert source.by_price(buyer, items, descending=True) == [lamp, second, first, free]


def test_without_ordering_cards_have_no_price(nothing_sold: None, buyer: core.Viewer, shelf: Any) -> None:
    grant("members")
    card = next(iter(source.cards(buyer, list(source.items())).values()))
    assert card.context["sells"] is False and card.data["offer"] is None


# --- Words of filters ---


def test_filters_speak_the_readers_language(channel: Any, shelf: Any) -> None:
    buyer = channel.sees(channel.buyer, "zh-hans")
    twin = make_category("Panels", parent=shelf["switches"], name_zh="面板灯")
    panels = {str(shelf["panels"].pk), str(twin.pk)}
    texts = source.facet_texts(
        buyer,
        {
            "line": {"lighting", "gone"},
            "category": panels | {str(shelf["switches"].pk), "0", "x"},
            "attr_colour": {"white"},
            "attr_gone": {"1"},
        },
    )
    assert dict(texts["line"].values) == {"lighting": "照明线"}
    assert texts["category"].values[str(shelf["switches"].pk)] == "开关"
    assert texts["category"].values[str(twin.pk)] == "开关 › 面板灯"
    assert len(texts["category"].values) == 3
    assert dict(texts["attr_colour"].values) == {"white": "白色"} and "attr_gone" not in texts


# --- On the page ---


def test_a_hit_is_bought_where_it_stands(client: Any, channel: Any, priced: Any) -> None:
    client.force_login(channel.buyer)
    page = client.get("/search/", {"q": "switch", "kind": "product"}).content.decode()
    hit = page.partition(f'data-item="{priced["SW-1"].pk}"')[2].partition("</li>")[0]
    assert "<mark>Switch</mark>" in hit and "SW-1" in hit and "5.00" in hit
    assert 'action="/cart/lines/"' in hit and 'name="quantity"' in hit
    assert '<input type="hidden" name="next" value="/search/?q=switch&amp;kind=product">' in hit


def test_the_same_hit_has_no_price_for_who_may_not_buy(client: Any, channel: Any, priced: Any) -> None:
    client.force_login(channel.office)
    page = client.get("/search/", {"q": "black switch", "kind": "product"}).content.decode()
    assert "SW-2" in page and 'name="quantity"' not in page


def test_own_price_orders_hits_of_products_alone(client: Any, channel: Any, priced: Any) -> None:
    client.force_login(channel.buyer)
    query = {"q": "switch", "kind": "product", "sort": "-price"}
    hits = client.get("/api/v1/search/", query).json()["hits"]
    assert [hit["item"]["offer"]["unit_price"] for hit in hits] == ["6.0000", "5.0000"]
    assert client.get("/api/v1/search/", query | {"kind": ""}).json()["code"] == "unknown_sort"
