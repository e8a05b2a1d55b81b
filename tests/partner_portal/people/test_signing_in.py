"""A session that has ended: where every kind of request is sent, and where the person stands afterwards."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/?next="
HTMX = {"hx-request": "true", "hx-current-url": "http://testserver/catalogue/?q=LH"}


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/cart/lines/", "post"),
        ("/cart/lines/7/", "post"),
        ("/cart/lines/7/remove/", "post"),
        ("/catalogue/", "get"),
        ("/search/", "get"),
        ("/company/branch/", "get"),
    ],
)
def test_a_script_is_told_to_sign_in_and_never_gets_the_page(path: str, method: str) -> None:
    answer = getattr(Client(), method)(path, headers=HTMX)
    assert (answer.status_code, answer.content) == (401, b"")
    assert answer["HX-Redirect"] == f"{LOGIN}/catalogue/%3Fq%3DLH"


def test_a_fetch_of_ours_is_told_the_same() -> None:
    headers = {"x-requested-with": "fetch", "referer": "http://testserver/catalogue/"}
    answer = Client().get("/search/suggestions/?q=a", headers=headers)
    assert (answer.status_code, answer["HX-Redirect"]) == (401, f"{LOGIN}/catalogue/")


def test_without_its_csrf_cookie_a_script_is_told_to_sign_in_as_well() -> None:
    answer = Client(enforce_csrf_checks=True).post("/cart/lines/", {"sku": "A"}, headers=HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (401, f"{LOGIN}/catalogue/%3Fq%3DLH")


def test_a_form_leads_back_to_its_page_and_not_to_an_address_that_takes_only_forms() -> None:
    browser = Client(enforce_csrf_checks=True)
    for client in (Client(), browser):
        answer = client.post("/cart/lines/7/remove/", headers={"referer": "http://testserver/cart/"})
        assert (answer.status_code, answer["Location"]) == (302, f"{LOGIN}/cart/")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "",
        "http://testserver//evil.example/",
    ],
)
def test_no_other_site_is_a_page_to_go_back_to(elsewhere: str) -> None:
    answer = Client().post("/cart/lines/", headers={"hx-request": "true", "hx-current-url": elsewhere})
    assert answer["HX-Redirect"] == f"{LOGIN}/"


def test_a_page_is_redirected_as_ever() -> None:
    answer = Client().get("/orders/?status=open")
    assert answer["Location"] == "/accounts/login/?next=/orders/%3Fstatus%3Dopen"


def test_another_session_than_the_pages_loads_the_page_anew(client: Client) -> None:
    from qudao_partner_portal import testing as people  # noqa: PLC0415 - one use

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(people.make_person(people.make_company(), roles=["buyer"]))
    answer = browser.post("/cart/lines/", {"sku": "A"}, headers=HTMX)
    assert (answer.status_code, answer["HX-Refresh"]) == (403, "true")
    assert browser.get("/cart/")["Cache-Control"] == "private, no-store"
