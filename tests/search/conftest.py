"""The shelves that the search's tests put things on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from qudao_search import testing

from tests.search.cluster import cluster_settings, on_elasticsearch

__all__ = ["cluster_settings", "on_elasticsearch"]


@pytest.fixture
def shelves(db: None) -> Iterator[tuple[testing.Shelf, testing.Shelf]]:
    """Products with a price, and topics, as the only two kinds there are."""
    with testing.shelves("product", "topic") as (products, topics):
        yield products, topics


@pytest.fixture
def products(shelves: tuple[testing.Shelf, testing.Shelf]) -> testing.Shelf:
    return shelves[0]


@pytest.fixture
def topics(shelves: tuple[testing.Shelf, testing.Shelf]) -> testing.Shelf:
    return shelves[1]
