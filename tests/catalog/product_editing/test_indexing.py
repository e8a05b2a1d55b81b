"""The search says what the products say, whoever changes them, at the very next question."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model
from qudao_catalog import api as catalog
from qudao_catalog.categories.models import CategoryTranslation
from qudao_catalog.product_editing import indexing
from qudao_catalog.product_editing import indexing as reindexing
from qudao_catalog.products.models import OptionTranslation, ProductTranslation
from qudao_catalog.testing import deny, grant, make_category, make_line, make_product, make_variant
from qudao_core import api as core
from qudao_core.models import OutboxEvent
from qudao_partner_portal.testing import make_tier
from qudao_search import api as search
from qudao_search.api import SearchRequest, SearchResult
from qudao_search.models import Entry

pytestmark = pytest.mark.django_db


def ask(viewer: core.Viewer, text: str, **facets: tuple[str, ...]) -> SearchResult:
    return search.search(viewer, SearchRequest(text, ("product",), facets), log=False)


def finds(viewer: core.Viewer, text: str, **facets: tuple[str, ...]) -> set[str]:
    """SKUs of what is found under exactly these words: nothing corrected, nothing left out."""
    result = ask(viewer, text, **facets)
    assert result.total == len(result.hits)
    return (
        {str(hit.data["sku"]) for hit in result.hits} if not (result.corrected or result.partial) else set()
    )


def written() -> dict[int, int]:
    return dict(Entry.objects.values_list("pk", "revision"))


@pytest.fixture
def shelf(channel: Any) -> dict[str, Any]:
    """Everything granted to members: a lamp, a cable, and a family of two switches."""
    grant("members")
    lighting = make_category("Luminaires")
    make_category("Downlights", parent=lighting)
    make_line("luminous", name="Luminous")
    rows: list[dict[str, Any]] = [
        {"sku": "LAMP", "title": "Lamp", "line": "luminous", "categories": "Luminaires > Downlights"},
        {"sku": "CABLE", "title": "Cable"},
        {"sku": "FAM", "title": "Switch"},
        {"sku": "FAM-1", "parent": "FAM"},
        {"sku": "FAM-2", "parent": "FAM"},
    ]
    assert catalog.upsert_products(actor=None, rows=rows).problems == ()
    return {product.upc: product for product in get_model("catalogue", "Product").objects.all()}


# --- Services ---


def test_what_is_created_and_changed_is_found_at_once(shelf: Any, buyer: core.Viewer) -> None:
    catalog.create_product(actor=None, sku="NEW", title="Chandelier")
    assert finds(buyer, "chandelier") == {"NEW"}
    catalog.update_product(actor=None, sku="NEW", title="Lantern")
    assert finds(buyer, "chandelier") == set() and finds(buyer, "lantern") == {"NEW"}
    catalog.set_translation(actor=None, product=shelf["LAMP"], language="zh-hans", title="筒灯")
    assert finds(buyer, "筒灯") == {"LAMP"}
    catalog.update_product(actor=None, sku="NEW", is_public=False)
    assert finds(buyer, "lantern") == set()


def test_a_family_speaks_for_its_variants(shelf: Any, buyer: core.Viewer) -> None:
    catalog.update_product(actor=None, sku="FAM", title="Rocker")
    assert finds(buyer, "rocker") == {"FAM-1", "FAM-2"} and finds(buyer, "switch") == set()
    catalog.update_product(actor=None, sku="FAM", is_public=False)
    assert finds(buyer, "rocker") == set()


def test_a_product_that_gets_a_variant_is_no_longer_found_itself(shelf: Any, buyer: core.Viewer) -> None:
    catalog.create_product(actor=None, sku="LAMP-1", parent="LAMP")
    assert finds(buyer, "lamp") == {"LAMP-1"}


def test_what_is_only_tried_or_refused_changes_nothing(shelf: Any, buyer: core.Viewer) -> None:
    before = written()
    catalog.upsert_products(actor=None, rows=[{"sku": "NEW", "title": "Chandelier"}], rehearse=True)
    good, bad = {"sku": "NEW", "title": "Chandelier"}, {"sku": "BAD", "title": "Bad", "line": "none"}
    catalog.upsert_products(actor=None, rows=[good, bad])
    assert written() == before and finds(buyer, "chandelier") == set()


def test_the_same_rows_again_write_nothing(shelf: Any) -> None:
    before = written()
    catalog.upsert_products(actor=None, rows=[{"sku": "LAMP", "title": "Lamp", "line": "luminous"}])
    assert written() == before


# --- Rows that others save ---


def test_rows_saved_one_by_one_are_followed(shelf: Any, buyer: core.Viewer) -> None:
    lamp = shelf["LAMP"]
    lamp.title = "Sconce"
    lamp.save()
    assert finds(buyer, "sconce") == {"LAMP"}
    words = ProductTranslation.objects.create(product=lamp, language="zh-hans", title="壁灯")
    assert finds(buyer, "壁灯") == {"LAMP"}
    words.delete()
    assert finds(buyer, "壁灯") == set()
    lamp.profile.barcode = "6900000000017"
    lamp.profile.save()
    assert finds(buyer, "6900000000017") == {"LAMP"}


def test_filing_is_followed_from_both_sides(shelf: Any, buyer: core.Viewer) -> None:
    offices = make_category("Offices")
    shelf["CABLE"].categories.add(offices)
    assert finds(buyer, "offices") == {"CABLE"}
    offices.product_set.add(shelf["LAMP"])
    assert finds(buyer, "offices") == {"CABLE", "LAMP"}
    shelf["LAMP"].categories.remove(offices)
    assert finds(buyer, "offices") == {"CABLE"}
    offices.product_set.clear()
    assert finds(buyer, "offices") == set()


def test_attribute_values_are_followed(shelf: Any, buyer: core.Viewer) -> None:
    goods = shelf["LAMP"].product_class
    group = get_model("catalogue", "AttributeOptionGroup").objects.create(name="Colour")
    teal = group.options.create(option="Teal", code="teal")
    colours = goods.attributes.create(name="Colours", code="colours", type="multi_option", option_group=group)
    glow = goods.attributes.create(name="Glow", code="glow", type="text")
    value = shelf["LAMP"].attribute_values.create(attribute=glow, value_text="opaline")
    assert finds(buyer, "opaline") == {"LAMP"}
    value.delete()
    assert finds(buyer, "opaline") == set()
    shelf["CABLE"].attribute_values.create(attribute=colours).value_multi_option.add(teal)
    assert finds(buyer, "teal") == {"CABLE"}
    OptionTranslation.objects.create(option=teal, language="zh-hans", name="青色")
    assert finds(buyer, "青色") == {"CABLE"}
    teal.delete()
    assert finds(buyer, "青色") == finds(buyer, "teal") == set()


def test_what_is_deleted_is_gone(shelf: Any, buyer: core.Viewer) -> None:
    shelf["CABLE"].delete()
    assert finds(buyer, "cable") == set()
    shelf["FAM"].delete()
    assert finds(buyer, "switch") == set()
    assert Entry.objects.filter(kind="product").count() == 1


# --- Names of lines and categories ---


def test_a_line_by_another_name(shelf: Any, buyer: core.Viewer) -> None:
    line = make_line("luminous")
    line.name_zh = "发光"
    line.save()
    assert finds(buyer, "发光") == {"LAMP"}
    line.code = "bright"
    line.save()
    assert finds(buyer, "lamp", line=("bright",)) == {"LAMP"}


def test_a_category_by_another_name_elsewhere_hidden_and_gone(shelf: Any, buyer: core.Viewer) -> None:
    category = get_model("catalogue", "Category")
    below = category.objects.get(name="Downlights")
    CategoryTranslation.objects.create(category=below, language="zh-hans", name="嵌入式")
    assert finds(buyer, "嵌入式") == finds(buyer, "luminaires") == {"LAMP"}
    elsewhere = make_category("Retail")
    below.move(elsewhere, "first-child")
    moved = category.objects.get(pk=below.pk)
    moved.name = "Spotlights"
    moved.save()
    assert finds(buyer, "spotlights") == finds(buyer, "retail") == {"LAMP"}
    assert finds(buyer, "downlights") == finds(buyer, "luminaires") == set()
    assert finds(buyer, "lamp", category=(str(elsewhere.pk),)) == {"LAMP"}
    top = category.objects.get(pk=elsewhere.pk)
    top.is_public = False
    top.save()
    assert finds(buyer, "spotlights") == set() and finds(buyer, "lamp") == {"LAMP"}
    category.objects.get(pk=elsewhere.pk).delete()
    assert finds(buyer, "lamp") == {"LAMP"}


def test_beyond_what_anybody_waits_for_the_rest_follows_by_events(
    shelf: Any, buyer: core.Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reindexing, "AT_ONCE", 1)
    line = make_line("luminous")
    for sku in ("CABLE", "FAM-1"):
        catalog.update_product(actor=None, sku=sku, line="luminous")
    line.name = "Radiant"
    line.save()
    assert len(finds(buyer, "radiant")) == 1
    event = OutboxEvent.objects.get(topic=indexing.TOPIC)
    for _twice in range(2):
        indexing.handle_event(event_id=1, topic=event.topic, aggregate=event.aggregate, payload=event.payload)
    assert finds(buyer, "radiant") == {"LAMP", "CABLE", "FAM-1"}


# --- Who may see it ---


def test_assortments_of_lines_and_categories_hold_at_once_and_write_no_entry(
    channel: Any, shelf: Any, buyer: core.Viewer
) -> None:
    before = written()
    closed = deny("members", lines=["luminous"])
    assert finds(buyer, "lamp") == set()
    closed.delete()
    assert finds(buyer, "lamp") == {"LAMP"}
    downlights = get_model("catalogue", "Category").objects.get(name="Luminaires")
    deny("tier:gold", categories=[downlights])
    assert finds(buyer, "lamp") == set() and finds(channel.sees(channel.stranger), "lamp") == {"LAMP"}
    channel.dealer.tier = make_tier("bronze")
    channel.dealer.save()
    assert finds(channel.sees(channel.buyer), "lamp") == {"LAMP"}
    assert written() == before


def test_naming_single_products_holds_at_once(shelf: Any, buyer: core.Viewer) -> None:
    before = written()
    named = catalog.save_assortment(
        actor=None,
        code="no-switches",
        name="No switches",
        effect="deny",
        audience_keys=["members"],
        product_ids=[shelf["FAM"].pk, shelf["CABLE"].pk],
    )
    assert finds(buyer, "switch") == finds(buyer, "cable") == set()
    changed = {pk for pk, revision in written().items() if before[pk] != revision}
    assert len(changed) == 3  # the cable and both variants, nothing else
    catalog.save_assortment(
        actor=None,
        code="no-switches",
        name="No switches",
        effect="deny",
        audience_keys=["members"],
        product_ids=[shelf["CABLE"].pk],
        assortment=named,
    )
    assert finds(buyer, "switch") == {"FAM-1", "FAM-2"} and finds(buyer, "cable") == set()
    catalog.delete_assortment(actor=None, assortment=named)
    assert finds(buyer, "cable") == {"CABLE"}


def test_counts_and_filters_know_only_what_is_open(channel: Any, shelf: Any, buyer: core.Viewer) -> None:
    deny("tier:gold", lines=["luminous"])
    catalog.update_product(actor=None, sku="CABLE", title="Cable lamp")
    mine, other = ask(buyer, "lamp"), ask(channel.sees(channel.stranger), "lamp")
    assert (mine.total, other.total) == (1, 2)
    assert "line" not in {facet.key for facet in mine.facets}
    assert {facet.key for facet in other.facets} >= {"line", "category", "status"}


def test_a_named_assortment_costs_the_same_for_one_product_and_for_many(db: None) -> None:
    products = [make_product(f"N-{number}") for number in range(8)]
    make_variant(products[0], "N-0-1")

    def statements(code: str, some: list[Any]) -> int:
        with CaptureQueriesContext(connection) as asked:
            catalog.save_assortment(
                actor=None,
                code=code,
                name=code,
                audience_keys=["members"],
                product_ids=[product.pk for product in some],
            )
        return len(asked)

    statements("warm", products[7:])
    assert statements("one", products[1:2]) == statements("many", products[2:6])
