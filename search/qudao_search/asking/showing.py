"""From entries found to hits shown: cards from their sources, what was searched for marked, facets in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from ..hooks import Card, FacetText, Reader, Source, sources
from ..text.highlight import Needle, excerpt, mark, needles
from ..text.rules import compact
from .facets import Counts
from .rows import Row, Words
from .rules import FacetResult, FacetValue, Hit, Piece, Question

#: Values of one facet at most; chosen ones always.
MOST_VALUES = 50

Cards = Mapping[tuple[str, str], Card]


def cards(reader: Reader, rows: Sequence[Row], http_request: Any = None) -> dict[tuple[str, str], Card]:
    """The cards of these entries by kind and item, each source asked once. What has none is not shown."""
    by_kind: dict[str, list[str]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row.item)
    found: dict[tuple[str, str], Card] = {}
    for kind, items in by_kind.items():
        source = sources.get(kind)
        shown = source.cards(reader, items, http_request) if source else {}
        found |= {(kind, item): card for item, card in shown.items()}
    return found


def hits(
    question: Question,
    asked: str,
    reader: Reader,
    rows: Sequence[Row],
    shown: Cards,
    words: Mapping[int, Words],
    *,
    first: int,
    scores: Mapping[int, float],
) -> Iterator[Hit]:
    """The hits of ``rows`` that have a card; ``first`` is the position of the first row."""
    wanted = needles(question)
    written = [needle for needle in wanted if needle.kind != "sound"]  # texts are not found by how they sound
    for position, row in enumerate(rows, start=first):
        card = shown.get((row.kind, row.item))
        if card is not None:
            yield _hit(
                row,
                card,
                words.get(row.entry_id),
                wanted,
                written,
                asked,
                reader,
                position,
                scores.get(row.entry_id, 0.0),
            )


def _hit(
    row: Row,
    card: Card,
    words: Words | None,
    wanted: Sequence[Needle],
    written: Sequence[Needle],
    asked: str,
    reader: Reader,
    position: int,
    score: float,
) -> Hit:
    return Hit(
        kind=row.kind,
        item=row.item,
        position=position,
        title=mark(card.title, wanted),
        excerpt=_excerpt(words.texts if words else {}, written, reader.language),
        url=card.url,
        summary=card.summary,
        path=card.path,
        picture=card.picture,
        icon=card.icon,
        template=card.template,
        context=card.context,
        data=card.data,
        code=code_shown(row.codes, asked),
        score=score,
        dated_at=words.dated_at if words else None,
    )


def _excerpt(texts: Mapping[str, str], wanted: Sequence[Needle], language: str) -> tuple[Piece, ...]:
    """The stretch with what was searched for, of the text in the reader's language if it is there; else nothing."""
    own_first = sorted(texts.items(), key=lambda entry: entry[0] != language)
    for _language, text in own_first:
        pieces = excerpt(text, wanted) if wanted else ()
        if any(piece.marked for piece in pieces):
            return pieces
    return ()


def code_shown(codes: Sequence[str], asked: str) -> str:
    """Of several part numbers the one that was asked for, else the first."""
    if not codes:
        return ""
    wanted = compact(asked)
    return next((code for code in codes if wanted and wanted in compact(code)), codes[0])


def kinds(counts: Counts, chosen: Collection[str]) -> tuple[FacetValue, ...]:
    """Every kind with hits, and those chosen, in the order of the sources."""
    return tuple(
        FacetValue(kind, str(source.label), counts.kinds[kind], kind in chosen)
        for kind, source in sources.items()
        if counts.kinds[kind] or kind in chosen
    )


def facet_results(
    reader: Reader,
    counts: Counts,
    chosen: Mapping[str, Collection[str]],
    *,
    there: Mapping[str, Collection[str]],
) -> tuple[FacetResult, ...]:
    """The facets in the words of their sources. What a source has no words for is not shown.

    ``there`` are the values chosen that something the reader may open has. Of others no source is asked: they are
    called what the reader called them, or names could be read by trying.
    """
    found: dict[str, tuple[FacetText, Counter[str]]] = {}
    for kind, source in sources.items():
        of_kind = counts.facets.get(kind)
        if of_kind:
            for key, text in _texts(source, reader, of_kind, there).items():
                _merge(found, key, text, of_kind.get(key, Counter()))
    return tuple(
        result
        for key, (text, numbers) in found.items()
        if (result := _facet(key, _echoing(text, chosen, there, key), numbers, chosen.get(key, ()))).values
    )


def _echoing(
    text: FacetText, chosen: Mapping[str, Collection[str]], there: Mapping[str, Collection[str]], key: str
) -> FacetText:
    strange = {value: value for value in chosen.get(key, ()) if value not in there.get(key, ())}
    return FacetText(text.label, {**text.values, **strange})


def _texts(
    source: Source, reader: Reader, of_kind: Mapping[str, Counter[str]], there: Mapping[str, Collection[str]]
) -> Mapping[str, FacetText]:
    wanted = {key: {*numbers, *there.get(key, ())} for key, numbers in of_kind.items()}
    return source.facet_texts(reader, wanted)


def _merge(
    found: dict[str, tuple[FacetText, Counter[str]]], key: str, text: FacetText, numbers: Counter[str]
) -> None:
    """Kinds that share a facet share its values."""
    before = found.get(key)
    if before is None:
        found[key] = (text, Counter(numbers))
    else:
        found[key] = (FacetText(before[0].label, {**text.values, **before[0].values}), before[1] + numbers)


def _facet(key: str, text: FacetText, numbers: Counter[str], chosen: Collection[str]) -> FacetResult:
    values = [
        FacetValue(value, label, numbers[value], value in chosen)
        for value, label in text.values.items()
        if numbers[value] or value in chosen
    ]
    values.sort(key=lambda value: (-value.count, value.label, value.value))
    shown = [value for place, value in enumerate(values) if place < MOST_VALUES or value.selected]
    return FacetResult(key, text.label, tuple(shown))
