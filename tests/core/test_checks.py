"""What a host forgot is said by ``manage.py check``."""

from typing import Any

import pytest
from qudao_core.checks import check_installation


def ids() -> list[str]:
    return [str(found.id).rpartition(".")[2] for found in check_installation(None)]


def test_the_reference_site_forgot_nothing() -> None:
    assert ids() == []


def test_what_is_missing_is_named(settings: Any) -> None:
    settings.MIDDLEWARE = []
    settings.WAGTAILADMIN_BASE_URL = ""
    settings.LOGIN_URL = "/sign-in-that-is-not-there/"
    assert ids() == ["E001", "W003", "W002", "W004"]
    assert all(found.hint for found in check_installation(None))


@pytest.mark.parametrize("address", ["account_login", "/accounts/login/", "https://sso.example.com/login"])
def test_a_sign_in_page_may_be_named_in_any_way(settings: Any, address: str) -> None:
    settings.LOGIN_URL = address
    assert ids() == []


def test_an_api_that_cannot_describe_itself_is_named(settings: Any) -> None:
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {
        "DEFAULT_SCHEMA_CLASS": "rest_framework.schemas.openapi.AutoSchema"
    }
    assert ids() == ["E003"]
