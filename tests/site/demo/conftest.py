"""The small demo channel, built once for a module."""

from datetime import UTC, datetime

import pytest
from qudao_site.demo import build
from qudao_site.demo.scale import SMALL

from tests import databases

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def _channel(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        build.build(scale=SMALL, now=NOW, say=lambda line: None)
        yield
        databases.restore()


@pytest.fixture
def channel(_channel, db):
    """Each test may change what it likes; it is undone."""
    return NOW
