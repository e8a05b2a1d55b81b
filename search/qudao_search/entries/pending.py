"""Telling the cluster what has changed.

The dirty set (:class:`.models.Pending`) is written in the transaction of the change; here it is sent and then struck
off, each entry only if it has not changed again meanwhile. Versions make every step harmless to repeat, so any number
of processes may do this at a time, and one that dies anywhere leaves only work for the next.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from qudao_core.events.notify_workers import send_task

from . import sql
from .models import Pending

#: The row as it was read: entry, revision, whether it hides something, whether it is deleted, failed attempts.
Dirty = tuple[int, int, bool, bool, int]
_INSERT_PENDING = """
    INSERT INTO qudao_search_pending (entry_id, revision, hides, deleted, attempts, error, changed_at)
    SELECT c0, c1, c2, c3, 0, '', CURRENT_TIMESTAMP FROM {rows}
    ON CONFLICT (entry_id) DO UPDATE SET
        revision = excluded.revision, hides = qudao_search_pending.hides OR excluded.hides,
        deleted = excluded.deleted, attempts = 0, error = '', changed_at = excluded.changed_at
"""
_STRIKE = "DELETE FROM qudao_search_pending WHERE (entry_id, revision) IN (SELECT c0, c1 FROM {rows})"
_REFUSE = """
    UPDATE qudao_search_pending SET error = %s, attempts = attempts + 1
    WHERE (entry_id, revision) IN (SELECT c0, c1 FROM {rows})
"""


@dataclass(frozen=True, slots=True)
class Change:
    """What a cluster has to be told: an entry, its revision, whether something was taken from somebody."""

    entry_id: int
    revision: int
    hides: bool
    deleted: bool = False


def put_pending(changes: Iterable[Change]) -> None:
    """Add to the dirty set. What was to be hidden stays to be hidden until the cluster has heard of it."""
    rows = [(each.entry_id, each.revision, each.hides, each.deleted) for each in changes]
    sql.run(
        _INSERT_PENDING,
        sorted(rows),
        (sql.BIGINT, sql.BIGINT, sql.BOOL, sql.BOOL),
    )
    schedule_sending()


def schedule_sending() -> None:
    """After the commit, have a worker send what was changed, where there is one; a dispatcher looks by itself."""
    if getattr(settings, "CELERY_BROKER_URL", "") and not any(
        entry[1] is _send_task for entry in connection.run_on_commit
    ):
        transaction.on_commit(_send_task, robust=True)


def _send_task() -> None:
    send_task("qudao_search.tasks.send_changes")


def dirty(limit: int) -> list[Dirty]:
    """The next entries to be sent: those that hide something, then the others."""
    rows = Pending.objects.filter(error="").order_by("entry_id")
    columns = ("entry_id", "revision", "hides", "deleted", "attempts")
    first = list(rows.filter(hides=True).values_list(*columns)[:limit])
    return first + list(rows.filter(hides=False).values_list(*columns)[: limit - len(first)])


def mark_sent(done: Iterable[Dirty]) -> int:
    """Take these off the dirty set, unless they have changed again; how many they were."""
    rows = [(row[0], row[1]) for row in done]
    if rows:
        sql.run(_STRIKE, rows, (sql.BIGINT, sql.BIGINT))
    return len(rows)


def refuse(rows: Collection[Dirty], error: str) -> None:
    """Keep these with the cluster's reason, or with an empty one to try them again; unless they have changed."""
    if rows:
        keys = [(row[0], row[1]) for row in rows]
        sql.run(_REFUSE, keys, (sql.BIGINT, sql.BIGINT), [error])
