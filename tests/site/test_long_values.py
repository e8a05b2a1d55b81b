"""A value of five thousand digits, wherever a value may stand, is refused or not found: never a crash."""

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from qudao_core.headless import reference

from tests.api_answers import document
from tests.site import test_access_matrix as matrix
from tests.site.world import World, make_world

DIGITS = "9" * 5000
#: Beyond what a database's integer holds, and what Python refuses to read as a number.
LONG = ("9" * 25, DIGITS)


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.QUDAO_API_RATES = dict.fromkeys(("guest", "read", "write", "import", "search"), "1000000/min")
    return make_world()


def operations() -> Iterator[tuple[reference.Operation, dict[str, Any]]]:
    for group in reference.groups(document()):
        for each in group.operations:
            yield each, document()["paths"][each.path][each.method.lower()]


def status(client: Client, method: str, path: str, body: str = "") -> int:
    with transaction.atomic():
        headers = {"idempotency-key": str(uuid.uuid4())}
        answer = client.generic(method, path, body, content_type="application/json", headers=headers)
        transaction.set_rollback(True)
    return answer.status_code


@pytest.mark.slow
def test_long_values_in_addresses(world: World) -> None:
    client = world.clients["root"]
    crashed = []
    for each, spec in operations():
        path = matrix.address(world, each).partition("?")[0]
        body = json.dumps(matrix.body_of(world, each) or {}) if each.method != "GET" else ""
        for long in LONG:
            for prefix in ("", "ext:", "sku:", "code:"):
                asked = re.sub(r"\{\w+\}", prefix + long, each.path)
                if asked != each.path and status(client, each.method, asked, body) >= 500:
                    crashed.append(f"{each.method} {each.path} {prefix}{len(long)} digits")
            for parameter in spec.get("parameters", []):
                if parameter["in"] == "query":
                    query = f"?{parameter['name']}={long}"
                    if status(client, each.method, path + query, body) >= 500:
                        crashed.append(f"{each.method} {each.path} {parameter['name']}: {len(long)} digits")
    assert crashed == []


@pytest.mark.slow
def test_long_values_in_bodies(world: World) -> None:
    client = world.clients["root"]
    crashed = []
    for each, _spec in operations():
        body = matrix.body_of(world, each)
        for place, changed in leaves(body) if isinstance(body, dict) else ():
            for long in LONG:
                for value in (f'"{long}"', long, f'"ext:{long}"'):
                    text = json.dumps(changed).replace('"@long@"', value)
                    if status(client, each.method, matrix.address(world, each), text) >= 500:
                        crashed.append(
                            f"{each.method} {each.path} {place}: {value[:8]}… ({len(long)} digits)"
                        )
    assert crashed == []


def leaves(body: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """The body once for each value in it, with that value marked."""
    if isinstance(body, dict):
        for name, value in body.items():
            for where, changed in leaves(value, f"{place}.{name}"):
                yield where, {**body, name: changed}
    elif isinstance(body, list) and body:
        for where, changed in leaves(body[0], f"{place}.0"):
            yield where, [changed, *body[1:]]
    else:
        yield place.lstrip("."), "@long@"
