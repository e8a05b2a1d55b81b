"""What the search does for whoever asks, in the cluster: the same as on every engine, permission first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from qudao_search import api as search
from qudao_search.api import SearchRequest
from qudao_search.engines import choosing
from qudao_search.testing import InMemorySource

from tests.search.cluster import settle
from tests.search.querying.contract import BUYER, COLLEAGUE, SearchContract

pytestmark = pytest.mark.elasticsearch


class TestElasticsearch(SearchContract):
    @pytest.fixture(autouse=True)
    def _answered_by_the_cluster(self, site: InMemorySource) -> Iterator[None]:
        """Every single answer: one that came from the embedded index instead would prove nothing."""
        yield
        assert not choosing.is_away()

    def settle(self) -> None:
        settle()

    def test_it_says_which_engine_answered(self, products: InMemorySource) -> None:
        result = self.ask(BUYER, "lamp")
        assert (result.engine, result.degraded) == ("elasticsearch", False)


@pytest.mark.parametrize(
    ("asked", "statements"),
    [
        # synonyms, what waits to be hidden, entries, their words
        ({"text": "lamp", "facets": {"line": ("0",)}}, 4),
        # the same, and what by_price asks
        ({"text": "lamp", "sort": "price", "kinds": ("product",)}, 5),
    ],
)
def test_as_many_statements_as_the_embedded_engine(
    site: InMemorySource,
    django_assert_num_queries: DjangoAssertNumQueries,
    asked: dict[str, Any],
    statements: int,
) -> None:
    for count in (1, 3):
        for number in range(count):
            site.put(f"{count}-{number}", f"Lamp {number}", facets={"line": (str(number),)})
        settle()
        with django_assert_num_queries(statements):
            result = search.search(COLLEAGUE, SearchRequest(**asked), log=False)
        assert result.total and not result.degraded
