"""SQLite's FTS5. The table holds our own tokens, separated by blanks; its tokenizer only takes them apart again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import orjson
from django.db import connection, transaction

from ..entries.rules import clean
from ..values import Field, Match, Phrase, Query
from .contract import Order
from .embedded import EmbeddedEngine, Written

#: A column for each field a phrase may be asked in; ``words`` are looked for in titles as well.
_COLUMNS: dict[Field, str] = {
    "words": "{titles words}",
    "titles": "{titles}",
    "codes": "{codes}",
    "fragments": "{fragments}",
    "sounds": "{sounds}",
}
#: Weights of titles, words, codes, fragments, sounds. bm25 is negative, the best lowest.
_SCORE = "bm25(qudao_search_fts, 6.0, 1.0, 10.0, 3.0, 3.0)"
_IDS = "e.id IN (SELECT value FROM json_each(%s))"
_MATCHED = """
    SELECT e.id AS id, e.group_id AS group_id, e.dated_at AS dated_at, {score} AS score
    FROM qudao_search_fts CROSS JOIN qudao_search_entry e INDEXED BY search_entry_place ON e.id = qudao_search_fts.rowid
    WHERE qudao_search_fts MATCH %s
"""
#: What has any of the clauses scores the sum of the weights of those it has, on every engine alike.
_WEIGHED = """
    SELECT e.id AS id, e.group_id AS group_id, e.dated_at AS dated_at, -sum(found.weight) AS score
    FROM ({clauses}) found CROSS JOIN qudao_search_entry e INDEXED BY search_entry_place ON e.id = found.rowid
    WHERE true{narrow} GROUP BY e.id HAVING NOT min(found.is_hint)
"""
_WEIGHED_CLAUSE = (
    "SELECT rowid, %s AS weight, %s AS is_hint FROM qudao_search_fts WHERE qudao_search_fts MATCH %s"
)
_EVERYTHING = """
    SELECT e.id AS id, e.group_id AS group_id, e.dated_at AS dated_at, 0.0 AS score
    FROM qudao_search_entry e WHERE true
"""
_WRITE = """
    INSERT INTO qudao_search_fts (rowid, titles, words, codes, fragments, sounds) VALUES (%s, %s, %s, %s, %s, %s)
"""
_PIECES_JOINED_AT_A_TIME = 200
FEW_GROUPS = 100


class SQLite(EmbeddedEngine):
    name = "sqlite"
    scoring = "bm25"
    all_of, any_of = " AND ", " OR "
    counts = "SELECT 0, group_id, count(*)"
    page = (
        "UNION ALL SELECT * FROM "
        "(SELECT 1, id, score FROM matched WHERE {condition} ORDER BY {order} LIMIT %s OFFSET %s)"
    )
    orders = {"relevance": "score, id", "newest": "dated_at DESC, id DESC"}
    # The sign keeps SQLite from walking through the groups: it is to walk through what matches.
    in_groups = "+group_id IN (SELECT value FROM json_each(%s))"
    ids = "SELECT value FROM json_each(%s)"
    frequency = """(
    SELECT count(*) FROM (
        SELECT 1 FROM qudao_search_fts
        CROSS JOIN qudao_search_entry e INDEXED BY search_entry_place ON e.id = qudao_search_fts.rowid
        WHERE qudao_search_fts MATCH %s AND +e.group_id IN (SELECT value FROM wanted) LIMIT %s
    )
)"""

    def is_kept(self, expression: str | None, groups: Collection[int] | None) -> bool:
        """Not when few groups are chosen: matching twice costs less than scoring what is not wanted. Nor when it is
        everything, which is counted and read along its indexes.
        """
        return expression is not None and (groups is None or len(groups) > FEW_GROUPS)

    def matches(self, rows: Sequence[Sequence[Any]]) -> tuple[Match, ...]:
        return tuple(Match(pk, -score) for pk, score in rows)

    def listed(self, ids: Collection[int]) -> str:
        return orjson.dumps(list(ids)).decode()

    def phrase(self, phrase: Phrase) -> str:
        quoted = " ".join(clean(token).replace('"', '""') for token in phrase.tokens)
        return f'{_COLUMNS[phrase.field]} : "{quoted}"{" *" if phrase.prefix else ""}'

    def matched(
        self, query: Query, expression: str | None, order: Order, narrow_to: Sequence[int] | None
    ) -> tuple[str, list[Any]]:
        narrow = "" if narrow_to is None else f" AND {_IDS}"
        within = [] if narrow_to is None else [self.listed(narrow_to)]
        if query.any_clause:
            clauses = self.weighted(query)
            union = " UNION ALL ".join([_WEIGHED_CLAUSE] * len(clauses))
            parameters = [value for wanted, score, is_hint in clauses for value in (score, is_hint, wanted)]
            return _WEIGHED.format(clauses=union, narrow=narrow), [*parameters, *within]
        if expression is None:
            return _EVERYTHING + narrow, within
        score = f"{_SCORE} * e.boost" if order == "relevance" else "0.0"
        return _MATCHED.format(score=score) + narrow, [expression, *within]

    def write(self, entries: Iterable[Written]) -> None:
        rows = [_row(entry) for entry in entries]
        self.erase([row[0] for row in rows])
        with connection.cursor() as cursor:
            cursor.executemany(_WRITE, rows)

    def erase(self, entry_ids: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM qudao_search_fts WHERE rowid IN (SELECT value FROM json_each(%s))",
                [self.listed(entry_ids)],
            )

    def absent(self, entry_ids: Sequence[int]) -> set[int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT value FROM json_each(%s) WHERE NOT EXISTS "
                "(SELECT 1 FROM qudao_search_fts_docsize WHERE id = value)",
                [self.listed(entry_ids)],
            )
            return {pk for (pk,) in cursor.fetchall()}

    def optimize(self) -> None:
        while self._join_pieces():
            pass

    def _join_pieces(self) -> bool:
        """One step of FTS5's own merging, in a transaction of its own; whether there was something left to do."""
        with transaction.atomic(), connection.cursor() as cursor:
            before = _changes(cursor)
            cursor.execute(
                "INSERT INTO qudao_search_fts (qudao_search_fts, rank) VALUES ('merge', %s)",
                [_PIECES_JOINED_AT_A_TIME],
            )
            return _changes(cursor) - before >= 2


def _row(entry: Written) -> tuple[Any, ...]:
    found = entry.tokens
    fields = (found.titles, found.words, found.codes, found.fragments, found.sounds)
    return (entry.entry_id, *(" ".join(tokens) for tokens in fields))


def _changes(cursor: Any) -> int:
    cursor.execute("SELECT total_changes()")
    return int(cursor.fetchone()[0])
