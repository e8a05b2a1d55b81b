"""The home page: what waits first, in a stable order; navigation of whoever is looking."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from qudao_partner_portal import hooks
from qudao_partner_portal.hooks import Link, NavItem, Tile
from qudao_partner_portal.models import Company
from qudao_partner_portal.testing import make_address, make_company, make_invoice_title, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def dealer() -> Company:
    company = make_company("Dealer", parent=make_company("Brand"))
    make_address(company)
    make_invoice_title(company)
    return company


@pytest.fixture
def plugin() -> Iterator[None]:
    """Another plugin's tiles, navigation and page about a company."""

    def tile(key: str, waiting: int) -> Any:
        template = "qudao_partner_portal/tiles/setup.html"
        context = {"todo": [{"label": f"do {key}", "href": "/x/", "icon": "check"}]}
        return lambda viewer, request: [Tile(key, template, context, waiting=waiting)]

    hooks.tiles.register("zz-news", tile("news", 0), order=1)
    hooks.tiles.register("zz-exams", tile("exams", 2), order=2)
    hooks.navigation.register(
        "zz", lambda viewer, request: [NavItem("zz", "Courses", "/courses/", "book", badge=3)], order=50
    )
    hooks.company_links.register("zz", lambda viewer, company_id: Link("Scorecard", f"/scores/{company_id}/"))
    yield
    for registry, key in ((hooks.tiles, "zz-news"), (hooks.tiles, "zz-exams"), (hooks.navigation, "zz")):
        registry.unregister(key)
    hooks.company_links.unregister("zz")


def page(user: Any, path: str = "/") -> str:
    client = Client()
    client.force_login(user)
    return client.get(path).content.decode()


def test_what_waits_stands_before_what_is_news(dealer: Company, plugin: None) -> None:
    make_person(dealer, roles=["admin"])
    html = page(make_person(dealer, roles=["admin"]))
    assert 0 < html.index("do exams") < html.index("do news")
    assert "2 items need your attention." in html


def test_plugins_extend_navigation_and_company_pages(dealer: Company, plugin: None) -> None:
    html = page(make_person(dealer, roles=["buyer"]), "/company/")
    assert 'href="/courses/"' in html and "Courses" in html
    assert f'href="/scores/{dealer.pk}/"' in html and "Scorecard" in html


def test_an_administrator_with_nothing_to_set_up_is_not_asked_to(dealer: Company) -> None:
    make_person(dealer, roles=["buyer"])
    assert "Set up your company" not in page(make_person(dealer, roles=["admin"]))


def test_a_buyer_is_not_asked_to_set_up_the_company() -> None:
    dealer = make_company("Bare", parent=make_company("Brand"))
    assert "Set up your company" not in page(make_person(dealer, roles=["buyer"]))
    assert "Set up your company" in page(make_person(dealer, roles=["admin"]))


def test_guests_get_in_where_the_catalogue_is_open(settings: Any) -> None:
    settings.QUDAO_OPEN_CATALOGUE = True
    response = Client().get("/")
    assert response.status_code == 200
    assert "Welcome" in response.content.decode()
