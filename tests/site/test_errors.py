"""What people and programs see when something is wrong."""

import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from qudao_partner_portal.testing import make_back_office
from qudao_site.urls import handler400, handler403, handler404, handler500  # noqa: F401
from qudao_site.urls import urlpatterns as site_urlpatterns


def fail(request: HttpRequest, kind: str) -> HttpResponse:
    raise {"400": SuspiciousOperation, "403": PermissionDenied, "500": RuntimeError}[kind]("secret detail")


urlpatterns = [path("fail/<str:kind>/", fail), path("api/fail/<str:kind>/", fail), *site_urlpatterns]

here = override_settings(ROOT_URLCONF=__name__)


@pytest.fixture(autouse=True)
def _routes() -> Any:
    with here:
        yield


@pytest.mark.parametrize(
    ("kind", "words"), [("400", "could not read"), ("403", "Not allowed"), ("500", "Sorry")]
)
def test_pages_say_what_happened_and_what_to_do(client: Client, db: None, kind: str, words: str) -> None:
    client.raise_request_exception = False
    response = client.get(f"/fail/{kind}/")
    page = response.content.decode()
    assert response.status_code == int(kind)
    assert words in page
    assert "Go to home page" in page
    assert "secret detail" not in page
    assert "qudao_themes/css/base.css" in page


@pytest.mark.parametrize("host", ["evil.example", "evil.example:99999", "a b", "-", "x" * 5000])
@pytest.mark.parametrize(
    "path", ["/", "/accounts/login/", "/admin/", "/api/v1/me/", "/favicon.ico", "/nothing/"]
)
def test_a_host_that_is_not_ours_is_a_bad_request(client: Client, db: None, host: str, path: str) -> None:
    client.raise_request_exception = False
    response = client.get(path, headers={"host": host})
    assert response.status_code == 400, response.content[:300]
    if path.startswith("/api/"):
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["code"] == "malformed"
    else:
        assert "could not read" in response.content.decode()


def test_a_host_that_is_not_ours_is_refused_under_brands_by_host(
    client: Client, db: None, settings: Any
) -> None:
    """Choosing a brand asks for the host again."""
    settings.QUDAO_BRANDS = {**getattr(settings, "QUDAO_BRANDS", {}), "sites": {"shop.example": "default"}}
    client.raise_request_exception = False
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_a_failure_names_the_request_so_that_it_can_be_found(client: Client, db: None) -> None:
    client.raise_request_exception = False
    response = client.get("/fail/500/")
    assert response["X-Request-ID"] in response.content.decode()


def test_the_failure_page_needs_no_database(client: Client) -> None:
    """No `db` fixture: touching the database would raise."""
    client.raise_request_exception = False
    assert client.get("/fail/500/").status_code == 500


@pytest.mark.parametrize("kind", ["400", "403", "500"])
def test_programs_get_a_problem(client: Client, db: None, kind: str) -> None:
    client.raise_request_exception = False
    response = client.get(f"/api/fail/{kind}/")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == int(kind)
    assert "secret detail" not in response.content.decode()


def test_a_missing_page_is_said_in_the_readers_language(client: Client, db: None) -> None:
    response = client.get("/nothing/here/", headers={"accept-language": "zh-hans"})
    assert response.status_code == 404
    assert re.search(r'<html\s+lang="zh-hans"', response.content.decode())


def test_a_stale_form_is_told_to_reload(buyer: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(buyer)
    response = browser.post("/accounts/logout/")
    assert response.status_code == 403
    assert "open for too long" in response.content.decode()


def test_robots_and_icon(client: Client, db: None) -> None:
    assert b"Disallow: /" in client.get("/robots.txt").content
    icon = client.get("/favicon.ico")
    assert (icon.status_code, icon["Location"].endswith(".svg")) == (302, True)


@pytest.mark.parametrize(
    "address",
    [
        "/admin/products/edit/abc/",
        "/admin/products/edit/%00x/",
        "/admin/products/history/1%27%22%3E/",
        "/admin/products/usage/abc/",
        "/admin/products/delete/a_2Fb/",
        "/admin/stockterms/edit/abc/",
        "/admin/handbook-translations/history-results/abc/",
        "/admin/handbook-translations/history/9999999999999999999999/",
        "/admin/handbook-translations/follow/9999999999999999999/",
        "/admin/product-chooser/chosen/abc/",
        "/admin/product-chooser/chosen-multiple/?id=abc",
        "/admin/choose-page/chosen-multiple/?id=1&id=abc",
    ],
)
def test_a_key_in_the_address_that_cannot_be_one_belongs_to_nothing(
    client: Client, db: None, address: str
) -> None:
    client.raise_request_exception = False
    client.force_login(make_back_office(is_superuser=True))
    response = client.get(address)
    assert response.status_code == 404, address
