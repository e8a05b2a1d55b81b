"""Prices and stock in the product editor of the back office: who sees them, who changes them, what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from qudao_b2b_ordering.pricing.models import PriceRow
from qudao_b2b_ordering.stock.models import StockLevel
from qudao_b2b_ordering.testing import make_price_list, make_warehouse, stock
from qudao_catalog.product_editing import editing
from qudao_catalog.testing import make_product, make_unit, make_variant
from qudao_partner_portal.testing import make_back_office, make_company

from ..locks import locked

pytestmark = pytest.mark.django_db
EDIT = ["catalogue.view_product", "catalogue.add_product", "catalogue.change_product"]
PRICES = ["qudao_b2b_ordering.view_pricelist", "qudao_b2b_ordering.change_pricelist"]
STOCK = ["qudao_b2b_ordering.view_stocklevel", "qudao_b2b_ordering.change_stocklevel"]
READ = ["qudao_b2b_ordering.view_pricelist", "qudao_b2b_ordering.view_stocklevel"]


def client_of(*permissions: str) -> Client:
    client = Client()
    client.force_login(make_back_office(permissions=["wagtailadmin.access_admin", *permissions]))
    return client


@pytest.fixture
def sold() -> dict[str, Any]:
    maker = make_company("Maker", code="MAKER")
    lamp = make_product("LAMP", title="Lamp")
    retail = make_price_list("retail", seller=maker, audience="everyone", prices={lamp: {1: 10, 100: 8}})
    main = make_warehouse("main", seller=maker)
    stock(lamp, 5, main)
    return {"lamp": lamp, "retail": retail, "main": main, "address": f"/admin/products/edit/{lamp.pk}/"}


def fields(sold: dict[str, Any], **changes: Any) -> dict[str, Any]:
    profile = sold["lamp"].profile
    return {
        "title": "Lamp",
        "is_public": "on",
        "status": "active",
        "unit": make_unit().pk,
        "pack_size": "1",
        "min_quantity": "1",
        "tax_class": profile.tax_class_id,
    } | changes


def names(sold: dict[str, Any]) -> tuple[str, str]:
    return f"prices--list-{sold['retail'].pk}", f"stock--warehouse-{sold['main'].pk}"


def test_a_channel_manager_changes_price_and_stock_beside_the_product(sold: dict[str, Any]) -> None:
    client = client_of(*EDIT, *PRICES, *STOCK)
    price, level = names(sold)
    page = client.get(sold["address"])
    assert [page.context["form"][name].value() for name in (price, level)] == ["10", "5"]
    response = client.post(sold["address"], fields(sold) | {price: "9.5", level: "7"})
    assert response.status_code == 302
    rows = PriceRow.objects.filter(product=sold["lamp"]).order_by("min_quantity")
    assert [row.unit_price for row in rows] == [Decimal("9.5"), Decimal(8)]
    assert StockLevel.objects.get().on_hand == 7


def test_an_emptied_price_is_removed_and_a_new_product_gets_its_own(sold: dict[str, Any]) -> None:
    client = client_of(*EDIT, *PRICES, *STOCK)
    price, level = names(sold)
    client.post(sold["address"], fields(sold) | {price: "", level: "5"})
    assert [row.min_quantity for row in PriceRow.objects.all()] == [Decimal(100)]
    new = fields(sold) | {"sku": "NEW", "title": "New", price: "3", level: "12"}
    assert client.post("/admin/products/new/", new).status_code == 302
    row = PriceRow.objects.get(product__upc="NEW")
    assert (row.unit_price, row.min_quantity) == (Decimal(3), Decimal(1))
    assert StockLevel.objects.get(product__upc="NEW").on_hand == 12


@pytest.mark.parametrize(("name", "value"), [(0, "-1"), (1, "1.5"), (0, "abc")])
def test_a_refusal_stands_beside_its_field_and_nothing_is_saved(
    sold: dict[str, Any], name: int, value: str
) -> None:
    client = client_of(*EDIT, *PRICES, *STOCK)
    entered = dict(zip(names(sold), ("10", "5"), strict=True)) | {names(sold)[name]: value}
    response = client.post(sold["address"], fields(sold, barcode="69") | entered)
    assert response.status_code == 200 and response.context["form"].errors[names(sold)[name]]
    sold["lamp"].profile.refresh_from_db()
    assert sold["lamp"].profile.barcode == ""


def test_who_may_only_see_prices_and_stock_reads_them(sold: dict[str, Any]) -> None:
    client = client_of(*EDIT, *READ)
    page = client.get(sold["address"])
    assert not page.context["form"].part_fields and "10.0000 CNY" in page.content.decode()
    client.post(sold["address"], fields(sold) | dict.fromkeys(names(sold), "99"))
    assert not PriceRow.objects.filter(unit_price=99).exists() and StockLevel.objects.get().on_hand == 5


def test_a_content_editor_without_these_rights_sees_neither(sold: dict[str, Any]) -> None:
    page = client_of(*EDIT).get(sold["address"]).content.decode()
    assert "10.0000" not in page and "Allocated" not in page


def test_a_price_that_somebody_changed_meanwhile_is_not_overwritten(sold: dict[str, Any]) -> None:
    client = client_of(*EDIT, *PRICES, *STOCK)
    price, level = names(sold)
    seen = client.get(sold["address"]).context["form"]["seen"].value()
    PriceRow.objects.filter(min_quantity=1).update(unit_price=11)
    response = client.post(sold["address"], fields(sold) | {price: "9", level: "5", "seen": seen})
    assert "Stored meanwhile: “11”" in response.content.decode()
    assert PriceRow.objects.get(min_quantity=1).unit_price == 11


def test_what_is_changed_is_held_before_it_is_compared_with_what_was_seen(sold: dict[str, Any]) -> None:
    """A shipment between the comparison and the count would be lost."""
    client = client_of(*EDIT, *PRICES, *STOCK)
    price, level = names(sold)
    seen = client.get(sold["address"]).context["form"]["seen"].value()
    compared: list[list[str]] = []
    with locked() as found, pytest.MonkeyPatch.context() as patch:
        compare = editing.state_of
        patch.setattr(editing, "state_of", lambda *facts: compared.append([*found]) or compare(*facts))
        client.post(sold["address"], fields(sold) | {price: "9", level: "7", "seen": seen})
    assert ["ProductProfile", "PriceList", "StockLevel"] in compared
    with locked() as found:
        client.post(sold["address"], fields(sold, title="Desk lamp") | {price: "9", level: "7"})
    assert "StockLevel" not in found and "PriceList" not in found


def test_a_family_has_neither_price_nor_stock(sold: dict[str, Any]) -> None:
    make_variant(sold["lamp"], "LAMP-W")
    page = client_of(*EDIT, *PRICES, *STOCK).get(sold["address"])
    assert not page.context["form"].part_fields


def test_products_without_a_price_are_listed(sold: dict[str, Any]) -> None:
    make_product("BARE")
    page = client_of(*EDIT).get("/admin/products/", {"missing": "price"}).content.decode()
    assert "BARE" in page and ">LAMP<" not in page.replace("\n", "").replace(" ", "")
