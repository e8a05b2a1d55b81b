"""One request being answered: who asks, what they may open, what was chosen, and the engine that is asked."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ..engines.choosing import ActiveEngine
from ..engines.contract import Order
from ..entries import access, group_cache
from ..entries.rules import GroupFacts
from ..hooks import Reader
from ..synonyms.queries import synonyms
from ..synonyms.rules import Synonyms
from ..values import Clause, Matches, Query, SearchRequest
from . import facets, spelling
from .parse import APART, PART, WHOLE, is_question_text, read, relaxed

NOTHING = Matches({}, ())
MOST_CANDIDATES = 3
#: A piece that so many things have does not tell them apart.
COMMON = 1_000
#: Words of fewer letters are not looked up among the nearest ones.
SHORTEST_UNKNOWN = 2


@dataclass(frozen=True, slots=True)
class Window:
    """The part of what matches that an engine is asked for."""

    order: Order = "relevance"
    offset: int = 0
    limit: int = 0


@dataclass(slots=True)
class Answer:
    """What came of a query. ``query`` is the one that was answered, ``asked`` its words."""

    query: Query
    asked: str
    matches: Matches = NOTHING
    corrected: str = ""
    did_you_mean: tuple[str, ...] = ()
    partial: bool = False


class QueryExecutor:
    """Asks the engine on behalf of a reader. Nothing that is not open to the reader comes out of it.

    ``of_chosen``: a list that shows nothing but what was chosen. A query that only finds something else found
    nothing there. Without a reader the back office asks, and everything is open.
    """

    def __init__(self, reader: Reader | None, request: SearchRequest, *, of_chosen: bool = False) -> None:
        self._reader = reader
        self.request = request
        self.of_chosen = of_chosen
        self.active = ActiveEngine()
        self.wanted = facets.choices(request.kinds, request.facets)
        self._look()

    @property
    def reader(self) -> Reader:
        assert self._reader is not None, "the back office has no reader"
        return self._reader

    def _look(self) -> None:
        """What the reader may open now, and which of it was chosen."""
        self.accessible = (
            access.all_groups() if self._reader is None else access.accessible_groups(self._reader)
        )
        self.chosen = (
            frozenset(facets.chosen(self.accessible.open_groups, self.wanted))
            if self.wanted
            else self.accessible.open
        )

    def ask(self, query: Query, window: Window) -> Matches:
        """Counts of every group and a stretch of the chosen ones. Groups met for the first time are read first."""
        matches = self._ask(query, window)
        if group_cache.load(matches.counts):
            self._look()
            matches = self._ask(query, window)
        return matches

    def _ask(self, query: Query, window: Window) -> Matches:
        return self.active.ask(
            query, groups=self.chosen, order=window.order, offset=window.offset, limit=window.limit
        )

    def open_counts(self, matches: Matches) -> Iterator[tuple[GroupFacts, int]]:
        """The groups that the reader may open, with their numbers."""
        groups, accessible = self.accessible.cache.groups, self.accessible.open
        return ((groups[group], number) for group, number in matches.counts.items() if group in accessible)

    @property
    def looked_at(self) -> frozenset[int]:
        """The groups in which something has to be found."""
        return self.chosen if self.of_chosen else self.accessible.open

    def finds(self, matches: Matches) -> bool:
        """Whether anything matched that the reader may open and looks at."""
        return not self.looked_at.isdisjoint(matches.counts)

    # --- the ladder: every word, the nearest words, some of the words ---

    def answer(self, window: Window) -> Answer:
        """The answer to the request's words: as typed; else to the nearest words; else what has some of the words.

        Of a question (how, why, 怎么) any word will do at once: what answers it seldom repeats it.
        """
        text = self.request.text
        if not text.strip():
            return Answer(Query(), "", self.ask(Query(), window))
        words = synonyms()
        query = read(text, synonyms=words)
        if query.is_empty:
            return Answer(query, text)
        answer = Answer(query, text)
        if not is_question_text(text):
            answer.matches = self.ask(query, window)
            if self.finds(answer.matches):
                return answer
        return self._alternative_answer(query, window, words) or answer

    def answer_partially(self, answer: Answer, window: Window) -> Answer | None:
        """The answer to any of the words, where every word stands in texts only; nothing when there is one word."""
        query = answer.query
        if query.any_clause or len(query.clauses) < 2:
            return None
        return self._some(self._weighted(query), window)

    def _alternative_answer(self, query: Query, window: Window, words: Synonyms) -> Answer | None:
        """The nearest words where one occurs nowhere; else what has any of them, the more telling the better."""
        weighed = self._weighted(query)
        unknown = bool(weighed.unknown) and not is_question_text(self.request.text)
        found = self._nearest(window, words) if unknown else None
        return (
            found
            or self._some(self._corrected(weighed, words), window)
            or (self._nearest(window, words) if not unknown else None)
        )

    def _corrected(self, weighed: _WeightedQuery, words: Synonyms) -> _WeightedQuery:
        """The query with words that occur nowhere and are one slip away from one that does, spelt like that one.

        Words come from titles of everything there is: one by which the reader finds nothing is not told.
        """
        mended = spelling.corrected_text(self.request.text, weighed.unknown) if weighed.unknown else ""
        if not mended:
            return weighed
        spelt = self._weighted(read(mended, synonyms=words), mended)
        is_told = set(spelt.unknown) <= set(weighed.unknown)
        return replace(spelt, spelt=mended) if is_told else weighed

    def _nearest(self, window: Window, words: Synonyms) -> Answer | None:
        """The first of the nearest queries that finds something for the reader; the others that do are offered."""
        found: list[Answer] = []
        for candidate in spelling.nearest_queries(self.request.text, MOST_CANDIDATES):
            query = read(candidate, synonyms=words)
            matches = self.ask(query, Window() if found else window)
            if self.finds(matches):
                found.append(Answer(query, candidate, matches, corrected=candidate))
        if found:
            found[0].did_you_mean = tuple(other.asked for other in found[1:])
        return found[0] if found else None

    def _weighted(self, query: Query, text: str = "") -> _WeightedQuery:
        """The query of which any clause will do, its clauses weighed by how few things have them."""
        loose = relaxed(query, text or self.request.text)
        numbers = self.active.frequencies(loose.clauses, groups=self.looked_at, most=COMMON)
        counted = list(_strengthened(zip(loose.clauses, numbers, strict=True)))
        telling = [(clause, number) for clause, number in counted if number < COMMON]
        # What is counted nowhere is asked for all the same: groups may be newer than what this process knows.
        clauses = tuple(
            replace(clause, weight=round(clause.weight * math.log1p(COMMON / max(number, 0.5)), 3))
            for clause, number in (telling if any(number for _clause, number in telling) else counted)
        )
        missing = [clause for clause, number in counted if not number and clause.weight >= WHOLE]
        unknown = tuple(_word(clause) for clause in missing if _is_word(clause))
        return _WeightedQuery(replace(loose, clauses=clauses), complete=not missing, unknown=unknown)

    def _some(self, weighed: _WeightedQuery, window: Window) -> Answer | None:
        """What has any of the pieces. It is not partial when the best has them all."""
        query = weighed.query
        if query.is_empty:
            return None
        matches = self.ask(query, window)
        if not self.finds(matches):
            return None
        best = max((match.score for match in matches.matches), default=0.0)
        partial = not weighed.complete or best < query.weight - 0.01
        asked = weighed.spelt or self.request.text
        return Answer(query, asked, matches, corrected=weighed.spelt, partial=partial)


@dataclass(frozen=True, slots=True)
class _WeightedQuery:
    """A query of which any clause will do.

    ``complete``: each of its words occurs; ``unknown``: those that do not and may be misspelt; ``spelt``: the text it
    was read from, where that is not the one that was typed.
    """

    query: Query
    complete: bool
    unknown: tuple[str, ...]
    spelt: str = ""


def _strengthened(counted: Iterable[tuple[Clause, int]]) -> Iterator[tuple[Clause, int]]:
    """Of a word that occurs nowhere the parts count for more: they are words that were run together."""
    unknown = False
    for clause, number in counted:
        if clause.weight >= WHOLE:
            unknown = not number
        is_part = unknown and clause.weight == PART and not clause.is_hint
        yield (replace(clause, weight=APART) if is_part else clause), number


def _word(clause: Clause) -> str:
    return "".join(clause.phrases[0].tokens)


def _is_word(clause: Clause) -> bool:
    """Whether a clause is a word, which may be misspelt: not a figure, not a part number."""
    word = _word(clause)
    return word.isalpha() and len(word) >= SHORTEST_UNKNOWN
