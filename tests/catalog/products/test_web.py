from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from qudao_b2b_ordering.testing import make_price_list, make_warehouse, stock, stock_policy
from qudao_catalog import api as catalog
from qudao_catalog import hooks
from qudao_catalog.hooks import ProductLink
from qudao_catalog.testing import deny, grant, make_category, make_product, make_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamp(channel: Any) -> Any:
    lamp = make_product(
        "LAMP",
        title="Desk lamp",
        title_zh="台灯",
        pack=12,
        categories=[make_category("Lamps", name_zh="灯具")],
    )
    make_price_list(seller=channel.maker, audience="everyone", prices={lamp: {1: "9.5", 120: "8"}})
    stock(lamp, 40, make_warehouse(seller=channel.maker))
    stock_policy(channel.maker)
    grant("members")
    return lamp


def test_the_page_shows_facts_price_stock_and_quantity(client: Any, channel: Any, lamp: Any) -> None:
    client.force_login(channel.buyer)
    page = client.get("/products/LAMP/").content.decode()
    assert '<h1 id="product-name">Desk lamp</h1>' in page and "carton of 12" in page
    assert "9.50" in page and "8.00" in page and 'data-pack="12"' in page
    assert 'href="/catalogue/lamps/"' in page


def test_the_page_speaks_chinese(client: Any, channel: Any, lamp: Any) -> None:
    client.force_login(channel.buyer)
    page = client.get("/products/LAMP/", headers={"accept-language": "zh-hans"}).content.decode()
    assert "台灯</h1>" in page and "灯具" in page


def test_other_letters_lead_to_the_one_address(client: Any, channel: Any, lamp: Any) -> None:
    client.force_login(channel.buyer)
    assert client.get("/products/lamp/")["Location"] == "/products/LAMP/"


@pytest.mark.parametrize("sku", ["A/12", "A B", "100%", "A#1", "灯-1", "A?b"])
def test_any_sku_has_an_address(client: Any, channel: Any, sku: str) -> None:
    make_product(sku, title="Odd")
    grant("members")
    client.force_login(channel.buyer)
    from qudao_catalog.products.presenters import product_url  # noqa: PLC0415 - needs the URLs

    assert "Odd</h1>" in client.get(product_url(sku)).content.decode()


def test_who_may_not_see_it_does_not_find_it(client: Any, channel: Any, lamp: Any) -> None:
    deny("tier:gold", products=[lamp])
    for person, status in (
        (channel.buyer, 404),
        (channel.learner, 404),
        (channel.stranger, 200),
        (channel.parent_buyer, 200),
    ):
        client.force_login(person)
        assert ("Desk lamp" in client.get("/products/LAMP/").content.decode()) is (status == 200)
        assert client.get("/products/LAMP/").status_code == status


def test_a_family_shows_its_variants_as_a_table(client: Any, channel: Any) -> None:
    family = make_product("FAM", title="Family")
    make_variant(family, "FAM-1", title="One")
    hidden = make_variant(family, "FAM-2", title="Two")
    grant("members")
    deny("tier:gold", products=[hidden])
    client.force_login(channel.buyer)
    page = client.get("/products/FAM/").content.decode()
    assert "Choose a variant below." in page and ">One</a>" in page and ">Two<" not in page
    assert 'href="/products/FAM/"' in client.get("/products/FAM-1/").content.decode()


def test_a_discontinued_product_links_to_its_successor(client: Any, channel: Any, lamp: Any) -> None:
    make_product("NEW", title="New lamp")
    catalog.discontinue_product(actor=None, sku="LAMP", replacement="NEW")
    client.force_login(channel.buyer)
    page = client.get("/products/LAMP/").content.decode()
    assert "There is a successor" in page and 'href="/products/NEW/"' in page and "Discontinued" in page


def test_what_keeps_it_from_being_ordered_stands_in_the_panel(client: Any, channel: Any) -> None:
    make_product("SOON", status="announced")
    grant("members")
    client.force_login(channel.buyer)
    page = client.get("/products/SOON/").content.decode()
    assert "Announced: it cannot be ordered yet." in page and 'name="mode"' not in page


def test_other_plugins_link_from_the_page(client: Any, channel: Any, lamp: Any) -> None:
    hooks.product_links.register(
        "courses", lambda viewer, product_id: [ProductLink("course", "How to mount", f"/h/{product_id}/")]
    )
    client.force_login(channel.buyer)
    page = client.get("/products/LAMP/").content.decode()
    hooks.product_links.unregister("courses")
    assert "How to mount" in page and f'href="/h/{lamp.pk}/"' in page


def test_the_page_works_without_a_seller(client: Any, channel: Any, lamp: Any, nothing_sold: None) -> None:
    client.force_login(channel.buyer)
    page = client.get("/products/LAMP/").content.decode()
    assert "Desk lamp" in page and 'name="mode"' not in page


def test_markup_in_data_stays_text(client: Any, channel: Any) -> None:
    make_product("X", title="<script>alert(1)</script>")
    catalog.update_product(actor=None, sku="X", description="<img src=x onerror=alert(1)>Fine")
    grant("members")
    client.force_login(channel.buyer)
    for address in ("/products/X/", "/catalogue/"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page and "onerror" not in page


def test_a_larger_family_costs_the_same(client: Any, channel: Any) -> None:
    family = make_product("FAM", title="Family")
    make_variant(family)
    grant("members")
    client.force_login(channel.buyer)
    counted = []
    for _round in range(2):
        client.get("/products/FAM/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/products/FAM/")
        counted.append(len(asked))
        make_variant(family), make_variant(family)
    assert counted[0] == counted[1] <= 26
