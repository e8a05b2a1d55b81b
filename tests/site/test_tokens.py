"""API tokens and the sign-in behind them: made by who has just confirmed it, ended with the password."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from qudao_core.headless.services import create_token
from qudao_core.models import ApiToken
from qudao_partner_portal.testing import viewer_of

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def signed_in(client: Client, buyer: Any) -> Client:
    buyer.set_password(PASSWORD)
    buyer.save()
    client.post("/accounts/login/", {"login": buyer.email, "password": PASSWORD})
    return client


def grow_old(client: Client) -> None:
    session = client.session
    session["account_authentication_methods"] = [
        record | {"at": record["at"] - 3600} for record in session["account_authentication_methods"]
    ]
    session.save()


def test_an_old_session_confirms_itself_before_it_makes_a_token(signed_in: Client) -> None:
    assert signed_in.post("/company/tokens/", {"name": "ERP"}).status_code == 200
    grow_old(signed_in)
    response = signed_in.post("/company/tokens/", {"name": "Second"})
    assert response["Location"] == "/accounts/reauthenticate/?next=%2Fcompany%2Ftokens%2F"
    refused = signed_in.post("/api/v1/tokens/", {"name": "Third"}, "application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "sign_in_again")
    assert ApiToken.objects.count() == 1
    signed_in.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert signed_in.post("/api/v1/tokens/", {"name": "Third"}, "application/json").status_code == 201


def test_a_token_makes_no_tokens(buyer: Any) -> None:
    _token, secret = create_token(viewer=viewer_of(buyer), name="ERP")
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    refused = client.post("/api/v1/tokens/", {"name": "Heir"}, "application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "token_makes_no_token")


def test_a_token_ends_after_a_year_when_nobody_says_when(buyer: Any, settings: Any) -> None:
    token, _secret = create_token(viewer=viewer_of(buyer), name="ERP")
    assert token.expires_at is not None
    assert 364 <= (token.expires_at - timezone.now()).days <= 365
    settings.QUDAO_API_TOKEN_DAYS = 0
    assert create_token(viewer=viewer_of(buyer), name="BI")[0].expires_at is None


@pytest.mark.parametrize("way", ["page", "set", "command"])
def test_a_new_password_ends_tokens_whoever_sets_it(
    signed_in: Client, buyer: Any, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _token, secret = create_token(viewer=viewer_of(buyer), name="ERP")
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    assert program.get("/api/v1/me/").status_code == 200
    new = "another horse battery"
    if way == "page":
        form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
        assert signed_in.post("/accounts/password/change/", form).status_code == 302
    elif way == "set":
        buyer.set_password(new)
        buyer.save()
    else:
        monkeypatch.setattr("getpass.getpass", lambda prompt="": new)
        call_command("changepassword", buyer.email, verbosity=0)
    answer = program.get("/api/v1/me/")
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")


def test_a_stronger_hash_of_the_same_password_ends_nothing(
    signed_in: Client, buyer: Any, settings: Any
) -> None:
    token, _secret = create_token(viewer=viewer_of(buyer), name="ERP")
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    Client().post("/accounts/login/", {"login": buyer.email, "password": PASSWORD})
    buyer.refresh_from_db()
    token.refresh_from_db()
    assert buyer.password.startswith("pbkdf2")
    assert token.revoked_at is None
