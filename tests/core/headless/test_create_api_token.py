"""A token without a browser: from the server's command line, or with name, password and second factor."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from qudao_core.headless.models import ApiToken
from qudao_partner_portal import testing
from qudao_partner_portal.models import Company


def make(*arguments: str) -> str:
    out = StringIO()
    call_command("create_api_token", *arguments, stdout=out)
    return out.getvalue().strip()


def test_the_command_prints_a_token_that_works(buyer: Any, dealer: Company) -> None:
    token = make(
        buyer.email.upper(), "--company", dealer.code, "--name", "SAP", "--read-only", "--days", "30"
    )
    client = Client(headers={"authorization": f"Bearer {token}"})
    assert client.get("/api/v1/me/").json()["company"]["code"] == dealer.code
    row = ApiToken.objects.get()
    assert (row.name, row.read_only, row.company_id) == ("SAP", True, dealer.pk)
    assert row.expires_at is not None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nobody@example.com",), "Nobody signs in as nobody@example.com."),
        (("--company", "NONE"), "does not work for a company NONE."),
        (("--days", "-1"), "The expiry date is in the past."),
    ],
)
def test_the_command_says_what_is_wrong(buyer: Any, arguments: tuple[str, ...], words: str) -> None:
    who = () if "@" in arguments[0] else (buyer.email,)
    with pytest.raises(CommandError, match=words):
        make(*who, *arguments)
    assert not ApiToken.objects.exists()


def test_a_company_the_person_does_not_work_for_is_refused(buyer: Any, maker: Company) -> None:
    with pytest.raises(CommandError, match="does not work for"):
        make(buyer.email, "--company", maker.code)


def test_name_and_password_open_a_session_that_makes_a_token(buyer: Any) -> None:
    buyer.set_password("correct horse 7")
    buyer.save()
    testing.verify_email(buyer) if hasattr(testing, "verify_email") else None
    client = Client()
    given = {"email": buyer.email, "password": "correct horse 7"}
    answer = client.post("/_allauth/app/v1/auth/login", given, content_type="application/json").json()
    session = answer["meta"]["session_token"]
    made = Client(headers={"x-session-token": session}).post(
        "/api/v1/tokens/", {"name": "ERP"}, content_type="application/json"
    )
    assert made.status_code == 201
    program = Client(headers={"authorization": f"Bearer {made.json()['token']}"})
    assert program.get("/api/v1/me/").json()["person"]["email"] == buyer.email
