"""What forms of Wagtail's admin ask before they send: who is signed in, without ever getting the sign-in page."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from qudao_partner_portal.testing import make_back_office, make_company, make_person

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/channel/session/"
BY_SCRIPT = {"X-Requested-With": "fetch"}


def test_it_says_who_is_signed_in_and_brings_a_token_that_is_taken() -> None:
    olga = make_back_office("Olga Office", is_superuser=True)
    client = Client(enforce_csrf_checks=True)
    client.force_login(olga)
    answer = client.get(ADDRESS, headers=BY_SCRIPT)
    assert answer.json()["person"] == str(olga.pk)
    assert "no-store" in answer.headers["Cache-Control"]
    token = answer.json()["token"]
    sent = client.post("/admin/channel/tiers/new/", {"code": "h", "name": "H", "csrfmiddlewaretoken": token})
    assert sent.status_code == 200  # asked for more, and not refused as forged
    assert client.post(ADDRESS, {"csrfmiddlewaretoken": token}).status_code == 405


def test_somebody_signed_out_is_told_so() -> None:
    answer = Client().get(ADDRESS, headers=BY_SCRIPT)
    assert (answer.status_code, answer.content) == (401, b"")


def test_somebody_without_the_back_office_learns_nothing() -> None:
    client = Client()
    client.force_login(make_person(make_company(), roles=["admin"]))
    answer = client.get(ADDRESS, headers=BY_SCRIPT)
    assert answer.status_code in {302, 403}


def test_every_page_of_the_admin_has_the_script_in_the_persons_language() -> None:
    client = Client()
    client.force_login(make_back_office("Olga Office", is_superuser=True))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    page = client.get("/admin/channel/companies/").content.decode()
    assert page.index("office.js") < page.index("pickers.js")
    assert f'data-session="{ADDRESS}"' in page
    assert "登录已失效" in page
