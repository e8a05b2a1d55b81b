"""Which tests have nothing to say about the database, and which files a stage of `./qudao test` has to read.

`docs/decisions/0211-what-runs-on-both-databases.md` says why. Tests that may not open the database get the marker
`no_database` here, and one that sends a statement all the same fails. A test that does use it and is still not repeated
on PostgreSQL says why: ``any_database("…")``.
"""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase

#: Fixtures with which pytest-django lets a test reach the database; without one of them it refuses the connection.
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
#: Markers that `./qudao test` selects by. They are written by name in the file of the test, or in none.
STAGES = ("browser", "services", "elasticsearch")


def may_ask(item: pytest.Item) -> bool:
    """Whether the test can reach the database."""
    if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
        return True
    owner = getattr(item, "cls", None)
    return owner is not None and issubclass(owner, TransactionTestCase)


@pytest.hookimpl(tryfirst=True)  # before the selection by -m
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    wrong = []
    for item in items:
        if not may_ask(item):
            item.add_marker("no_database")
        elif complaint := complaint_about(item):
            wrong.append(f"{item.nodeid}: {complaint}")
    if wrong:
        raise pytest.UsageError("\n".join(["Not repeated on PostgreSQL, but:", *wrong]))


def complaint_about(item: pytest.Item) -> str:
    """Why a test with a database may not leave PostgreSQL out; "" when it may, or does not."""
    marker = item.get_closest_marker("any_database")
    if marker is None or any(map(item.get_closest_marker, STAGES)):
        return ""
    if not marker.args:
        return 'it uses the database; say why once is enough, any_database("…"), or take the marker away'
    if "vendor" in inspect.getsource(item.function):  # type: ignore[attr-defined]
        return "it asks which database it runs on"
    return ""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    if item.get_closest_marker("no_database") is None:
        return (yield)
    with connection.execute_wrapper(_refuse):
        return (yield)


def _refuse(_execute: Any, sql: str, *_rest: Any) -> None:
    raise AssertionError(f"The test was taken for one without a database, and asks it: {sql[:200]}")


def wanted_stage(expression: str) -> str:
    """The marker that a test must have to be selected by `-m expression`; "" when there is no single one."""
    first = expression.split(" and ")[0].strip() if " or " not in expression else ""
    return first if first in STAGES else ""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Reading all tests takes a quarter of a minute: a stage of a single marker reads the files that name it."""
    stage = wanted_stage(config.option.markexpr)
    if not stage or collection_path.suffix != ".py" or collection_path.name in {"conftest.py", "__init__.py"}:
        return None
    named = re.search(rf"\bmark\.{stage}\b", collection_path.read_text(encoding="utf-8"))
    return None if named else True
