"""The OpenAPI document and the reference made from it."""

from typing import Any

import pytest
from django.test import Client
from qudao_core.headless import reference, web

pytestmark = pytest.mark.urls("tests.core.headless.endpoints")


@pytest.fixture(autouse=True)
def _fresh() -> Any:
    """The document is made once per process; here the endpoints are others than the site's."""
    web.document.cache_clear()
    web._groups.cache_clear()
    yield
    web.document.cache_clear()
    web._groups.cache_clear()


@pytest.fixture
def document(client: Client, db: None) -> dict[str, Any]:
    return client.get("/api/v1/schema/").json()  # type: ignore[no-any-return]


def test_the_document_is_openapi_31_of_our_endpoints_only(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert {"/api/v1/tiers/", "/api/v1/tiers/{reference}/"} <= set(document["paths"])
    assert all(path.startswith("/api/v1/") for path in document["paths"])


def test_a_post_that_creates_asks_for_its_key(document: dict[str, Any]) -> None:
    parameters = document["paths"]["/api/v1/tiers/"]["post"]["parameters"]
    key = next(each for each in parameters if each["name"] == "Idempotency-Key")
    assert (key["in"], key["required"]) == ("header", True)
    assert "parameters" not in document["paths"]["/api/v1/tiers/{reference}/"]["put"] or all(
        each["name"] != "Idempotency-Key"
        for each in document["paths"]["/api/v1/tiers/{reference}/"]["put"]["parameters"]
    )


def test_every_operation_may_answer_with_a_problem(document: dict[str, Any]) -> None:
    for item in document["paths"].values():
        for operation in item.values():
            content = operation["responses"]["default"]["content"]["application/problem+json"]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert document["components"]["schemas"]["Problem"]["properties"]["code"]


def test_a_list_is_a_page_and_takes_limit_and_cursor(document: dict[str, Any]) -> None:
    operation = document["paths"]["/api/v1/tiers/"]["get"]
    assert {each["name"] for each in operation["parameters"]} == {"limit", "cursor", "sort"}
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    page = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    assert set(page["properties"]) == {"results", "next", "previous"}


def test_ways_to_sign_in_are_named(document: dict[str, Any]) -> None:
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert "session" in document["components"]["securitySchemes"]


def test_yaml_says_the_same(client: Client, db: None) -> None:
    response = client.get("/api/v1/schema/?format=yaml")
    assert response["Content-Type"] == "application/yaml"
    assert b"openapi: 3.1" in response.content


def test_the_reference_shows_fields_answers_and_a_call(client: Client, db: None) -> None:
    page = client.get("/api/v1/").content.decode()
    assert "<b>POST</b> /api/v1/tiers/" in page
    assert "lines[].quantity" in page
    assert "Idempotency-Key: $(uuidgen)" in page
    assert "http://" not in page.replace("http://testserver", "").replace("http://www.w3.org", "")


def test_the_reference_reads_nested_and_optional_fields(document: dict[str, Any]) -> None:
    (group,) = [each for each in reference.groups(document) if each.name == "tiers"]
    post = next(each for each in group.operations if each.method == "POST")
    fields = {field.name: (field.kind, field.required) for field in post.body}
    assert fields["code"] == ("string", True)
    assert fields["lines"] == ("array of object", False)
    assert fields["lines[].quantity"] == ("integer", True)
