"""A cluster of three that loses its master, and processes that are killed: nothing is lost, no search fails."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection
from qudao_search import api as search
from qudao_search.engines import choosing
from qudao_search.engines.elasticsearch import mapping
from qudao_search.engines.elasticsearch.client import cluster
from qudao_search.engines.elasticsearch.rebuild import differences, rebuild_cluster
from qudao_search.entries.models import ClusterIndex, Entry, Pending
from qudao_search.index import services as index
from qudao_search.testing import InMemorySource, Person

from tests import services
from tests.search.cluster import environment, use

pytestmark = [pytest.mark.elasticsearch, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

LINES = ("red", "blue", "green")
#: A process of its own that rebuilds, as ``search_rebuild`` does.
REBUILD = """
import django
django.setup()
from qudao_search.engines.elasticsearch.rebuild import rebuild_cluster
rebuild_cluster()
"""


@pytest.fixture(scope="module")
def nodes() -> Iterator[services.Cluster]:
    if reason := services.missing("elasticsearch"):
        pytest.skip(reason)
    with services.elasticsearch_cluster(3) as cluster_of_three:
        yield cluster_of_three


@pytest.fixture
def site(
    nodes: services.Cluster, settings: Any, in_memory_sources: tuple[InMemorySource, InMemorySource]
) -> InMemorySource:
    use(settings, nodes.urls)
    settings.QUDAO_SEARCH_TIMEOUT = 5.0
    return in_memory_sources[0]


def fill(shelf: InMemorySource, number: int) -> None:
    for each in range(number):
        shelf.lay(
            str(each), {"en": f"Lamp {each}", "zh-hans": "工业交换机"}, facets={"line": (LINES[each % 3],)}
        )
    index.update(kind=shelf.kind, items=shelf.items())


def settle() -> None:
    services.until(lambda: search.synchronise() == 0 and not Pending.objects.exists())
    cluster().indices.refresh(index=mapping.all_indices())


def assert_whole() -> None:
    """Searches see every entry of the database in its newest revision, and nothing else."""
    assert list(differences(cluster(), mapping.alias())) == []
    assert cluster().count(index=mapping.alias())["count"] == Entry.objects.count()


@contextmanager
def meanwhile(*jobs: Callable[[], None]) -> Iterator[None]:
    """Run each job again and again in a thread of its own."""
    stop = Event()

    def work(job: Callable[[], None]) -> None:
        try:
            while not stop.wait(0.02):
                job()
        finally:
            connection.close()

    threads = [Thread(target=work, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


class Searching:
    """People who search all the time; ``answers`` counts what they got."""

    def __init__(self) -> None:
        self.answers: Counter[str] = Counter()

    def __call__(self) -> None:
        word = random.choice(["lamp", "交换机", f"lamp {random.randrange(500)}"])
        try:
            result = search.search(Person(), search.SearchRequest(word), log=False)
        except Exception as error:  # counted, whatever it is: no page may fail
            self.answers[f"failed: {error!r}"] += 1
            return
        if not result.hits:
            self.answers[f"nothing found for {word}"] += 1
        self.answers["degraded" if result.degraded else "answered"] += 1

    @property
    def failed(self) -> dict[str, int]:
        return {what: times for what, times in self.answers.items() if what not in ("answered", "degraded")}


def rebuilding() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", REBUILD], env=environment())


def test_a_rebuild_that_is_killed_leaves_the_site_searching_and_can_be_begun_again(
    nodes: services.Cluster, site: InMemorySource
) -> None:
    fill(site, 4_000)
    rebuild_cluster()
    (before,) = cluster().indices.get_alias(name=mapping.alias())
    people = Searching()
    with meanwhile(people):
        process = rebuilding()
        half = ClusterIndex.objects.filter(state=ClusterIndex.State.BUILDING, reached__gt=0)
        services.until(lambda: half.exists() or process.poll() is not None)
        assert process.poll() is None, "it was too quick to be killed"
        process.kill()
        process.wait()
        site.change("1", titles={"en": "Torch"})
        assert set(cluster().indices.get_alias(name=mapping.alias())) == {before}
        rebuild_cluster()
    settle()
    assert not people.failed, people.answers
    assert_whole()
    (after,) = cluster().indices.get_alias(name=mapping.alias())
    assert set(cluster().indices.get_alias(index=mapping.all_indices())) == {after} != {before}


def test_the_master_is_killed_in_the_middle_of_a_rebuild_and_of_a_search_load(
    nodes: services.Cluster, site: InMemorySource
) -> None:
    fill(site, 20_000)
    rebuild_cluster()
    people = Searching()
    killed: list[int] = []

    def change_something() -> None:
        site.change(str(random.randrange(500, 20_000)), titles={"en": f"Torch {random.random()}"})

    def kill_the_master(done: int, total: int) -> None:
        if done > total / 3 and not killed:
            killed.append(nodes.master())
            nodes.kill(killed[0])

    with meanwhile(people, people, change_something, lambda: search.synchronise() and None):
        rebuild_cluster(kill_the_master)
    assert killed, "the rebuild was too quick"
    settle()
    choosing.mark_available()
    people()
    assert not people.failed, people.answers
    assert people.answers["answered"], people.answers
    assert_whole()
    assert not search.search(Person(), search.SearchRequest("torch"), log=False).degraded
