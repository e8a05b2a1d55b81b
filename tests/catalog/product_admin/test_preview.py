"""The preview of a product as a dealer sees it: what is shown to whom, and why somebody does not see it."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client
from qudao_catalog import api as catalog
from qudao_catalog.testing import deny, grant, make_product
from qudao_core import api as core
from qudao_partner_portal.testing import make_back_office, make_company

pytestmark = pytest.mark.django_db
RIGHT = "qudao_partner_portal.preview_as_company"
EDITOR = ["catalogue.view_product", "catalogue.change_product"]


def client_of(*permissions: str) -> Client:
    client = Client()
    client.force_login(make_back_office(permissions=["wagtailadmin.access_admin", *permissions]))
    return client


@pytest.fixture
def shop() -> Any:
    maker = make_company("Maker", code="MAKER")
    gold = make_company("Gold", parent=maker, tier="gold", code="GOLD")
    silver = make_company("Silver", parent=maker, tier="silver", code="SILVER")
    lamp = make_product("LAMP", title="Lamp", title_zh="灯")
    grant("tier:gold", products=[lamp])
    return {"gold": gold, "silver": silver, "lamp": lamp, "address": f"/admin/products/preview/{lamp.pk}/"}


def test_the_page_is_shown_as_a_company_sees_it(shop: Any) -> None:
    client = client_of(*EDITOR, RIGHT)
    query = {"audience": f"company:{shop['gold'].pk}", "language": "zh-hans"}
    outer = client.get(shop["address"], query)
    assert "<iframe" in outer.content.decode()
    page = client.get(outer.context["page_url"])
    assert "灯" in page.content.decode() and "<div inert>" in page.content.decode()
    assert page["X-Frame-Options"] == "SAMEORIGIN"


def test_who_does_not_see_it_is_told_why(shop: Any) -> None:
    client = client_of(*EDITOR, RIGHT)
    deny("company:" + str(shop["silver"].pk), products=[shop["lamp"]], name="Not Silver")
    outer = client.get(shop["address"], {"audience": f"company:{shop['silver'].pk}"})
    text = outer.content.decode()
    assert "They do not see this product." in text and "Not Silver" in text and "<iframe" not in text
    inner = client.get(f"{shop['address']}page/", {"audience": f"company:{shop['silver'].pk}"})
    assert inner.status_code == 404
    catalog.update_product(actor=None, sku="LAMP", is_public=False)
    hidden = client.get(shop["address"], {"audience": f"company:{shop['gold'].pk}"}).content.decode()
    assert "switched off (not shown)" in hidden


def test_audiences_are_looked_at_without_prices_and_companies_by_right(shop: Any) -> None:
    client = client_of(*EDITOR)
    for audience, seen in (("tier:gold", True), ("tier:silver", False)):
        page = client.get(shop["address"], {"audience": audience}).content.decode()
        assert ("<iframe" in page and "Prices and stock are left out" in page) is seen
    company = client.get(shop["address"], {"audience": f"company:{shop['gold'].pk}"})
    assert company.context["form"].errors["audience"] and "<iframe" not in company.content.decode()
    unknown = client.get(shop["address"], {"audience": "tier:none"})
    assert "There is no audience tier:none." in unknown.content.decode()


def test_others_do_not_preview(shop: Any) -> None:
    for address in (shop["address"], f"{shop['address']}page/"):
        answer = client_of().get(address, {"audience": "tier:gold"})
        assert answer.status_code == 302


def test_who_sees_it_names_the_product_in_the_readers_language(shop: Any) -> None:
    address = f"/admin/products/who-sees/{shop['lamp'].pk}/"
    page = client_of(*EDITOR).get(address, headers={"accept-language": "zh-hans"}).content.decode()
    assert "<strong>灯</strong>" in page


def test_looking_as_a_company_is_recorded_in_its_history_once_an_hour(shop: Any) -> None:
    gold, other = shop["gold"], make_product("OTHER")
    client = client_of(*EDITOR, RIGHT)
    query = {"audience": f"company:{gold.pk}"}
    with time_machine.travel("2026-03-02 10:00+08:00", tick=False) as clock:
        outer = client.get(shop["address"], query)
        client.get(outer.context["page_url"])
        client.get(f"/admin/products/preview/{other.pk}/", query)
        entry = core.history(gold)[0]
        assert (entry.label, entry.actor_name) == ("Pages previewed as this company", "Olga Office")
        assert previews(gold) == 1
        clock.shift(3_601)
        client.get(f"{shop['address']}page/", query)
        assert previews(gold) == 2
    second = client_of(*EDITOR, RIGHT)
    client_of(*EDITOR).get(shop["address"], query)
    client.get(shop["address"], {"audience": "tier:gold"})
    assert previews(gold) == 2, "whom nothing was shown of the company is not named"
    second.get(shop["address"], query)
    assert previews(gold) == 3, "each person by themselves"


def previews(company: Any) -> int:
    return sum(entry.action == "qudao.company.previewed" for entry in core.history(company))
