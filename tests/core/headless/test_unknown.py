"""Names an operation does not declare."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.test import Client
from qudao_core.headless import operations, rules
from qudao_partner_portal import testing
from qudao_partner_portal.models import Tier

pytestmark = pytest.mark.urls("tests.core.headless.endpoints")

LINES = rules.Shape({"lines": rules.Shape({"sku": None}, lists=1), "note": None})


def send(api: Client, method: str, address: str, body: Any) -> Any:
    headers = {"idempotency-key": "key"}
    data = body if isinstance(body, bytes) else json.dumps(body)
    return api.generic(method, address, data, content_type="application/json", headers=headers)


def test_a_slip_in_a_line_is_named_with_what_was_meant(api: Client) -> None:
    lines = [{"sku": "A", "quantity": 1}, {"sku": "B", "quantiy": 1}]
    answer = send(api, "POST", "/api/v1/tiers/", {"code": "gold", "name": "Gold", "lines": lines})
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["detail"]) == (
        400,
        "unknown_field",
        "There is no field “quantiy”.",
    )
    assert problem["errors"] == [
        {
            "code": "unknown_field",
            "message": "There is no field “quantiy”.",
            "field": "lines.1.quantiy",
            "line": 2,
            "remedy": "Did you mean “quantity”?",
            "params": {"did_you_mean": "quantity"},
        }
    ]
    assert not Tier.objects.exists()


def test_several_are_named_at_once(api: Client) -> None:
    problem = send(api, "POST", "/api/v1/tiers/", {"kode": "gold", "nmae": "Gold", "xyz": 1}).json()
    assert problem["detail"] == "Some names are not recognised."
    assert [each["field"] for each in problem["errors"]] == ["kode", "nmae", "xyz"]
    assert "remedy" not in problem["errors"][2]


def test_a_stranger_is_not_told_what_exists() -> None:
    assert Client().get("/api/v1/tiers/?colour=red").status_code == 401


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_parameters_of_reads_are_looked_at(api: Client, method: str) -> None:
    assert api.generic(method, "/api/v1/tiers/?colour=red").status_code == 400
    assert api.generic(method, "/api/v1/tiers/?limit=1&sort=name").status_code == 200


def test_a_document_is_written_back_as_it_was_read(api: Client) -> None:
    address = f"/api/v1/tiers/{testing.make_tier('gold').pk}/"
    read = api.get(address)
    changed = read.json() | {"name": "Golden"}
    headers = {"if-match": read["ETag"]}
    written = api.put(address, changed, content_type="application/json", headers=headers)
    assert (written.status_code, written.json()["name"]) == (200, "Golden")


def test_operations_that_are_not_in_the_document_are_left_alone(api: Client) -> None:
    assert api.get("/api/v1/who/?colour=red").status_code == 200
    assert api.options("/api/v1/tiers/?colour=red").status_code == 200


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"note": 1, "lines": [{"sku": 1}]}, []),
        ({"lines": {"sku": 1}}, []),
        ({"lines": "text"}, []),
        ([{"colour": 1}], []),
        (None, []),
        ({"colour": 1, "lines": [{"sku": 1}, {"a": 1, "b": 2}]}, ["colour", "lines.1.a", "lines.1.b"]),
        ({"x" * 5000: 1}, ["x" * 80]),
    ],
)
def test_names_are_looked_for_everywhere(given: Any, fields: list[str]) -> None:
    assert [each.field for each in rules.unknown_names(LINES, given)] == fields


def test_what_is_meant_resembles_what_was_given() -> None:
    known = ("quantity", "po_number", "sku")
    meant = {name: rules.Unknown(name, (name,), known).meant for name in ("Quantity", "po_nummer", "colour")}
    assert meant == {"Quantity": "quantity", "po_nummer": "po_number", "colour": None}


def test_pairs_say_the_same_as_names() -> None:
    query = {"attr": ["colour:red", "url:http://x", "flag"], "attr_colour": ["blue"], "q": ["led"]}
    assert rules.expand_pairs(query, "attr") == {
        "q": ["led"],
        "attr_colour": ["blue", "red"],
        "attr_url": ["http://x"],
        "attr_flag": [""],
    }


def test_the_first_requests_of_a_process_ask_the_generator_one_after_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Watched:
        action = None

    class Asked:
        method = "GET"

    busy, calls = threading.Lock(), []

    def read(*_arguments: Any) -> None:
        assert busy.acquire(blocking=False), "two threads at once"
        calls.append(threading.Event().wait(0.05))
        busy.release()

    monkeypatch.setattr(operations, "_read", read)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _each: operations._declared(Watched(), Asked()), range(4))) == [None] * 4
    assert len(calls) == 1
