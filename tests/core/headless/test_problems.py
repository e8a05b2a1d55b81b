"""Every error is a problem document, whatever went wrong."""

from typing import Any

import pytest
from django.test import Client
from qudao_partner_portal import testing

pytestmark = pytest.mark.urls("tests.core.headless.endpoints")


def problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert body["type"] == f"urn:qudao:problem:{body['code']}"
    assert body["title"]
    assert body["detail"]
    assert body["request_id"] == response["X-Request-ID"]
    return body


def post(client: Client, body: Any, **headers: str) -> Any:
    headers.setdefault("idempotency-key", "k-1")
    return client.post("/api/v1/tiers/", body, content_type="application/json", headers=headers)


def test_a_refusal_keeps_its_code_message_and_remedy(api: Client) -> None:
    body = problem(post(api, {"code": "refused", "name": "x"}), 422)
    assert body["code"] == "tier_refused"
    assert body["remedy"] == "Take another."
    assert body["errors"] == [
        {"code": "tier_refused", "message": "No such tier.", "field": "code", "remedy": "Take another."}
    ]


def test_each_line_that_is_wrong_is_named(api: Client) -> None:
    body = problem(api.get("/api/v1/trouble/lines/"), 422)
    assert [(each["line"], each["code"], each["field"]) for each in body["errors"]] == [
        (1, "below_minimum", "lines.0.quantity"),
        (3, "unknown_sku", "lines.2.sku"),
    ]
    assert body["errors"][0]["params"] == {"minimum": 12}


def test_values_of_the_wrong_shape_are_named_by_field_and_line(api: Client) -> None:
    lines = [{"sku": "A", "quantity": 1}, {"sku": "B", "quantity": 0}, {"quantity": "many"}]
    body = problem(post(api, {"code": "a b", "lines": lines}), 400)
    assert body["code"] == "invalid"
    assert {(each["field"], each["code"], each.get("line")) for each in body["errors"]} == {
        ("code", "invalid", None),
        ("name", "required", None),
        ("lines.1.quantity", "min_value", 2),
        ("lines.2.sku", "required", 3),
        ("lines.2.quantity", "invalid", 3),
    }


@pytest.mark.parametrize("body", ["{", "[1,", '{"code": NaN}', "\xff\xfe"])
def test_what_is_not_json_is_malformed(api: Client, body: str) -> None:
    assert problem(post(api, body), 400)["code"] == "malformed"


@pytest.mark.parametrize("body", ["[]", "3", '"text"', "null"])
def test_json_of_the_wrong_kind_is_invalid(api: Client, body: str) -> None:
    assert problem(post(api, body), 400)["code"] == "invalid"


def test_nul_characters_are_refused_everywhere(api: Client) -> None:
    assert problem(api.get("/api/v1/tiers/?q=a%00b"), 400)["code"] == "malformed"
    assert problem(post(api, {"code": "a", "name": "a\x00b"}), 400)["code"] == "invalid"


def test_other_content_types_are_unsupported(api: Client) -> None:
    response = api.post("/api/v1/tiers/", "a,b", content_type="text/csv", headers={"idempotency-key": "k"})
    assert problem(response, 415)["code"] == "unsupported_media_type"


def test_a_long_body_is_too_large(api: Client, settings: Any) -> None:
    settings.QUDAO_API_MAX_BODY = 100
    assert problem(post(api, {"code": "a", "name": "x" * 200}), 413)["code"] == "too_large"


def test_other_verbs_are_not_allowed(api: Client) -> None:
    response = api.delete("/api/v1/tiers/")
    assert problem(response, 405)["code"] == "method_not_allowed"
    assert response["Allow"] == "GET, POST, HEAD, OPTIONS"


def test_denied_and_missing_things(api: Client) -> None:
    assert problem(api.get("/api/v1/trouble/denied/"), 403)["code"] == "forbidden"
    assert problem(api.get("/api/v1/trouble/gone/"), 404)["code"] == "not_found"


@pytest.mark.parametrize(
    "reference", ["0", "9223372036854775807", "99999999999999999999", "ext:x", "code:none"]
)
def test_tampered_ids_are_not_found(api: Client, reference: str) -> None:
    assert problem(api.get(f"/api/v1/tiers/{reference}/"), 404)["code"] == "not_found"


def test_an_unknown_address_below_the_api_is_a_problem_too(api: Client) -> None:
    assert problem(api.get("/api/v1/nothing/"), 404)["code"] == "not_found"


def test_an_address_without_its_last_slash_is_not_redirected(api: Client) -> None:
    response = api.post("/api/v1/tiers", {"code": "a"}, content_type="application/json")
    assert "ends with a slash" in problem(response, 404)["detail"]


def test_a_guest_is_told_how_to_sign_in(client: Client, db: None) -> None:
    response = client.get("/api/v1/tiers/")
    assert problem(response, 401)["code"] == "not_authenticated"
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'


def test_messages_speak_the_callers_language(api: Client) -> None:
    response = api.get("/api/v1/trouble/denied/", headers={"accept-language": "zh-hans"})
    assert response["Content-Language"] == "zh-hans"
    assert problem(response, 403)["detail"] == "您没有执行该操作的权限。"


def test_a_crash_is_a_problem_without_details(api: Client) -> None:
    api.raise_request_exception = False
    body = problem(post(api, {"code": "crash", "name": "x"}), 500)
    assert body["code"] == "server_error"
    assert "RuntimeError" not in str(body)


def test_whoever_asks_for_html_gets_json(api: Client) -> None:
    response = api.get("/api/v1/tiers/", headers={"accept": "text/html"})
    assert response["Content-Type"] == "application/json"


def test_json_is_read_as_it_was_sent(api: Client) -> None:
    testing.make_tier("gold", name="金牌")
    assert "金牌" in api.get("/api/v1/tiers/").content.decode()
