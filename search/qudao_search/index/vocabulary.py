"""Add words of titles to the vocabulary, without two writers ever waiting for each other's words.

On PostgreSQL whoever inserts a word makes everybody wait who inserts the same one, until the end of a transaction that
may be an import of minutes. So one transaction at a time adds words as it goes; the others add theirs once they are
done, and give up where that would mean to wait: a rebuild brings the words in that were left out.
"""

from __future__ import annotations

import logging
from collections.abc import Collection

from django.db import DatabaseError, connection, transaction

from . import sql

logger = logging.getLogger(__name__)

_INSERT = "INSERT INTO qudao_search_word (text) SELECT c0 FROM {rows} ON CONFLICT (text) DO NOTHING"
#: The advisory lock of the writer that adds words now.
_LOCK = 0x5155444157
_PATIENCE = "500ms"


def add(words: Collection[str]) -> None:
    """Add ``words``, now or after this transaction. One statement, two on PostgreSQL; none without words."""
    if not words:
        return
    if _is_our_turn():
        _insert(words)
    else:
        transaction.on_commit(lambda: _add_later(words))


def _is_our_turn() -> bool:
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _add_later(words: Collection[str]) -> None:
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
            _insert(words)
    except DatabaseError as refused:
        logger.warning("words not added", extra={"count": len(words), "reason": type(refused).__name__})


def _insert(words: Collection[str]) -> None:
    sql.run(_INSERT, [(word,) for word in sorted(words)], (sql.TEXT,))
