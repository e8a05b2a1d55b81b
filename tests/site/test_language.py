"""Which language a page speaks: the browser's, the chosen one, the person's."""

import re
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

SWITCH = "/i18n/setlang/"


def language(client: Client, **headers: str) -> str:
    return client.get("/accounts/login/", headers=headers)["Content-Language"]


def test_a_browser_is_answered_in_its_language(client: Client, db: None) -> None:
    assert language(client) == "en"
    assert language(client, **{"accept-language": "zh-CN,zh;q=0.9"}) == "zh-hans"
    assert language(client, **{"accept-language": "fr"}) == "en"


def test_the_switch_is_kept_in_the_browser(client: Client, db: None) -> None:
    response = client.post(SWITCH, {"language": "zh-hans", "next": "/accounts/login/?a=1"})
    assert response["Location"] == "/accounts/login/?a=1"
    assert language(client, **{"accept-language": "en"}) == "zh-hans"


def test_the_switch_is_kept_on_the_person_and_found_on_another_device(client: Client, buyer: Any) -> None:
    client.force_login(buyer)
    client.post(SWITCH, {"language": "zh-hans"})
    buyer.refresh_from_db()
    assert buyer.language == "zh-hans"

    other = Client()
    other.force_login(buyer)
    page = other.get("/accounts/2fa/", headers={"accept-language": "en"})
    assert page["Content-Language"] == "zh-hans"
    assert page.cookies["qudao_language"].value == "zh-hans"


def test_a_person_without_a_wish_keeps_the_browsers_language(client: Client, buyer: Any) -> None:
    client.force_login(buyer)
    page = client.get("/accounts/2fa/", headers={"accept-language": "zh-hans"})
    assert page["Content-Language"] == "zh-hans"
    assert "qudao_language" not in page.cookies


@pytest.mark.parametrize("wish", ["xx", "", "zh-hant", "en; DROP"])
def test_an_unknown_language_changes_nothing(client: Client, db: None, wish: str) -> None:
    assert client.post(SWITCH, {"language": wish})["Location"] == "/"
    assert language(client) == "en"


def test_the_switch_leads_to_no_other_host(client: Client, db: None) -> None:
    response = client.post(SWITCH, {"language": "en", "next": "//evil.example/"})
    assert response["Location"] == "/"


def test_the_switch_takes_no_get(client: Client, db: None) -> None:
    assert client.get(SWITCH).status_code == 405


@pytest.mark.parametrize("password", ["short", "12345678901", "password12345"])
def test_what_is_wrong_with_a_password_is_said_in_chinese(password: str) -> None:
    """Libraries change their sentences: a translation of ours for an older one would be met by nobody."""
    with translation.override("zh-hans"), pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert not re.search("[A-Za-z]", " ".join(refused.value.messages))
