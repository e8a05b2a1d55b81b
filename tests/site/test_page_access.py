"""Every page opened by every kind of person; a cell that nobody reviewed fails.

``page_access.txt`` holds the status each of them gets. After a change that is meant, write it anew with
``QUDAO_TEST_ACCEPT_MATRIX=1 python -m pytest tests/site/test_page_access.py`` and read the difference.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver
from qudao_b2b_ordering import urls as ordering
from qudao_catalog import urls as catalog
from qudao_learning import urls as learning
from qudao_partner_portal import urls as portal
from qudao_search import urls as search

from tests.site.world import PEOPLE, World, make_world

REVIEWED = Path(__file__).with_name("page_access.txt")
ACCEPT = bool(os.environ.get("QUDAO_TEST_ACCEPT_MATRIX"))

#: What stands for a parameter on a page where the API names the thing otherwise.
NAMES = {
    "products": "SKU-1",
    "catalogue": "lamps",
    "branch": "D-1",
    "shipments": "none",
    "cart": 1,
}
#: What stands for a parameter that has no word of its own before it.
PARTS = {"<slug:scope>": "topic"}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.mark.slow
@pytest.mark.any_database("who may is decided before the database is asked")
def test_nobody_opens_more_than_was_reviewed(world: World) -> None:
    found = "\n".join(matrix(world)) + "\n"
    if ACCEPT:
        REVIEWED.write_text(found, encoding="utf-8")
    reviewed = REVIEWED.read_text(encoding="utf-8").splitlines()
    changed = [f"- {line}" for line in reviewed if line not in found.splitlines()]
    changed += [f"+ {line}" for line in found.splitlines() if line not in reviewed]
    assert not changed, "Cells nobody reviewed:\n" + "\n".join(changed)


@pytest.mark.any_database
def test_no_reviewed_page_is_a_crash() -> None:
    rows = REVIEWED.read_text(encoding="utf-8").splitlines()
    assert [row for row in rows if re.search(r"\b5\d\d\b", row)] == []


def matrix(world: World) -> Iterator[str]:
    routes = sorted(
        {
            route
            for patterns in (
                search.web_urlpatterns,
                portal.web_urlpatterns,
                catalog.web_urlpatterns,
                ordering.web_urlpatterns,
                learning.web_urlpatterns,
            )
            for route in routes_of(patterns)
        }
    )
    width = max(len(route) for route in routes) + 2
    yield " " * width + " ".join(f"{name:4}" for name in PEOPLE).rstrip()
    for route in routes:
        cells = [str(status(world, name, route)) for name in PEOPLE]
        if "405" in cells:  # takes forms only; the services behind them are tested with their people
            continue
        yield f"/{route:{width - 1}}" + " ".join(f"{cell:4}" for cell in cells).rstrip()


def routes_of(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes_of(pattern.url_patterns, route)
        else:
            yield route


def status(world: World, name: str, route: str) -> int:
    """The status of opening one page, whose effects are undone."""
    with transaction.atomic():
        response = world.clients[name].get(address(world, route))
        transaction.set_rollback(True)
    return response.status_code


def address(world: World, route: str) -> str:
    """The page of a route for the things of the world."""
    names = world.names | NAMES
    for parameter, value in PARTS.items():
        route = route.replace(parameter, value)
    path = re.sub(r"([\w-]+)/<(?:\w+:)?\w+>", lambda part: f"{part[1]}/{names.get(part[1], 1)}", route)
    return f"/{path}"
