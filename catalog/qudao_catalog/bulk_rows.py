"""Writing and reading many rows at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

#: Rows of one INSERT. SQLite takes 32,766 values in a statement; Django splits where needed.
BATCH = 1000


def upsert(
    model: Any, rows: list[Any], unique: list[str], fields: list[str], *, insert: bool = False
) -> None:
    """INSERT … ON CONFLICT DO UPDATE, in the order of the key: two writers of the same rows wait for each other.

    One statement per thousand rows, where an update would be one per row.
    """
    if insert:
        for row in rows:
            row.pk = None
    names = [model._meta.get_field(name).attname for name in unique]
    model.objects.bulk_create(
        sorted(rows, key=lambda row: [getattr(row, name) for name in names]),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=unique,
        update_fields=fields,
    )


def chunks(keys: Sequence[Any], size: int = 5000) -> Iterator[Sequence[Any]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


def analyze_tables(*models: Any) -> None:
    """Let PostgreSQL's planner know rows this transaction has just written in bulk.

    Until a transaction commits, the server's own ANALYZE counts nothing of it; on the first import of many rows that
    leaves the planner with empty tables, and it joins them in nested loops: minutes for ten thousand products. Whoever
    analyses at this moment does it for us (SKIP_LOCKED), so nobody waits. Nothing to do on SQLite.
    """
    if connection.vendor != "postgresql":
        return
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE (SKIP_LOCKED) {tables}")
