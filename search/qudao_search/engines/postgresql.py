"""PostgreSQL's tsvector, written from our own tokens: neither its parser nor a locale has a say.

A row holds up to 16,000 positions, and 250 of one token; a longer text goes on in further rows of the same entry,
each with the titles and codes again. The words of one query must then stand in the same stretch.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from django.db import connection

from ..entries.rules import clean
from ..text.rules import Analysed
from ..values import Field, Match, Phrase, Query
from .contract import Order
from .embedded import EmbeddedEngine, Written

MOST_POSITIONS = 16_000
#: PostgreSQL keeps 255 positions of a lexeme.
MOST_OF_ONE = 250
#: Of titles and codes so many tokens; they stand in every row of an entry.
MOST_IN_HEAD = 2_000
LONGEST_LEXEME = 200

#: The weights a token of a field may carry. Fragments and sounds share one and are told apart by a first character
#: that no token has.
_WEIGHTS: dict[Field, str] = {"words": "BD", "titles": "B", "codes": "A", "fragments": "C", "sounds": "C"}
_MARKS: dict[Field, str] = {"fragments": "=", "sounds": "~"}
_RANK = "ts_rank('{0.05, 0.3, 0.6, 1.0}'::float4[], tokens, wanted.query)"
_MATCHED = """
    SELECT entry_id AS id, min(group_id) AS group_id, max(dated_at) AS dated_at, max({score}) AS score
    FROM (SELECT %s::tsquery AS query) wanted JOIN qudao_search_tokens ON tokens @@ wanted.query
    WHERE {narrow} GROUP BY entry_id
"""
_EVERYTHING = """
    SELECT id, group_id, dated_at, 0.0::float8 AS score FROM qudao_search_entry WHERE {narrow}
"""
_WRITE = """
    INSERT INTO qudao_search_tokens (entry_id, part, group_id, dated_at, boost, tokens)
    SELECT * FROM unnest(%s::bigint[], %s::integer[], %s::bigint[], %s::timestamptz[], %s::float8[], %s::tsvector[])
"""


class PostgreSQL(EmbeddedEngine):
    name = "postgresql"
    scoring = "ts_rank"
    all_of, any_of = " & ", " | "
    counts = "SELECT 0, group_id, count(*)::float8, 0"
    page = (
        "UNION ALL SELECT 1, id, score, row_number() OVER () FROM "
        "(SELECT id, score FROM matched WHERE {condition} ORDER BY {order} LIMIT %s OFFSET %s) AS best"
    )
    orders = {"relevance": "score DESC, id", "newest": "dated_at DESC NULLS LAST, id DESC"}
    in_groups = "group_id = ANY(%s::bigint[])"
    ids = "SELECT unnest(%s::bigint[]) AS value"
    frequency = """(
    SELECT count(*) FROM (
        SELECT 1 FROM qudao_search_tokens
        WHERE tokens @@ %s::tsquery AND group_id IN (SELECT value FROM wanted) LIMIT %s
    ) AS first
)"""

    def is_kept(self, expression: str | None, groups: Collection[int] | None) -> bool:
        """Everything is not copied, it is counted and read along its indexes."""
        return expression is not None

    def matches(self, rows: Sequence[Sequence[Any]]) -> tuple[Match, ...]:
        ordered = sorted(rows, key=lambda row: row[2])
        return tuple(Match(pk, score) for pk, score, _at in ordered)

    def listed(self, ids: Collection[int]) -> list[int]:
        return list(ids)

    def phrase(self, phrase: Phrase) -> str:
        weights, mark = _WEIGHTS[phrase.field], _MARKS.get(phrase.field, "")
        quoted = [f"{_quoted(mark + token)}:{weights}" for token in phrase.tokens]
        joined = " <-> ".join(quoted) + ("*" if phrase.prefix else "")
        return f"({joined})" if len(quoted) > 1 else joined

    def matched(
        self, query: Query, expression: str | None, order: Order, narrow_to: Sequence[int] | None
    ) -> tuple[str, list[Any]]:
        column = "id" if expression is None else "entry_id"
        narrow = "true" if narrow_to is None else f"{column} = ANY(%s::bigint[])"
        within = [] if narrow_to is None else [list(narrow_to)]
        if expression is None:
            return _EVERYTHING.format(narrow=narrow), within
        score, parameters = self._score(query) if order == "relevance" else ("0.0::float8", [])
        return _MATCHED.format(score=score, narrow=narrow), [*parameters, expression, *within]

    def _score(self, query: Query) -> tuple[str, list[Any]]:
        """By rank; where any clause will do, by the weights of those an entry has, as on every engine."""
        if not query.any_clause:
            return f"{_RANK} * boost", []
        clauses = self.weighted(query)
        terms = ["CASE WHEN tokens @@ %s::tsquery THEN %s::float8 ELSE 0 END"] * len(clauses)
        return f"({' + '.join(terms)})", [
            value for wanted, score, _hint in clauses for value in (wanted, score)
        ]

    def write(self, entries: Iterable[Written]) -> None:
        rows = [row for entry in entries for row in _rows(entry)]
        self.erase(list({row[0] for row in rows}))
        columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _column in range(6)]
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, columns)

    def erase(self, entry_ids: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM qudao_search_tokens WHERE entry_id = ANY(%s::bigint[])", [list(entry_ids)]
            )

    def absent(self, entry_ids: Sequence[int]) -> set[int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT wanted FROM unnest(%s::bigint[]) AS wanted WHERE NOT EXISTS "
                "(SELECT 1 FROM qudao_search_tokens WHERE entry_id = wanted)",
                [list(entry_ids)],
            )
            return {pk for (pk,) in cursor.fetchall()}

    def optimize(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE qudao_search_tokens")


def _quoted(lexeme: str) -> str:
    plain = clean(lexeme[:LONGEST_LEXEME]).replace("\\", "\\\\").replace("'", "''")
    return f"'{plain}'"


def _rows(entry: Written) -> Iterator[tuple[Any, ...]]:
    for part, vector in enumerate(vectors(entry.tokens)):
        yield entry.entry_id, part, entry.group_id, entry.dated_at, entry.boost, vector


def vectors(tokens: Analysed) -> Iterator[str]:
    """The tokens as tsvectors: one, or several when a text is long. Codes and titles stand in each."""
    head, start = _head(tokens)
    body, counts, at = [], dict[str, int](), start
    for token in tokens.words:
        lexeme = _quoted(token)
        if at >= MOST_POSITIONS or counts.get(lexeme, 0) >= MOST_OF_ONE:
            yield _joined(head, body)
            body, counts, at = [], {}, start
        body.append((lexeme, f"{at}D"))
        counts[lexeme] = counts.get(lexeme, 0) + 1
        at += 1
    yield _joined(head, body)


def _head(tokens: Analysed) -> tuple[list[tuple[str, str]], int]:
    """What every row of an entry begins with, and the position after it. A gap keeps phrases from running over."""
    found = [(_quoted(_MARKS["fragments"] + token), "1C") for token in tokens.fragments]
    found += [(_quoted(_MARKS["sounds"] + token), "1C") for token in tokens.sounds]
    at = 2
    for weight, field in (("A", tokens.codes), ("B", tokens.titles)):
        for token in field[:MOST_IN_HEAD]:
            found.append((_quoted(token), f"{at}{weight}"))
            at += 1
        at += 2
    return found, at


def _joined(head: list[tuple[str, str]], body: list[tuple[str, str]]) -> str:
    places: dict[str, list[str]] = {}
    for lexeme, place in [*head, *body]:
        places.setdefault(lexeme, []).append(place)
    return " ".join(f"{lexeme}:{','.join(found)}" for lexeme, found in places.items())
