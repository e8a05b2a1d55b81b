"""Whatever stands where a reference is expected: never a crash, never a thing that was not named.

The addresses are walked from the URL configuration, bodies and query strings from the OpenAPI document, so that a
new endpoint is tested without being written down here.
"""

import json
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from qudao_b2b_ordering.models import Order
from qudao_core.headless import reference, web

from tests.site.test_access_matrix import address, body_of
from tests.site.world import World, make_world

#: Texts that name nothing in any world.
NOTHING = (
    " ",
    "ext:",
    "ext: ",
    "ext:unknown",
    "id:",
    "id:0",
    "id:-1",
    "code:",
    "sku:",
    "number:",
    "xyz:1",
    ":",
    "0",
    "-1",
    "1.5",
    "2147483648",
    "9223372036854775807",
    "9" * 25,
    "9" * 5000,
    "ext:" + "9" * 5000,
    "x" * 201,
    "²",
    "a\nb",
    "null",
    "%",
    "' OR 1=1 --",
    "中文",
)
VALUES: tuple[Any, ...] = (
    *NOTHING,
    "",
    "a\x00b",
    None,
    True,
    0,
    -1,
    2**31,
    2**63,
    10**40,
    1.5,
    [],
    ["x"],
    {},
    {"a": 1},
)

#: Some 17,000 requests: processes share them.
PARTS = 4

#: Writes that create what the address names, or leave it absent; they name nothing that exists.
CREATES = {("stock/policies/<str:audience_key>/", "DELETE")}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.QUDAO_API_RATES = dict.fromkeys(("guest", "read", "write", "import", "search"), "1000000/min")
    web.document.cache_clear()
    return make_world()


def routes() -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Each address of the API that names something: route, converters, view."""
    yield from _routes(get_resolver().url_patterns, "", {})


def _routes(patterns: Any, before: str, known: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], Any]]:
    for each in patterns:
        if not hasattr(each.pattern, "_route"):
            continue
        route = before + each.pattern._route
        converters = known | each.pattern.converters
        if isinstance(each, URLResolver):
            yield from _routes(each.url_patterns, route, converters)
        elif isinstance(each, URLPattern) and route.startswith("api/v1/") and converters:
            yield route.removeprefix("api/v1/"), converters, each.callback


def filled(route: str, converters: dict[str, Any], world: World, name: str, bad: str) -> str:
    """The address with the bad reference in one place and good ones in the others."""
    parts = []
    for part in route.split("/"):
        inside = part.removesuffix(".webp").removesuffix(".pdf")
        if not inside.startswith("<"):
            parts.append(part)
            continue
        parameter = inside.strip("<>").split(":")[-1]
        parts.append(quote(bad, safe="") if parameter == name else str(world.names.get(parts[-1], 1)))
    return "/api/v1/" + "/".join(parts)


def send(client: Client, method: str, path: str, body: Any = None) -> Any:
    """One call, whose effects are undone."""
    with transaction.atomic():
        answer = client.generic(
            method,
            path,
            b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            headers={"idempotency-key": str(uuid.uuid4())},
        )
        transaction.set_rollback(True)
    return answer


@pytest.mark.slow
def test_a_bad_reference_in_an_address_names_nothing(world: World) -> None:
    found = []
    for route, converters, view in routes():
        methods = [method for method in METHODS if hasattr(view.view_class, method.lower())]
        for name in converters:
            for bad in NOTHING:
                path = filled(route, converters, world, name, bad)
                found += [
                    f"{method} {path[:120]} -> {answer.status_code} {answer.content[:200]!r}"
                    for method in methods
                    if (route, method) not in CREATES
                    and not 400 <= (answer := send(world.clients["root"], method, path, {})).status_code < 500
                ]
    assert not found, "\n".join(found)


@pytest.mark.slow
def test_a_bad_value_in_a_query_string_is_no_crash(world: World) -> None:
    found = []
    for operation, parameters in operations("query"):
        for name in parameters:
            for bad in NOTHING:
                path = address(world, operation).partition("?")[0] + f"?{name}={quote(bad)}"
                answer = send(world.clients["root"], "GET", path)
                if answer.status_code >= 500:
                    found.append(f"{operation.path}?{name}={bad[:60]} -> {answer.status_code}")
    assert not found, "\n".join(found)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_a_bad_value_in_a_body_is_no_crash(world: World, part: int) -> None:
    found = []
    for operation, _parameters in list(operations("body"))[part::PARTS]:
        good = body_of(world, operation)
        for place in leaves(good):
            for bad in VALUES:
                body = replaced(good, place, bad)
                answer = send(world.clients["root"], operation.method, address(world, operation), body)
                if answer.status_code >= 500:
                    found.append(
                        f"{operation.method} {operation.path} {place} = {bad!r:.60} -> {answer.status_code}"
                    )
    assert not found, "\n".join(found)


def operations(where: str) -> Iterator[tuple[reference.Operation, list[str]]]:
    paths = web.document("en")["paths"]
    for group in reference.groups(web.document("en")):
        for operation in group.operations:
            described = paths[operation.path][operation.method.lower()]
            parameters = [each["name"] for each in described.get("parameters", []) if each["in"] == "query"]
            if where == "query" and operation.method == "GET" and parameters:
                yield operation, parameters
            elif where == "body" and "application/json" in described.get("requestBody", {}).get(
                "content", {}
            ):
                yield operation, []


def leaves(body: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of a body, the whole included."""
    yield before
    items = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in items:
        yield from leaves(value, (*before, key))


def replaced(body: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    if isinstance(body, dict):
        return {
            key: replaced(each, place[1:], value) if key == place[0] else each for key, each in body.items()
        }
    return [
        replaced(each, place[1:], value) if index == place[0] else each for index, each in enumerate(body)
    ]


# --- Orders, where several sellers may use the same key ------------------------------------------------------------


@pytest.mark.parametrize("bad", ["ext:", "ext:%20", "ext:%09", "%20", "ext", "ext:none"])
def test_an_empty_key_is_nobodys_order(world: World, bad: str) -> None:
    before = list(Order.objects.values_list("pk", "status", "revision"))
    sam = world.channel.calls("sam")
    calls = (
        ("get", "", None),
        ("post", "actions/reject/", {"note": "No"}),
        ("patch", "", {"external_key": "X"}),
        ("get", "transitions/", None),
    )
    for method, rest, body in calls:
        status, problem = sam.refused(method, f"orders/{bad}/{rest}", body)
        assert (status, problem["code"]) == (404, "order_not_found")
    assert list(Order.objects.values_list("pk", "status", "revision")) == before


def test_a_key_of_orders_at_two_sellers_names_neither(world: World) -> None:
    first = Order.objects.get()
    other = Order.objects.create(
        number="SO-OTHER",
        seller=world.channel.distributor,
        company=first.company,
        flow=first.flow,
        currency="CNY",
        net=1,
        tax=0,
        gross=1,
        submitted_at=first.submitted_at,
        external_key="ERP-1",
    )
    Order.objects.filter(pk=first.pk).update(external_key="ERP-1")
    bai = world.channel.calls("bai")
    status, problem = bai.refused("get", "orders/ext:ERP-1/")
    assert (status, problem["code"]) == (409, "ambiguous_reference")
    assert problem["params"]["candidates"] == sorted([first.number, other.number])
    status, problem = bai.refused("post", "orders/ext:ERP-1/reorder/")
    assert (status, problem["code"]) == (409, "ambiguous_reference")
    assert world.channel.calls("sam").ok("get", "orders/ext:ERP-1/")["number"] == first.number
    answer = bai.ok(
        "post", "orders/actions/", {"action": "cancel", "note": "x", "orders": [{"number": "ext:ERP-1"}]}
    )
    assert [each["problem"]["code"] for each in answer["results"]] == ["ambiguous_reference"]


def test_a_bulk_action_takes_keys_as_the_single_one_does(world: World) -> None:
    order = Order.objects.get()
    Order.objects.filter(pk=order.pk).update(external_key="ERP-1")
    targets = [{"number": "ext:ERP-1"}, {"number": "ext:"}, {"number": "ext:ERP-2"}]
    answer = world.channel.calls("sam").ok(
        "post", "orders/actions/", {"action": "reject", "note": "No", "orders": targets}
    )
    assert [each["done"] for each in answer["results"]] == [True, False, False]
    codes = [each["problem"]["code"] for each in answer["results"][1:]]
    assert codes == ["order_not_found", "order_not_found"]
