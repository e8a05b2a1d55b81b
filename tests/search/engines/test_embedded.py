"""The engine of the database the tests run on: FTS5 on SQLite, tsvector on PostgreSQL."""

from __future__ import annotations

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries
from qudao_search.engines.choosing import embedded
from qudao_search.engines.embedded import EmbeddedEngine
from qudao_search.entries.models import Entry
from qudao_search.testing import InMemorySource
from qudao_search.values import Query

from .contract import EngineContract, asked


class TestEmbedded(EngineContract):
    @pytest.fixture
    def engine(self, db: None) -> EmbeddedEngine:  # type: ignore[override]
        return embedded()

    def test_it_is_the_databases_own(self, engine: EmbeddedEngine) -> None:
        assert engine.name == connection.vendor

    def test_one_statement_however_much_matches(
        self,
        engine: EmbeddedEngine,
        products: InMemorySource,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for number in range(3):
            products.put(str(number), "Lamp", facets={"line": (str(number),)})
            for wanted in (asked("lamp"), Query()):
                with django_assert_num_queries(1):
                    engine.ask(wanted, groups=None)

    def test_it_says_what_it_lost(self, engine: EmbeddedEngine, products: InMemorySource) -> None:
        products.put("1", "Lamp")
        products.put("2", "Lamp")
        first, second = Entry.objects.values_list("pk", flat=True)
        engine.erase([first])
        assert engine.absent([first, second]) == {first}
