"""One request being answered: who asks, what they may open, what was chosen, and the engine that is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..engines.choosing import Answering
from ..engines.contract import Order
from ..hooks import Reader
from ..index import known
from ..index.rules import GroupFacts
from ..words.queries import synonyms
from . import access, facets, nearest
from .parsing import loosened, read
from .rules import Matches, Question, SearchRequest

NOTHING = Matches({}, ())
MOST_CANDIDATES = 3
#: A piece that so many things have does not tell them apart.
COMMON = 1_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """The part of what matches that an engine is asked for."""

    order: Order = "relevance"
    offset: int = 0
    limit: int = 0


@dataclass(slots=True)
class Answer:
    """What came of a question. ``question`` is the one that was answered, ``asked`` its words."""

    question: Question
    asked: str
    matches: Matches = NOTHING
    corrected: str = ""
    did_you_mean: tuple[str, ...] = ()
    partial: bool = False


class Asking:
    """Asks the engine on behalf of a reader. Nothing that is not open to the reader comes out of it.

    ``of_chosen``: a list that shows nothing but what was chosen. A question that only finds something else found
    nothing there.
    """

    def __init__(self, reader: Reader, request: SearchRequest, *, of_chosen: bool = False) -> None:
        self.reader = reader
        self.request = request
        self.of_chosen = of_chosen
        self.answering = Answering()
        self.wanted = facets.choices(request.kinds, request.facets)
        self._look()

    def _look(self) -> None:
        """What the reader may open now, and which of it was chosen."""
        self.reach = access.reach(self.reader)
        self.chosen = (
            frozenset(facets.chosen(self.reach.open_groups, self.wanted)) if self.wanted else self.reach.open
        )

    def ask(self, question: Question, stretch: Stretch) -> Matches:
        """Counts of every group and a stretch of the chosen ones. Groups met for the first time are read first."""
        matches = self._ask(question, stretch)
        if known.learn(matches.counts):
            self._look()
            matches = self._ask(question, stretch)
        return matches

    def _ask(self, question: Question, stretch: Stretch) -> Matches:
        return self.answering.ask(
            question, groups=self.chosen, order=stretch.order, offset=stretch.offset, limit=stretch.limit
        )

    def open_counts(self, matches: Matches) -> Iterator[tuple[GroupFacts, int]]:
        """The groups that the reader may open, with their numbers."""
        groups, reach = self.reach.known.groups, self.reach.open
        return ((groups[group], number) for group, number in matches.counts.items() if group in reach)

    @property
    def looked_at(self) -> frozenset[int]:
        """The groups in which something has to be found."""
        return self.chosen if self.of_chosen else self.reach.open

    def finds(self, matches: Matches) -> bool:
        """Whether anything matched that the reader may open and looks at."""
        return not self.looked_at.isdisjoint(matches.counts)

    # --- the ladder: every word, the nearest words, some of the words ---

    def answer(self, stretch: Stretch) -> Answer:
        """The answer to the request's words: as typed; else to the nearest words; else what has some of the words."""
        text = self.request.text
        if not text.strip():
            return Answer(Question(), "", self.ask(Question(), stretch))
        words = synonyms()
        question = read(text, synonyms=words)
        if question.is_empty:
            return Answer(question, text)
        answer = Answer(question, text, self.ask(question, stretch))
        if self.finds(answer.matches):
            return answer
        return self._nearest(text, stretch) or self._some(question, stretch) or answer

    def _nearest(self, text: str, stretch: Stretch) -> Answer | None:
        """The first of the nearest questions that finds something for the reader; the others that do are offered."""
        found: list[Answer] = []
        for candidate in nearest.candidates(text, MOST_CANDIDATES):
            question = read(candidate, synonyms=synonyms())
            matches = self.ask(question, Stretch() if found else stretch)
            if self.finds(matches):
                found.append(Answer(question, candidate, matches, corrected=candidate))
        if found:
            found[0].did_you_mean = tuple(other.asked for other in found[1:])
        return found[0] if found else None

    def _some(self, question: Question, stretch: Stretch) -> Answer | None:
        """What has every piece that occurs at all; else what has any of the pieces that tell things apart."""
        loose = loosened(question)
        numbers = self.answering.frequencies(loose.clauses, groups=self.looked_at, most=COMMON)
        occurring = tuple(clause for clause, number in zip(loose.clauses, numbers, strict=True) if number)
        telling = tuple(
            clause for clause, number in zip(loose.clauses, numbers, strict=True) if 0 < number < COMMON
        )
        if occurring and len(occurring) < len(loose.clauses):
            answer = self._partial(replace(loose, clauses=occurring, any_clause=False), stretch)
            if answer:
                return answer
        return self._partial(replace(loose, clauses=telling or occurring), stretch)

    def _partial(self, question: Question, stretch: Stretch) -> Answer | None:
        if question.is_empty:
            return None
        matches = self.ask(question, stretch)
        return Answer(question, self.request.text, matches, partial=True) if self.finds(matches) else None
