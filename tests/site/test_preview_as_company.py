"""Every page of every plugin in a preview as a company: what it shows, and that nothing else gets out."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from qudao_b2b_ordering import testing as ordering
from qudao_b2b_ordering import urls as ordering_urls
from qudao_catalog import testing as catalog
from qudao_catalog import urls as catalog_urls
from qudao_learning import urls as learning_urls
from qudao_partner_portal import testing as portal
from qudao_partner_portal import urls as portal_urls
from qudao_partner_portal.models import Company
from qudao_partner_portal.previewing.rules import RIGHT
from qudao_search import urls as search_urls
from qudao_search.models import QueryLog

from tests.site.test_page_access import address, routes_of
from tests.site.world import World, make_world

pytestmark = pytest.mark.django_db
OFFICE = ["wagtailadmin.access_admin", RIGHT]
PRICES, ORDERS = "qudao_b2b_ordering.view_pricelist", "qudao_b2b_ordering.view_order"
STOCK = "qudao_b2b_ordering.view_stocklevel"
#: What a preview shows; every other page of a plugin is refused, also those nobody has written yet.
SHOWN = {
    "",
    "catalogue/",
    "catalogue/<path:slug>/",
    "products/<path:sku>/",
    "handbooks/",
    "search/",
    "search/suggestions/",
}
#: Files and the way in, for everybody alike.
OPEN = {"pictures/<int:width>/<path:name>.webp"}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def looking(world: World) -> Callable[..., Client]:
    """Somebody with these rights looks as somebody of the company."""

    def look(*rights: str, company: Any = None, role: str = "admin") -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(portal.make_back_office("Vera Viewer", permissions=[*OFFICE, *rights]))
        given = {"company": (company or world.channel.dealer).pk, "role": role}
        assert client.post(reverse("qudao_preview"), given).status_code == 302
        return client

    return look


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return str(answer.content.decode())


def test_pages_that_are_not_named_here_are_refused(world: World, looking: Callable[..., Client]) -> None:
    client = looking(PRICES, ORDERS, "qudao_partner_portal.view_company")
    sources = (
        search_urls.web_urlpatterns,
        portal_urls.web_urlpatterns,
        catalog_urls.web_urlpatterns,
        ordering_urls.web_urlpatterns,
        learning_urls.web_urlpatterns,
    )
    routes = {route for patterns in sources for route in routes_of(patterns)} - OPEN
    wrong = {}
    for route in sorted(routes - SHOWN - {"prices/", "preview/end/"}):
        answer = client.get(address(world, route))
        if answer.status_code != 403 or b"cannot be previewed" not in answer.content:
            wrong[route] = answer.status_code
    assert wrong == {}
    assert routes >= SHOWN


def test_a_look_gets_no_record_of_the_company_out(world: World, looking: Callable[..., Client]) -> None:
    channel = world.channel
    order = channel.order(("SKU-1", 5))
    secrets = [order.number, "10.00", "Li Lei", "Bai Buyer"]
    Company.objects.filter(pk=channel.dealer.pk).update(tax_number="91510100SECRET")
    client = looking()
    for path in ("/", "/catalogue/", "/products/SKU-1/", "/search/?q=SKU-1", "/handbooks/"):
        answer = client.get(path, follow=True)
        body = answer.content.decode()
        for secret in [*secrets, "91510100SECRET"]:
            assert secret not in body, (path, secret)


def test_prices_are_shown_to_whoever_may_see_them(world: World, looking: Callable[..., Client]) -> None:
    hidden = text(looking(role="buyer"), "/products/SKU-1/")
    assert "Price hidden in this preview." in hidden and "10.00" not in hidden
    assert "Price on request" not in hidden
    client = looking(PRICES, role="buyer")
    assert "10.00" in text(client, "/products/SKU-1/") and "10.00" in text(client, "/catalogue/")
    why = reverse("ordering:why-price") + "?sku=SKU-1"
    assert "10.00" in text(client, why)
    text(looking(), why, status=403)


def test_stock_is_shown_to_whoever_may_see_it(world: World, looking: Callable[..., Client]) -> None:
    channel = world.channel
    ordering.stock_policy(channel.maker, f"company:{channel.dealer.pk}", mode="exact")
    channel.product("SKU-7", stock=7391)
    for path in ("/products/SKU-7/", "/catalogue/"):
        for rights, is_shown in (((PRICES,), False), ((PRICES, STOCK), True)):
            shown = text(looking(*rights, role="buyer"), path)
            assert ("7,391" in shown) is is_shown, (path, rights)


def test_the_price_is_that_of_the_company(world: World, looking: Callable[..., Client]) -> None:
    channel = world.channel
    product = channel.product("SKU-7", "10.00")
    contract = f"company:{channel.dealer.pk}"
    ordering.make_price_list(seller=channel.maker, audience=contract, prices={product: {1: "31.37"}})
    assert "31.37" in text(looking(PRICES, role="buyer"), "/products/SKU-7/")
    other = looking(PRICES, company=channel.stranger, role="buyer")
    assert "31.37" not in text(other, "/products/SKU-7/")


def main_of(html: str) -> str:
    """What stands between the shell and the end, without what names the person or the moment."""
    html = re.sub(r'<aside class="qd-mode-band".*?</aside>', "", html, flags=re.S)
    html = html[html.index("<main") : html.index("</main>")]
    html = re.sub(
        r'(data-qd-query=|name="csrfmiddlewaretoken" value=|nonce=|data-qd-key=|name="request_key" value=)"[^"]*"',
        "",
        html,
    )
    return re.sub(r"\s+", " ", html)


@pytest.mark.parametrize("path", ["/catalogue/", "/products/SKU-9/", "/search/?q=SKU-9", "/handbooks/"])
@pytest.mark.parametrize("name", ["bo", "stu", "pat"])
def test_a_page_is_the_one_the_member_sees(
    world: World, looking: Callable[..., Client], path: str, name: str
) -> None:
    world.channel.product("SKU-9")
    member = world.channel.users[name].memberships.get()
    seen = Client(headers={"accept-language": "en"})
    seen.force_login(world.channel.users[name])
    roles = member.roles.get().role
    client = looking(PRICES, ORDERS, STOCK, company=member.company, role=roles)
    theirs, shown = seen.get(path, follow=True), client.get(path, follow=True)
    assert theirs.redirect_chain == shown.redirect_chain
    assert main_of(shown.content.decode()) == main_of(theirs.content.decode())


def test_no_search_of_a_preview_is_noted(world: World, looking: Callable[..., Client]) -> None:
    """Whichever field it is typed into."""
    book = catalog.make_topic("Mounting SKU-1").get_parent().get_parent()
    client = looking()
    for path in ("/catalogue/", book.url, reverse("site-search:search")):
        text(client, f"{path}?q=SKU-1")
    connection.check_constraints()
    assert not QueryLog.objects.exists()


def test_a_product_that_is_hidden_says_why(world: World, looking: Callable[..., Client]) -> None:
    secret = catalog.make_product("SKU-8")
    client = looking()
    catalog.grant("kind:agent", products=[secret])
    members = "SKU-8"
    answer = text(client, f"/products/{members}/")
    assert "SKU-8" in answer  # the assortment for members holds everything
    denied = catalog.make_product("SKU-6")
    catalog.deny("kind:dealer", products=[denied])
    assert "Not visible to Chengdu Lamps: the assortment" in text(client, "/products/SKU-6/", status=404)
    assert "cannot" not in text(client, "/products/NONE/", status=404)
    gone = catalog.make_product("SKU-5", is_public=False)
    assert gone and "the product is switched off" in text(client, "/products/SKU-5/", status=404)


def test_orders_on_the_home_page_need_the_right_to_see_orders(
    world: World, looking: Callable[..., Client]
) -> None:
    order = world.channel.order(("SKU-1", 5))
    assert order.number not in text(looking(role="buyer"), "/")
    assert order.number in text(looking(ORDERS, role="buyer"), "/")


def test_a_topic_in_the_handbook_is_the_dealer_s(world: World, looking: Callable[..., Client]) -> None:
    from qudao_catalog.handbook.models import TopicPage  # noqa: PLC0415 - needs the settings

    topic = TopicPage.objects.get(slug="own")
    assert "For one dealer" in text(looking(), topic.url)
    hidden = text(looking(company=world.channel.stranger), topic.url, status=404)
    assert "Not visible to Kunming Lights: the audience is Company: D-1 Chengdu Lamps." in hidden


OWN_PAGES = [
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/login/",
    "/styleguide/",
    "/api/v1/",
    "/_allauth/browser/v1/auth/session",
]


@pytest.mark.parametrize("path", OWN_PAGES)
def test_pages_of_others_are_refused_by_the_same_rule(looking: Callable[..., Client], path: str) -> None:
    """Account pages and the reference of the API would show whoever looks, under the name of the company."""
    client = looking()
    page = client.get(path)
    assert page.status_code == 403 and b"cannot be previewed" in page.content
    assert b"End preview" in page.content or b"vera" not in page.content.lower()
    script = client.get(path, headers={"accept": "application/json"})
    assert (script.status_code, script.json()["code"]) == (403, "not_in_preview")
    client.post("/preview/end/")
    assert client.get(path).status_code != 403


def test_what_is_nobodys_is_open_and_programs_are_themselves(looking: Callable[..., Client]) -> None:
    client = looking()
    for path, status in (
        ("/robots.txt", 200),
        ("/favicon.ico", 302),
        ("/api/v1/schema/", 200),
        ("/api/v1/products/", 200),
        ("/api/v1/nothing/", 404),
        ("/nothing/", 404),
    ):
        assert client.get(path).status_code == status, path
