"""The statements that write entries and what hangs on them. Each takes any number of rows at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from . import sql
from .models import Door, Entry, Group
from .rules import DoorFacts, GroupFacts, Prepared
from .synchronising import soon

_INSERT_ENTRIES = """
    INSERT INTO qudao_search_entry
        (kind, item, group_id, titles, codes, texts, keywords, boost, dated_at, digest, revision)
    SELECT c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, 1 FROM {rows}
    ON CONFLICT (kind, item) DO UPDATE SET
        group_id = excluded.group_id, titles = excluded.titles, codes = excluded.codes, texts = excluded.texts,
        keywords = excluded.keywords, boost = excluded.boost, dated_at = excluded.dated_at,
        digest = excluded.digest, revision = qudao_search_entry.revision + 1
    RETURNING id, item, revision
"""
_ENTRY_TYPES = (
    sql.TEXT,
    sql.TEXT,
    sql.BIGINT,
    sql.JSON,
    sql.JSON,
    sql.JSON,
    sql.JSON,
    sql.FLOAT,
    sql.TIME,
    sql.TEXT,
)
_INSERT_PENDING = """
    INSERT INTO qudao_search_pending (entry_id, revision, hides, deleted, attempts, error, changed_at)
    SELECT c0, c1, c2, c3, 0, '', CURRENT_TIMESTAMP FROM {rows}
    ON CONFLICT (entry_id) DO UPDATE SET
        revision = excluded.revision, hides = qudao_search_pending.hides OR excluded.hides,
        deleted = excluded.deleted, attempts = 0, error = '', changed_at = excluded.changed_at
"""
_INSERT_GROUPS = """
    INSERT INTO qudao_search_group (id, kind, doors, facets, languages)
    SELECT c0, c1, c2, c3, c4 FROM {rows} ON CONFLICT (id) DO NOTHING
"""
_INSERT_DOORS = """
    INSERT INTO qudao_search_door (id, policy, tokens) SELECT c0, c1, c2 FROM {rows} ON CONFLICT (id) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry as it stood before the change."""

    entry_id: int
    group_id: int
    digest: str
    revision: int


@dataclass(frozen=True, slots=True)
class Change:
    """What a cluster has to be told: an entry, its revision, whether something was taken from somebody."""

    entry_id: int
    revision: int
    hides: bool
    deleted: bool = False


def hold(kind: str, items: Collection[str]) -> dict[str, Standing]:
    """The entries of ``items`` as they stand, held until the transaction ends.

    They are held *before* the sources are read: of two writers the later one then reads what the earlier one left.
    """
    condition = sql.one_of("item", sql.TEXT)
    lock = "ORDER BY item FOR UPDATE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT item, id, group_id, digest, revision FROM qudao_search_entry "
            f"WHERE kind = %s AND {condition} {lock}",
            [kind, sql.listed(sorted(items))],
        )
        return {item: Standing(*row) for item, *row in cursor.fetchall()}


def intern(groups: Mapping[int, GroupFacts], doors: Mapping[int, DoorFacts]) -> None:
    """See to it that these groups and doors exist and stay until the transaction ends."""
    strange_doors = _strangers(Door._meta.db_table, doors)
    if strange_doors:
        rows = [(pk, doors[pk].policy, json.dumps(sorted(doors[pk].tokens))) for pk in strange_doors]
        sql.run(_INSERT_DOORS, rows, (sql.BIGINT, sql.TEXT, sql.JSON))
    strange_groups = _strangers(Group._meta.db_table, groups)
    if strange_groups:
        group_rows = [_group_row(groups[pk]) for pk in strange_groups]
        sql.run(_INSERT_GROUPS, group_rows, (sql.BIGINT, sql.TEXT, sql.JSON, sql.JSON, sql.JSON))


def _strangers(table: str, wanted: Collection[int]) -> list[int]:
    """Those not in the table yet, in one order for all writers; pruning waits for whoever holds the others."""
    lock = "FOR KEY SHARE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT id FROM "{table}" WHERE {sql.one_of("id")} {lock}', [sql.listed(sorted(wanted))]
        )
        found = {pk for (pk,) in cursor.fetchall()}
    return sorted(set(wanted) - found)


def _group_row(group: GroupFacts) -> tuple[object, ...]:
    facets = {key: list(values) for key, values in group.facets.items()}
    return (
        group.id,
        group.kind,
        json.dumps(group.doors),
        json.dumps(facets, ensure_ascii=False),
        json.dumps(group.languages),
    )


def put_entries(kind: str, prepared: Sequence[Prepared]) -> dict[str, tuple[int, int]]:
    """Write entries, new ones and changed ones alike; item → (entry id, revision)."""
    rows = sql.run(_INSERT_ENTRIES, [_entry_row(kind, each) for each in prepared], _ENTRY_TYPES)
    return {item: (pk, revision) for pk, item, revision in rows}


def _entry_row(kind: str, one: Prepared) -> tuple[object, ...]:
    json_fields = (one.titles, one.codes, one.texts, one.keywords)
    written = (json.dumps(value, ensure_ascii=False) for value in json_fields)
    return (kind, one.item, one.group.id, *written, one.boost, one.dated_at, one.digest)


def delete_entries(entry_ids: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f'DELETE FROM "{Entry._meta.db_table}" WHERE {sql.one_of("id")}', [sql.listed(entry_ids)]
        )


def put_pending(changes: Iterable[Change]) -> None:
    """Add to the dirty set. What was to be hidden stays to be hidden until the cluster has heard of it."""
    rows = [(each.entry_id, each.revision, each.hides, each.deleted) for each in changes]
    sql.run(
        _INSERT_PENDING,
        sorted(rows),
        (sql.BIGINT, sql.BIGINT, sql.BOOL, sql.BOOL),
    )
    soon()
