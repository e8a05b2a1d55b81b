"""Write a query down. It never waits long and never keeps an answer from being given."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction

from ..hooks import Reader
from ..log.services import log_query
from .answering import Answer

logger = logging.getLogger(__name__)

#: How long a search waits for another writer of an SQLite file before it goes unlogged, in milliseconds.
PATIENCE = 250


def note(reader: Reader, text: str, answer: Answer, *, total: int, engine: str, seconds: float) -> int | None:
    """The number of the query in the log, by which clicks name it; nothing when it could not be written."""
    try:
        with _impatient(), transaction.atomic():
            return log_query(
                text=text,
                language=reader.language,
                user_id=reader.user_id,
                total=total,
                corrected=answer.corrected,
                partial=answer.partial,
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
