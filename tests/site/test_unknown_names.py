"""What an operation does not declare is refused by name, in every operation: nothing is silently ignored."""

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from qudao_partner_portal import testing as portal

from tests.api_answers import document

Operation = tuple[str, str, dict[str, Any]]
UNKNOWN = "qwertz"


def operations() -> list[Operation]:
    paths = document()["paths"].items()
    return [(method.upper(), path, each) for path, item in paths for method, each in item.items()]


@pytest.fixture
def client(db: None, settings: Any) -> Client:
    """A signed-in person; names are looked at before anything that person may not do."""
    settings.QUDAO_API_RATES = dict.fromkeys(("guest", "read", "write", "import", "search"), "100000/min")
    client = Client(headers={"idempotency-key": str(uuid.uuid4())})
    maker = portal.make_company("Maker")
    client.force_login(portal.make_person(maker, roles=["admin"], name="Ada Admin", is_superuser=True))
    return client


def address(path: str) -> str:
    path = path.replace("{key}", str(uuid.UUID(int=1)))
    return re.sub(r"\{\w+\}", "1", path)


def call(client: Client, method: str, path: str, body: Any = None, query: str = "") -> tuple[int, Any]:
    data = b"" if body is None else json.dumps(body)
    answer = client.generic(method, address(path) + query, data, content_type="application/json")
    return answer.status_code, json.loads(b"".join(answer) or b"{}")  # type: ignore[arg-type]


def said(status: int, problem: Any) -> tuple[int, str, list[tuple[str, str]]]:
    return (
        status,
        problem.get("code", ""),
        [(each["code"], each["field"]) for each in problem.get("errors", [])],
    )


@pytest.mark.any_database("refused by its name alone")
def test_every_operation_refuses_a_query_parameter_it_does_not_declare(client: Client) -> None:
    wanted = (400, "unknown_parameter", [("unknown_parameter", UNKNOWN)])
    ignoring = [
        f"{method} {path}: {found}"
        for method, path, _each in operations()
        if (found := said(*call(client, method, path, query=f"?{UNKNOWN}=1"))) != wanted
    ]
    assert ignoring == []


@pytest.mark.any_database("refused by its name alone")
def test_every_operation_refuses_a_field_it_does_not_declare_however_deep(client: Client) -> None:
    ignoring = []
    for method, path, each in operations():
        for body, field in bodies(each, method):
            wanted = (400, "unknown_field", [("unknown_field", field)])
            if (found := said(*call(client, method, path, body))) != wanted:
                ignoring.append(f"{method} {path} {field}: {found}")
    assert ignoring == []


def bodies(operation: dict[str, Any], method: str) -> Iterator[tuple[Any, str]]:
    """A body for each place in which an unknown field may stand, and how that place is called."""
    content = operation.get("requestBody", {}).get("content", {})
    if method != "GET" and not content:
        yield {UNKNOWN: 1}, UNKNOWN  # it takes no body at all
    if "application/json" in content:
        yield from places(content["application/json"]["schema"], "")


def places(schema: dict[str, Any], where: str) -> Iterator[tuple[Any, str]]:
    if "$ref" in schema:
        schema = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for name in ("allOf", "oneOf", "anyOf"):
        for each in schema.get(name, []):
            yield from places(each, where)
    if schema.get("type") == "array":
        for body, field in places(schema["items"], f"{where}1."):
            yield [{}, body], field
    if schema.get("additionalProperties") is False:
        yield {UNKNOWN: 1}, f"{where}{UNKNOWN}"
        for name, inner in schema.get("properties", {}).items():
            for body, field in places(inner, f"{where}{name}."):
                yield {name: body}, field


@pytest.mark.any_database("refused by its name alone")
def test_an_upload_refuses_a_field_it_does_not_declare(client: Client) -> None:
    answer = client.post("/api/v1/imports/", {"kind": "products", "fiel": "x"})
    found = answer.json()
    assert said(answer.status_code, found) == (400, "unknown_field", [("unknown_field", "fiel")])
    assert found["remedy"] == "Did you mean “file”?"


@pytest.mark.any_database("refused by its name alone")
def test_a_slip_is_answered_with_what_was_meant(client: Client) -> None:
    _status, problem = call(
        client, "POST", "/api/v1/orders/", {"po_nummer": "PO-1", "lines": [{"quantiy": 1}]}
    )
    assert [
        (each["field"], each.get("line"), each["params"]["did_you_mean"]) for each in problem["errors"]
    ] == [
        ("po_nummer", None, "po_number"),
        ("lines.0.quantiy", 1, "quantity"),
    ]
    _status, problem = call(client, "GET", "/api/v1/orders/", query="?stauts=open")
    assert (problem["code"], problem["errors"][0]["remedy"]) == (
        "unknown_parameter",
        "Did you mean “status”?",
    )


@pytest.mark.any_database("refused by its name alone")
def test_a_filter_by_an_attribute_that_does_not_exist_is_refused(client: Client) -> None:
    for query in ("?attr_no_such=red", "?attr=no_such:red"):
        for path in ("/api/v1/products/", "/api/v1/products/facets/"):
            wanted = (400, "unknown_parameter", [("unknown_parameter", "attr_no_such")])
            assert said(*call(client, "GET", path, query=query)) == wanted
    for query in ("?facet_no_such=red", "?facet=no_such:red"):
        assert call(client, "GET", "/api/v1/search/", query=f"{query}&q=led")[0] == 400
