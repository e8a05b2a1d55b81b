"""Who calls the API: tokens, sessions, guests."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from qudao_core.api import NotFound, Refusal, history
from qudao_core.headless.models import ApiToken
from qudao_core.headless.queries import tokens_of
from qudao_core.headless.services import create_token, revoke_token
from qudao_core.viewer import Viewer
from qudao_partner_portal import testing
from qudao_partner_portal.models import Company, Membership

pytestmark = pytest.mark.urls("tests.core.headless.endpoints")


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def test_a_token_acts_as_its_person_for_its_company(
    buyer: Any, dealer: Company, maker: Company, program: Any
) -> None:
    other = testing.make_company("Other dealer", parent=maker)
    testing.add_member(buyer, other, ["buyer"])
    assert program(buyer, dealer).get("/api/v1/who/").json() == {"user": buyer.pk, "company": dealer.pk}
    assert program(buyer, other).get("/api/v1/who/").json() == {"user": buyer.pk, "company": other.pk}


def test_the_secret_is_kept_nowhere(buyer: Any) -> None:
    token, secret = create_token(viewer=testing.viewer_of(buyer), name=" ERP ")
    row = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret.startswith(row["prefix"])
    assert row["name"] == "ERP"
    assert secret not in str(row)


@pytest.mark.parametrize("header", ["Bearer qd_wrong", "Bearer", "Bearer  ", "bearer ÿ"])
def test_an_unknown_token_is_refused(client: Client, db: None, header: str) -> None:
    assert code(client.get("/api/v1/who/", headers={"authorization": header})) == (401, "invalid_token")


def test_revoked_expired_and_inactive_are_refused_at_once(buyer: Any, program: Any) -> None:
    revoked = program(buyer)
    revoke_token(viewer=testing.viewer_of(buyer), token_id=ApiToken.objects.get().pk)
    assert code(revoked.get("/api/v1/who/")) == (401, "invalid_token")

    expired = program(buyer, expires_at=timezone.now() + timedelta(hours=1))
    assert expired.get("/api/v1/who/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)):
        assert code(expired.get("/api/v1/who/")) == (401, "invalid_token")

    inactive = program(buyer)
    buyer.is_active = False
    buyer.save()
    assert code(inactive.get("/api/v1/who/")) == (401, "invalid_token")


def test_a_name_changed_is_known_at_the_next_request(buyer: Any, program: Any) -> None:
    """What is kept of token and person is made anew when either is saved."""
    erp = program(buyer, read_only=True)
    erp.get("/api/v1/who/")
    token = ApiToken.objects.get()
    token.read_only = False
    token.save()
    body = {"code": "gold", "name": "Gold"}
    headers = {"idempotency-key": "k"}
    assert (
        erp.post("/api/v1/tiers/", body, content_type="application/json", headers=headers).status_code == 201
    )


def test_a_token_ends_with_the_membership(buyer: Any, dealer: Company, maker: Company, program: Any) -> None:
    """Not even the person's other company is reached with it."""
    testing.add_member(buyer, testing.make_company("Other", parent=maker), ["buyer"])
    erp = program(buyer, dealer)
    membership = Membership.objects.get(user=buyer, company=dealer)
    membership.is_active = False
    membership.save()
    assert code(erp.get("/api/v1/who/")) == (401, "membership_ended")


def test_a_read_only_token_reads(buyer: Any, program: Any) -> None:
    reader = program(buyer, read_only=True)
    assert reader.get("/api/v1/tiers/").status_code == 200
    response = reader.post(
        "/api/v1/tiers/", {}, content_type="application/json", headers={"idempotency-key": "k"}
    )
    assert code(response) == (403, "read_only_token")


def test_last_use_is_noted_but_not_at_every_request(
    buyer: Any, program: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    erp = program(buyer)
    erp.get("/api/v1/who/")
    noted = ApiToken.objects.get().last_used_at
    assert noted is not None
    with django_assert_num_queries(1):  # fact versions: person, token and viewer are kept under them
        erp.get("/api/v1/who/")
    assert ApiToken.objects.get().last_used_at == noted
    with time_machine.travel(noted + timedelta(minutes=6)):
        erp.get("/api/v1/who/")
    assert ApiToken.objects.get().last_used_at > noted


def test_a_session_writes_only_with_the_csrf_token(buyer: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(buyer)
    headers = {"idempotency-key": "k"}
    body = {"code": "gold", "name": "Gold"}
    refused = browser.post("/api/v1/tiers/", body, content_type="application/json", headers=headers)
    assert code(refused) == (403, "csrf_failed")
    browser.get("/accounts/2fa/")
    token = browser.cookies["csrftoken"].value
    accepted = browser.post(
        "/api/v1/tiers/", body, content_type="application/json", headers=headers | {"x-csrftoken": token}
    )
    assert accepted.status_code == 201


def test_guests_read_only_what_an_open_catalogue_shows(client: Client, db: None, settings: Any) -> None:
    assert code(client.get("/api/v1/window/")) == (401, "not_authenticated")
    settings.QUDAO_OPEN_CATALOGUE = True
    assert client.get("/api/v1/window/").json()["results"] == list(range(7))
    assert code(client.get("/api/v1/tiers/")) == (401, "not_authenticated")


def test_a_program_that_names_no_language_hears_its_persons(buyer: Any, program: Any) -> None:
    buyer.language = "zh-hans"
    buyer.save()
    erp = program(buyer)
    assert erp.get("/api/v1/who/")["Content-Language"] == "zh-hans"
    assert erp.get("/api/v1/who/", headers={"accept-language": "en"})["Content-Language"] == "en"


def test_tokens_are_the_persons_own(buyer: Any, dealer: Company, maker: Company) -> None:
    token, _secret = create_token(viewer=testing.viewer_of(buyer), name="ERP")
    colleague = testing.viewer_of(testing.make_person(dealer, roles=["admin"], name="Cai Colleague"))
    parent = testing.viewer_of(testing.make_person(maker, roles=["admin"], name="Mo Maker"))
    for stranger in (colleague, parent, Viewer()):
        assert not tokens_of(stranger).exists()
        with pytest.raises(NotFound):
            revoke_token(viewer=stranger, token_id=token.pk)
    token.refresh_from_db()
    assert token.revoked_at is None


def test_revoking_twice_changes_nothing(buyer: Any) -> None:
    viewer = testing.viewer_of(buyer)
    token, _secret = create_token(viewer=viewer, name="ERP")
    first = revoke_token(viewer=viewer, token_id=token.pk).revoked_at
    assert revoke_token(viewer=viewer, token_id=token.pk).revoked_at == first
    written = [(entry.action, entry.actor_name) for entry in history(token)]
    assert written == [("qudao.token.revoked", "Bei Buyer"), ("qudao.token.created", "Bei Buyer")]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"name": "  "}, "name_required"),
        ({"name": "ERP", "expires_at": timezone.now() - timedelta(days=1)}, "expiry_passed"),
    ],
)
def test_a_token_needs_a_name_and_a_future(buyer: Any, options: dict[str, Any], expected: str) -> None:
    with pytest.raises(Refusal) as refusal:
        create_token(viewer=testing.viewer_of(buyer), **options)
    assert refusal.value.code == expected


def test_a_person_holds_at_most_fifty(buyer: Any) -> None:
    viewer = testing.viewer_of(buyer)
    for _number in range(50):
        create_token(viewer=viewer, name="ERP")
    with pytest.raises(Refusal) as refusal:
        create_token(viewer=viewer, name="ERP")
    assert refusal.value.code == "too_many_tokens"


def test_only_tokens_that_work_count_toward_the_limit(buyer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qudao_core.headless.services.MAX_TOKENS", 2)
    viewer = testing.viewer_of(buyer)
    create_token(viewer=viewer, name="soon over", expires_at=timezone.now() + timedelta(hours=1))
    revoked, _secret = create_token(viewer=viewer, name="revoked")
    revoke_token(viewer=viewer, token_id=revoked.pk)
    create_token(viewer=viewer, name="lasting")
    with pytest.raises(Refusal, match="too_many_tokens"):
        create_token(viewer=viewer, name="one more")
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        create_token(viewer=viewer, name="in its place")
