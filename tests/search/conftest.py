"""The shelves that the search's tests put things on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from qudao_search import testing

from tests.search.cluster import cluster_settings, on_elasticsearch

__all__ = ["cluster_settings", "on_elasticsearch"]


@pytest.fixture
def in_memory_sources(db: None) -> Iterator[tuple[testing.InMemorySource, testing.InMemorySource]]:
    """Products with a price, and topics, as the only two kinds there are."""
    with testing.in_memory_sources("product", "topic") as (products, topics):
        yield products, topics


@pytest.fixture
def products(
    in_memory_sources: tuple[testing.InMemorySource, testing.InMemorySource],
) -> testing.InMemorySource:
    return in_memory_sources[0]


@pytest.fixture
def topics(
    in_memory_sources: tuple[testing.InMemorySource, testing.InMemorySource],
) -> testing.InMemorySource:
    return in_memory_sources[1]
