"""Database triggers that note a change of rows, whoever makes it: a service, an import, COPY or a person with psql.

A table is watched for some of its columns, or for expressions over them: an order changes what is allocated, but
``on_hand > allocated`` only when the last piece goes. Triggers are made after every ``migrate`` and taken away before
migrations run, because SQLite rebuilds tables, and a column that a trigger reads could not be dropped.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connections, transaction
from django.db.models import Model
from django.db.models.signals import post_migrate, pre_migrate

from .models import DataChange

_CHANGES = f'"{DataChange._meta.db_table}"'
_PREFIX = "qudao_watch_"
#: Numbers are drawn up to here: small enough that millions of them can be added up.
_LARGEST = 2**40
_EVENTS = ("insert", "update", "delete")


@dataclass(frozen=True, slots=True)
class Watch:
    """Changes of ``facts`` in the rows of a table raise ``name``, or ``name:<by>`` with a column ``by``."""

    name: str
    table: str
    key: str
    facts: tuple[str, ...]
    by: str = ""

    def names(self, row: str) -> str:
        return f"'{self.name}:' || {row}.\"{self.by}\"" if self.by else f"'{self.name}'"

    def values(self, row: str) -> str:
        """The facts of ``row`` as columns; a fact with ``{row}`` in it is an expression."""
        found = [each.format(row=row) if "{row}" in each else f'{row}."{each}"' for each in self.facts]
        return ", ".join([f'{row}."{self.key}"', *found])

    def trigger(self, event: str, vendor: str) -> str:
        """The trigger's name; it changes with its definition."""
        text = "\n".join(self.statements(event, vendor, "?"))
        return f"{_PREFIX}{event}_{hashlib.sha256(text.encode()).hexdigest()[:12]}"

    def statements(self, event: str, vendor: str, trigger: str) -> tuple[str, ...]:
        return _postgresql(self, event, trigger) if vendor == "postgresql" else _sqlite(self, event, trigger)


_watched: list[Watch] = []


def watch(name: str, model: type[Model], *facts: str, by: str = "") -> None:
    """Let every change of ``facts`` (columns, or expressions over ``{row}``) in rows of ``model`` raise ``name``."""
    meta = model._meta
    assert meta.pk is not None
    found = Watch(name, meta.db_table, str(meta.pk.column), facts, by)
    if found not in _watched:
        _watched.append(found)


def definition() -> str:
    """All that decides which triggers there are."""
    return repr(sorted(map(repr, _watched))) + "".join(
        _postgresql(Watch("n", "t", "k", ("f",)), "update", "?")
    )


def install(using: str = "default") -> None:
    """Make the triggers that are missing and remove those that no one asks for any more."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if DataChange._meta.db_table not in tables:
        return
    wanted = {
        (each.trigger(event, connection.vendor), each.table): (each, event)
        for each in _watched
        if each.table in tables
        for event in _events(connection.vendor)
    }
    there = set(_present(connection))
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for name, table in there - set(wanted):
            _drop(cursor, connection.vendor, name, table)
        missing = {key: wanted[key] for key in set(wanted) - there}
        for (name, _table), (each, event) in missing.items():
            for statement in each.statements(event, connection.vendor, name):
                cursor.execute(statement)
        # Nobody noted what changed while there was no trigger.
        DataChange.objects.using(using).bulk_create(
            DataChange(name=name, number=secrets.randbelow(_LARGEST))
            for name in sorted({each.name for each, _event in missing.values()})
        )


def remove(using: str = "default") -> None:
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for name, table in _present(connection):
            _drop(cursor, connection.vendor, name, table)


def connect() -> None:
    """Follow ``migrate``: its signals come once for each app, ours once for this one."""
    sender = apps.get_app_config("qudao_core")
    pre_migrate.connect(_before, sender=sender, dispatch_uid="qudao-data-versions")
    post_migrate.connect(_after, sender=sender, dispatch_uid="qudao-data-versions")


def _before(using: str, plan: Iterable[Any] = (), **kwargs: object) -> None:
    if plan:
        remove(using)


def _after(using: str, **kwargs: object) -> None:
    install(using)


def _events(vendor: str) -> Iterator[str]:
    yield from _EVENTS
    if vendor == "postgresql":
        yield "truncate"


def _present(connection: Any) -> list[tuple[str, str]]:
    """Names of our triggers with their tables."""
    if connection.vendor == "postgresql":
        sql = "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE tgname LIKE %s"
    else:
        sql = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [f"{_PREFIX}%"])
        return [(_plain(name), _plain(table)) for name, table in cursor.fetchall()]


def _plain(text: Any) -> str:
    return str(text)


def _drop(cursor: Any, vendor: str, name: str, table: str) -> None:
    if vendor == "postgresql":
        cursor.execute(f'DROP TRIGGER "{name}" ON "{table}"')
        cursor.execute(f'DROP FUNCTION IF EXISTS "{name}"()')
    else:
        cursor.execute(f'DROP TRIGGER "{name}"')


def _postgresql(watch: Watch, event: str, trigger: str) -> tuple[str, ...]:
    """Once per statement. Rows before and after are compared by EXCEPT: its cost is linear whatever the planner
    believes; the statement is planned anew each time (EXECUTE), because a plan made for one row would be kept.
    """
    names = f"SELECT '{watch.name}' AS name"
    if event in ("insert", "delete"):
        row = "after_rows" if event == "insert" else "before_rows"
        names = f"SELECT DISTINCT {watch.names('r')} AS name FROM {row} r"
    elif event == "update":
        after = f"SELECT {watch.names('r')} AS name, {watch.values('r')} FROM after_rows r"
        before = f"SELECT {watch.names('r')} AS name, {watch.values('r')} FROM before_rows r"
        names = (
            f"SELECT name FROM ({after} EXCEPT {before}) n UNION SELECT name FROM ({before} EXCEPT {after}) o"
        )
    tables = {
        "insert": "REFERENCING NEW TABLE AS after_rows",
        "delete": "REFERENCING OLD TABLE AS before_rows",
        "update": "REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows",
    }
    statement = (
        f"INSERT INTO {_CHANGES} (name, number) "
        f"SELECT name, (random() * {_LARGEST})::bigint FROM ({names}) changed"
    ).replace("'", "''")
    return (
        f'CREATE OR REPLACE FUNCTION "{trigger}"() RETURNS trigger LANGUAGE plpgsql AS $$ '
        f"BEGIN EXECUTE '{statement}'; RETURN NULL; END $$",
        f'CREATE TRIGGER "{trigger}" AFTER {event.upper()} ON "{watch.table}" {tables.get(event, "")} '
        f'FOR EACH STATEMENT EXECUTE FUNCTION "{trigger}"()',
    )


def _sqlite(watch: Watch, event: str, trigger: str) -> tuple[str, ...]:
    """Once per row, and one row per name: SQLite has a single writer, so nobody waits for it."""
    rows = {"insert": ("NEW",), "delete": ("OLD",), "update": ("NEW", "OLD") if watch.by else ("NEW",)}[event]
    changed = ""
    if event == "update":
        changed = f"WHEN ({watch.values('NEW')}) IS NOT ({watch.values('OLD')})"
    draw = f"abs(random() % {_LARGEST})"
    body = "".join(
        f"UPDATE {_CHANGES} SET number = {draw} WHERE name = {watch.names(row)}; "
        f"INSERT INTO {_CHANGES} (name, number) SELECT {watch.names(row)}, {draw} "
        f"WHERE NOT EXISTS (SELECT 1 FROM {_CHANGES} WHERE name = {watch.names(row)}); "
        for row in rows
    )
    return (
        f'CREATE TRIGGER "{trigger}" AFTER {event.upper()} ON "{watch.table}" FOR EACH ROW {changed} '
        f"BEGIN {body}END",
    )
