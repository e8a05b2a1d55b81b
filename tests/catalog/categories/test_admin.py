"""The category tree in Wagtail's admin."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from oscar.core.loading import get_model
from qudao_catalog import api as catalog
from qudao_catalog.testing import make_category, make_product
from qudao_core import api as core
from qudao_partner_portal.testing import make_back_office

pytestmark = pytest.mark.django_db
Category = get_model("catalogue", "Category")
ADD = "/admin/categories/new/"


@pytest.fixture
def olga(client: Any) -> Any:
    olga = make_back_office("Olga Office", is_superuser=True)
    client.force_login(olga)
    return olga


def fields(name: str, **changes: Any) -> dict[str, Any]:
    return {"name": name, "is_public": "on", "in_menu": "on"} | changes


def names(parent: Any = None) -> list[str]:
    rows = Category.objects.get(pk=parent.pk).get_children() if parent else Category.get_root_nodes()
    return [row.name for row in rows]


def edit(client: Any, row: Any, **changes: Any) -> Any:
    return client.post(reverse("qudao_categories:edit", args=(row.pk,)), fields(row.name, **changes))


def test_a_category_is_made_with_its_names_and_place(client: Any, olga: Any) -> None:
    top = make_category("Lighting")
    for name in ("Panels", "Spots"):
        make_category(name, parent=top)
    words = {"name_zh": "筒灯", "description_zh": "嵌入式"}
    client.post(ADD, fields("Downlights", parent=top.pk, place=2, **words))
    made = Category.objects.get(name="Downlights")
    assert names(top) == ["Panels", "Downlights", "Spots"] and made.slug == "downlights"
    assert catalog.get_category("lighting/downlights").label("zh-hans") == "筒灯"
    assert core.history(made)[0].action == "qudao.category.created"
    assert "筒灯" in client.get(reverse("qudao_categories:edit", args=(made.pk,))).content.decode()
    client.cookies["qudao_language"] = "zh-hans"
    assert "– 筒灯</option>" in client.get(ADD).content.decode(), "places are named in the reader's language"


def test_categories_move_within_the_tree(client: Any, olga: Any) -> None:
    one, two, three = (make_category(name) for name in ("One", "Two", "Three"))
    edit(client, three, place=1)
    assert names() == ["Three", "One", "Two"]
    edit(client, three, place=3)
    assert names() == ["One", "Two", "Three"]
    edit(client, two, parent=one.pk)
    assert names() == ["One", "Three"] and names(one) == ["Two"]
    below = edit(client, one, parent=two.pk)
    assert below.status_code == 200 and below.context["form"].errors["parent"]
    edit(client, Category.objects.get(pk=two.pk), place=1)
    assert names() == ["Two", "One", "Three"]
    edit(client, one, is_public="")
    assert not Category.objects.get(pk=one.pk).is_public


def test_an_address_is_there_once_on_its_level(client: Any, olga: Any) -> None:
    make_category("Lamps")
    page = client.post(ADD, fields("Other", slug="lamps"))
    assert "Another category here has the address “lamps”" in page.content.decode()
    assert Category.objects.count() == 1


def test_a_category_in_use_is_not_deleted(client: Any, olga: Any) -> None:
    top = make_category("Lighting")
    lamps = make_category("Lamps", parent=top)
    product = make_product("LAMP", categories=[lamps])
    for row, why in ((top, "subcategories (1)"), (lamps, "products (1)")):
        page = client.post(reverse("qudao_categories:delete", args=(row.pk,)), follow=True)
        assert why in page.content.decode()
    product.categories.clear()
    client.post(reverse("qudao_categories:delete", args=(lamps.pk,)))
    assert [row.name for row in Category.objects.all()] == ["Lighting"]


def test_editing_categories_takes_the_right(client: Any) -> None:
    client.force_login(make_back_office(permissions=["wagtailadmin.access_admin", "catalogue.view_category"]))
    client.post(ADD, fields("Lamps"))
    assert not Category.objects.exists()


def test_words_without_a_name_are_not_lost_unseen(client: Any, olga: Any) -> None:
    lamps = make_category("Lamps")
    page = edit(client, lamps, description_zh="嵌入式")
    assert page.status_code == 200 and page.context["form"].errors["name_zh"]
    assert 'value="Lamps"' in page.content.decode() and "嵌入式" in page.content.decode()


def test_the_place_is_chosen_by_names_in_the_readers_language(client: Any, olga: Any) -> None:
    top = make_category("Lighting")
    top.translations.create(language="zh-hans", name="照明")
    page = client.get(ADD, headers={"accept-language": "zh-hans"})
    assert ">照明<" in page.content.decode()


def test_the_history_says_in_the_readers_words_what_changed(client: Any, olga: Any) -> None:
    lamps = make_category("Lamps")
    edit(client, lamps, in_menu="", slug="lights", name_zh="灯")
    address = reverse("qudao_categories:history", args=(lamps.pk,))
    page = client.get(address, headers={"accept-language": "zh-hans"}).content.decode()
    for words in ("显示在菜单中", "中文名称", "网址"):
        assert words in page, words
    assert "xclude from menu" not in page and "zh-hans)" not in page
    assert "In the menu: Yes → No" in client.get(address).content.decode()
