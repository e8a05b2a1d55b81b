"""The statements that write entries and what hangs on them. Each takes any number of rows at once."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import DatabaseError, connection, transaction

from . import sql
from .models import AccessRule, Entry, Group, Word
from .rules import AccessRuleFacts, GroupFacts, Prepared

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
_INSERT_GROUPS = """
    INSERT INTO qudao_search_group (id, kind, access_rules, facets, languages)
    SELECT c0, c1, c2, c3, c4 FROM {rows} ON CONFLICT (id) DO NOTHING
"""
_INSERT_RULES = """
    INSERT INTO qudao_search_accessrule (id, policy, tokens) SELECT c0, c1, c2 FROM {rows} ON CONFLICT (id) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as it stood before the change."""

    entry_id: int
    group_id: int
    digest: str
    revision: int


def lock_entries(kind: str, items: Collection[str]) -> dict[str, StoredEntry]:
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
        return {item: StoredEntry(*row) for item, *row in cursor.fetchall()}


def ensure_groups(groups: Mapping[int, GroupFacts], access_rules: Mapping[int, AccessRuleFacts]) -> None:
    """See to it that these groups and access rules exist and stay until the transaction ends."""
    new_rules = _missing(AccessRule._meta.db_table, access_rules)
    if new_rules:
        rows = [
            (pk, access_rules[pk].policy, json.dumps(sorted(access_rules[pk].tokens))) for pk in new_rules
        ]
        sql.run(_INSERT_RULES, rows, (sql.BIGINT, sql.TEXT, sql.JSON))
    new_groups = _missing(Group._meta.db_table, groups)
    if new_groups:
        group_rows = [_group_row(groups[pk]) for pk in new_groups]
        sql.run(_INSERT_GROUPS, group_rows, (sql.BIGINT, sql.TEXT, sql.JSON, sql.JSON, sql.JSON))


def _missing(table: str, wanted: Collection[int]) -> list[int]:
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
        json.dumps(group.access_rules),
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


# --- words of titles ---
# Add words of titles to the vocabulary, without two writers ever waiting for each other's words.
#
# On PostgreSQL whoever inserts a word makes everybody wait who inserts the same one, until the end of a transaction
# that may be an import of minutes. So one transaction at a time adds words as it goes; the others add theirs once they
# are done, and give up where that would mean to wait: a rebuild brings the words in that were left out.

logger = logging.getLogger(__name__)

_INSERT = "INSERT INTO qudao_search_word (text) SELECT c0 FROM {rows} ON CONFLICT (text) DO NOTHING"
#: The advisory lock of the writer that adds words now.
_LOCK = 0x5155444157
_PATIENCE = "500ms"


def add_words(words: Collection[str]) -> None:
    """Add ``words``, now or after this transaction. One statement, two on PostgreSQL; none without words."""
    if not words:
        return
    if _is_our_turn():
        _insert(words)
    else:
        transaction.on_commit(lambda: _add_later(words))


def _is_our_turn() -> bool:
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _add_later(words: Collection[str]) -> None:
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
            _insert(words)
    except DatabaseError as refused:
        logger.warning("words not added", extra={"count": len(words), "reason": type(refused).__name__})


def _insert(words: Collection[str]) -> None:
    sql.run(_INSERT, [(word,) for word in sorted(words)], (sql.TEXT,))


# --- dropping what is unused ---
# Drop what nothing uses any more: groups, access rules, words. Part of a rebuild.

_WORDS_AT_A_TIME = 5_000


def drop_unused() -> bool:
    """Drop groups without entries and access rules without groups; whether it could be done.

    On PostgreSQL nobody may begin to use one of them meanwhile, so writers are kept out for that moment. Where they do
    not leave room within two seconds, it is left to the next rebuild.
    """
    try:
        with transaction.atomic():
            _keep_writers_out()
            _drop_empty_groups()
            used = {
                rule
                for access_rules in Group.objects.order_by().values_list("access_rules", flat=True)
                for rule in access_rules
            }
            unused = set(AccessRule.objects.order_by().values_list("pk", flat=True)) - used
            _delete(AccessRule._meta.db_table, unused)
    except DatabaseError as refused:
        if connection.vendor == "postgresql" and "lock timeout" in str(refused):
            return False
        raise
    return True


def last_word() -> int:
    return Word.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def drop_words(used: Collection[str], until: int) -> None:
    """Drop words that are not among ``used``, of those up to the key ``until``: newer ones may be in use by now."""
    unused: list[int] = []
    for pk, word in Word.objects.filter(pk__lte=until).order_by().values_list("pk", "text").iterator():
        if word not in used:
            unused.append(pk)
    for start in range(0, len(unused), _WORDS_AT_A_TIME):
        _delete(Word._meta.db_table, unused[start : start + _WORDS_AT_A_TIME])


def _drop_empty_groups() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM qudao_search_group WHERE NOT EXISTS "
            "(SELECT 1 FROM qudao_search_entry WHERE group_id = qudao_search_group.id)"
        )


def _keep_writers_out() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            cursor.execute("LOCK TABLE qudao_search_accessrule, qudao_search_group IN EXCLUSIVE MODE")


def _delete(table: str, ids: Collection[int]) -> None:
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(f'DELETE FROM "{table}" WHERE {sql.one_of("id")}', [sql.listed(sorted(ids))])
