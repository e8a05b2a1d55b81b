"""Counts by kind and by facet, as sums over groups. Plain Python.

A value is counted under all *other* choices: what would there be if it were chosen. So a group that fails no choice
counts everywhere, and one that fails a single choice counts for the values of that choice only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from ..index.rules import GroupFacts

#: The place of the kind among the facets a group can fail.
KIND = ""

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


def standing(
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
