"""What dealers look through, built once for all questions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from qudao_search.querying import spelling

from tests import databases

from .channel import Channel, build


@pytest.fixture(scope="module")
def _built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Channel]:
    with django_db_blocker.unblock():
        yield build()
        databases.restore()
        spelling.forget()


@pytest.fixture
def channel(_built: Channel, db: None) -> Channel:
    return _built
