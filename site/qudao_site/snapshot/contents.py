"""Read what a migrated database holds: its schema as SQL, and its rows, told the same way by each vendor."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.apps import apps
from django.core.management.base import CommandError
from django.core.management.sql import emit_pre_migrate_signal
from django.db import connections
from django.db.migrations import Migration
from django.db.migrations.recorder import MigrationRecorder

from .loading import ROWS_GO_HERE

#: Tables whose rows are made after each `migrate`, at random.
MADE_AFTERWARDS = ("qudao_core.DataChange",)
Row = dict[str, str | None]
Rows = dict[str, list[Row]]

# What pg_dump says for its own sake.
_PREAMBLE = re.compile(
    r"^(SET \w+ = .*;|SELECT pg_catalog\.set_config\(.*\);|\\(un)?restrict .*|-- (Dumped|PostgreSQL).*|--)\n",
    re.MULTILINE,
)
_HEADING = re.compile(r"^-- Name: .*; Type: .*\n", re.MULTILINE)
# PostgreSQL reads a cast of a list of texts as one of each text, and says it that way the next time.
_CAST_LIST = re.compile(r"\(\(ARRAY\[((?:'(?:[^']|'')*'::character varying(?:, )?)+)\]\)::text\[\]\)")
_TEXT = re.compile(r"'(?:[^']|'')*'::character varying")


def forget_what_is_made_afterwards(using: str = "default") -> None:
    """Triggers that go before migrations run and come back after them are no part of the snapshot."""
    emit_pre_migrate_signal(
        verbosity=0, interactive=False, db=using, plan=[(Migration("none", "qudao_site"), False)]
    )


def schema(using: str = "default") -> str:
    """Everything but rows, as statements in a fixed order."""
    connection = connections[using]
    parts = _sqlite_schema(connection) if connection.vendor == "sqlite" else _postgresql_schema(connection)
    return ROWS_GO_HERE.join(parts)


def _sqlite_schema(connection: Any) -> list[str]:
    own = f"name NOT IN ({_shadow_tables()}) AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND sql IS NOT NULL"
    parts = []
    for kind in ("= 'table'", "<> 'table'"):
        found = _all(
            connection, f"SELECT sql FROM sqlite_master WHERE type {kind} AND {own} ORDER BY type, name"
        )
        parts.append("".join(f"{sql};\n" for (sql,) in found))
    return parts


def _shadow_tables() -> str:
    """Where a full text index keeps its content; they come with it."""
    return "SELECT name FROM pragma_table_list WHERE type = 'shadow'"


def _postgresql_schema(connection: Any) -> list[str]:
    parameters = connection.get_connection_params()
    address = " ".join(
        f"{name}={parameters[name]}" for name in ("host", "port", "user", "dbname") if parameters.get(name)
    )
    parts = []
    for section in ("pre-data", "post-data"):
        command = [
            "pg_dump",
            "--schema-only",
            "--no-owner",
            "--no-privileges",
            "--no-comments",
            f"--section={section}",
            address,
        ]
        try:
            text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        except FileNotFoundError as error:
            raise CommandError("`pg_dump` is needed (Debian package postgresql-client).") from error
        text = re.sub(r"\n{2,}", "\n", _PREAMBLE.sub("", _HEADING.sub("", text))).lstrip("\n")
        parts.append(_CAST_LIST.sub(_each_cast, text))
    return parts


def _each_cast(found: re.Match[str]) -> str:
    return "(ARRAY[" + _TEXT.sub(r"(\g<0>)::text", found.group(1)) + "])"


def rows(using: str = "default") -> Rows:
    """The rows of each table that has some, by primary key; values as text.

    What differs with each installation is told by a name: a time since the first migration is ``{now}``, a UUID
    ``{uuid 1}``.
    """
    connection = connections[using]
    migrated = MigrationRecorder(connection).migration_qs.earliest("applied").applied
    since = migrated.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    uuids: dict[str, str] = {}
    found = {}
    for table in _tables(connection):
        columns = _columns(connection, table)
        selected = ", ".join(_as_text(connection, f'"{name}"', kind) for name, kind in columns)
        records = _all(connection, f'SELECT {selected} FROM "{table}" ORDER BY {_order(connection, table)}')
        if records:
            found[table] = [dict(_named(columns, record, since, uuids)) for record in records]
    return found


def _named(
    columns: list[tuple[str, str]], record: tuple[str | None, ...], since: str, uuids: dict[str, str]
) -> Iterator[tuple[str, str | None]]:
    for (name, kind), value in zip(columns, record, strict=True):
        if value and kind in ("uuid", "char(32)"):
            value = uuids.setdefault(value, f"{{uuid {len(uuids) + 1}}}")
        elif value and kind in ("datetime", "timestamp with time zone") and value >= since:
            value = "{now}"
        yield name, value


def _tables(connection: Any) -> list[str]:
    left_out = {apps.get_model(label)._meta.db_table for label in MADE_AFTERWARDS}
    if connection.vendor == "sqlite":
        sql = f"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ({_shadow_tables()})"
    else:
        sql = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    names = {name for (name,) in _all(connection, sql) if not name.startswith("sqlite_")}
    return sorted(names - left_out)


def _columns(connection: Any, table: str) -> list[tuple[str, str]]:
    if connection.vendor == "sqlite":
        return [
            (name, kind.lower())
            for _number, name, kind, *_ in _all(connection, f'PRAGMA table_info("{table}")')
        ]
    return _all(
        connection,
        "SELECT column_name, data_type FROM information_schema.columns "
        f"WHERE table_schema = current_schema() AND table_name = '{table}' ORDER BY ordinal_position",
    )


def _as_text(connection: Any, column: str, kind: str) -> str:
    if connection.vendor == "sqlite":
        return f"CAST({column} AS TEXT)"
    expressions = {
        "boolean": "{}::int::text",
        "numeric": "trim_scale({})::text",
        "uuid": "replace({}::text, '-', '')",
        "timestamp with time zone": "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
    }
    return expressions.get(kind, "{}::text").format(column)


def _order(connection: Any, table: str) -> str:
    """By the key as it is stored: a name alone would mean the column of the result, which is text."""
    with connection.cursor() as cursor:
        key = connection.introspection.get_primary_key_columns(cursor, table)
    return ", ".join(f'"{table}"."{name}"' for name in key or ["rowid"])


def relations(using: str = "default") -> dict[str, dict[str, str]]:
    """Table → column → the table it refers to; a key that numbers rows refers to nothing: an empty name."""
    connection = connections[using]
    found: dict[str, dict[str, str]] = {}
    with connection.cursor() as cursor:
        for table in _tables(connection):
            numbered = [
                name
                for name in connection.introspection.get_primary_key_columns(cursor, table) or []
                if dict(_columns(connection, table))[name].startswith(("integer", "bigint", "smallint"))
            ]
            foreign = connection.introspection.get_relations(cursor, table)
            found[table] = dict.fromkeys(numbered, "") | {name: to[1] for name, to in foreign.items()}
    return found


def comparable(rows: Rows, relations: dict[str, dict[str, str]]) -> dict[str, list[str]]:
    """The rows without their numbers: a reference is told by what it refers to.

    Which number a group or a permission gets depends on the order in which a database returns rows.
    """
    told: dict[tuple[str, str], str] = {}
    for _depth in range(6):  # deeper than references go
        told = {
            (table, str(next(iter(row.values())))): _hash(_tell(row, relations.get(table, {}), told))
            for table, found in rows.items()
            for row in found
        }
    return {
        table: sorted(_tell(row, relations.get(table, {}), told) for row in found)
        for table, found in rows.items()
    }


def _tell(row: Row, relations: dict[str, str], told: dict[tuple[str, str], str]) -> str:
    parts = {}
    for column, value in row.items():
        to = relations.get(column)
        if to and value is not None:
            parts[column] = told.get((to, value), "…")
        elif to is None:
            parts[column] = re.sub(r"^\{uuid \d+\}$", "{uuid}", value) if value else str(value)
    return repr(sorted(parts.items()))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _all(connection: Any, sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())
