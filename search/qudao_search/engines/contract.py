"""What an engine has to do. Engines know entries, groups and tokens; they never decide who may see what."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, Protocol

from ..asking.rules import Matches, Question

Order = Literal["relevance", "newest"]


class EngineAway(Exception):
    """The engine cannot answer now: not reachable, too slow, or behind by more than it can be told in a query."""


class Engine(Protocol):
    #: ``sqlite``, ``postgresql`` or ``elasticsearch``; shown in health and explain.
    name: str

    def ask(
        self,
        question: Question,
        *,
        open_groups: Collection[int] | None,
        chosen_groups: Collection[int] | None,
        order: Order = "relevance",
        offset: int = 0,
        limit: int = 20,
        narrow_to: Sequence[int] | None = None,
    ) -> Matches:
        """Count what matches by group over ``open_groups`` and give a stretch of what matches in ``chosen_groups``.

        ``None`` means every group. ``chosen_groups`` is a part of ``open_groups``. An empty question matches
        everything. ``narrow_to`` are entry ids to stay within. Relevance ties are broken by entry id, so that pages
        never overlap. At most two statements, or one request.

        :raises EngineAway: it cannot answer; the caller asks the embedded engine instead.
        """
        ...

    def scores(self, question: Question, entry_ids: Sequence[int]) -> dict[int, str]:
        """For ``search_explain``: how each of these entries was scored, in the engine's words; absent: no match."""
        ...
