"""Insert many rows in one statement, whatever their number and the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Model


def insert(rows: Sequence[Model], *, unique: Sequence[str] = (), update: Sequence[str] = ()) -> None:
    """Insert ``rows``, all of one model. Where ``unique`` fields exist already, ``update`` fields are overwritten.

    Primary keys are filled in on PostgreSQL only: read them back by a natural key. Django splits a bulk insert on
    SQLite into statements of 999 values; here one prepared statement is run for all rows.
    """
    if not rows:
        return
    model = type(rows[0])
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
