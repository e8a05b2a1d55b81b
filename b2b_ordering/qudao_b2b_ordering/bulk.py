"""Write many rows in a fixed number of statements, whatever their number and the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Model


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
    with connection.cursor() as cursor:
        cursor.executemany(_insert_sql(model, fields, unique, update), values)


def _insert_sql(
    model: type[Model], fields: Sequence[Any], unique: Sequence[str], update: Sequence[str]
) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"
    if not update:
        return sql
    keys = ", ".join(quote(_column(model, name)) for name in unique)
    changes = ", ".join(
        f"{quote(_column(model, name))} = excluded.{quote(_column(model, name))}" for name in update
    )
    return f"{sql} ON CONFLICT ({keys}) DO UPDATE SET {changes}"


def _column(model: type[Model], name: str) -> str:
    return str(model._meta.get_field(name).column)


def insert_values(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of plain values: many thousands, without making an object of each.

    ``names`` are field names and must cover every column without a default in the database; JSON fields take text.
    PostgreSQL reads them with COPY, SQLite with one prepared statement.
    """
    columns = [_column(model, name) for name in names]
    _write(connection.ops.quote_name(model._meta.db_table), columns, rows)


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
    table = connection.ops.quote_name(model._meta.db_table)
    day = connection.ops.quote_name(_column(model, newest))
    changes = ", ".join(f'"{column}" = excluded."{column}"' for column in columns if column not in keys)
    conflict = f"ON CONFLICT ({_listed(keys)}) DO UPDATE SET {changes} WHERE excluded.{day} >= {table}.{day}"
    if connection.vendor == "sqlite":
        _write(table, columns, rows, conflict)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE qudao_upsert AS SELECT {_listed(columns)} FROM {table} LIMIT 0"
        )
        _write("qudao_upsert", columns, rows)
        listed = _listed(columns)
        cursor.execute(
            f"INSERT INTO {table} ({listed}) SELECT {listed} FROM qudao_upsert ORDER BY {_listed(keys)} {conflict}"
        )
        cursor.execute("DROP TABLE qudao_upsert")


def _write(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], conflict: str = "") -> None:
    if connection.vendor != "sqlite":
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({_listed(columns)}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({_listed(columns)}) VALUES ({marks}) {conflict}",
            [tuple(map(_plain, row)) for row in rows],
        )


def _plain(value: Any) -> Any:
    """What SQLite's driver takes, as Django would have written it."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value.isoformat() if isinstance(value, date) else value


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
