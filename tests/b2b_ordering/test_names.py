"""Products and lists go by their name in the reader's language, wherever the back office or the API lists them."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from qudao_b2b_ordering import testing as ordering
from qudao_b2b_ordering.models import PriceList, StockLevel, StockMovement, StockTerms
from qudao_partner_portal.testing import make_back_office

from .channel import Channel

pytestmark = pytest.mark.django_db

LISTS = ("stock-levels", "stockmovement", "arrivals", "stockterms", "products")


@pytest.fixture
def goods(channel: Channel) -> Channel:
    for number in range(1, 4):
        product = channel.product(f"LAMP-{number}", title=f"Downlight {number}", title_zh=f"筒灯{number}号")
        ordering.make_arrival(product, 5, date(2030, 1, 1), channel.warehouse)
        StockTerms.objects.create(product=product, backorder=True)
        level = StockLevel.objects.get(product=product)
        StockMovement.objects.create(level=level, kind="count", quantity=5)
    PriceList.objects.update(name="Everyone", name_zh="通用价")
    return channel


def office(language: str) -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(make_back_office("Rosa", is_superuser=True))
    return client


@pytest.mark.parametrize("name", LISTS)
def test_lists_of_the_back_office_name_products_in_the_readers_language(goods: Channel, name: str) -> None:
    chinese = office("zh-hans").get(f"/admin/{name}/").content.decode()
    assert "筒灯1号" in chinese and "Downlight 1" not in chinese
    english = office("en").get(f"/admin/{name}/").content.decode()
    assert "Downlight 1" in english and "筒灯1号" not in english


@pytest.mark.parametrize("name", [*LISTS, "price-lists"])
def test_names_cost_the_same_for_one_row_and_for_three(goods: Channel, name: str) -> None:
    client, counts = office("zh-hans"), []
    client.get(f"/admin/{name}/", {"q": "LAMP-1"})  # the first search reads the synonyms
    for text in ("LAMP-1", "LAMP-"):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/admin/{name}/", {"q": text})
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", ["stock-levels", "arrivals", "stockterms", "stockmovement"])
def test_products_are_found_by_their_chinese_name(goods: Channel, name: str) -> None:
    page = office("zh-hans").get(f"/admin/{name}/", {"q": "筒灯2"}).content.decode()
    assert "筒灯2号" in page and "筒灯1号" not in page


def test_prices_name_products_and_lists(goods: Channel) -> None:
    address = f"/admin/price-lists/prices/{goods.price_list.pk}/"
    page = office("zh-hans").get(address, {"q": "筒灯2"}).content.decode()
    assert "筒灯2号" in page and "筒灯1号" not in page and "通用价" in page
    assert "Everyone" in office("en").get(address).content.decode()
    assert "通用价" in office("zh-hans").get("/admin/price-lists/").content.decode()


def test_the_api_names_them_in_the_language_asked_for(goods: Channel) -> None:
    for language, title in (("zh-hans", "筒灯1号"), ("en", "Downlight 1")):
        calls: Any = goods.calls("ada", language)
        rows = calls.ok("get", "price-lists/everyone/prices/?search=LAMP-1")["results"]
        assert [row["title"] for row in rows] == [title]
        levels = calls.ok("get", "stock/levels/?search=LAMP-1")["results"]
        assert [row["title"] for row in levels] == [title]


def test_why_a_price_names_the_list_for_its_reader(goods: Channel) -> None:
    for language, name in (("zh-hans", "通用价"), ("en", "Everyone")):
        found = goods.calls("bai", language).ok("post", "prices/explain/", {"sku": "LAMP-1"})
        assert found["price_list"]["name"] == name


def test_a_list_keeps_both_names(goods: Channel) -> None:
    calls = goods.calls("ada")
    given = {"code": "new", "name": "Season", "name_zh": " 季节价 ", "currency": "CNY"}
    made = calls.ok("post", "price-lists/", given, status=201)
    assert (made["name"], made["name_zh"]) == ("Season", "季节价")
