"""Whether an index holds what the database says, entry by entry and revision by revision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from elasticsearch import Elasticsearch

from ...index.models import Entry

_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Difference:
    """An entry that is not the same on both sides; ``None`` where it is missing."""

    entry_id: int
    in_database: int | None
    in_cluster: int | None


def differences(client: Elasticsearch, index: str) -> Iterator[Difference]:
    """What differs between the database and what searches of ``index`` see. Both are read in the order of keys.

    A change made meanwhile may show up as well; whoever mends reads such entries again.
    """
    cluster, database = _in_cluster(client, index), _in_database()
    there, here = next(cluster, None), next(database, None)
    while there or here:
        if here and (not there or here[0] < there[0]):
            yield Difference(here[0], here[1], None)
            here = next(database, None)
        elif there and (not here or there[0] < here[0]):
            yield Difference(there[0], None, there[1])
            there = next(cluster, None)
        elif here and there:
            if here[1] != there[1]:
                yield Difference(here[0], here[1], there[1])
            here, there = next(database, None), next(cluster, None)


def _in_cluster(client: Elasticsearch, index: str) -> Iterator[tuple[int, int]]:
    last = -1
    while True:
        answer = client.search(
            index=index,
            size=_PAGE,
            sort=[{"entry": "asc"}],
            search_after=[last],
            version=True,
            source=False,
            track_total_hits=False,
            allow_partial_search_results=False,
        )
        hits = answer["hits"]["hits"]
        yield from ((hit["sort"][0], hit["_version"]) for hit in hits)
        if not hits:
            return
        last = hits[-1]["sort"][0]


def _in_database() -> Iterator[tuple[int, int]]:
    last = -1
    while True:
        rows = list(
            Entry.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "revision")[: 10 * _PAGE]
        )
        yield from rows
        if not rows:
            return
        last = rows[-1][0]
