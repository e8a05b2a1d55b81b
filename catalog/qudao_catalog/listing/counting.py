"""Counts under the filters of a list, and of its categories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from qudao_core import api as core

from .. import hooks
from ..categories.queries import category_tree
from ..categories.rules import CategoryNode
from ..product_index import AttributeColumn, Bitmap
from . import columns
from .definitions import facet_definitions
from .matching import Matches, matches
from .rules import FacetDefinition, Listing


@dataclass(frozen=True, slots=True)
class FacetCount:
    """One filter with what it would give: options with counts, or the span of a number."""

    definition: FacetDefinition
    counts: Mapping[int | bool, int] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Facets:
    """Everything a list may be narrowed by, counted under all the other filters that are set."""

    total: int
    lines: Mapping[int, int]
    available: int | None
    price_span: tuple[Decimal, Decimal] | None
    attributes: tuple[FacetCount, ...]


def count_facets(
    viewer: core.Viewer,
    listing: Listing,
    versions: core.Versions | None = None,
    *,
    matched: Matches | None = None,
) -> Facets:
    """Counts of every filter under all others that are set: what choosing one of its values would give."""
    found = matched or matches(viewer, listing, versions)
    available = price_span = None
    if hooks.sells():
        within = found.without("available")
        available = (within if found.available is None else within & found.available).bit_count()
        price_span = found.prices.span(found.without("price")) if found.prices else None
    return Facets(
        total=found.all.bit_count(),
        lines=_counts(columns.lines(found.index), found.without("line")),
        available=available,
        price_span=price_span,
        attributes=tuple(_attributes(found)),
    )


def count_sections(
    viewer: core.Viewer,
    listing: Listing,
    category: CategoryNode | None,
    versions: core.Versions | None = None,
    *,
    matched: Matches | None = None,
) -> list[tuple[CategoryNode, int]]:
    """The categories just below ``category`` (or the top ones) that hold something, with how much."""
    versions = versions if versions is not None else core.Versions.read()
    tree = category_tree(versions)
    children = tree.children(category)
    if not children:
        return []
    found = matched or matches(viewer, listing, versions)
    filed = columns.filed(found.index, found.data)
    counted = []
    for each in children:
        below = 0
        for pk in tree.within(each):
            below |= filed.get(pk, 0)
        counted.append((each, (below & found.all).bit_count()))
    return [(each, number) for each, number in counted if number]


def count_categories(viewer: core.Viewer, versions: core.Versions | None = None) -> dict[int, int]:
    """How many products the viewer sees in each category and below it, each once."""
    versions = versions if versions is not None else core.Versions.read()
    found = matches(viewer, Listing(), versions)
    held: dict[int, Bitmap] = {}
    tree = category_tree(versions)
    for pk, bits in columns.filed(found.index, found.data).items():
        node = tree.get(pk)
        for each in [*tree.above(node), node] if node else ():
            held[each.id] = held.get(each.id, 0) | bits
    return _counts(held, found.all)


def _counts(sets: Mapping[int | bool, Bitmap], within: Bitmap) -> dict[int, int]:
    counted = ((key, (bits & within).bit_count()) for key, bits in sets.items())
    return {key: number for key, number in counted if number}


def _attributes(found: Matches) -> Iterator[FacetCount]:
    definitions = facet_definitions(found.versions)
    if not definitions:
        return
    values = columns.attributes(found.index, definitions, found.versions, found.data)
    for each in definitions:
        yield _facet(each, values[each.code], found.without(f"attr:{each.code}"))


def _facet(definition: FacetDefinition, column: AttributeColumn, within: Bitmap) -> FacetCount:
    low, high = column.span(within)
    return FacetCount(definition, _counts(column.sets, within), low, high)
