"""Several processes write and search at once, on whatever database the run uses."""

from __future__ import annotations

import multiprocessing
import os
import traceback
from typing import Any

import pytest
from django.db import connection, transaction
from qudao_search import api as search
from qudao_search.entries.models import AccessRule, Entry, Group
from qudao_search.testing import InMemorySource, in_memory_sources

from tests.processes import PATIENCE

from ..querying.contract import BUYER

WRITERS, SEARCHERS, ROUNDS = 4, 3, 6
fork = multiprocessing.get_context("fork")


def write(shelf: InMemorySource, number: int) -> str:
    """Things of its own, and one that all write; half of what it wrote it takes away or rolls back."""
    for turn in range(ROUNDS):
        with transaction.atomic():
            shelf.lay("shared", f"Lamp shared {number} {turn}", facets={"line": (f"{turn}",)})
            shelf.lay(f"{number}-{turn}", f"Lamp {number} {turn}", facets={"line": (f"new-{turn}",)})
            search.update(kind="product", items=["shared", f"{number}-{turn}"])
        if turn % 2:
            with transaction.atomic():
                shelf.take(f"{number}-{turn}")
        with transaction.atomic():
            shelf.put(f"{number}-{turn}-undone", "Lamp undone")
            transaction.set_rollback(True)
        del shelf.documents_by_item[f"{number}-{turn}-undone"]
    return "written"


def look() -> str:
    """What is found is whole, and has nothing that was undone."""
    for _turn in range(4 * ROUNDS):
        result = search.search(BUYER, search.SearchRequest("lamp", page_size=100))
        assert 0 < len(result.hits) <= result.total  # one may be taken away between counting and showing
        assert result.total == sum(value.count for value in result.facets[0].values)
        assert search.search(BUYER, search.SearchRequest("undone"), log=False).total == 0
    return "looked"


def run(start: Any, answers: Any, shelf: InMemorySource, number: int) -> None:
    """The life of one process."""
    try:
        connection.ensure_connection()
        start.wait(60)
        found = write(shelf, number) if number < WRITERS else look()
    except BaseException:  # noqa: BLE001 - a process that dies must say why
        found = traceback.format_exc()
    answers.put(found)
    answers.close()
    answers.join_thread()
    os._exit(0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_writers_and_searchers_do_not_hinder_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    with in_memory_sources("product", "topic") as (products, _topics):
        products.put("0", "Lamp", facets={"line": ("first",)})
        monkeypatch.setattr(
            products,
            "cards",
            lambda reader, items, request=None: {
                item: products._card(reader, products.documents_by_item["0"]) for item in items
            },
        )
        connection.close()
        start, answers = fork.Barrier(WRITERS + SEARCHERS), fork.Queue()
        processes = [
            fork.Process(target=run, args=(start, answers, products, number))
            for number in range(WRITERS + SEARCHERS)
        ]
        for process in processes:
            process.start()
        found = sorted(answers.get(timeout=PATIENCE) for _process in processes)
        for process in processes:
            process.join(30)
        assert found == ["looked"] * SEARCHERS + ["written"] * WRITERS
        expected = {"0", "shared"} | {
            f"{number}-{turn}" for number in range(WRITERS) for turn in range(0, ROUNDS, 2)
        }
        assert set(Entry.objects.values_list("item", flat=True)) == expected
        assert search.search(BUYER, search.SearchRequest("lamp")).total == len(expected)
        assert AccessRule.objects.count() == 1
        assert Group.objects.count() == 1 + 2 * ROUNDS
