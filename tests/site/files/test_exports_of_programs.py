"""Exports of other programs, as they are: the right columns are suggested for products, prices and stock."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from qudao_core.imports.importer import make_importer
from qudao_core.imports.mapping.preview import first_rows
from qudao_core.imports.mapping.rules import to_json
from qudao_core.imports.mapping.understanding import understand
from qudao_core.imports.opening import suggested
from qudao_partner_portal.testing import make_back_office, viewer_of

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).with_name("exports")

#: File → the columns of code, name, barcode; price; stock.
EXPECTED: dict[str, tuple[str, str, str | None, str, str | None]] = {
    "datev": ("Artikel-Nr.", "Artikelbezeichnung 1", None, "VK-Preis 1", "Lagerbestand"),
    "ean-list": ("Artikelnummer", "Bezeichnung", "EAN", "VK netto", None),
    "guanjiapo": ("商品编号", "商品名称", "条码", "销售价", "库存数量"),
    "kingdee": ("物料编码", "物料名称", None, "售价", "即时库存"),
    "magento": ("sku", "name", None, "price", "qty"),
    "prestashop": ("Reference #", "Name *", "EAN13", "Price tax excluded", "Quantity"),
    "sage": ("Artikelnummer", "Bezeichnung", None, "Preis_EUR", "Bestand"),
    "woocommerce": ("SKU", "Name", None, "Regular price", "Stock"),
    "yonyou": ("存货编码", "存货名称", "对应条形码", "参考售价", None),
}


@pytest.fixture
def ida():
    return viewer_of(make_back_office("Ida Import", is_superuser=True))


def fields(viewer: Any, kind: str, name: str) -> tuple[dict[str, str], Any]:
    importer = make_importer(kind, viewer, {})
    file = io.BytesIO((FOLDER / f"{name}.csv").read_bytes())
    seen = understand(importer, file)
    mapping = suggested(importer, seen)
    assert not mapping.spread
    if importer.spread_field in (None, "", *(each.field for each in mapping.sources)):
        first_rows(importer, file, to_json(mapping))  # what is suggested can be read
    headers = {each.number: each.header for each in seen.columns}
    return {each.field: headers[each.columns[0]] for each in mapping.sources if each.columns}, mapping


@pytest.mark.parametrize("name", EXPECTED)
def test_the_right_columns_are_suggested(ida, name):
    code, title, barcode, price, stock = EXPECTED[name]
    found, mapping = fields(ida, "products", name)
    assert (found.get("sku"), found.get("title"), found.get("barcode")) == (code, title, barcode)
    assert not {"status", "line", "origin", "product_type"} & found.keys() or name == "guanjiapo"
    found, _mapping = fields(ida, "prices", name)
    assert (found.get("product"), found.get("unit_price")) == (code, price)
    assert "min_quantity" not in found
    found, _mapping = fields(ida, "stock", name)
    assert (found.get("product"), found.get("on_hand")) == (code, stock)
    weight = mapping.source("weight_kg")
    assert weight is None or weight.divisor == (Decimal(1000) if name == "ean-list" else 1)


def test_translations_and_bundles_of_magento_are_left_out(ida):
    _found, mapping = fields(ida, "products", "magento")
    importer = make_importer("products", ida, {})
    tally = first_rows(importer, io.BytesIO((FOLDER / "magento.csv").read_bytes()), to_json(mapping))
    assert tally.total == 2


def suggestion(viewer: Any, kind: str, text: str) -> tuple[dict[str, str], Any]:
    importer = make_importer(kind, viewer, {})
    seen = understand(importer, io.BytesIO(text.encode()))
    mapping = suggested(importer, seen)
    headers = {each.number: each.header for each in seen.columns}
    return {each.field: headers[each.columns[0]] for each in mapping.sources if each.columns}, mapping


@pytest.mark.parametrize(
    "text",
    [
        "name,price,category\nSoy sauce 5 l,39500,Sauces\nSeed oil,2000,Oils\nRice 20 kg,18650,Grain\n",
        "name,price\nSteel cable,￥366.80\nCopper cable,￥54.00\n￥74.00,Rope\n",
        "app,plan,price\nFilm,Family,5K\nFilm,Single,13K\nMusic,Single,30K\n",
        "Наименование,Стоимость,Наличие на складе\nКабель 3х2,61538,63\nПровод 2х1,81812,43\n",
        "Name,Stück,Wert\nKabel,10,17\nDraht,20,21\nSeil,150,33\n",
        "품명,단가,재고\n케이블,39500,17\n로프,12000,21\n",
        "title,Discount Code,Total\nCable,FALL25,12\nRope,SPRING9,13\n",
    ],
)
def test_prices_counts_and_sums_are_no_codes(ida, text):
    found, _mapping = suggestion(ida, "products", text)
    assert "sku" not in found


def test_a_file_whose_only_code_is_the_barcode_has_it_as_its_code(ida):
    text = (
        "month,barcode,product_name,quantity,cost\n7,4006381333931,Pen,80,18720\n,4006381333948,Ink,9,810\n"
    )
    found, _mapping = suggestion(ida, "products", text)
    assert (found["sku"], found["title"]) == ("barcode", "product_name")
    found, _mapping = suggestion(ida, "stock", text)
    assert (found["product"], found["on_hand"]) == ("barcode", "quantity")


def test_counts_beside_a_price_are_no_further_prices(ida):
    text = "Код,Стоимость,Наличие на складе 1,Наличие на складе 2\nA-1,300,63,43\nA-2,412,86,57\n"
    found, mapping = suggestion(ida, "prices", text)
    assert (found["unit_price"], mapping.spread) == ("Стоимость", ())
    found, _mapping = suggestion(ida, "stock", text)
    assert found["on_hand"] == "Наличие на складе 1"


def test_the_name_of_a_list_before_its_columns_says_nothing_of_them(ida):
    text = (
        "Pricelist Name,Pricelist Items/Product,Pricelist Items/Min. Quantity,Pricelist Items/Fixed Price\n"
        "Retail,CABLE-1,1,23000\n,CABLE-2,10,2100\n,ROPE-1,5,13500\n"
    )
    found, mapping = suggestion(ida, "prices", text)
    assert found == {
        "product": "Pricelist Items/Product",
        "unit_price": "Pricelist Items/Fixed Price",
        "min_quantity": "Pricelist Items/Min. Quantity",
        "price_list": "Pricelist Name",
    }
    assert mapping.source("price_list").fill
    text = "Code,Net price/piece,Net price/carton\nA-1,1.20,11.50\nA-2,2.20,21.50\n"
    found, _mapping = suggestion(ida, "prices", text)
    assert found["unit_price"] == "Net price/piece"


def test_a_group_that_stands_in_every_row_is_not_filled_down(ida):
    text = "sku;categories;name\nA-1;Lamps;Lamp one\nA-2;Lamps;Lamp two\nA-3;;Lamp three\n"
    _found, mapping = suggestion(ida, "products", text)
    assert not mapping.source("categories").fill


def test_orders_exported_by_shopify_are_read(ida):
    text = (
        "Name,Email,Paid at,Currency,Subtotal,Total,Discount Code,Created at,Lineitem quantity,Lineitem name,"
        "Lineitem price,Lineitem sku,Billing Name,Shipping Zip,Id\n"
        "#1001,a@example.com,2026-09-03 10:15:00 -0400,USD,47.00,56.29,FALL5,2026-09-03 10:14:00 -0400,2,Print,16.00,"
        "FERN-1,Ada,00000,5550000001\n"
        "#1001,a@example.com,,,,,,2026-09-03 10:14:00 -0400,1,Bag,20.00,TOTE-1,,,\n"
    )
    found, mapping = suggestion(ida, "orders", text)
    assert (
        found["number"] == "Name"
        and found["sku"] == "Lineitem sku"
        and found["unit_price"] == "Lineitem price"
    )
    assert found["ordered_at"] == "Created at" and mapping.source("currency").fill


def test_quotation_marks_say_which_delimiter_it_is(ida):
    importer = make_importer("orders", ida, {})
    text = 'customer,currency,product\n"a@example.com",USD,"a:2:{s:3:""sku"";s:4:""WS03"";s:3:""qty"";s:1:""1"";}"\n'
    seen = understand(importer, io.BytesIO(text.encode()))
    assert (seen.delimiter, [each.header for each in seen.columns]) == (
        ",",
        ["customer", "currency", "product"],
    )
