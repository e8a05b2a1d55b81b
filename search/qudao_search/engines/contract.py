"""What an engine has to do. Engines know entries, groups and tokens; they never decide who may see what."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, Protocol

from ..values import Clause, Matches, Query

Order = Literal["relevance", "newest"]


class EngineUnavailable(Exception):
    """The engine cannot answer now: not reachable, too slow, or behind by more than it can be told in a query."""


class Engine(Protocol):
    #: ``sqlite``, ``postgresql`` or ``elasticsearch``; shown in health and explain.
    name: str

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
        """Count what matches by group, over *every* group, and give a stretch of what matches in ``groups``.

        The caller adds up only what its reader may open; counting the others too tells it of groups that are newer
        than what it knows. ``groups`` ``None`` means every group; with a ``limit`` of 0 only counts are given. An
        empty query matches everything. ``narrow_to`` are entry ids to stay within. Ties are broken by entry id, so
        that pages never overlap; ``newest`` puts what has no date last. At most two statements, or one request.

        :raises EngineUnavailable: it cannot answer; the caller asks the embedded engine instead.
        """
        ...

    def frequencies(self, clauses: Sequence[Clause], *, groups: Collection[int], most: int) -> list[int]:
        """For each clause how many entries of ``groups`` answer it by itself, counted up to ``most``, about.

        One statement, or one request.

        :raises EngineUnavailable: it cannot answer.
        """
        ...

    def check(self) -> None:
        """Whether it could answer now, for health.

        :raises EngineUnavailable: it could not.
        """
        ...

    def scores(self, query: Query, entry_ids: Sequence[int]) -> dict[int, str]:
        """For ``search_explain``: how each of these entries was scored, in the engine's words; absent: no match."""
        ...
