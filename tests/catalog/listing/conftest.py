from __future__ import annotations

from typing import Any

import pytest
from oscar.core.loading import get_model
from qudao_b2b_ordering.testing import make_price_list, make_warehouse, stock, stock_policy
from qudao_catalog import api as catalog
from qudao_catalog.products.models import AttributeProfile, OptionTranslation
from qudao_catalog.testing import grant, make_category, make_line


@pytest.fixture
def shelf(channel: Any) -> dict[str, Any]:
    """Six products: three lamps, a family of two switches, and a cable that has no price."""
    goods = get_model("catalogue", "ProductClass").objects.create(name="Goods", track_stock=False)
    group = get_model("catalogue", "AttributeOptionGroup").objects.create(name="Colour")
    for code, name, name_zh in (("white", "White", "白色"), ("black", "Black", "黑色")):
        option = group.options.create(option=name, code=code)
        OptionTranslation.objects.create(option=option, language="zh-hans", name=name_zh)
    for code, kind, unit in (("colour", "option", ""), ("power", "float", "W"), ("dimmable", "boolean", "")):
        grouped = {"option_group": group} if kind == "option" else {}
        attribute = goods.attributes.create(name=code.title(), code=code, type=kind, **grouped)
        AttributeProfile.objects.create(attribute=attribute, is_facet=True, unit=unit, name_zh=f"{code}-zh")
    make_category("Lamps", parent=make_category("Lighting"))
    make_category("Switches")
    make_line("lighting")
    make_line("switches")
    white, black = {"colour": "White"}, {"colour": "Black"}
    rows: list[dict[str, Any]] = [
        {"sku": "L-1", "title": "Lamp one", "title_zh": "灯一", "power": 5, **white, "dimmable": True},
        {"sku": "L-2", "title": "lamp two", "title_zh": "安灯", "power": 9, **black, "dimmable": False},
        {"sku": "L-3", "title": "Lamp three", "power": 18, **white, "barcode": "690777"},
        {"sku": "SW", "title": "Switch", "title_zh": "开关", **white},
        {"sku": "SW-1", "parent": "SW", "title": "Switch 1"},
        {"sku": "SW-2", "parent": "SW", "title": "Switch 2", **black},
        {"sku": "C-1", "title": "Cable"},
    ]
    attributes = ("colour", "power", "dimmable")
    given = [
        {key: value for key, value in row.items() if key not in attributes}
        | {"attributes": {key: row[key] for key in attributes if key in row}}
        for row in rows
    ]
    for row in given:
        if row["sku"].startswith("L-"):
            row |= {"line": "lighting", "categories": "Lighting > Lamps"}
        elif row["sku"] == "SW":
            row |= {"line": "switches", "categories": "Switches"}
    result = catalog.upsert_products(actor=None, rows=given)
    assert result.problems == ()
    grant("members")
    products = {product.upc: product for product in get_model("catalogue", "Product").objects.all()}
    prices = {"L-1": "10", "L-2": "30", "L-3": "20", "SW-1": "5", "SW-2": "6"}
    make_price_list(
        seller=channel.maker,
        audience="everyone",
        prices={products[sku]: price for sku, price in prices.items()},
    )
    warehouse = make_warehouse(seller=channel.maker)
    for sku, quantity in {"L-1": 5, "L-2": 0, "SW-1": 9}.items():
        stock(products[sku], quantity, warehouse)
    stock_policy(channel.maker)
    return products
