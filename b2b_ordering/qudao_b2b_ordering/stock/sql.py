"""Statements that change many rows, each by its own amount, at once. PostgreSQL and SQLite."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

BIGINT, NUMERIC = "bigint", "numeric"


def run(
    statement: str, rows: Sequence[tuple[Any, ...]], types: Sequence[str], parameters: Sequence[Any] = ()
) -> int:
    """Run ``statement`` against ``rows``, which it reads as ``{rows}``: a relation ``v`` with columns c0, c1
    …

    ``types`` are the columns' types; ``parameters`` stand before ``{rows}`` in the statement. Returns how
    many rows were changed. However many rows are handed over, it is one statement with a handful of
    parameters. SQLite computes in binary fractions, so statements round.
    """
    source, own = _source(rows, types)
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{rows}", source), [*parameters, *own])
        return int(cursor.rowcount)


def now() -> Any:
    """The current time as the database takes it for a parameter."""
    return connection.ops.adapt_datetimefield_value(timezone.now())


def _source(rows: Sequence[tuple[Any, ...]], types: Sequence[str]) -> tuple[str, list[Any]]:
    names = [f"c{index}" for index in range(len(types))]
    if connection.vendor == "postgresql":
        arrays = ", ".join(f"%s::{kind}[]" for kind in types)
        columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _kind in types]
        return f"unnest({arrays}) AS v({', '.join(names)})", columns
    cells = ", ".join(
        f"CAST(json_extract(value, '$[{index}]') AS {'INTEGER' if kind == BIGINT else 'NUMERIC'}) AS {name}"
        for index, (name, kind) in enumerate(zip(names, types, strict=True))
    )
    return f"(SELECT {cells} FROM json_each(%s)) AS v", [json.dumps(rows, default=str)]
