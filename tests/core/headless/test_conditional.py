"""ETags, preconditions, own keys, and what caches may keep."""

import pytest
from django.test import Client
from qudao_partner_portal import testing

pytestmark = pytest.mark.urls("tests.core.headless.endpoints")


def put(api: Client, address: str, name: str, **headers: str) -> object:
    body = {"code": "gold", "name": name}
    return api.put(address, body, content_type="application/json", headers=headers)


def test_who_holds_the_state_gets_no_body(api: Client) -> None:
    tier = testing.make_tier("gold")
    first = api.get(f"/api/v1/tiers/{tier.pk}/")
    again = api.get(f"/api/v1/tiers/{tier.pk}/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    tier.name = "Other"
    tier.save()
    changed = api.get(f"/api/v1/tiers/{tier.pk}/", headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_a_writer_who_saw_an_older_state_is_stopped(api: Client) -> None:
    tier = testing.make_tier("gold", name="One")
    address = f"/api/v1/tiers/{tier.pk}/"
    etag = api.get(address)["ETag"]
    assert put(api, address, "Two", **{"if-match": etag}).status_code == 200
    stopped = put(api, address, "Three", **{"if-match": etag})
    assert stopped.status_code == 412
    assert stopped.json()["code"] == "changed_meanwhile"
    tier.refresh_from_db()
    assert tier.name == "Two"


def test_a_document_that_asks_for_it_is_not_written_blindly(api: Client) -> None:
    tier = testing.make_tier("gold", name="One")
    response = put(api, f"/api/v1/tiers/{tier.pk}/", "Two")
    assert response.status_code == 428
    assert response.json()["code"] == "if_match_required"


def test_a_thing_is_found_by_its_own_key(api: Client) -> None:
    tier = testing.make_tier("gold")
    assert api.get("/api/v1/tiers/code:gold/").json()["id"] == tier.pk
    unknown = api.get("/api/v1/tiers/ext:gold/")
    assert unknown.status_code == 404


def test_answers_are_not_kept_by_shared_caches(api: Client) -> None:
    response = api.get("/api/v1/tiers/")
    assert response["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie", "Accept-Language"} <= set(response["Vary"].split(", "))
