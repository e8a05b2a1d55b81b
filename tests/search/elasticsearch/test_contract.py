"""The cluster keeps the contract every engine keeps."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from qudao_search.engines.choosing import current
from qudao_search.engines.contract import Engine
from qudao_search.engines.elasticsearch.rebuild import rebuild_cluster
from qudao_search.testing import InMemorySource
from qudao_search.values import Query

from tests.search.cluster import settle
from tests.search.engines.contract import EngineContract, asked

pytestmark = pytest.mark.elasticsearch


class TestElasticsearch(EngineContract):
    @pytest.fixture
    def engine(self, db: None, cluster_settings: Any) -> Engine:
        rebuild_cluster()
        return current()

    def settle(self) -> None:
        settle()

    def test_it_is_the_one_that_is_set(self, engine: Engine) -> None:
        assert engine.name == "elasticsearch"

    def test_one_statement_and_one_request_however_much_matches(
        self, engine: Engine, products: InMemorySource, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(3):
            products.put(str(number), "Lamp", facets={"line": (str(number),)})
            self.settle()
            for wanted in (asked("lamp"), Query()):
                with django_assert_num_queries(1):
                    engine.ask(wanted, groups=None)
