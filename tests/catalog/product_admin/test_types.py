"""Product types with their attributes, and option sets, in Wagtail's admin."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from oscar.core.loading import get_model
from qudao_catalog import api as catalog
from qudao_catalog.testing import make_product, make_type
from qudao_core import api as core
from qudao_partner_portal.testing import make_back_office

from .test_editor import rows, shown

pytestmark = pytest.mark.django_db
ProductClass = get_model("catalogue", "ProductClass")
Group = get_model("catalogue", "AttributeOptionGroup")


@pytest.fixture
def olga(client: Any) -> Any:
    olga = make_back_office("Olga Office", is_superuser=True)
    client.force_login(olga)
    return olga


def edit(client: Any, screen: str, row: Any, **changes: Any) -> Any:
    address = reverse(f"{screen}:edit", args=(row.pk,))
    return client.post(address, shown(client.get(address)) | changes)


def test_a_type_is_made_with_attributes_in_order(client: Any, olga: Any) -> None:
    colours = Group.objects.create(name="Colours")
    given = [
        {"name": "Colour", "name_zh": "颜色", "code": "colour", "type": "option", "option_set": colours.pk},
        {"name": "Power", "code": "power", "type": "float", "unit": "W", "is_facet": "on"},
    ]
    client.post(reverse("qudao_product_types:add"), {"name": "Lamps"} | rows("attributes", *given))
    made = ProductClass.objects.get(name="Lamps")
    found = made.attributes.order_by("profile__position")
    assert [row.code for row in found] == ["colour", "power"]
    assert (found[0].profile.name_zh, found[0].option_group, found[1].profile.unit) == ("颜色", colours, "W")
    assert found[1].profile.is_facet and core.history(made)[0].action == "qudao.product_type.created"
    edit(client, "qudao_product_types", made, **{"attributes-0-ORDER": 2, "attributes-1-ORDER": 1})
    assert [row.code for row in made.attributes.order_by("profile__position")] == ["power", "colour"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"code": "1st"}, "Only letters, digits and underscores"),
        ({"code": "class"}, "Only letters, digits and underscores"),
        ({"code": "power"}, "Two attributes of the type have this code"),
        ({"type": "option"}, "Choose the option set"),
    ],
)
def test_a_wrong_attribute_is_refused_in_its_row(
    client: Any, olga: Any, changes: dict[str, str], message: str
) -> None:
    given = [
        {"name": "Power", "code": "power", "type": "float"},
        {"name": "B", "code": "b", "type": "text"} | changes,
    ]
    page = client.post(reverse("qudao_product_types:add"), {"name": "Lamps"} | rows("attributes", *given))
    assert message in page.content.decode() and not ProductClass.objects.filter(name="Lamps").exists()


def test_what_products_use_stays(client: Any, olga: Any) -> None:
    lamps = make_type("Lamps", power="float", colour="option:white|black")
    make_product("LAMP")
    values = {"power": 7, "colour": "white"}
    catalog.update_product(actor=None, sku="LAMP", product_type="Lamps", attributes=values)
    page = edit(client, "qudao_product_types", lamps, **{"attributes-0-type": "text"})
    assert "its type and option set cannot be changed" in page.content.decode()
    page = edit(client, "qudao_product_types", lamps, **{"attributes-0-DELETE": "on"})
    assert "Products have values of" in page.content.decode() and lamps.attributes.count() == 2
    page = client.post(reverse("qudao_product_types:delete", args=(lamps.pk,)), follow=True)
    assert "1 products are of this type" in page.content.decode()
    colours = Group.objects.get()
    page = edit(client, "qudao_option_sets", colours, **{"options-0-DELETE": "on"})
    assert "Products have the values: white" in page.content.decode() and colours.options.count() == 2
    page = client.post(reverse("qudao_option_sets:delete", args=(colours.pk,)), follow=True)
    assert "these attributes choose from it: Colour" in page.content.decode()
    catalog.update_product(actor=None, sku="LAMP", product_type="Goods")
    assert edit(client, "qudao_product_types", lamps, **{"attributes-0-DELETE": "on"}).status_code == 302
    client.post(reverse("qudao_product_types:delete", args=(lamps.pk,)))
    assert not ProductClass.objects.filter(name="Lamps").exists()


def test_an_option_set_has_words_in_chinese(client: Any, olga: Any) -> None:
    given = [{"name": "white", "name_zh": "白色"}, {"name": "black"}]
    client.post(reverse("qudao_option_sets:add"), {"name": "Colours"} | rows("options", *given))
    made = Group.objects.get(name="Colours")
    white = made.options.get(option="white")
    assert white.translations.get().name == "白色" and made.options.count() == 2
    page = edit(client, "qudao_option_sets", made, **{"options-1-name": "White"})
    assert "Two values have this name" in page.content.decode()
    edit(client, "qudao_option_sets", made, **{"options-0-name_zh": ""})
    assert not white.translations.exists()


def test_codes_and_values_may_be_exchanged_but_not_stand_twice(client: Any, olga: Any) -> None:
    lamps = make_type("Lamps", power="float", size="float", colour="option:white|black")
    power, size, _colour = lamps.attributes.order_by("pk")
    lamps.attributes.create(name="Sheet", code="sheet", type="file")
    kept = {"type": "float", "unit": ""}
    exchanged = [
        {"id": power.pk, "name": "Size", "code": "size"} | kept,
        {"id": size.pk, "name": "Power", "code": "power"} | kept,
    ]
    address = reverse("qudao_product_types:edit", args=(lamps.pk,))
    sent = {"name": "Lamps"} | rows("attributes", *exchanged, before=2)
    assert client.post(address, sent).status_code == 302
    power.refresh_from_db()
    assert power.code == "size"
    for code in ("colour", "sheet"):
        new = {"name": "New", "code": code, "type": "text"}
        page = client.post(address, {"name": "Lamps"} | rows("attributes", new))
        assert "Two attributes of the type have this code" in page.content.decode()
    colours = Group.objects.get()
    white, black = colours.options.order_by("pk")
    address = reverse("qudao_option_sets:edit", args=(colours.pk,))
    exchanged = [{"id": white.pk, "name": "black"}, {"id": black.pk, "name": "white"}]
    sent = {"name": colours.name} | rows("options", *exchanged, before=2)
    assert client.post(address, sent).status_code == 302
    white.refresh_from_db()
    assert white.option == "black"
    page = client.post(address, {"name": colours.name} | rows("options", {"name": "White"}))
    assert "Two values have this name" in page.content.decode() and colours.options.count() == 2


def statements(client: Any, *sent: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        response = client.post(*sent) if len(sent) > 1 else client.get(*sent)
    assert response.status_code in (200, 302)
    return len(queries)


def test_many_attributes_and_values_cost_no_more_than_few(client: Any, olga: Any) -> None:
    colours = Group.objects.create(name="Colours")
    lamps = ProductClass.objects.create(name="Lamps", slug="lamps")
    type_address = reverse("qudao_product_types:edit", args=(lamps.pk,))
    set_address = reverse("qudao_option_sets:edit", args=(colours.pk,))
    counts = []
    for number in range(6):
        code = f"a{number}"
        lamps.attributes.create(name=code, code=code, type="option", option_group=colours)
        option = colours.options.create(option=f"o{number}")
        option.translations.create(language="zh-hans", name=f"值{number}")
        page = client.get(set_address)
        counts.append((statements(client, type_address), statements(client, set_address, shown(page))))
    assert counts[2] == counts[5], counts
