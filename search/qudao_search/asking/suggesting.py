"""The lines under the search field while somebody types. Plain Python: what is shown was looked up before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..text.highlight import mark as marked
from ..text.highlight import needles
from ..text.rules import fold
from .parsing import read
from .rules import Hit, Piece, Suggestion

#: Of one's own recent searches and of what others ask often so many stand above the hits.
MOST_QUERIES = 3


def assemble(
    text: str, *, recents: Iterable[str], popular: Iterable[str], hits: Sequence[Hit], limit: int = 8
) -> list[Suggestion]:
    """Own recent searches that begin like ``text``, then popular ones, then things; nothing twice.

    ``popular`` are only queries for which the reader was seen to have hits. With an empty ``text`` all lines are
    recent searches.
    """
    asked = fold(text).strip()
    if not asked:
        return [_query(recent, text) for recent in _distinct(recents, ())][:limit]
    own = _distinct((recent for recent in recents if _continues(recent, asked)), (asked,))
    others = _distinct((query for query in popular if _continues(query, asked)), (asked, *map(fold, own)))
    queries = [*own, *others][: min(MOST_QUERIES, limit)]
    return [*(_query(query, text) for query in queries), *_things(hits, queries)][:limit]


def _continues(query: str, asked: str) -> bool:
    """Whether ``asked`` is the beginning of the query or of a word of it."""
    folded = fold(query)
    return folded.startswith(asked) or f" {asked}" in folded


def _distinct(queries: Iterable[str], known: Iterable[str]) -> list[str]:
    seen = {fold(query).strip() for query in known}
    return [query for query in queries if not (fold(query).strip() in seen or seen.add(fold(query).strip()))]


def _query(query: str, text: str) -> Suggestion:
    return Suggestion(marked(query, needles(read(text, as_you_type=True))))


def _things(hits: Iterable[Hit], queries: Iterable[str]) -> list[Suggestion]:
    """Hits by title; a title that stands there already is not repeated unless its part number tells it apart."""
    seen = {(fold(query), "") for query in queries}
    found: list[Suggestion] = []
    for hit in hits:
        key = (fold(plain(hit.title)), hit.code)
        if key not in seen:
            seen.add(key)
            found.append(Suggestion(hit.title, kind=hit.kind, url=hit.url, code=hit.code, icon=hit.icon))
    return found


def plain(pieces: Iterable[Piece]) -> str:
    """The text of pieces."""
    return "".join(piece.text for piece in pieces)
