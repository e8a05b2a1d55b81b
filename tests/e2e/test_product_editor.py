"""A product from nothing in Chromium: names, picture, attributes, pack, price, stock; then a dealer sees it."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer
from qudao_b2b_ordering.testing import make_price_list, make_warehouse, stock_policy
from qudao_catalog.products.models import ProductProfile
from qudao_catalog.testing import grant, make_category, make_line, make_tax_class, make_type, make_unit
from qudao_partner_portal.testing import make_back_office, make_company, make_person
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop() -> dict[str, Any]:
    maker = make_company("Maker", code="MAKER", is_seller=True)
    dealer = make_company("Dealer", parent=maker, code="DEALER")
    for code in ("pcs", "ctn"):
        make_unit(code)
    make_line("lighting")
    make_category("Lamps")
    make_type("Lamps", power="float", colour="option:white|black")
    make_type("Cables", length="float", power="float")
    grant("members")
    get_image_model().objects.create(title="Front", file=get_test_image_file("front.png"))
    return {
        "dealer": dealer,
        "buyer": make_person(dealer, roles=["buyer"]),
        "office": make_back_office("Olga Office", is_superuser=True),
        "list": make_price_list("retail", seller=maker, audience="everyone", prices={}),
        "main": make_warehouse("main", seller=maker),
        "policy": stock_policy(maker, "everyone", mode="exact"),
        "tax": make_tax_class(),
    }


def page_of(chromium: Browser, live_server: LiveServer, person: Any) -> Page:
    client = Client()
    client.force_login(person)
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    context.set_default_timeout(60_000)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    return context.new_page()


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def test_a_product_is_made_from_nothing_and_seen_by_a_dealer(
    chromium: Browser, live_server: LiveServer, shop: dict[str, Any]
) -> None:
    page = page_of(chromium, live_server, shop["office"])
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_server.url}/admin/products/new/")
    page.fill("[name=sku]", "LH-1")
    page.fill("[name=title]", "Downlight")
    page.fill("[name=title_zh]", "筒灯")
    page.select_option("[name=line]", label="Lighting")
    page.get_by_label("Lamps", exact=True).check()
    _choose_type(page)
    tab(page, "Pictures")
    page.get_by_role("button", name="Add picture").click()
    page.get_by_role("button", name="Choose an image").click()
    page.locator(".modal").get_by_role("link", name="Front").first.click()
    page.locator("[name=pictures-0-image_id][value]").wait_for(state="attached")
    tab(page, "Units and packs")
    page.select_option("[name=unit]", label="piece")
    page.select_option("[name=pack_unit]", label="carton")
    page.fill("[name=pack_size]", "12")
    page.check("[name=sold_in_packs]")
    page.select_option("[name=tax_class]", str(shop["tax"].pk))
    tab(page, "Prices and stock")
    page.fill(f"[name=prices--list-{shop['list'].pk}]", "19.5")
    page.fill(f"[name=stock--warehouse-{shop['main'].pk}]", "240")
    page.get_by_role("button", name="Create", exact=True).click()
    page.wait_for_url("**/admin/products/edit/*/")
    assert complaints == []
    profile = ProductProfile.objects.get(sku="LH-1")
    assert profile.product.images.count() == 1 and profile.pack_size == 12
    assert {row.attribute.code: str(row.value_as_text) for row in profile.product.attribute_values.all()} == {
        "power": "7.5",
        "colour": "white",
    }
    _see_it(page_of(chromium, live_server, shop["buyer"]), live_server)


def _choose_type(page: Page) -> None:
    """Another type and back again: what was typed for the first is still there."""
    page.select_option("[name=product_type]", "Lamps")
    tab(page, "Attributes")
    page.select_option("[name='attribute:colour']", "white")
    page.fill("[name='attribute:power']", "7.5")
    tab(page, "Product")
    page.select_option("[name=product_type]", "Cables")
    page.locator("[name='attribute:length']").wait_for(state="attached")
    page.select_option("[name=product_type]", "Lamps")
    page.locator("select[name='attribute:colour']").wait_for(state="attached")
    tab(page, "Attributes")
    expect(page.locator("[name='attribute:power']")).to_have_value("7.5")
    expect(page.locator("select[name='attribute:colour']")).to_have_value("white")


def _see_it(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/products/LH-1/")
    text = page.locator("main").inner_text()
    for shown in ("Downlight", "7.5", "19.50", "12"):
        assert shown in text, text
    assert page.locator("main img").first.evaluate("image => image.naturalWidth") > 0
