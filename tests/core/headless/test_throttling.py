"""How often a caller may ask, and how it is told."""

from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

pytestmark = pytest.mark.urls("tests.core.headless.endpoints")

NOON = "2026-03-02 12:00:10+00:00"


@time_machine.travel(NOON, tick=False)
def test_each_answer_says_what_is_left(api: Client, settings: Any) -> None:
    settings.QUDAO_API_RATES = {"read": "3/min"}
    left = [api.get("/api/v1/tiers/") for _number in range(3)]
    assert [response["RateLimit-Remaining"] for response in left] == ["2", "1", "0"]
    assert {response["RateLimit-Limit"] for response in left} == {"3"}
    assert left[0]["RateLimit-Reset"] == "50"


def test_too_many_requests_wait_for_the_next_window(api: Client, settings: Any) -> None:
    settings.QUDAO_API_RATES = {"read": "1/min"}
    with time_machine.travel(NOON, tick=False) as clock:
        api.get("/api/v1/tiers/")
        refused = api.get("/api/v1/tiers/")
        assert refused.status_code == 429
        assert refused.json()["code"] == "throttled"
        assert refused["Retry-After"] == "50"
        assert refused["RateLimit-Remaining"] == "0"
        clock.shift(50)
        assert api.get("/api/v1/tiers/").status_code == 200


@time_machine.travel(NOON, tick=False)
def test_reading_writing_and_uploading_are_counted_apart(api: Client, settings: Any) -> None:
    settings.QUDAO_API_RATES = {"read": "1/min", "write": "1/min", "import": "1/min"}
    headers = {"idempotency-key": "k"}
    assert api.get("/api/v1/tiers/").status_code == 200
    assert api.post("/api/v1/tiers/", {}, content_type="application/json", headers=headers).status_code == 400
    file = SimpleUploadedFile("a.csv", b"a")
    assert api.post("/api/v1/upload/", {"file": file}, headers=headers).status_code == 201
    assert api.post("/api/v1/tiers/", {}, content_type="application/json", headers=headers).status_code == 429


@time_machine.travel(NOON, tick=False)
def test_a_token_has_an_allowance_of_its_own(api: Client, buyer: Any, program: Any, settings: Any) -> None:
    settings.QUDAO_API_RATES = {"read": "1/min"}
    assert api.get("/api/v1/who/").status_code == 200
    assert program(buyer).get("/api/v1/who/").status_code == 200
    assert api.get("/api/v1/who/").status_code == 429


@time_machine.travel(NOON, tick=False)
def test_guessing_tokens_is_counted_by_address(client: Client, db: None, settings: Any) -> None:
    settings.QUDAO_API_RATES = {"guest": "2/min"}
    answers = [
        client.get("/api/v1/who/", headers={"authorization": f"Bearer qd_{number}"}).status_code
        for number in range(3)
    ]
    assert answers == [401, 401, 429]
