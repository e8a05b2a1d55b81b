"""Counts by kind and by facet, as sums over groups. Plain Python.

A value is counted under all *other* choices: what would there be if it were chosen. So a group that fails no choice
counts everywhere, and one that fails a single choice counts for the values of that choice only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from ..entries.rules import GroupFacts
from ..hooks import FacetText, Reader, Source, sources
from ..values import FacetResult, FacetValue

#: The place of the kind among the facets a group can fail.
KIND = ""
#: Values of one facet at most; chosen ones always.
MOST_VALUES = 50

Choices = Mapping[str, frozenset[str]]


@dataclass(slots=True)
class Counts:
    """``facets``: kind of thing → facet → value → number. ``total`` is what all choices leave."""

    total: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    facets: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)


def choices(kinds: Collection[str], facets: Mapping[str, Collection[str]]) -> Choices:
    """What was chosen, by facet; the kind is one of them. A facet without a value is no choice."""
    found = {key: frozenset(values) for key, values in facets.items() if values}
    return found | {KIND: frozenset(kinds)} if kinds else found


def chosen(groups: Iterable[GroupFacts], wanted: Choices) -> set[int]:
    """The groups that fail no choice."""
    kinds = wanted.get(KIND)
    values_wanted = [(key, values) for key, values in wanted.items() if key != KIND]
    return {
        group.id
        for group in groups
        if (kinds is None or group.kind in kinds)
        and all(not values.isdisjoint(group.facets.get(key, ())) for key, values in values_wanted)
    }


def existing_values(
    groups: Iterable[GroupFacts], wanted: Mapping[str, Collection[str]]
) -> dict[str, frozenset[str]]:
    """Of the values chosen those that anything in these groups has. A name is told of no others."""
    found: dict[str, set[str]] = {key: set() for key in wanted}
    for group in groups if wanted else ():
        for key, values in found.items():
            values.update(group.facets.get(key, ()))
    return {key: frozenset(values.intersection(wanted[key])) for key, values in found.items()}


def failed(group: GroupFacts, wanted: Choices) -> list[str]:
    """The choices that a group fails."""
    return [
        key
        for key, values in wanted.items()
        if (group.kind not in values if key == KIND else values.isdisjoint(group.facets.get(key, ())))
    ]


def count(matched: Iterable[tuple[GroupFacts, int]], wanted: Choices) -> Counts:
    """Add up what matched in the groups a reader may open."""
    counts = Counts()
    for group, number in matched:
        fails = failed(group, wanted) if wanted else []
        if not fails:
            counts.total += number
            counts.kinds[group.kind] += number
            _add(counts, group, group.facets, number)
        elif fails == [KIND]:
            counts.kinds[group.kind] += number
        elif len(fails) == 1:
            _add(counts, group, fails, number)
    return counts


def _add(counts: Counts, group: GroupFacts, keys: Iterable[str], number: int) -> None:
    of_kind = counts.facets.setdefault(group.kind, {})
    for key in keys:
        values = of_kind.get(key)
        if values is None:
            values = of_kind[key] = Counter()
        for value in group.facets.get(key, ()):
            values[value] += number


# --- facets as they are shown ---


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
