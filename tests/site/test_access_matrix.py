"""Every endpoint called as every kind of person; a cell that nobody reviewed fails.

``access_matrix.txt`` holds the status each of them gets. After a change that is meant, write it anew with
``QUDAO_TEST_ACCEPT_MATRIX=1 python -m pytest tests/site/test_access_matrix.py`` and read the difference as a reviewer
of permissions would: each 2xx is a person who may, each 404 one for whom the thing does not exist.
"""

import json
import os
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from qudao_core.headless import reference, web

from tests.site.world import PEOPLE, World, make_world

REVIEWED = Path(__file__).with_name("access_matrix.txt")
ACCEPT = bool(os.environ.get("QUDAO_TEST_ACCEPT_MATRIX"))

#: Bodies that would be accepted, where one made from the schema is not. ``$name`` is a value of the world.
BODIES: dict[str, Any] = {
    "POST /addresses/": {
        "recipient": "Wang",
        "phone": "13800138000",
        "street": "1 Renmin Road",
        "region": "Chengdu",
    },
    "PATCH /addresses/{reference}/": {"label": "Back door"},
    "PUT /attempts/{key}/answers/": {"answers": [{"position": 1, "sequence": 1, "answer": None}]},
    "POST /attempts/{key}/submit/": {},
    "POST /exam-definitions/": {"code": "new", "bank": "bank", "title": "New", "sections": [{"count": 1}]},
    "PUT /exam-definitions/{code}/": {"bank": "bank", "title": "New", "sections": [{"count": 1}]},
    "POST /exam-definitions/{code}/status/": {"status": "withdrawn"},
    "POST /quick-order/": {"text": "SKU-1 12"},
    "POST /question-banks/{code}/import/": {"name": "x.txt", "content": "Two and two? {=4 ~5}"},
    "POST /question-banks/{code}/questions/": {
        "text": "Is it?",
        "content": {"kind": "true_false", "is_true": True},
    },
    "PUT /question-banks/{code}/questions/{id}/": {
        "text": "Is it?",
        "content": {"kind": "true_false", "is_true": True},
    },
    "POST /arrivals/": {
        "rows": [{"sku": "SKU-1", "warehouse": "chengdu", "quantity": "12", "expected_on": "2030-05-01"}]
    },
    "POST /carts/{cart}/lines/": {"lines": [{"sku": "SKU-1", "quantity": "12"}]},
    "PATCH /carts/{cart}/lines/{line}/": {"quantity": "4"},
    "PUT /carts/{cart}/prices/": {"prices": [{"line": "$line", "unit_price": "10.0000"}]},
    "PATCH /companies/{reference}/": {"short_name": "Lamps"},
    "POST /companies/{reference}/move/": {"parent": "code:HG"},
    "POST /companies/{reference}/status/": {"status": "suspended", "reason": "Unpaid"},
    "POST /flows/": "$new_flow",
    "PUT /flows/{code}/": "$flow",
    "POST /invoice-titles/": {"title": "Lamps Ltd", "tax_number": "91350100M000100Y43"},
    "PATCH /invoice-titles/{id}/": {"bank": "ICBC"},
    "PATCH /me/": {"language": "en"},
    "POST /me/company/": {"company": "code:D-1"},
    "POST /orders/": {"lines": [{"sku": "SKU-1", "quantity": "12"}], "address": "$address"},
    "PATCH /orders/{number}/": {"external_key": "ERP-1"},
    "POST /orders/{number}/actions/{action}/": {},
    "POST /orders/{number}/revision/": {},
    "POST /orders/{number}/receipts/": {"lines": [{"number": 1, "short": "5"}]},
    "POST /orders/{number}/shipments/": {"lines": [{"number": 1, "quantity": "5"}], "carrier": "SF"},
    "POST /people/": {"email": "new@example.com", "roles": ["buyer"]},
    "PATCH /price-lists/{code}/": {"name": "Other"},
    "PUT /price-lists/{code}/percents/": {"lines": []},
    "POST /prices/": {"products": [{"product": "SKU-1"}]},
    "POST /prices/explain/": {"product": "SKU-1"},
    "POST /price-lists/{code}/prices/": {"rows": [{"sku": "SKU-1", "unit_price": "9.5000"}]},
    "POST /price-lists/{code}/prices/remove/": {"ids": [1]},
    "PUT /products/bulk/": {"products": [{"sku": "SKU-1", "title": "Lamp"}]},
    "POST /stock/levels/": {"rows": [{"sku": "SKU-1", "warehouse": "chengdu", "on_hand": "12"}]},
    "POST /search/clicks/": {"query_id": 1, "kind": "product", "id": "1", "position": 1},
    "POST /handbook-exports/": {"page": "$handbook", "scope": "handbook"},
    "PUT /stock/terms/{product}/": {"backorder": True},
}
QUERIES = {"GET /handbook-preview/": "?token=none", "GET /flows/{code}/preview/": "?amount=100"}


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.QUDAO_API_RATES = dict.fromkeys(("guest", "read", "write", "import", "search"), "100000/min")
    return make_world()


@pytest.mark.slow
@pytest.mark.any_database("who may is decided before the database is asked")
def test_nobody_may_more_than_was_reviewed(world: World) -> None:
    found = "\n".join(matrix(world)) + "\n"
    if ACCEPT:
        REVIEWED.write_text(found, encoding="utf-8")
    reviewed = REVIEWED.read_text(encoding="utf-8").splitlines()
    changed = [f"- {line}" for line in reviewed if line not in found.splitlines()]
    changed += [f"+ {line}" for line in found.splitlines() if line not in reviewed]
    assert not changed, "Cells nobody reviewed:\n" + "\n".join(changed)


@pytest.mark.any_database
def test_no_reviewed_cell_is_a_crash() -> None:
    rows = REVIEWED.read_text(encoding="utf-8").splitlines()
    assert [row for row in rows if re.search(r"\b5\d\d\b", row)] == []


def matrix(world: World) -> Iterator[str]:
    web.document.cache_clear()
    operations = [each for group in reference.groups(web.document("en")) for each in group.operations]
    width = max(len(each.path) for each in operations) + 1
    yield " " * (width + 1) + " ".join(f"{name:5}" for name in PEOPLE).rstrip()
    for operation in sorted(operations, key=lambda each: (each.path, each.method)):
        cells = [str(call(world, client, operation)) for client in world.clients.values()]
        yield (
            f"{operation.method:6} {operation.path.removeprefix('/api/v1'):{width - 7}} "
            + " ".join(f"{cell:5}" for cell in cells).rstrip()
        )


def call(world: World, client: Client, operation: reference.Operation) -> int:
    """The status of one call, whose effects are undone."""
    body = body_of(world, operation)
    with transaction.atomic():
        response = client.generic(
            operation.method,
            address(world, operation),
            "" if body is None else json.dumps(body),
            content_type="application/json",
            headers={"idempotency-key": str(uuid.uuid4())},
        )
        transaction.set_rollback(True)
    return response.status_code


def name_of(operation: reference.Operation) -> str:
    return f"{operation.method} {operation.path.removeprefix('/api/v1')}"


def address(world: World, operation: reference.Operation) -> str:
    """The path with its parameters filled in by the part before each: ``orders/{number}`` → ``orders/SO-1``."""
    path = re.sub(
        r"([\w-]+)/\{\w+\}", lambda part: f"{part[1]}/{world.names.get(part[1], 1)}", operation.path
    )
    return path + QUERIES.get(name_of(operation), "")


def body_of(world: World, operation: reference.Operation) -> Any:
    """The body written for this call, else one made from the schema with values that exist."""
    if name_of(operation) in BODIES:
        return resolved(BODIES[name_of(operation)], world.values)
    return filled(json.loads(operation.example), world.values) if operation.example else None


def resolved(body: Any, values: dict[str, Any]) -> Any:
    if isinstance(body, dict):
        return {name: resolved(value, values) for name, value in body.items()}
    if isinstance(body, list):
        return [resolved(each, values) for each in body]
    return values[body[1:]] if isinstance(body, str) and body.startswith("$") else body


def filled(sample: Any, values: dict[str, Any]) -> Any:
    """A sample with values that exist for the fields whose names are known."""
    if isinstance(sample, dict):
        return {
            name: values[name] if name in values else filled(value, values) for name, value in sample.items()
        }
    return [filled(each, values) for each in sample] if isinstance(sample, list) else sample
