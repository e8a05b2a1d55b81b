"""Bring a database to the present schema: from the snapshot when it is empty, then with the migrations it lacks."""

from __future__ import annotations

import re
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.core.management.sql import emit_post_migrate_signal
from django.db import connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from .state import DIRECTORY, content, differences, kept, missing_migrations

#: Divides a schema file: tables before, indexes, constraints and triggers after.
ROWS_GO_HERE = "-- rows\n"
REMEDY = "`./qudao snapshot` writes it anew."
_LOCK = 7_125_601_944  # any number: one process at a time fills an empty PostgreSQL


def prepare(using: str = "default") -> list[str]:
    """Load, migrate, or find that there is nothing to do; returns what was done, a line each."""
    done = []
    if is_empty(using):
        reasons = obstacles(using)
        if not reasons and load(using):
            done.append("Loaded the schema snapshot.")
        elif reasons:
            done.append(f"The schema snapshot was not used: {'; '.join(reasons[:3])}. {REMEDY}")
    if missing := missing_migrations(connections[using]):
        call_command("migrate", database=using, verbosity=0, interactive=False)
        done.append(f"Applied {len(missing)} migrations.")
    else:
        # What `migrate` does in the end, without building the models of every app from its migrations.
        emit_post_migrate_signal(verbosity=0, interactive=False, db=using, plan=[], apps=apps)
    return done


def is_empty(using: str = "default") -> bool:
    return not connections[using].introspection.table_names()


def obstacles(using: str = "default") -> list[str]:
    """Why the snapshot cannot be loaded into this database, by these settings; empty when it can."""
    connection = connections[using]
    if not schema_file(connection.vendor).exists():
        return [f"there is none for {connection.vendor}"]
    if not rows_file(_language()).exists():
        return [f"there is none for the language {settings.LANGUAGE_CODE}"]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            if cursor.fetchone() != ("public",):
                return ["tables do not go into the schema public"]
    return differences(kept(), content())


def load(using: str = "default") -> bool:
    """Fill an empty database, all or nothing; False when another process has been faster."""
    connection = connections[using]
    tables, _marker, rest = schema_file(connection.vendor).read_text(encoding="utf-8").partition(ROWS_GO_HERE)
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            cursor.execute("SET LOCAL check_function_bodies = false")
        if not is_empty(using):
            return False
        new: dict[str, str] = {}
        rows = [_with_new_uuids(statement, new) for statement in rows_of(connection.vendor).values()]
        for statement in (*_statements(tables, connection), *rows, *_statements(rest, connection)):
            cursor.execute(statement)
        connection.check_constraints()
        # The table of applied migrations belongs to no app; those of later migrations are not there yet.
        there = set(connection.introspection.table_names(cursor))
        models = [*apps.get_models(include_auto_created=True), MigrationRecorder.Migration]
        filled = [model for model in models if model._meta.db_table in there]
        for statement in connection.ops.sequence_reset_sql(no_style(), filled):
            cursor.execute(statement)
    return True


def rows_of(vendor: str) -> dict[str, str]:
    """Table → the statement that fills it, for the language of the settings."""
    found: dict[str, str] = {}
    language = _language()
    for variant in ("", vendor, *([language, f"{vendor}.{language}"] if language else [])):
        path = rows_file(variant)
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        for statement in re.split(r"(?<=;\n)(?=INSERT INTO )", text):
            if statement:
                found[statement.split('"', 2)[1]] = statement
    return found


def _with_new_uuids(statement: str, new: dict[str, str]) -> str:
    """Each installation gets UUIDs of its own; the same number is the same one."""
    return re.sub(
        r"'\{uuid \d+\}'", lambda found: new.setdefault(found.group(), f"'{uuid.uuid4().hex}'"), statement
    )


def _statements(text: str, connection: Any) -> Iterator[str]:
    """PostgreSQL takes them all at once, SQLite one by one."""
    if connection.vendor != "sqlite":
        yield text
        return
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _language() -> str:
    """The language of the rows; empty for the first one of the site, that of ``rows.sql``."""
    return "" if settings.LANGUAGES[0][0] == settings.LANGUAGE_CODE else settings.LANGUAGE_CODE


def schema_file(vendor: str) -> Path:
    return DIRECTORY / f"{vendor}.sql"


def rows_file(variant: str = "") -> Path:
    return DIRECTORY / (f"rows.{variant}.sql" if variant else "rows.sql")
