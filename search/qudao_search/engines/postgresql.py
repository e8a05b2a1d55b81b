"""PostgreSQL's tsvector, written from our own tokens: neither its parser nor a locale has a say.

A row holds up to 16,000 positions, and 250 of one token; a longer text goes on in further rows of the same entry,
each with the titles and codes again. The words of one question must then stand in the same stretch.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from django.db import connection

from ..asking.rules import Clause, Field, Match, Matches, Phrase, Question
from ..index.rules import clean
from ..text.rules import Analysed
from .contract import Order, Written

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
_FREQUENCY = """(
    SELECT count(*) FROM (
        SELECT 1 FROM qudao_search_tokens
        WHERE tokens @@ %s::tsquery AND group_id IN (SELECT value FROM wanted) LIMIT %s
    ) AS first
)"""
_ORDERS: dict[Order, str] = {
    "relevance": "score DESC, id",
    "newest": "dated_at DESC NULLS LAST, id DESC",
}
_WRITE = """
    INSERT INTO qudao_search_tokens (entry_id, part, group_id, dated_at, boost, tokens)
    SELECT * FROM unnest(%s::bigint[], %s::integer[], %s::bigint[], %s::timestamptz[], %s::float8[], %s::tsvector[])
"""


class PostgreSQL:
    name = "postgresql"

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
        statement, parameters = _matched(question, wanted, order, narrow_to)
        stretch, further = _stretch(groups, order, offset, limit)
        # What matches is found once; everything is not copied, it is counted and read along its indexes.
        kept = "NOT MATERIALIZED" if wanted is None else "MATERIALIZED"
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH matched AS {kept} ({statement}) "
                f"SELECT 0, group_id, count(*)::float8, 0 FROM matched GROUP BY group_id {stretch}",
                [*parameters, *further],
            )
            rows = cursor.fetchall()
        counts = {group: int(number) for kind, group, number, _at in rows if kind == 0}
        found = sorted(((at, pk, score) for kind, pk, score, at in rows if kind == 1))
        return Matches(counts, tuple(Match(pk, score) for _at, pk, score in found))

    def frequencies(self, clauses: Sequence[Clause], *, groups: Collection[int], most: int) -> list[int]:
        wanted = [expression(Question(clauses=(clause,))) for clause in clauses]
        asked = [each for each in wanted if each]
        if not asked:
            return [0] * len(wanted)
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH wanted AS MATERIALIZED (SELECT unnest(%s::bigint[]) AS value) SELECT "
                + ", ".join([_FREQUENCY] * len(asked)),
                [list(groups), *(value for each in asked for value in (each, most))],
            )
            found = iter(cursor.fetchone() or ())
        return [next(found) if each else 0 for each in wanted]

    def check(self) -> None:
        """It is there when the database is; that is asked about elsewhere."""

    def scores(self, question: Question, entry_ids: Sequence[int]) -> dict[int, str]:
        found = self.ask(question, groups=None, limit=len(entry_ids), narrow_to=entry_ids)
        return {match.entry_id: f"ts_rank × boost = {match.score:.4f}" for match in found.matches}

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

    def tidy(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE qudao_search_tokens")


def expression(question: Question) -> str:
    """The question as a tsquery; empty when nothing can match. Lexemes stand in quotes: no operator gets through."""
    clauses = [_clause(clause) for clause in (question.finding if question.any_clause else question.clauses)]
    if not question.any_clause and not all(clauses):
        clauses = []
    joined = (" | " if question.any_clause else " & ").join(each for each in clauses if each)
    whole = [_phrase(phrase) for phrase in question.whole if phrase.tokens]
    return " | ".join(each for each in [f"({joined})" if joined else "", *whole] if each)


def _clause(clause: Clause) -> str:
    phrases = [_phrase(phrase) for phrase in clause.phrases if phrase.tokens]
    return f"({' | '.join(phrases)})" if phrases else ""


def _phrase(phrase: Phrase) -> str:
    weights, mark = _WEIGHTS[phrase.field], _MARKS.get(phrase.field, "")
    quoted = [f"{_quoted(mark + token)}:{weights}" for token in phrase.tokens]
    joined = " <-> ".join(quoted) + ("*" if phrase.prefix else "")
    return f"({joined})" if len(quoted) > 1 else joined


def _quoted(lexeme: str) -> str:
    plain = clean(lexeme[:LONGEST_LEXEME]).replace("\\", "\\\\").replace("'", "''")
    return f"'{plain}'"


def _matched(
    question: Question, wanted: str | None, order: Order, narrow_to: Sequence[int] | None
) -> tuple[str, list[Any]]:
    """The statement that finds what matches, with its parameters; relevance is worked out where it is asked for."""
    column = "id" if wanted is None else "entry_id"
    narrow = "true" if narrow_to is None else f"{column} = ANY(%s::bigint[])"
    score, parameters = ("0.0::float8", []) if order != "relevance" or wanted is None else _score(question)
    template = _EVERYTHING if wanted is None else _MATCHED
    parameters += [] if wanted is None else [wanted]
    if narrow_to is not None:
        parameters.append(list(narrow_to))
    return template.format(score=score, narrow=narrow), parameters


def _score(question: Question) -> tuple[str, list[Any]]:
    """How an entry scores: by rank; where any clause will do, by the weights of those it has, as on every engine."""
    if not question.any_clause:
        return f"{_RANK} * boost", []
    asked = [(_clause(clause), clause.score) for clause in question.clauses]
    asked += [(_phrase(phrase), question.weight) for phrase in question.whole if phrase.tokens]
    clauses = [each for each in asked if each[0]]
    terms = ["CASE WHEN tokens @@ %s::tsquery THEN %s::float8 ELSE 0 END"] * len(clauses)
    return f"({' + '.join(terms)})", [value for clause in clauses for value in clause]


def _stretch(groups: Collection[int] | None, order: Order, offset: int, limit: int) -> tuple[str, list[Any]]:
    if limit <= 0 or (groups is not None and not groups):
        return "", []
    condition = "true" if groups is None else "group_id = ANY(%s::bigint[])"
    parameters: list[Any] = [] if groups is None else [list(groups)]
    return (
        "UNION ALL SELECT 1, id, score, row_number() OVER () FROM "
        f"(SELECT id, score FROM matched WHERE {condition} ORDER BY {_ORDERS[order]} LIMIT %s OFFSET %s) AS best",
        [*parameters, limit, offset],
    )


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
