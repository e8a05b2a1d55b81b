"""How many functions of ours a page and an order call: bounds that a change must not pass unnoticed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from oscar.core.loading import get_model
from qudao_b2b_ordering import testing as ordering
from qudao_catalog import testing as catalog
from qudao_catalog.api import upsert_products
from qudao_catalog.products.models import AttributeProfile

from tests.calls import Calls, counted

from .channel import Channel

ROWS = 24


@pytest.fixture
def shop(channel: Channel) -> Channel:
    """A full page of goods sold in cartons, with filters, price breaks, categories and a handbook."""
    attributes = {"colour": "option:white|black", **{f"figure_{number}": "float" for number in range(4)}}
    for attribute in catalog.make_type("Goods", **attributes).attributes.all():
        AttributeProfile.objects.create(attribute=attribute, is_facet=True)
    catalog.make_category("Lamps", parent=catalog.make_category("Lighting"))
    catalog.make_line("lighting")
    catalog.make_unit("ctn", name="carton", name_plural="cartons", name_zh="箱")
    result = upsert_products(actor=None, rows=[_lamp(number) for number in range(ROWS + 6)])
    assert result.problems == ()
    for lamp in get_model("catalogue", "Product").objects.all():
        ordering.price(channel.price_list, lamp, "12.50")
        ordering.price(channel.price_list, lamp, "11.00", 120)
        ordering.stock(lamp, 10_000, channel.warehouse)
    for chapter in ("Mounting", "Selling"):
        catalog.make_topic(f"How to do it: {chapter}", chapter=chapter)
    channel.fill(("LAMP-00", 24), ("LAMP-01", 12))
    return channel


def _lamp(number: int) -> dict[str, Any]:
    figures = {f"figure_{place}": number + place for place in range(4)}
    return {
        "sku": f"LAMP-{number:02}",
        "title": f"Lamp {number}",
        "title_zh": f"灯 {number}",
        "product_type": "Goods",
        "categories": "Lighting > Lamps",
        "line": "lighting",
        "unit": "pcs",
        "pack_unit": "ctn",
        "pack_size": 12,
        "sold_in_packs": number % 2 == 0,
        "attributes": {"colour": ("white", "black")[number % 2], **figures},
    }


def calls_of(work: Callable[[], Any], warm_up: int = 2) -> Calls:
    for _again in range(warm_up):
        work()
    with counted() as calls:
        work()
    return calls


@pytest.mark.parametrize("address", ["/catalogue/", "/catalogue/?view=grid"])
def test_a_page_of_the_catalogue(shop: Channel, address: str) -> None:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(shop.users["bai"])
    assert client.get(address).content.decode().count('name="sku"') == ROWS
    calls = calls_of(lambda: client.get(address))
    assert calls.total() <= 2_000, calls.most()
    assert calls["themes/qudao_themes/templatetags/qudao/components.py", "_icon_svg"] == 0


def test_an_order_in_one_step(shop: Channel) -> None:
    """A cart of its own, its lines and their submit."""
    call, address = shop.calls("bai"), shop.address_id
    lines = [{"sku": "LAMP-02", "quantity": 24}, {"sku": "LAMP-03", "quantity": 12}]

    def submit() -> None:
        answer = call("post", "orders/", {"address": address, "lines": lines})
        assert answer.status_code == 201, answer.content

    calls = calls_of(submit)
    assert calls.total() <= 1_300, calls.most()


def test_a_cart_becomes_an_order(shop: Channel) -> None:
    call, address = shop.calls("bai"), shop.address_id
    lines = [("LAMP-02", 24), ("LAMP-03", 12)]

    def submit() -> None:
        answer = call("post", "orders/", {"cart": cart, "address": address})
        assert answer.status_code == 201, answer.content

    for _warm_up in range(2):
        cart = shop.fill(*lines).cart_id
        submit()
    cart = shop.fill(*lines).cart_id
    with counted() as calls:
        submit()
    assert calls.total() <= 900, calls.most()
