"""Telling the cluster what has changed.

The dirty set (:class:`.models.Pending`) is written in the transaction of the change; here it is sent and then struck
off, each entry only if it has not changed again meanwhile. Versions make every step harmless to repeat, so any number
of processes may do this at a time, and one that dies anywhere leaves only work for the next.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.conf import settings
from django.db import connection, transaction
from qudao_core.events.waking import send_task

from .. import conf
from . import sql
from .models import Pending

#: The row as it was read: entry, revision, whether it hides something, whether it is deleted, failed attempts.
Dirty = tuple[int, int, bool, bool, int]
_STRIKE = "DELETE FROM qudao_search_pending WHERE (entry_id, revision) IN (SELECT c0, c1 FROM {rows})"
_REFUSE = """
    UPDATE qudao_search_pending SET error = %s, attempts = attempts + 1
    WHERE (entry_id, revision) IN (SELECT c0, c1 FROM {rows})
"""


def synchronise(*, limit: int = 1000) -> int:
    """Send up to ``limit`` changes to the cluster; how many of them it has confirmed.

    What hides something goes first. A cluster that does not answer is no error: what it has not confirmed stays in the
    dirty set for the next call. Costs nothing with the embedded engine.
    """
    if conf.engine() != "elasticsearch":
        return 0
    from ..engines.elasticsearch.changes import push  # noqa: PLC0415 - the client is an optional part

    return push(limit)


def soon() -> None:
    """After the commit, have a worker send what was changed, where there is one; a dispatcher looks by itself."""
    if getattr(settings, "CELERY_BROKER_URL", "") and not any(
        entry[1] is _wake for entry in connection.run_on_commit
    ):
        transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    send_task("qudao_search.tasks.send_changes")


def dirty(limit: int) -> list[Dirty]:
    """The next entries to be sent: those that hide something, then the others."""
    rows = Pending.objects.filter(error="").order_by("entry_id")
    columns = ("entry_id", "revision", "hides", "deleted", "attempts")
    first = list(rows.filter(hides=True).values_list(*columns)[:limit])
    return first + list(rows.filter(hides=False).values_list(*columns)[: limit - len(first)])


def strike_off(done: Iterable[Dirty]) -> int:
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
