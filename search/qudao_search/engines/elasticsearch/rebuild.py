"""Building the index anew beside the one that serves, and putting it in its place in one step."""

from __future__ import annotations

import re
import secrets
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from elasticsearch import ApiError, Elasticsearch, TransportError

from ... import conf
from ...entries.models import ClusterIndex, Entry, Pending
from ...entries.pending import Change, put_pending
from . import documents, mapping
from .client import Outcome, cluster, in_words, send

#: Characters of text that are read, analysed and sent at a time; so many rows at most.
_PORTION = 1_500_000
_MOST_ROWS = 2_000
_SENDERS = 2
#: How long a rebuild goes on asking a cluster that does not answer.
PATIENCE = 300.0
_ROUNDS_OF_MENDING = 3

T = TypeVar("T")

#: Told how many entries of how many have been sent.
Progress = Callable[[int, int], None]


class RebuildFailed(Exception):
    """The index was not built; the one that served still serves."""


def rebuild_cluster(progress: Progress | None = None) -> int:
    """Build the index anew from the entries of the database and let it serve; the number of entries sent.

    The site searches and writes meanwhile: changes go to both indices. An index left by a rebuild that was killed is
    removed; of two rebuilds at a time the later one goes on.

    :raises RebuildFailed: the cluster did not answer for minutes, or another rebuild has begun.
    """
    client = cluster().options(request_timeout=60, max_retries=5)
    index = _patiently(lambda: _begin(client))
    sent = _fill(client, index, progress)
    _patiently(lambda: _make_searchable(client, index))
    _mend(client, index)
    _patiently(lambda: _let_serve(client, index))
    _patiently(lambda: _remove_others(client, index))
    return sent


def _begin(client: Elasticsearch) -> str:
    """Note a new index, so that changes go there as well from now on, and make it."""
    for stale in ClusterIndex.objects.filter(state=ClusterIndex.State.BUILDING):
        client.indices.delete(index=stale.name, ignore_unavailable=True)
        stale.delete()
    index = f"{mapping.alias()}-{timezone.now():%Y%m%d%H%M%S}-{secrets.token_hex(3)}"
    ClusterIndex.objects.create(name=index, fingerprint=mapping.fingerprint())
    client.indices.create(
        index=index,
        mappings=mapping.mapping(),
        settings=mapping.SETTINGS | {"refresh_interval": "-1"},
        aliases={mapping.writing_alias(index): {}},
    )
    return index


def _fill(client: Elasticsearch, index: str, progress: Progress | None) -> int:
    """Send every entry. Reading and analysing here, waiting for the cluster in threads: both cores have work."""
    total, sent = Entry.objects.count(), 0
    under_way: deque[tuple[int, int, Future[Outcome]]] = deque()
    with ThreadPoolExecutor(_SENDERS) as senders:
        for rows in _portions():
            unreadable: dict[int, str] = {}
            actions = list(documents.writes(rows, unreadable))
            _note_refused(unreadable)
            future = senders.submit(_send_all, client, index, actions)
            under_way.append((rows[-1][0], len(rows), future))
            while len(under_way) > _SENDERS or (under_way and under_way[0][2].done()):
                sent += _arrived(index, *under_way.popleft())
                if progress:
                    progress(sent, max(total, sent))
        while under_way:
            sent += _arrived(index, *under_way.popleft())
            if progress:
                progress(sent, max(total, sent))
    return sent


def _portions() -> Iterator[list[documents.Row]]:
    """The rows in the order of keys; fewer at a time where their texts are long."""
    last, number = -1, 200
    while rows := documents.rows_after(last, number):
        yield rows
        last = rows[-1][0]
        size = sum(len(text) for row in rows for text in row[5].values()) // len(rows) + 100
        number = max(10, min(_MOST_ROWS, 2 * number, _PORTION // size))


def _send_all(client: Elasticsearch, index: str, actions: Sequence[dict[str, Any]]) -> Outcome:
    """Until the cluster has taken everything or refused it for good."""
    whole = Outcome()
    left, pause, end = list(actions), 0.5, time.monotonic() + PATIENCE
    while left:
        outcome = send(client, index, left)
        whole.refused |= outcome.refused
        if outcome.gone:
            raise RebuildFailed("the index is gone: another rebuild has begun, or somebody deleted it")
        left = [action for action in left if int(action["_id"]) in outcome.again]
        if left and time.monotonic() > end:
            raise RebuildFailed(f"the cluster does not take what is sent: {outcome.reason}")
        if left:
            time.sleep(pause)
            pause = min(2 * pause, 10.0)
    return whole


def _arrived(index: str, last: int, number: int, future: Future[Outcome]) -> int:
    """Note how far we are, and what the cluster refused."""
    _note_refused(future.result().refused)
    ClusterIndex.objects.filter(name=index).update(reached=last)
    return number


def _note_refused(refused: Collection[int]) -> None:
    """Put them into the dirty set; sent from there they are kept with the reason."""
    if refused:
        rows = Entry.objects.filter(pk__in=list(refused)).values_list("pk", "revision")
        put_pending([Change(pk, revision, hides=False) for pk, revision in rows])


def _make_searchable(client: Elasticsearch, index: str) -> None:
    client.indices.put_settings(
        index=index, settings={"refresh_interval": mapping.SETTINGS["refresh_interval"]}
    )
    client.indices.refresh(index=index)
    client.cluster.health(index=index, wait_for_status="yellow", wait_for_no_initializing_shards=True)


def _mend(client: Elasticsearch, index: str) -> None:
    """Send again what a cluster in trouble lost. What differs to the end is refused, or changes while we look."""
    before: list[Difference] = []
    for _round in range(_ROUNDS_OF_MENDING):
        found = _patiently(lambda: list(differences(client, index)))
        waiting = set(Pending.objects.values_list("entry_id", flat=True))
        found = [each for each in found if each.entry_id not in waiting]
        if not found or found == before:
            return
        for some in _chunks(found):
            _send_all(client, index, list(_mending(some)))
        _patiently(lambda: client.indices.refresh(index=index))
        before = found


def _mending(found: Sequence[Difference]) -> Iterator[dict[str, Any]]:
    rows = documents.rows_of(each.entry_id for each in found)
    yield from documents.writes(rows, {})
    there = {row[0] for row in rows}
    for each in found:
        if each.entry_id not in there and each.in_cluster is not None:
            yield documents.deletion(each.entry_id, each.in_cluster)


def _chunks(found: Sequence[Difference]) -> Iterator[list[Difference]]:
    left = iter(found)
    while some := list(islice(left, 500)):
        yield some


def _let_serve(client: Elasticsearch, index: str) -> None:
    """Point the alias at the new index, in one step and with no moment without an index."""
    alias = mapping.alias()
    before = client.options(ignore_status=404).indices.get_alias(name=alias)
    behind = [] if before.meta.status == 404 else [name for name in before if name != index]
    actions: list[dict[str, Any]] = [
        {"remove": {"index": name, "alias": alias, "must_exist": True}} for name in behind
    ]
    client.indices.update_aliases(actions=[*actions, {"add": {"index": index, "alias": alias}}])
    with transaction.atomic():
        ClusterIndex.objects.filter(name=index).update(state=ClusterIndex.State.LIVE)
        ClusterIndex.objects.exclude(name=index).delete()


def _remove_others(client: Elasticsearch, index: str) -> None:
    """Indices of ours that no row names: replaced ones, and what killed rebuilds left."""
    known = {index, *ClusterIndex.objects.values_list("name", flat=True)}
    ours = re.compile(rf"{re.escape(conf.index_name())}-[0-9a-f]{{10}}-\d{{14}}-[0-9a-f]{{6}}")
    for name in client.indices.get_alias(index=mapping.all_indices()):
        if ours.fullmatch(name) and name not in known:
            client.indices.delete(index=name, ignore_unavailable=True)


def _patiently(step: Callable[[], T]) -> T:
    """Repeat a step that may be repeated until the cluster answers."""
    pause, end = 0.5, time.monotonic() + PATIENCE
    while True:
        try:
            return step()
        except (ApiError, TransportError) as error:
            passing = isinstance(error, TransportError) or error.status_code in (408, 429, 500, 502, 503, 504)
            if not passing or time.monotonic() > end:
                raise RebuildFailed(in_words(error)) from error
        time.sleep(pause)
        pause = min(2 * pause, 5.0)


# --- comparing with the database ---
# Whether an index holds what the database says, entry by entry and revision by revision.

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
