"""Exports of other programs, as they are: the right columns are suggested for products, prices and stock."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from qudao_partner_portal.imports.importer import make_importer
from qudao_partner_portal.imports.mapping.preview import first_rows
from qudao_partner_portal.imports.mapping.rules import to_json
from qudao_partner_portal.imports.mapping.understanding import understand
from qudao_partner_portal.imports.opening import suggested
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
