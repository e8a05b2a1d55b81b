"""SQLite's FTS5. The table holds our own tokens, separated by blanks; its tokenizer only takes them apart again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import orjson
from django.db import connection, transaction

from ..asking.rules import Clause, Field, Match, Matches, Phrase, Question
from ..index.rules import clean
from .contract import Order, Written

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
# The sign keeps SQLite from walking through the groups: it is to walk through what matches.
_GROUPS = "+group_id IN (SELECT value FROM json_each(%s))"
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
_FREQUENCY = """(
    SELECT count(*) FROM (
        SELECT 1 FROM qudao_search_fts
        CROSS JOIN qudao_search_entry e INDEXED BY search_entry_place ON e.id = qudao_search_fts.rowid
        WHERE qudao_search_fts MATCH %s AND +e.group_id IN (SELECT value FROM wanted) LIMIT %s
    )
)"""
_ORDERS: dict[Order, str] = {"relevance": "score, id", "newest": "dated_at DESC, id DESC"}
_WRITE = """
    INSERT INTO qudao_search_fts (rowid, titles, words, codes, fragments, sounds) VALUES (%s, %s, %s, %s, %s, %s)
"""
_PIECES_JOINED_AT_A_TIME = 200
FEW_GROUPS = 100


class SQLite:
    name = "sqlite"

    def ask(
        self,
        question: Question,
        *,
        groups: Collection[int] | None,
        order: Order = "relevance",
        offset: int = 0,
        limit: int = 20,
        narrow_to: Sequence[int] | None = None,
    ) -> Matches:
        wanted = None if question.is_empty else expression(question)
        if wanted == "":
            return Matches({}, ())
        statement, parameters = (
            _weighed(question, narrow_to) if question.any_clause else _matched(wanted, order, narrow_to)
        )
        # What matches is found once and kept. Not so when few groups are chosen: matching twice costs less than
        # scoring what is not wanted. Nor when it is everything, which is counted and read along its indexes.
        few = groups is not None and len(groups) <= FEW_GROUPS
        kept = "NOT MATERIALIZED" if wanted is None or few else "MATERIALIZED"
        stretch, further = _stretch(groups, order, offset, limit)
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH matched AS {kept} ({statement}) "
                f"SELECT 0, group_id, count(*) FROM matched GROUP BY group_id {stretch}",
                [*parameters, *further],
            )
            rows = cursor.fetchall()
        counts = {group: number for kind, group, number in rows if kind == 0}
        return Matches(counts, tuple(Match(pk, -score) for kind, pk, score in rows if kind == 1))

    def frequencies(self, clauses: Sequence[Clause], *, groups: Collection[int], most: int) -> list[int]:
        wanted = [expression(Question(clauses=(clause,))) for clause in clauses]
        asked = [each for each in wanted if each]
        if not asked:
            return [0] * len(wanted)
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH wanted AS MATERIALIZED (SELECT value FROM json_each(%s)) SELECT "
                + ", ".join([_FREQUENCY] * len(asked)),
                [_listed(groups), *(value for each in asked for value in (each, most))],
            )
            found = iter(cursor.fetchone())
        return [next(found) if each else 0 for each in wanted]

    def check(self) -> None:
        """It is there when the database is; that is asked about elsewhere."""

    def scores(self, question: Question, entry_ids: Sequence[int]) -> dict[int, str]:
        found = self.ask(question, groups=None, limit=len(entry_ids), narrow_to=entry_ids)
        return {match.entry_id: f"bm25 × boost = {match.score:.4f}" for match in found.matches}

    def write(self, entries: Iterable[Written]) -> None:
        rows = [_row(entry) for entry in entries]
        self.erase([row[0] for row in rows])
        with connection.cursor() as cursor:
            cursor.executemany(_WRITE, rows)

    def erase(self, entry_ids: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM qudao_search_fts WHERE rowid IN (SELECT value FROM json_each(%s))",
                [_listed(entry_ids)],
            )

    def absent(self, entry_ids: Sequence[int]) -> set[int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT value FROM json_each(%s) WHERE NOT EXISTS "
                "(SELECT 1 FROM qudao_search_fts_docsize WHERE id = value)",
                [_listed(entry_ids)],
            )
            return {pk for (pk,) in cursor.fetchall()}

    def tidy(self) -> None:
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


def expression(question: Question) -> str:
    """The question as FTS5 reads it; empty when nothing can match. Tokens stand in quotes: no operator gets through."""
    clauses = [_clause(clause) for clause in (question.finding if question.any_clause else question.clauses)]
    if not question.any_clause and not all(clauses):
        clauses = []
    joined = (" OR " if question.any_clause else " AND ").join(each for each in clauses if each)
    whole = [_phrase(phrase) for phrase in question.whole if phrase.tokens]
    return " OR ".join(each for each in [f"({joined})" if joined else "", *whole] if each)


def _clause(clause: Clause) -> str:
    phrases = [_phrase(phrase) for phrase in clause.phrases if phrase.tokens]
    return f"({' OR '.join(phrases)})" if phrases else ""


def _phrase(phrase: Phrase) -> str:
    quoted = " ".join(clean(token).replace('"', '""') for token in phrase.tokens)
    return f'{_COLUMNS[phrase.field]} : "{quoted}"{" *" if phrase.prefix else ""}'


def _matched(wanted: str | None, order: Order, narrow_to: Sequence[int] | None) -> tuple[str, list[Any]]:
    """The statement that finds what matches, with its parameters; relevance is worked out where it is asked for."""
    parameters: list[Any] = []
    if wanted is None:
        statement = _EVERYTHING
    else:
        statement = _MATCHED.format(score=f"{_SCORE} * e.boost" if order == "relevance" else "0.0")
        parameters.append(wanted)
    if narrow_to is not None:
        statement += f" AND {_IDS}"
        parameters.append(_listed(narrow_to))
    return statement, parameters


def _weighed(question: Question, narrow_to: Sequence[int] | None) -> tuple[str, list[Any]]:
    """As :func:`_matched`, for a question of which any clause will do."""
    asked = [(clause.score, clause.is_hint, _clause(clause)) for clause in question.clauses]
    asked += [(question.weight, False, _phrase(phrase)) for phrase in question.whole if phrase.tokens]
    clauses = [each for each in asked if each[-1]]
    parameters: list[Any] = [value for clause in clauses for value in clause]
    if narrow_to is not None:
        parameters.append(_listed(narrow_to))
    return (
        _WEIGHED.format(
            clauses=" UNION ALL ".join([_WEIGHED_CLAUSE] * len(clauses)),
            narrow=f" AND {_IDS}" if narrow_to is not None else "",
        ),
        parameters,
    )


def _stretch(groups: Collection[int] | None, order: Order, offset: int, limit: int) -> tuple[str, list[Any]]:
    if limit <= 0 or (groups is not None and not groups):
        return "", []
    condition = "true" if groups is None else _GROUPS
    parameters: list[Any] = [] if groups is None else [_listed(groups)]
    return (
        f"UNION ALL SELECT * FROM (SELECT 1, id, score FROM matched WHERE {condition} "
        f"ORDER BY {_ORDERS[order]} LIMIT %s OFFSET %s)",
        [*parameters, limit, offset],
    )


def _row(entry: Written) -> tuple[Any, ...]:
    found = entry.tokens
    fields = (found.titles, found.words, found.codes, found.fragments, found.sounds)
    return (entry.entry_id, *(" ".join(tokens) for tokens in fields))


def _listed(keys: Collection[int]) -> str:
    return orjson.dumps(list(keys)).decode()


def _changes(cursor: Any) -> int:
    cursor.execute("SELECT total_changes()")
    return int(cursor.fetchone()[0])
