"""The search on the engine of the database the tests run on, and what no engine changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoAssertNumQueries
from qudao_search import api as search
from qudao_search.api import SearchRequest
from qudao_search.engines import choosing
from qudao_search.engines.contract import EngineUnavailable
from qudao_search.entries import group_cache
from qudao_search.query_log import services
from qudao_search.query_log.models import Click, QueryLog
from qudao_search.testing import InMemorySource, Person, in_memory_sources

from .contract import BUYER, COLLEAGUE, SearchContract


class TestEmbedded(SearchContract):
    def test_it_says_which_engine_answered(self, products: InMemorySource) -> None:
        result = self.ask(BUYER, "lamp")
        assert (result.engine, result.degraded) == (connection.vendor, False)


# --- statements ---


def shelve(products: InMemorySource, topics: InMemorySource, count: int) -> None:
    for number in range(count):
        products.put(
            f"{count}-{number}", f"Lamp {number}", facets={"line": (str(number),)}, texts={"en": "Lamp."}
        )
        topics.put(f"{count}-{number}", f"Lamp topic {number}")


@pytest.mark.parametrize(
    ("asked", "statements"),
    [
        # synonyms, engine, entries, their words
        ({"text": "lamp"}, 4),
        ({"text": "lamp", "facets": {"line": ("0",)}}, 4),
        ({"text": "lamp", "sort": "newest"}, 4),
        ({"text": "lamp", "sort": "price", "kinds": ("product",)}, 5),
        # engine, entries, their words
        ({"text": ""}, 3),
        # synonyms, engine, words of titles, synonyms, engine, entries, their words
        ({"text": "lmap"}, 7),
        # synonyms, engine, how frequent the words are, words of titles twice, engine, entries, their texts, their words
        ({"text": "lamp zzqqxx"}, 9),
    ],
)
def test_a_constant_number_of_statements(
    in_memory_sources: tuple[InMemorySource, InMemorySource],
    django_assert_num_queries: DjangoAssertNumQueries,
    asked: dict[str, Any],
    statements: int,
) -> None:
    for count in (1, 3, 30):
        shelve(*in_memory_sources, count)
        with django_assert_num_queries(statements):
            result = search.search(COLLEAGUE, SearchRequest(**asked), log=False)
        assert result.total


def test_lines_while_typing_take_a_constant_number_of_statements(
    in_memory_sources: tuple[InMemorySource, InMemorySource],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """Popular questions, the engine, entries; recent searches for somebody who is signed in."""
    for count in (1, 3):
        shelve(*in_memory_sources, count)
        with django_assert_num_queries(3):
            assert search.suggest(COLLEAGUE, "lam")


def test_a_process_that_has_just_started_reads_the_groups_once(
    products: InMemorySource, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    products.put("1", "Lamp", facets={"line": ("red",)})
    group_cache.clear()
    with django_assert_num_queries(4 + 3):  # groups, access rules, and the engine once more
        assert search.search(COLLEAGUE, SearchRequest("lamp"), log=False).total == 1
    group_cache.clear()
    assert search.search(COLLEAGUE, SearchRequest("lamp", facets={"line": ("red",)})).total == 1


# --- the log ---


@pytest.fixture
def bai(django_user_model: Any) -> Person:
    user = django_user_model.objects.create_user(email="bai@example.com")
    return Person(user_id=user.pk)


def test_the_first_page_of_a_question_is_written_down(products: InMemorySource, bai: Person) -> None:
    products.put("1", "Lamp")
    result = search.search(bai, SearchRequest(" Lamp "))
    row = QueryLog.objects.get()
    assert (row.pk, row.text, row.total, row.engine) == (result.query_id, "Lamp", 1, connection.vendor)
    assert search.search(bai, SearchRequest("lamp", page=2)).query_id is None
    assert search.search(bai, SearchRequest("")).query_id is None
    assert search.search(bai, SearchRequest("lamp"), log=False).query_id is None
    assert QueryLog.objects.count() == 1


def test_clicks_and_recent_searches_are_ones_own(products: InMemorySource, bai: Person) -> None:
    products.put("1", "Lamp")
    number = search.search(bai, SearchRequest("lamp")).query_id
    assert number
    search.record_click(COLLEAGUE, query_id=number, kind="product", item="1", position=1)
    assert Click.objects.count() == 0
    search.record_click(bai, query_id=number, kind="product", item="1", position=1)
    assert Click.objects.get().item == "1"
    assert (search.recent_searches(bai), search.recent_searches(COLLEAGUE)) == (["lamp"], [])
    assert [line.kind for line in search.suggest(bai, "")] == [""]
    assert (
        search.forget_searches(COLLEAGUE),
        search.forget_searches(bai, text="LAMP"),
        search.recent_searches(bai),
    ) == (0, 1, [])


def test_popular_questions_are_shown_to_those_who_find_something(
    products: InMemorySource, django_user_model: Any
) -> None:
    products.put("1", "Lamp golden", access=["gold"])
    for number in range(3):
        user = django_user_model.objects.create_user(email=f"p{number}@example.com")
        search.search(Person(user_id=user.pk, keys=BUYER.keys), SearchRequest("golden lamp"))
    texts = [[piece.text for piece in line.text] for line in search.suggest(BUYER, "gold") if not line.kind]
    assert ["".join(text) for text in texts] == ["golden lamp"]
    assert search.suggest(COLLEAGUE, "gold") == []


def test_a_log_that_cannot_be_written_keeps_no_answer_back(
    products: InMemorySource, monkeypatch: pytest.MonkeyPatch
) -> None:
    products.put("1", "Lamp")

    def refuse(**_came: Any) -> None:
        raise DatabaseError("database is locked")

    monkeypatch.setattr(services, "log_query", refuse)
    result = search.search(BUYER, SearchRequest("lamp"))
    assert (result.total, result.query_id) == (1, None)


@pytest.mark.django_db(transaction=True)
def test_an_import_that_keeps_others_from_writing_keeps_nobody_from_searching() -> None:
    if connection.vendor != "sqlite":
        return  # there nobody waits
    with in_memory_sources("product") as (products,):
        products.put("1", "Lamp")
        importing = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        importing.execute("BEGIN IMMEDIATE")
        result = search.search(BUYER, SearchRequest("lamp"))
        assert (result.total, result.query_id) == (1, None)
        importing.close()
        assert search.search(BUYER, SearchRequest("lamp")).query_id
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            assert cursor.fetchone()[0] == 20_000


# --- an engine that is away ---


class _Away:
    name = "elasticsearch"

    def __init__(self) -> None:
        self.asked = 0

    def ask(self, *_question: Any, **_options: Any) -> Any:
        self.asked += 1
        raise EngineUnavailable("the master was killed")

    def check(self) -> None:
        raise EngineUnavailable("the master was killed")


@pytest.fixture
def away(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[_Away]:
    """A cluster that does not answer: the contract's own way of saying so."""
    settings.QUDAO_SEARCH_ENGINE = "elasticsearch"
    engine = _Away()
    monkeypatch.setattr(choosing, "current", lambda: engine)
    yield engine
    choosing.mark_available()


def test_the_embedded_index_answers_while_the_cluster_is_away(products: InMemorySource, away: _Away) -> None:
    products.put("1", "Lamp")
    for _time in range(3):
        result = search.search(BUYER, SearchRequest("lamp"))
        assert (result.total, result.engine, result.degraded) == (1, connection.vendor, True)
    assert away.asked == 1  # left alone for a while
    assert search.health() == {"ok": True, "engine": connection.vendor, "degraded": True, "waiting": 1}
    choosing.mark_available()
    search.search(BUYER, SearchRequest("lamp"))
    assert away.asked == 2


def test_a_search_inside_a_transaction_that_is_rolled_back_leaves_nothing_known_that_is_wrong(
    products: InMemorySource,
) -> None:
    """The keys of groups come from their content: none is ever used for another one."""
    products.put("1", "Lamp")
    with pytest.raises(RuntimeError), transaction.atomic():
        products.put("2", "Lamp", access=["gold"])
        assert search.search(BUYER, SearchRequest("lamp")).total == 2
        raise RuntimeError
    products.put("3", "Lamp", access=["parent"])
    assert search.search(BUYER, SearchRequest("lamp")).total == 1
