"""What every test stands on: its own migrated database, only the loopback, English until it says so."""

import gc
import ipaddress
import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, TransactionTestCase
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from tests import api_answers, databases, markup, selection
from tests.browser import chromium

__all__ = ["chromium"]  # one for all: a second driver in the same process refuses to start

pytest_collection_modifyitems = selection.pytest_collection_modifyitems
pytest_ignore_collect = selection.pytest_ignore_collect
pytest_runtest_call = selection.pytest_runtest_call

# A slow machine is no reason to fail; --quick looks at fewer examples.
hypothesis_settings.register_profile("full", deadline=None)
hypothesis_settings.register_profile("quick", deadline=None, max_examples=20)
hypothesis_settings.load_profile("quick" if os.environ.get("QUDAO_TEST_QUICK") else "full")


def pytest_collection_finish() -> None:
    """Modules and tests stay until the end: collecting garbage need not walk over them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, request: pytest.FixtureRequest
) -> Iterator[None]:
    """Instead of migrating an empty database for minutes, copy the template."""
    with django_db_blocker.unblock():
        databases.create()
    yield
    with django_db_blocker.unblock():
        databases.drop()


@pytest.fixture(scope="session", autouse=True)
def _committed_data_is_undone_by_the_template() -> Iterator[None]:
    """After a test that commits, Django empties every table, and with them what migrations put there.

    Here the migrated template is copied again instead: the next test finds root page, territories and groups.
    """
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: databases.restore())
    yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def _answers_are_what_the_schema_says() -> Iterator[None]:
    """Whatever test calls the API: the answer is held against the served OpenAPI document."""
    patch = pytest.MonkeyPatch()
    patch.setattr(Client, "request", api_answers.hooked(Client.request))
    yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def _pages_are_read_in_one_line() -> Iterator[None]:
    """A test names elements; where a template breaks its lines is the formatter's business."""
    patch = pytest.MonkeyPatch()
    patch.setattr(Client, "request", markup.hooked(Client.request))
    yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def _refusals_have_the_documented_status() -> Iterator[None]:
    """Whatever a test is refused, by a page, the API or a service: the code has the status of the reference."""
    from qudao_core.errors import Refusal  # noqa: PLC0415 - needs the settings that pytest has loaded now

    from tests import refusals  # noqa: PLC0415

    patch = pytest.MonkeyPatch()
    patch.setattr(Refusal, "__init__", refusals.hooked(Refusal.__init__))
    yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """A test that reaches for the outside world fails with a message instead of waiting for it."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            raise RuntimeError(f"A test tried to open a network connection to {address[0]}:{address[1]}.")
        return connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()


def _is_loopback(host: str) -> bool:
    if host in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def _nothing_left_over() -> Iterator[None]:
    """The cache and the active language belong to one test."""
    yield
    cache.clear()
    translation.activate("en")
