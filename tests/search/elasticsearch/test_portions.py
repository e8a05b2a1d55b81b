"""How much of the dirty set is held at a time. No cluster is asked."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from qudao_search.engines.elasticsearch import changes
from qudao_search.entries.pending import dirty
from qudao_search.testing import InMemorySource


def test_long_texts_are_sent_a_few_at_a_time(
    products: InMemorySource,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """A thousand documents of 200,000 characters, analysed, are more than a worker's memory."""
    settings.QUDAO_SEARCH_ENGINE = "elasticsearch"
    for number in range(6):
        products.put(f"{number}", f"Lamp {number}", texts={"en": "wired " * 100})
    products.take("5")
    rows = dirty(1_000)
    with django_assert_num_queries(1):
        assert list(changes.fitting(rows)) == rows
    monkeypatch.setattr(changes, "PORTION", 1_500)
    assert [row[3] for row in changes.fitting(rows)] == [True, False, False], "deleted ones weigh nothing"
    monkeypatch.setattr(changes, "PORTION", 10)
    assert len(changes.fitting(rows[1:])) == 1, "one at least, however long"
    with django_assert_num_queries(0):
        assert changes.fitting([]) == []
