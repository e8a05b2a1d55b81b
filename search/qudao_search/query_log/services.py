"""What is written down about searches: the query, what came of it, which hit was opened."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from .. import conf
from ..hooks import Reader
from ..text.rules import fold, legible
from . import queries
from .models import Click, QueryLog

LONGEST = 200
#: Queries asked again within this time (another page, another filter) are the same asking.
SAME_SEARCH_WITHIN = timedelta(minutes=10)
PRUNED_AT_ONCE = 5_000


def log_query(
    *,
    text: str,
    language: str = "",
    user_id: int | None = None,
    total: int = 0,
    corrected: str = "",
    partial: bool = False,
    engine: str = "",
    milliseconds: int = 0,
) -> int | None:
    """Write a query down; its number, by which clicks name it. Nothing is written for one without content.

    ``partial``: the hits have only some of the words. Who asks the same again within minutes is counted once, with
    what came of it last. At most two statements.
    """
    text = legible(text)
    folded = fold(text).strip()[:LONGEST]
    if not folded:
        return None
    came = {
        "text": text[:LONGEST],
        "total": total,
        "corrected": corrected[:LONGEST],
        "matched": _matched(total, corrected, partial),
        "engine": engine,
        "milliseconds": milliseconds,
    }
    again = _again(folded, language, user_id)
    if again is not None:
        QueryLog.objects.filter(pk=again).update(**came, forgotten=False)
        return again
    row = QueryLog(folded=folded, language=language[:12], user_id=user_id, asked_at=timezone.now(), **came)
    row.save(force_insert=True)
    return int(row.pk)


def _matched(total: int, corrected: str, partial: bool) -> str:
    if not total:
        return QueryLog.Matched.NOTHING
    if corrected:
        return QueryLog.Matched.CORRECTED
    return QueryLog.Matched.SOME if partial else QueryLog.Matched.ALL


def _again(folded: str, language: str, user_id: int | None) -> int | None:
    """The same person's same query a moment ago; of people who are not signed in nothing is known."""
    if user_id is None:
        return None
    since = timezone.now() - SAME_SEARCH_WITHIN
    rows = QueryLog.objects.filter(user_id=user_id, asked_at__gt=since, folded=folded, language=language)
    return rows.order_by("-pk").values_list("pk", flat=True).first()


def click(*, query_id: int, user_id: int | None, kind: str, item: str, position: int) -> bool:
    """Note that a hit was opened; whether it was new. A query is only its asker's to click for."""
    if position < 1 or not QueryLog.objects.filter(pk=query_id, user_id=user_id).exists():
        return False
    _row, created = Click.objects.get_or_create(
        query_id=query_id,
        kind=kind[:20],
        item=item[:64],
        defaults={"position": min(position, 10_000), "clicked_at": timezone.now()},
    )
    return created


def forget(*, user_id: int, text: str | None = None) -> int:
    """Take one query, or all, out of a person's recent searches; how many. Reports still count them."""
    rows = QueryLog.objects.filter(user_id=user_id, forgotten=False)
    if text is not None:
        rows = rows.filter(folded=fold(text).strip()[:LONGEST])
    return rows.update(forgotten=True)


def prune(*, days: int | None = None) -> int:
    """Delete queries older than ``QUDAO_SEARCH_LOG_DAYS`` with their clicks, some thousand at a time; how many."""
    before = timezone.now() - timedelta(days=conf.log_days() if days is None else days)
    pruned = 0
    while some := list(_older(before)):
        with transaction.atomic():
            Click.objects.filter(query_id__in=some).delete()
            QueryLog.objects.filter(pk__in=some).delete()
        pruned += len(some)
    return pruned


def _older(before: Any) -> Any:
    rows = QueryLog.objects.filter(asked_at__lt=before).order_by("pk")
    return rows.values_list("pk", flat=True)[:PRUNED_AT_ONCE]


# --- writing a query down ---
# Write a query down. It never waits long and never keeps an answer from being given.

logger = logging.getLogger(__name__)

#: How long a search waits for another writer of an SQLite file before it goes unlogged, in milliseconds.
PATIENCE = 250


def record_query(
    reader: Reader,
    text: str,
    *,
    total: int,
    corrected: str,
    partial: bool,
    engine: str,
    seconds: float,
) -> int | None:
    """The number of the query in the log, by which clicks name it; nothing when it could not be written."""
    try:
        with _impatient(), transaction.atomic():
            return log_query(
                text=text,
                language=reader.language,
                user_id=reader.user_id,
                total=total,
                corrected=corrected,
                partial=partial,
                engine=engine,
                milliseconds=round(seconds * 1000),
            )
    except DatabaseError as refused:
        logger.warning("query not logged", extra={"reason": type(refused).__name__})
        return None


@contextmanager
def _impatient() -> Iterator[None]:
    """SQLite lets one write at a time; an import may hold it for seconds."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    database = connection.connection
    before = database.execute("PRAGMA busy_timeout").fetchone()[0]
    database.execute(f"PRAGMA busy_timeout = {PATIENCE}")
    try:
        yield
    finally:
        database.execute(f"PRAGMA busy_timeout = {before}")


# --- the reader's own searches ---
# A person's own searches, by who looks: the log knows only numbers of users.


def recent_searches(reader: Reader, *, limit: int = 8) -> list[str]:
    """The reader's own recent searches, newest first. One statement; none for a guest."""
    return queries.recents(user_id=reader.user_id, limit=limit)


def forget_searches(reader: Reader, *, text: str | None = None) -> int:
    """Take one search, or all, out of the reader's recent searches; how many were taken out."""
    return 0 if reader.user_id is None else forget(user_id=reader.user_id, text=text)


def record_click(reader: Reader, *, query_id: int, kind: str, item: str, position: int) -> None:
    """Note that the reader opened a hit of a query. What is not their query is passed over in silence."""
    click(query_id=query_id, user_id=reader.user_id, kind=kind, item=item, position=position)
