"""What the engines inside the site's own database share; where SQLite and PostgreSQL differ, each says it in its class.

What is written to them is part of the caller's transaction.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db import connection

from ..text.rules import Analysed
from ..values import Clause, Match, Matches, Phrase, Query
from .contract import Order


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as an embedded engine keeps it."""

    entry_id: int
    group_id: int
    dated_at: datetime | None
    boost: float
    tokens: Analysed


class EmbeddedEngine(ABC):
    """An engine as :class:`.contract.Engine` says, by one statement of the database for each query."""

    name: ClassVar[str]
    #: What the database calls its score.
    scoring: ClassVar[str]
    all_of: ClassVar[str]
    any_of: ClassVar[str]
    #: ``{condition}`` chooses the groups, ``{order}`` is one of ``orders``.
    page: ClassVar[str]
    orders: ClassVar[dict[Order, str]]
    counts: ClassVar[str]
    in_groups: ClassVar[str]
    #: The ids that are given as one parameter, as rows.
    ids: ClassVar[str]
    frequency: ClassVar[str]

    def ask(
        self,
        query: Query,
        *,
        groups: Collection[int] | None,
        order: Order = "relevance",
        offset: int = 0,
        limit: int = 20,
        narrow_to: Sequence[int] | None = None,
    ) -> Matches:
        expression = None if query.is_empty else self.expression(query)
        if expression == "":
            return Matches({}, ())
        statement, parameters = self.matched(query, expression, order, narrow_to)
        kept = "MATERIALIZED" if self.is_kept(expression, groups) else "NOT MATERIALIZED"
        page, further = self._page(groups, order, offset, limit)
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH matched AS {kept} ({statement}) {self.counts} FROM matched GROUP BY group_id {page}",
                [*parameters, *further],
            )
            rows = cursor.fetchall()
        counts = {group: int(number) for kind, group, number, *_more in rows if kind == 0}
        return Matches(counts, self.matches([row[1:] for row in rows if row[0] == 1]))

    def _page(
        self, groups: Collection[int] | None, order: Order, offset: int, limit: int
    ) -> tuple[str, list[Any]]:
        if limit <= 0 or (groups is not None and not groups):
            return "", []
        condition = "true" if groups is None else self.in_groups
        parameters: list[Any] = [] if groups is None else [self.listed(groups)]
        return self.page.format(condition=condition, order=self.orders[order]), [*parameters, limit, offset]

    def frequencies(self, clauses: Sequence[Clause], *, groups: Collection[int], most: int) -> list[int]:
        expressions = [self.expression(Query(clauses=(clause,))) for clause in clauses]
        asked = [each for each in expressions if each]
        if not asked:
            return [0] * len(expressions)
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH wanted AS MATERIALIZED ({self.ids}) SELECT "
                + ", ".join([self.frequency] * len(asked)),
                [self.listed(groups), *(value for each in asked for value in (each, most))],
            )
            numbers = iter(cursor.fetchone() or ())
        return [next(numbers) if each else 0 for each in expressions]

    def check(self) -> None:  # noqa: B027 - nothing to do is the answer
        """It is there when the database is; that is asked about elsewhere."""

    def scores(self, query: Query, entry_ids: Sequence[int]) -> dict[int, str]:
        matches = self.ask(query, groups=None, limit=len(entry_ids), narrow_to=entry_ids).matches
        return {match.entry_id: f"{self.scoring} × boost = {match.score:.4f}" for match in matches}

    def expression(self, query: Query) -> str:
        """The query as the database reads it; empty when nothing can match. Tokens stand in quotes: no operator
        gets through.
        """
        asked = query.finding if query.any_clause else query.clauses
        clauses = [self.clause(clause) for clause in asked]
        if not query.any_clause and not all(clauses):
            clauses = []
        joined = (self.any_of if query.any_clause else self.all_of).join(each for each in clauses if each)
        whole = [self.phrase(phrase) for phrase in query.whole if phrase.tokens]
        return self.any_of.join(each for each in [f"({joined})" if joined else "", *whole] if each)

    def clause(self, clause: Clause) -> str:
        phrases = [self.phrase(phrase) for phrase in clause.phrases if phrase.tokens]
        return f"({self.any_of.join(phrases)})" if phrases else ""

    def weighted(self, query: Query) -> list[tuple[str, float, bool]]:
        """For a query of which any clause will do: each clause, what it adds to a score, whether it is a hint."""
        asked = [(self.clause(clause), clause.score, clause.is_hint) for clause in query.clauses]
        asked += [(self.phrase(phrase), query.weight, False) for phrase in query.whole if phrase.tokens]
        return [each for each in asked if each[0]]

    # --- what differs ---

    @abstractmethod
    def phrase(self, phrase: Phrase) -> str:
        """Tokens one behind the other in a field."""

    @abstractmethod
    def matched(
        self, query: Query, expression: str | None, order: Order, narrow_to: Sequence[int] | None
    ) -> tuple[str, list[Any]]:
        """The statement that finds what matches, with its parameters; relevance is worked out where it is asked for."""

    @abstractmethod
    def is_kept(self, expression: str | None, groups: Collection[int] | None) -> bool:
        """Whether what matches is found once and kept, or looked for again for the counts and for the page."""

    @abstractmethod
    def matches(self, rows: Sequence[Sequence[Any]]) -> tuple[Match, ...]:
        """The rows of the page, best first."""

    @abstractmethod
    def listed(self, ids: Collection[int]) -> Any:
        """Ids as one parameter."""

    @abstractmethod
    def write(self, entries: Iterable[Written]) -> None:
        """Keep the tokens of these entries in place of what was kept of them. A constant number of statements."""

    @abstractmethod
    def erase(self, entry_ids: Sequence[int]) -> None:
        """Forget these entries; unknown ones are passed over. A constant number of statements."""

    @abstractmethod
    def absent(self, entry_ids: Sequence[int]) -> set[int]:
        """Those of ``entry_ids`` that the engine keeps nothing of, though they have something to be found by."""

    @abstractmethod
    def optimize(self) -> None:
        """After a rebuild: join what many writes left in pieces. Outside a transaction, in short steps."""
