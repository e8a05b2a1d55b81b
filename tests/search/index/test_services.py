"""Writing the index."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries
from qudao_search import api as search
from qudao_search.engines.choosing import embedded
from qudao_search.entries import group_cache
from qudao_search.entries.models import AccessRule, Entry, Group, Pending, Word
from qudao_search.index import services
from qudao_search.testing import InMemorySource, in_memory_sources

from tests.processes import PATIENCE

from ..querying.contract import BUYER


def found(text: str) -> set[str]:
    return {hit.item for hit in search.search(BUYER, search.SearchRequest(text), log=False).hits}


def test_what_has_not_changed_is_not_written(products: InMemorySource) -> None:
    products.put("1", "Lamp")
    before = Entry.objects.values_list("pk", "revision").get()
    assert search.update(kind="product", items=["1", "1"]) == 0
    assert Entry.objects.values_list("pk", "revision").get() == before
    products.change("1", titles={"en": "Torch"})
    assert Entry.objects.values_list("pk", "revision").get() == (before[0], before[1] + 1)


def test_a_constant_number_of_statements(
    products: InMemorySource, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Hold; rules and groups: which are there, add; entries; tokens away, tokens in; words, on PostgreSQL in turn."""
    turn = int(connection.vendor == "postgresql")
    for count in (1, 3, 700):
        for number in range(count):
            products.lay(
                f"{count}-{number}", f"Lamp {number}", facets={"line": (f"{count}",)}, access=[str(count)]
            )
        with django_assert_num_queries(2 + 1 + 4 + 1 + 2 + 1 + turn):
            assert search.update(kind="product", items=products.items()) == count
        with django_assert_num_queries(2 + 1):
            assert search.update(kind="product", items=products.items()) == 0


def statements(captured: CaptureQueriesContext, beginning: str) -> list[str]:
    return [each["sql"] for each in captured if each["sql"].strip().startswith(beginning)]


def test_bulk_writers_meet_at_groups_in_one_order(
    products: InMemorySource, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Groups added chunk by chunk would have two writers wait for each other's."""
    monkeypatch.setattr(services, "CHUNK", 2)
    for number in range(5):
        products.lay(f"{number}", f"Lamp {number}", facets={"line": (f"{number}",)}, access=[f"{number}"])
    with CaptureQueriesContext(connection) as captured:
        assert search.update(kind="product", items=products.items()) == 5
    assert len(statements(captured, "INSERT INTO qudao_search_entry")) == 3
    assert len(statements(captured, "INSERT INTO qudao_search_group")) == 1
    assert len(statements(captured, "INSERT INTO qudao_search_door")) == 1
    assert (AccessRule.objects.count(), Group.objects.count()) == (5, 5)


def test_long_texts_are_written_a_few_at_a_time(
    products: InMemorySource, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand documents of 200,000 characters are more than a statement takes, or memory."""
    monkeypatch.setattr(services, "PORTION", 1_000)
    for number in range(6):
        products.lay(f"{number}", f"Lamp {number}", texts={"en": "wired " * 100})
    with CaptureQueriesContext(connection) as captured:
        assert search.update(kind="product", items=["gone", *products.items()]) == 6
        assert len(statements(captured, "INSERT INTO qudao_search_entry")) == 3
    with CaptureQueriesContext(connection) as captured:
        search.rebuild()
    assert len(statements(captured, "INSERT INTO qudao_search_entry")) == 0
    assert found("wired") == set("012345")
    products.take("3")
    assert found("wired") == set("01245")


def test_things_alike_share_doors_and_groups(products: InMemorySource) -> None:
    for item in "123":
        products.put(item, f"Lamp {item}", access=["gold", "everyone"], facets={"line": ("red",)})
    products.put("4", "Lamp 4", access=["everyone", "gold"], facets={"line": ("blue",)})
    assert (AccessRule.objects.count(), Group.objects.count()) == (2, 2)


def test_what_a_source_no_longer_gives_is_taken_out(products: InMemorySource) -> None:
    products.put("1", "Lamp")
    products.put("2", "Lamp")
    del products.documents_by_item["1"]
    assert search.update(kind="product", items=["1", "2", "never-there"]) == 1
    assert found("lamp") == {"2"}


def test_things_can_be_taken_out_whatever_their_source_says(products: InMemorySource) -> None:
    products.put("1", "Lamp")
    products.put("2", "Lamp")
    assert search.remove(kind="product", items=["1", "never-there"]) == 1
    assert found("lamp") == {"2"}


def test_keys_are_never_used_twice(products: InMemorySource) -> None:
    products.put("1", "Lamp")
    first = Entry.objects.get().pk
    products.take("1")
    products.put("1", "Lamp")
    assert Entry.objects.get().pk > first


def test_an_unknown_kind_is_an_error(products: InMemorySource) -> None:
    with pytest.raises(LookupError, match="unknown"):
        search.update(kind="unknown", items=["1"])


def test_what_no_database_keeps_does_not_stop_the_rest(products: InMemorySource) -> None:
    products.put(
        "1", "Lamp\x00", texts={"en": "half \ud83d pair"}, codes=("A\x00B",), facets={"line": ("\x00",)}
    )
    assert found("lamp") == found("pair") == {"1"}


def test_a_long_text_is_cut(products: InMemorySource, settings: Any) -> None:
    settings.QUDAO_SEARCH_LONGEST_TEXT = 30
    products.put("1", "Lamp", texts={"en": "The beginning of a text and its end"})
    assert (found("beginning"), found("its end")) == ({"1"}, set())
    assert len(Entry.objects.get().texts["en"]) == 30


# --- the cluster's dirty set ---


def test_without_a_cluster_nothing_waits(products: InMemorySource) -> None:
    products.put("1", "Lamp")
    products.take("1")
    assert not Pending.objects.exists()


def test_a_cluster_is_told_what_changed_and_what_hides(products: InMemorySource, settings: Any) -> None:
    settings.QUDAO_SEARCH_ENGINE = "elasticsearch"
    products.put("1", "Lamp")
    pk = Entry.objects.get().pk
    columns = ("entry_id", "revision", "hides", "deleted")
    assert list(Pending.objects.values_list(*columns)) == [(pk, 1, False, False)]
    products.change("1", facets={"line": ("red",)})
    assert list(Pending.objects.values_list(*columns)) == [(pk, 2, True, False)]
    Pending.objects.update(attempts=3, error="refused")
    products.change("1", titles={"en": "Torch"})
    assert list(Pending.objects.values_list(*columns, "attempts", "error")) == [(pk, 3, True, False, 0, "")]
    products.take("1")
    assert list(Pending.objects.values_list(*columns)) == [(pk, 4, True, True)]


# --- a rebuild ---


def test_a_rebuild_brings_index_and_sources_together(
    in_memory_sources: tuple[InMemorySource, InMemorySource],
) -> None:
    products, topics = in_memory_sources
    products.put("kept", "Lamp")
    products.put("gone", "Lamp unheard", facets={"line": ("rare",)}, access=["rare"])
    topics.put("tokenless", "Lamp")
    products.lay("new", "Lamp")
    del products.documents_by_item["gone"]
    embedded().erase([Entry.objects.get(item="tokenless").pk])
    told: list[tuple[str, int, int]] = []
    assert search.rebuild(progress=lambda *each: told.append(each)) == 3
    assert told == [("product", 2, 2), ("topic", 1, 1)]
    assert found("lamp") == {"kept", "new", "tokenless"}
    assert set(Group.objects.values_list("kind", flat=True)) == {"product", "topic"}
    assert (Group.objects.count(), AccessRule.objects.count()) == (2, 1)
    assert not Word.objects.filter(text="unheard").exists()
    assert Word.objects.filter(text="lamp").exists()
    assert not search.status(deep=True).drifts


def test_a_rebuild_rewrites_nothing_that_is_right(products: InMemorySource) -> None:
    products.put("1", "Lamp")
    search.rebuild()
    assert Entry.objects.get().revision == 1


def test_a_rebuild_of_one_kind_leaves_the_others(
    in_memory_sources: tuple[InMemorySource, InMemorySource],
) -> None:
    products, topics = in_memory_sources
    products.put("1", "Lamp")
    topics.put("2", "Lamp")
    del products.documents_by_item["1"], topics.documents_by_item["2"]
    assert search.rebuild(kinds=["product"]) == 0
    assert list(Entry.objects.values_list("kind", flat=True)) == ["topic"]


def test_a_kind_that_lost_its_source_is_dropped(products: InMemorySource) -> None:
    products.put("1", "Lamp")
    with in_memory_sources("topic") as (topics,):
        topics.put("2", "Lamp")
        search.rebuild()
        assert list(Entry.objects.values_list("kind", flat=True)) == ["topic"]


def test_what_is_added_while_a_rebuild_reads_stays(
    products: InMemorySource, monkeypatch: pytest.MonkeyPatch
) -> None:
    products.put("1", "Lamp")
    read = products.items

    def items() -> Iterable[str]:
        listed = list(read())
        products.put("2", "Lamp")
        return listed

    monkeypatch.setattr(products, "items", items)
    search.rebuild()
    assert found("lamp") == {"1", "2"}


def test_a_group_that_came_back_after_a_rebuild_is_open_again(products: InMemorySource) -> None:
    """Groups are forgotten by the database, never by a process; their keys come from their content."""
    products.put("1", "Lamp", facets={"line": ("rare",)})
    products.take("1")
    search.rebuild()
    assert Group.objects.count() == 0
    group_cache.clear()
    products.put("1", "Lamp", facets={"line": ("rare",)})
    assert found("lamp") == {"1"}


@pytest.mark.django_db(transaction=True)
def test_two_writers_of_the_same_new_word_do_not_wait_for_each_other() -> None:
    """Two transactions open at once; SQLite lets only one write at a time anyway."""
    if connection.vendor == "sqlite":
        return
    with in_memory_sources("product") as (products,):
        products.lay("1", "Lamp unheard")
        products.lay("2", "Torch unheard", access=["gold"])
        with transaction.atomic():
            search.update(kind="product", items=["1"])
            with ThreadPoolExecutor(1) as other:
                assert other.submit(_update_and_close, "2").result(timeout=PATIENCE) == 1
        assert set(Word.objects.values_list("text", flat=True)) >= {"lamp", "unheard"}
        search.rebuild()
        assert set(Word.objects.values_list("text", flat=True)) == {"lamp", "torch", "unheard"}


def _update_and_close(item: str) -> int:
    try:
        return search.update(kind="product", items=[item])
    finally:
        connection.close()
