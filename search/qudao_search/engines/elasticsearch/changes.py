"""One round of sending the dirty set to every index that has to know."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from typing import Any

from elasticsearch import ApiError, Elasticsearch, TransportError

from ...entries.models import ClusterIndex
from ...entries.pending import Dirty, dirty, mark_sent, refuse
from . import documents
from .client import Outcome, cluster, in_words, send
from .mapping import fingerprint, writing_alias

log = logging.getLogger(__name__)

#: What the cluster cannot take although it is well is given up after so many attempts.
MOST_ATTEMPTS = 10
PATIENCE = 10
#: Characters of text that are read, analysed and held at a time; the rest waits for the next round.
PORTION = 4_000_000
#: A cluster that did not take changes is left alone for so many seconds: the dispatcher has other work.
PAUSE = 3.0
_away_until = 0.0


def push(limit: int) -> int:
    """Send up to ``limit`` entries of the dirty set; how many were confirmed."""
    if time.monotonic() < _away_until:
        return 0
    rows = fitting(dirty(limit))
    if not rows:
        return 0
    unreadable: dict[int, str] = {}
    actions = list(actions_for(rows, unreadable))
    # Read after the dirty set: an index that is not among them yet is filled later than these changes were committed.
    ours, others = _indices()
    client = cluster().options(request_timeout=PATIENCE)
    outcomes = [send(client, name, actions) for name in ours]
    outcomes += [send(client, name, _forgetting(rows)) for name in others]
    outcomes.append(Outcome(refused=unreadable))
    return _settle(client, rows, outcomes, [*ours, *others])


def fitting(rows: Sequence[Dirty]) -> Sequence[Dirty]:
    """The first of these, one at least, whose texts together are no more than is held at a time."""
    sizes = documents.sizes_of(row[0] for row in rows if not row[3]) if len(rows) > 1 else {}
    total = 0
    for number, row in enumerate(rows):
        total += sizes.get(row[0], 0)
        if number and total > PORTION:
            return rows[:number]
    return rows


def actions_for(rows: Sequence[Dirty], unreadable: dict[int, str]) -> Iterator[dict[str, Any]]:
    """Writes for what is there, deletions for what is not; with what the database says now."""
    found = documents.rows_of(row[0] for row in rows if not row[3])
    yield from documents.writes(found, unreadable)
    there = {row[0] for row in found}
    for entry_id, revision, _hides, deleted, _attempts in rows:
        if entry_id not in there:
            yield documents.deletion(entry_id, revision if deleted else revision + 1)


def _forgetting(rows: Sequence[Dirty]) -> list[dict[str, Any]]:
    """For an index of another shape, which other code may still search: it forgets what must not be seen."""
    return [documents.deletion(row[0], row[1]) for row in rows if row[2]]


def _indices() -> tuple[list[str], list[str]]:
    """Our indices of the present shape, and those of another."""
    present = fingerprint()
    found = list(ClusterIndex.objects.order_by("pk").values_list("name", "fingerprint"))
    return [name for name, mark in found if mark == present], [
        name for name, mark in found if mark != present
    ]


def _settle(
    client: Elasticsearch, rows: Sequence[Dirty], outcomes: Sequence[Outcome], names: Sequence[str]
) -> int:
    """Strike off what every index has, keep the rest; what hides something only once searches see it."""
    again = {each for outcome in outcomes for each in outcome.again}
    refused = {each: why for outcome in outcomes for each, why in outcome.refused.items()}
    done = [row for row in rows if row[0] not in again and row[0] not in refused]
    trouble = next((outcome.reason for outcome in outcomes if outcome.is_away), "")
    try:
        if any(row[2] for row in done):
            show(client, names)
    except (ApiError, TransportError) as error:
        trouble, done = in_words(error), []
    _keep(rows, refused, [] if trouble else sorted(again))
    _note(trouble)
    return mark_sent(done)


def _note(trouble: str) -> None:
    global _away_until
    if trouble:
        log.warning("search: changes wait, the cluster does not take them: %s", trouble)
    _away_until = time.monotonic() + PAUSE if trouble else 0.0


def show(client: Elasticsearch, names: Sequence[str]) -> None:
    """Make what was written visible to searches, on every copy."""
    if not names:
        return
    answer = client.indices.refresh(
        index=",".join(writing_alias(name) for name in names), ignore_unavailable=True
    )
    if answer["_shards"]["failed"]:
        raise TransportError("a copy of the index did not refresh")


def _keep(rows: Sequence[Dirty], refused: dict[int, str], again: Sequence[int]) -> None:
    for row in rows:
        if row[0] in refused:
            log.error("search: the cluster refused entry %s: %s", row[0], refused[row[0]])
            refuse([row], refused[row[0]])
    failed = [row for row in rows if row[0] in again]
    given_up = [row for row in failed if row[4] + 1 >= MOST_ATTEMPTS]
    refuse([row for row in failed if row not in given_up], "")
    refuse(given_up, f"given up after {MOST_ATTEMPTS} attempts")
