"""Many rows in one statement, on PostgreSQL and SQLite alike."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

TEXT, BIGINT, FLOAT, JSON, TIME, BOOL = (
    "text",
    "bigint",
    "double precision",
    "jsonb",
    "timestamptz",
    "boolean",
)


def run(
    statement: str, rows: Sequence[tuple[Any, ...]], types: Sequence[str], parameters: Sequence[Any] = ()
) -> list[tuple[Any, ...]]:
    """Run ``statement`` on ``rows``, which it reads as ``{rows}``: a relation ``v`` with columns c0, c1 …

    ``types`` are the columns' types; values of JSON columns are JSON texts. ``parameters`` stand before ``{rows}`` in
    the statement. Gives what the statement returns.
    """
    source, own = _source(rows, types)
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{rows}", source), [*parameters, *own])
        return list(cursor.fetchall()) if cursor.description else []


def one_of(column: str, kind: str = BIGINT) -> str:
    """A condition that takes a list as its one parameter, made by :func:`listed`."""
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s::{kind}[])"
    return f"{column} IN (SELECT value FROM json_each(%s))"


def listed(values: Sequence[Any]) -> Any:
    """``values`` as the parameter of :func:`one_of`."""
    return list(values) if connection.vendor == "postgresql" else json.dumps(list(values))


def _source(rows: Sequence[tuple[Any, ...]], types: Sequence[str]) -> tuple[str, list[Any]]:
    names = [f"c{index}" for index in range(len(types))]
    if connection.vendor == "postgresql":
        arrays = ", ".join(f"%s::{kind}[]" for kind in types)
        columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _kind in types]
        return f"unnest({arrays}) AS v({', '.join(names)})", columns
    cells = ", ".join(f"json_extract(value, '$[{index}]') AS {name}" for index, name in enumerate(names))
    # The condition keeps SQLite from reading ON CONFLICT as the end of a join.
    return f"(SELECT {cells} FROM json_each(%s)) AS v WHERE true", [json.dumps(rows, default=_plain)]


def _plain(value: Any) -> Any:
    """A moment as SQLite keeps it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    raise TypeError(type(value).__name__)
