"""Write many rows in a fixed number of statements, whatever their number, on PostgreSQL and SQLite alike.

- :func:`insert` and :func:`insert_values` add rows; :func:`upsert_values` overwrites older ones.
- :func:`run` changes rows, each by values of its own: a statement that reads ``{rows}`` as a relation.
- :func:`temporary_table` stages rows that SQL then checks and merges.
- :func:`one_of` asks for any number of keys with one parameter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils import timezone

#: Types of the columns of ``{rows}`` and of a temporary table, as PostgreSQL names them.
BIGINT, NUMERIC, TEXT, DATE, FLOAT, JSON, TIME, BOOL = (
    "bigint",
    "numeric",
    "text",
    "date",
    "double precision",
    "jsonb",
    "timestamptz",
    "boolean",
)
#: SQLite: what values out of JSON are cast to, and what a temporary table declares; other types stay as they are.
_SQLITE = {BIGINT: "INTEGER", NUMERIC: "NUMERIC"}


def insert(rows: Sequence[Model], *, unique: Sequence[str] = (), update: Sequence[str] = ()) -> None:
    """Insert ``rows``, all of one model. Where ``unique`` fields exist already, ``update`` fields are overwritten.

    Where rows may be there already, they are written in the order of their key, so that two writers of the same rows
    wait for each other instead of stopping each other.

    Primary keys are filled in on PostgreSQL only: read them back by a natural key. Django splits a bulk insert on
    SQLite into statements of 999 values; here one prepared statement is run for all rows.
    """
    if not rows:
        return
    model = type(rows[0])
    if update:
        names = [model._meta.get_field(name).attname for name in unique]
        rows = sorted(rows, key=lambda row: [getattr(row, name) for name in names])
    if connection.vendor != "sqlite":
        conflicts: dict[str, Any] = {}
        if update:
            conflicts = {"update_conflicts": True, "unique_fields": unique, "update_fields": update}
        model._base_manager.bulk_create(rows, **conflicts)
        return
    fields = [field for field in model._meta.concrete_fields if not field.generated and field.name != "id"]
    values = [
        [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
        for row in rows
    ]
    conflict = ""
    if update:
        conflict = _on_conflict(
            [_column(model, name) for name in unique], [_column(model, name) for name in update]
        )
    with connection.cursor() as cursor:
        cursor.executemany(_insert_sql(_table(model), [field.column for field in fields], conflict), values)


def insert_values(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of plain values: many thousands, without making an object of each.

    ``names`` are field names and must cover every column without a default in the database; JSON fields take text.
    PostgreSQL reads them with COPY, SQLite with one prepared statement.
    """
    _write(_table(model), [_column(model, name) for name in names], rows)


def upsert_values(
    model: type[Model],
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    unique: Sequence[str],
    newest: str,
) -> None:
    """As :func:`insert_values`; where ``unique`` exists, the row with the later or same ``newest`` stands.

    The rows themselves are unique already.
    """
    columns = [_column(model, name) for name in names]
    keys = [_column(model, name) for name in unique]
    table, day = _table(model), connection.ops.quote_name(_column(model, newest))
    changed = [column for column in columns if column not in keys]
    conflict = f"{_on_conflict(keys, changed)} WHERE excluded.{day} >= {table}.{day}"
    if connection.vendor == "sqlite":
        _write(table, columns, rows, conflict)
        return
    listed = _listed(columns)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE qudao_upsert AS SELECT {listed} FROM {table} LIMIT 0")
        _write("qudao_upsert", columns, rows)
        cursor.execute(
            f"INSERT INTO {table} ({listed}) SELECT {listed} FROM qudao_upsert ORDER BY {_listed(keys)} {conflict}"
        )
        cursor.execute("DROP TABLE qudao_upsert")


@dataclass(frozen=True, slots=True)
class Result:
    """What a statement did: how many rows it changed, and the rows it returned."""

    count: int
    rows: list[tuple[Any, ...]]


def run(
    statement: str, rows: Sequence[tuple[Any, ...]], types: Sequence[str], parameters: Sequence[Any] = ()
) -> Result:
    """Run ``statement`` against ``rows``, which it reads as ``{rows}``: a relation ``v`` with columns c0, c1 …

    ``types`` are the columns' types; values of JSON columns are JSON texts. ``parameters`` stand before ``{rows}`` in
    the statement. However many rows are handed over, it is one statement with a handful of parameters.

    Two things SQLite asks of a statement: it computes in binary fractions, so round; and ``SELECT … FROM {rows}``
    before ``ON CONFLICT`` ends with ``WHERE true``, or the conflict is read as the condition of a join.
    """
    source, own = _source(rows, types)
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{rows}", source), [*parameters, *own])
        return Result(int(cursor.rowcount), list(cursor.fetchall()) if cursor.description else [])


def now() -> Any:
    """The current time as the database takes it for a parameter."""
    return connection.ops.adapt_datetimefield_value(timezone.now())


def one_of(column: str, kind: str = BIGINT) -> str:
    """A condition that takes a list as its one parameter, made by :func:`listed`."""
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s::{kind}[])"
    return f"{column} IN (SELECT value FROM json_each(%s))"


def listed(values: Sequence[Any]) -> Any:
    """``values`` as the parameter of :func:`one_of`."""
    return list(values) if connection.vendor == "postgresql" else json.dumps(list(values))


@contextmanager
def temporary_table(name: str, types: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> Iterator[None]:
    """A table of ``rows`` for the length of the block, ``types`` by column. Call it inside a transaction."""
    declared = ", ".join(
        f"{column} {kind if connection.vendor == 'postgresql' else _SQLITE.get(kind, kind)}"
        for column, kind in types.items()
    )
    ending = " ON COMMIT DROP" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} ({declared}){ending}")
        cursor.execute(f"DELETE FROM {name}")
        _write(name, list(types), rows)
        if connection.vendor == "postgresql":
            cursor.execute(f"ANALYZE {name}")
        yield
        cursor.execute(f"DELETE FROM {name}")


def gather_statistics(*models: type[Model]) -> None:
    """Let PostgreSQL's planner know rows this transaction has just written in bulk.

    Until a transaction commits, the server's own ANALYZE counts nothing of it; on the first import of many rows that
    leaves the planner with empty tables, and it joins them in nested loops: minutes for ten thousand products. Whoever
    analyses at this moment does it for us (SKIP_LOCKED), so nobody waits. Nothing to do on SQLite.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE (SKIP_LOCKED) {', '.join(map(_table, models))}")


def _write(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], conflict: str = "") -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(
                _insert_sql(table, columns, conflict), (tuple(map(_plain, row)) for row in rows)
            )
            return
        with cursor.copy(f"COPY {table} ({_listed(columns)}) FROM STDIN") as copy:
            copy.write("".join(map(_copy_line, rows)))


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _copy_line(row: Sequence[Any]) -> str:
    """A row of plain values as COPY reads it."""
    cells = (
        "\\N" if value is None else value.translate(_ESCAPES) if isinstance(value, str) else str(value)
        for value in row
    )
    return "\t".join(cells) + "\n"


def _source(rows: Sequence[tuple[Any, ...]], types: Sequence[str]) -> tuple[str, list[Any]]:
    names = [f"c{index}" for index in range(len(types))]
    if connection.vendor == "postgresql":
        arrays = ", ".join(f"%s::{kind}[]" for kind in types)
        columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _kind in types]
        return f"unnest({arrays}) AS v({', '.join(names)})", columns
    cells = ", ".join(
        [
            f"{_cell(index, kind)} AS {name}"
            for index, (name, kind) in enumerate(zip(names, types, strict=True))
        ]
    )
    return f"(SELECT {cells} FROM json_each(%s)) AS v", [json.dumps(rows, default=_plain)]


def _cell(index: int, kind: str) -> str:
    value = f"json_extract(value, '$[{index}]')"
    return f"CAST({value} AS {_SQLITE[kind]})" if kind in _SQLITE else value


def _plain(value: Any) -> Any:
    """What SQLite's driver takes, as Django would have written it."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value.isoformat() if isinstance(value, date) else value


def _insert_sql(table: str, columns: Sequence[str], conflict: str) -> str:
    return f"INSERT INTO {table} ({_listed(columns)}) VALUES ({', '.join(['%s'] * len(columns))}) {conflict}"


def _on_conflict(keys: Sequence[str], changed: Sequence[str]) -> str:
    changes = ", ".join(f'"{column}" = excluded."{column}"' for column in changed)
    return f"ON CONFLICT ({_listed(keys)}) DO UPDATE SET {changes}"


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _column(model: type[Model], name: str) -> str:
    return str(model._meta.get_field(name).column)


def _listed(columns: Sequence[str]) -> str:
    return '"' + '", "'.join(columns) + '"'
