from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from qudao_catalog import api as catalog
from qudao_catalog.categories.services import save_category
from qudao_catalog.models import CategoryTranslation
from qudao_catalog.testing import deny, grant, make_category, make_product, make_variant
from qudao_core import api as core

pytestmark = pytest.mark.django_db


@pytest.fixture
def lighting(db: None) -> Any:
    top = make_category("Lighting", name_zh="照明")
    make_category("Panels", parent=top, name_zh="面板灯")
    make_category("Bulbs", parent=top)
    make_category("Cables")
    return top


def test_the_tree_knows_places_names_and_neighbours(lighting: Any) -> None:
    tree = catalog.category_tree()
    assert [node.slug for node in tree.nodes] == ["lighting", "lighting/panels", "lighting/bulbs", "cables"]
    panels = catalog.get_category("lighting/panels")
    assert (panels.label("zh-hans"), panels.label("en")) == ("面板灯", "Panels")
    assert [node.name for node in tree.above(panels)] == ["Lighting"]
    assert [node.name for node in tree.children(None)] == ["Lighting", "Cables"]
    top = catalog.get_category("lighting")
    assert tree.within(top) == {node.id for node in tree.nodes if node.slug.startswith("lighting")}


def test_the_last_part_of_a_slug_is_enough_where_it_is_unique(lighting: Any) -> None:
    assert catalog.get_category("panels").slug == "lighting/panels"
    make_category("Panels", parent=make_category("Cables"))
    with pytest.raises(core.NotFound) as refused:
        catalog.get_category("panels")
    assert refused.value.code == "category_not_found"


def test_what_stands_below_a_hidden_category_is_hidden(lighting: Any) -> None:
    lighting.refresh_from_db()
    lighting.is_public = False
    lighting.save()
    assert [node.slug for node in catalog.category_tree().nodes] == ["cables"]


def test_the_tree_is_read_again_when_a_name_changes(lighting: Any) -> None:
    catalog.category_tree()
    with CaptureQueriesContext(connection) as asked:
        catalog.category_tree(core.Versions.read())
    assert len(asked) == 1
    words = lighting.translations.get()
    words.name = "灯具"
    words.save()
    assert catalog.get_category("lighting").label("zh-hans") == "灯具"


def test_the_api_counts_what_the_caller_sees(client: Any, channel: Any, lighting: Any) -> None:
    panels = type(lighting).objects.get(name="Panels")
    family = make_product("FAM", categories=[lighting, panels])
    make_variant(family, "FAM-1")
    make_product("LAMP", categories=[panels])
    hidden = make_product("SECRET", categories=[panels])
    grant("members")
    deny("tier:gold", products=[hidden])
    for person, counts in ((channel.buyer, [2, 2, 0, 0]), (channel.stranger, [3, 3, 0, 0])):
        client.force_login(person)
        rows = client.get("/api/v1/categories/").json()["results"]
        assert [row["products"] for row in rows] == counts
    assert (rows[1]["slug"], rows[1]["parent"], rows[1]["depth"]) == ("lighting/panels", "lighting", 2)


def test_the_api_speaks_the_callers_language(client: Any, channel: Any, lighting: Any) -> None:
    client.force_login(channel.buyer)
    rows = client.get("/api/v1/categories/", headers={"accept-language": "zh-hans"}).json()["results"]
    assert rows[0]["name"] == "照明"
    lines = client.get("/api/v1/product-lines/").json()
    assert lines["results"] == []


def test_a_node_has_each_language_in_its_own_place(db: None) -> None:
    """Stored words, and the node's fields of the same language."""
    category = make_category("Lighting", name_zh="照明", description="Light for rooms", code="LGT")
    CategoryTranslation.objects.filter(category=category).update(description="室内照明")
    node = catalog.get_category("lighting")
    assert (node.name, node.name_zh) == ("Lighting", "照明")
    assert (node.description, node.description_zh) == ("Light for rooms", "室内照明")
    assert node.in_menu and node.code == "LGT" and node.image == ""


def test_a_chinese_name_is_added_changed_and_taken_away(lighting: Any) -> None:
    bulbs = make_category("Downlights")
    for name, description in (("灯泡", ""), ("球泡", "E27"), ("", "")):
        save_category(actor=None, values={}, category=bulbs, words={"zh-hans": (name, description)})
        words = CategoryTranslation.objects.filter(category=bulbs).values_list("name", "description")
        assert list(words) == ([(name, description)] if name else [])
