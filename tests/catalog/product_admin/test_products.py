"""The list of products in Wagtail's admin: what it finds, filters and exports, and what is done to many at once."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from qudao_catalog import api as catalog
from qudao_catalog.product_editing.importer import ProductImporter
from qudao_catalog.products.models import ProductProfile
from qudao_catalog.testing import grant, make_category, make_line, make_product, make_type, make_variant
from qudao_partner_portal.testing import make_back_office

pytestmark = pytest.mark.django_db
LIST = "/admin/products/"


@pytest.fixture
def olga(client: Any) -> Any:
    olga = make_back_office("Olga Office", is_superuser=True)
    client.force_login(olga)
    return olga


def skus(client: Any, **query: Any) -> list[str]:
    return [row.sku for row in client.get(LIST, query).context["object_list"]]


def act(client: Any, action: str, *products: Any, **data: Any) -> Any:
    ids = "&".join(f"id={each.pk}" for each in products)
    address = reverse("wagtail_bulk_action", args=("qudao_catalog", "productprofile", action))
    return client.post(f"{address}?{ids}&next={LIST}", data, follow=True)


def test_the_list_finds_what_the_search_finds_and_parts_of_codes(client: Any, olga: Any) -> None:
    catalog.upsert_products(
        actor=None,
        rows=[
            {"sku": "LH-D07-W", "title": "Downlight", "title_zh": "筒灯", "barcode": "6901234567892"},
            {"sku": "CABLE", "title": "Cable", "external_key": "ERP-9", "is_public": False},
        ],
    )
    for words, found in (
        ("筒灯", "LH-D07-W"),
        ("tongdeng", "LH-D07-W"),
        ("LHD07W", "LH-D07-W"),
        ("D07", "LH-D07-W"),
        ("4567", "LH-D07-W"),
        ("ERP-9", "CABLE"),
        ("cabl", "CABLE"),
    ):
        assert skus(client, q=words) == [found], words
    assert skus(client, q="x" * 500) == []
    assert skus(client, q="d07 " * 1_500) == ["LH-D07-W"]


def test_the_list_filters_by_what_is_missing(client: Any, olga: Any) -> None:
    lamps = make_category("Lamps")
    full = make_product("FULL", title_zh="灯", categories=[lamps])
    full.images.create(original="images/x.png")
    family = make_product("FAM", title_zh="家", categories=[lamps])
    make_variant(family, "FAM-W")
    make_product("BARE", is_public=False)
    assert skus(client, missing="picture") == ["BARE", "FAM", "FAM-W"]
    assert skus(client, missing="chinese") == ["BARE"] == skus(client, missing="category")
    assert skus(client, missing=["picture", "category"]) == ["BARE"]
    assert skus(client, shown="no") == ["BARE"] and "BARE" not in skus(client, shown="yes")
    goods = full.product_class_id
    other = make_type("Cables")
    catalog.update_product(actor=None, sku="BARE", product_type="Cables")
    assert skus(client, product_type=other.pk) == ["BARE"]
    assert skus(client, product_type=goods) == ["FAM", "FAM-W", "FULL"]


@pytest.mark.parametrize("order", ["sku", "-sku", "product__title", "line__code", "-status", "updated_at"])
def test_every_column_sorts(client: Any, olga: Any, order: str) -> None:
    make_product("A")
    make_product("B")
    assert sorted(skus(client, ordering=order)) == ["A", "B"]


def test_a_long_list_costs_no_more_than_a_short_one(client: Any, olga: Any) -> None:
    counts = []
    for number in range(3):
        make_product(f"P{number}").images.create(original="images/x.png")
        client.get(LIST)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[2], counts


def test_what_is_exported_can_be_imported(client: Any, olga: Any) -> None:
    make_type("Lamps", power="float", colour="multi_option:white|black", dimmable="boolean")
    make_category("Panels", parent=make_category("Lamps"))
    make_product("NEXT")
    catalog.upsert_products(
        actor=None,
        rows=[
            {"sku": "LAMP", "title": "=Lamp", "title_zh": "灯", "product_type": "Lamps", "pack_size": "12"}
            | {"pack_unit": "ctn", "categories": "Lamps > Panels", "replacement": "NEXT"}
            | {"attributes": {"power": "7.5", "colour": ["white", "black"], "dimmable": "no"}},
            {"sku": "LAMP-W", "title": "White", "parent": "LAMP"},
        ],
    )
    answer = client.get(LIST, {"export": "csv"})
    text = b"".join(answer).decode("utf-8-sig")
    rows = {row["SKU"]: row for row in csv.DictReader(io.StringIO(text))}
    assert set(rows) == {"LAMP", "LAMP-W", "NEXT"}
    assert rows["LAMP"]["attr:colour"] in ("white|black", "black|white")
    assert (rows["LAMP"]["Category"], rows["LAMP-W"]["Variant of"]) == ("Lamps > Panels", "LAMP")
    known = {header for column in ProductImporter.columns for header in (column.label, column.label_zh)}
    assert all(header in known or header.startswith("attr:") for header in next(iter(rows.values())))
    assert client.get(LIST, {"export": "xlsx"}).status_code == 200


def test_many_products_are_edited_at_once(client: Any, olga: Any) -> None:
    old, new, line = make_category("Old"), make_category("New"), make_line("lighting")
    one, two = make_product("A", categories=[old]), make_product("B")
    page = act(
        client,
        "edit",
        one,
        two,
        status="announced",
        line=line.pk,
        is_public="no",
        add_category=f"id:{new.pk}",
        remove_category=f"id:{old.pk}",
    )
    assert "2 products changed" in page.content.decode()
    for product in (one, two):
        profile = ProductProfile.objects.get(pk=product.pk)
        assert (profile.status, profile.line, profile.product.is_public) == ("announced", line, False)
        assert list(product.categories.all()) == [new]
    assert "Enter what is to be changed" in act(client, "edit", one).content.decode()


def test_asking_about_many_products_costs_the_same_in_chinese(client: Any, olga: Any) -> None:
    products, counts = [make_product(f"P{number}", title_zh="灯") for number in range(3)], []
    address = reverse("wagtail_bulk_action", args=("qudao_catalog", "productprofile", "edit"))
    for chosen in (products[:1], products[:1], products):
        ids = "&".join(f"id={each.pk}" for each in chosen)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"{address}?{ids}&next={LIST}", headers={"accept-language": "zh-hans"})
        counts.append(len(queries))
    assert "灯" in page.content.decode() and counts[1] == counts[2], counts


def test_products_are_discontinued_with_a_replacement(client: Any, olga: Any) -> None:
    one, two, next_one = make_product("A"), make_product("B"), make_product("N")
    act(client, "discontinue", one, two, replacement="N")
    rows = ProductProfile.objects.filter(status="discontinued", replacement=next_one)
    assert set(rows.values_list("sku", flat=True)) == {"A", "B"}
    page = act(client, "discontinue", next_one, replacement="NONE")
    assert "Replaced by: there is no product “NONE”" in page.content.decode()
    assert 'value="NONE"' in page.content.decode(), "what was typed is still there"
    assert ProductProfile.objects.get(sku="N").status == "active"


def test_products_are_deleted_together_or_not_at_all(client: Any, olga: Any) -> None:
    one, two = make_product("A"), make_product("B")
    grant("members", products=[two])
    assert "is in use" in act(client, "delete", one, two).content.decode()
    assert ProductProfile.objects.count() == 2
    act(client, "delete", one)
    assert [row.sku for row in ProductProfile.objects.all()] == ["B"]


@pytest.mark.parametrize("action", ["edit", "discontinue", "delete"])
def test_bulk_actions_take_the_right(client: Any, action: str) -> None:
    product = make_product("A")
    client.force_login(make_back_office(permissions=["wagtailadmin.access_admin", "catalogue.view_product"]))
    act(client, action, product, status="announced", replacement="")
    profile = ProductProfile.objects.get()
    assert profile.status == "active"


@pytest.mark.parametrize("action", ["edit", "discontinue", "delete"])
def test_all_chooses_nothing(client: Any, olga: Any, action: str) -> None:
    """The list never sends it; typed by hand it would be the whole catalogue, whatever was searched and filtered."""
    make_product("LAMP")
    address = reverse("wagtail_bulk_action", args=("qudao_catalog", "productprofile", action)) + "?id=all"
    page = client.get(address).content.decode()
    assert "Choose the products in the list first." in page and "LAMP" not in page
    answer = client.post(address, {"status": "announced"}, follow=True)
    assert "Choose the products in the list first." in answer.content.decode()
    assert ProductProfile.objects.get().status == "active"
