"""What is asked and what comes back: the values every engine, page and API shares. Plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

SORTS = ("relevance", "newest", "price", "-price")
#: The engine orders, we look closer: so many of the best are ordered anew by :mod:`relevance`, alike for every engine.
WINDOW = 200
#: Hits further down than this are not turned to; whoever needs them narrows the query.
DEEPEST = 10_000
LONGEST_QUESTION = 200
#: What the parameters of filters begin with, in URLs and in the field a refusal names.
FACET = "facet_"

#: Where a token may stand. ``words``: title, keywords or text, in any of them. ``fragments``: ends of part numbers
#: without separators, so that a prefix finds any part. ``sounds``: pinyin and initials of titles, likewise.
Field = Literal["words", "titles", "codes", "fragments", "sounds"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that stand one behind the other in a field. ``prefix``: the last one may go on."""

    field: Field
    tokens: tuple[str, ...]
    prefix: bool = False


#: What a hint adds to the score of an engine, beside its weight.
HINT = 0.0001


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that was asked for; any of the phrases answers it.

    ``weight``: how much it tells things apart, where not every clause has to be answered. ``is_hint``: there it only
    decides between things that another clause finds, by their titles.
    """

    phrases: tuple[Phrase, ...]
    weight: float = 1.0
    is_hint: bool = False

    @property
    def score(self) -> float:
        """What it adds to the score of an engine: of a hint so little that it only decides between equals."""
        return self.weight * (HINT if self.is_hint else 1.0)


@dataclass(frozen=True, slots=True)
class Query:
    """What an engine matches: every clause of ``clauses`` (any one of them with ``any_clause``), or one of ``whole``.

    ``whole`` are phrases that answer the query by themselves (a part number typed with blanks in it).
    """

    clauses: tuple[Clause, ...] = ()
    whole: tuple[Phrase, ...] = ()
    any_clause: bool = False

    @property
    def weight(self) -> float:
        """What an entry that answers every clause scores where any of them will do."""
        return sum(clause.weight for clause in self.finding)

    @property
    def finding(self) -> tuple[Clause, ...]:
        """The clauses of which one has to be answered where any of them will do."""
        return tuple(clause for clause in self.clauses if not clause.is_hint)

    @property
    def is_empty(self) -> bool:
        return not self.clauses and not self.whole


@dataclass(frozen=True, slots=True)
class Match:
    """An entry an engine found, best first. ``score`` is comparable inside one answer only."""

    entry_id: int
    score: float


@dataclass(frozen=True, slots=True)
class Matches:
    """An engine's answer: how many entries match in each group of those open, and a stretch of the chosen ones."""

    counts: Mapping[int, int]
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What a page or program asks.

    ``kinds`` empty: every kind. ``facets``: values of one facet are alternatives, several facets all count.
    ``page`` from 1.
    """

    text: str
    kinds: tuple[str, ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "relevance"
    page: int = 1
    page_size: int = 20


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; ``marked`` when it is what was searched for."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    label: str
    count: int
    selected: bool = False


@dataclass(frozen=True, slots=True)
class FacetResult:
    """One filter with its values, most frequent first; chosen ones always included."""

    key: str
    label: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. ``title`` and ``excerpt`` are the original words with what was searched for marked."""

    kind: str
    item: str
    position: int
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]
    url: str
    summary: str = ""
    path: tuple[str, ...] = ()
    picture: str = ""
    icon: str = "file-text"
    template: str = ""
    context: Mapping[str, object] = field(default_factory=dict)
    data: Mapping[str, object] = field(default_factory=dict)
    code: str = ""
    score: float = 0.0
    dated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What came of a request.

    ``kinds``: every kind with its hits under the facets chosen, zero included where it was chosen. ``corrected``:
    what was searched for instead because nothing matched; ``did_you_mean``: nearest terms to try. ``partial``: not
    every word was found, so hits have some of them. ``degraded``: the cluster is away and the embedded index
    answered. ``query_id`` names the logged query for clicks.
    """

    request: SearchRequest
    total: int = 0
    hits: tuple[Hit, ...] = ()
    kinds: tuple[FacetValue, ...] = ()
    facets: tuple[FacetResult, ...] = ()
    corrected: str = ""
    did_you_mean: tuple[str, ...] = ()
    partial: bool = False
    engine: str = ""
    degraded: bool = False
    query_id: int | None = None
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Matching:
    """Everything of one kind that a text finds, best first, without its cards: for lists that filter and sort it.

    ``corrected``, ``did_you_mean``, ``partial`` and ``query_id`` as in :class:`SearchResult`.
    """

    items: tuple[str, ...] = ()
    corrected: str = ""
    did_you_mean: tuple[str, ...] = ()
    partial: bool = False
    query_id: int | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A line under the search field while typing. ``kind`` is empty for a query to repeat (recent or popular)."""

    text: tuple[Piece, ...]
    kind: str = ""
    url: str = ""
    code: str = ""
    icon: str = "search"
