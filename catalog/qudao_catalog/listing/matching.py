"""What a list's filters match, and how many products each further filter would leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models.functions import Upper
from qudao_core import api as core
from qudao_search import api as search

from .. import hooks
from ..categories.queries import category_tree
from ..categories.rules import CategoryNode
from ..product_index import Bitmap, OwnPrices, ProductIndex, window
from ..products.models import ProductProfile
from . import columns
from .columns import facet_definitions
from .rules import RELEVANCE, FacetDefinition, Listing, SearchResult

#: The search's kind of entries that are products.
KIND = "product"


@dataclass(frozen=True)
class Matches:
    """A list before it is read: ``base`` is what it is about, ``conditions`` are the filters that are set, by name."""

    viewer: core.Viewer
    listing: Listing
    versions: core.Versions
    data: core.Versions
    index: ProductIndex
    base: Bitmap
    conditions: Mapping[str, Bitmap]

    @cached_property
    def prices(self) -> OwnPrices | None:
        """The viewer's own prices; ``None`` on a site that sells nothing."""
        if not hooks.sells():
            return None
        return hooks.offer_provider().own_prices(self.viewer, self.index, self.versions, self.data)

    @cached_property
    def available(self) -> Bitmap | None:
        """What is in stock; ``None`` when the viewer may not know."""
        if not hooks.sells():
            return None
        return hooks.offer_provider().available(self.viewer, self.index, self.versions, self.data)

    @cached_property
    def all(self) -> Bitmap:
        """What meets every filter."""
        return self.without("")

    def without(self, name: str) -> Bitmap:
        """What meets every filter but ``name``: so the other values of a filter show what choosing them would give."""
        found = self.base
        for each, bits in self.conditions.items():
            if each != name:
                found &= bits
        return found

    def page(self, start: int, count: int) -> list[int]:
        """The ids of a window of the list, in its order."""
        places = window(self.all, self.index.size, self._order(), start, count)
        return [self.index.ids[place] for place in places]

    def walk(self, first: int | None, backwards: bool, count: int) -> list[int]:
        """The ids of ``count`` products of the list from the product ``first`` on, in its order or against it.

        ``first`` need not be in the list; ``None`` stands for the end the walk begins at.
        """
        order = self._order()
        order = order[::-1] if backwards else order
        start = 0 if first is None else order.index(self.index.position[first])
        places = window(self.all, self.index.size, order[start:], 0, count)
        return [self.index.ids[place] for place in places]

    def _order(self) -> Sequence[int]:
        sort, index = self.listing.sort, self.index
        if sort == RELEVANCE and self.listing.found is not None:
            return [index.position[pk] for pk in self.listing.found.ids if pk in index.position]
        if sort in ("price", "-price"):
            if self.prices is None:
                return index.by_id
            return self.prices.descending if sort == "-price" else self.prices.ascending
        if sort == "new":
            return index.by_id[::-1]
        if sort == "name":
            return columns.by_name(index, self.viewer.language, self.data)
        return range(index.size)


def with_search_result(viewer: core.Viewer, listing: Listing, *, log: bool = False) -> Listing:
    """The list with what its words find: the search everybody asks, so that a word finds the same everywhere.

    ``log``: a person asked, so it is written down for the editors' report, unless they look as a company.
    """
    if not listing.words or listing.found is not None:
        return listing
    match = search.matching(viewer, " ".join(listing.words), KIND, log=log and not viewer.is_preview)
    ids = tuple(int(item) for item in match.items if item.isdecimal())
    return replace(
        listing, found=SearchResult(ids, match.corrected, match.did_you_mean, match.partial, match.query_id)
    )


def matches(viewer: core.Viewer, listing: Listing, versions: core.Versions | None = None) -> Matches:
    """What a list holds. One statement reads the versions of the data; more only when something changed."""
    versions = versions if versions is not None else core.Versions.read()
    listing = with_search_result(viewer, listing)
    data = core.data_versions([*columns.DATA, *hooks.offer_provider().data_names(viewer, versions)])
    index = columns.product_index(versions, data)
    base = _base(viewer, listing, index, versions, data)
    conditions = _conditions(listing, index, versions, data)
    found = Matches(viewer, listing, versions, data, index, base, conditions)
    if listing.has_price and found.prices is not None:
        conditions["price"] = found.prices.between(listing.price_low, listing.price_high)
    if listing.available and found.available is not None:
        conditions["available"] = found.available
    return found


def _base(
    viewer: core.Viewer,
    listing: Listing,
    index: ProductIndex,
    versions: core.Versions,
    data: core.Versions,
) -> Bitmap:
    """What the list is about, before filters with counts: category, text, state, single products."""
    found = columns.visible(viewer, index, versions, data)
    if listing.category_ids:
        found &= _any(columns.by_category(index, data), listing.category_ids)
    if listing.statuses:
        found &= _any(index.statuses, listing.statuses)
    if listing.skus:
        rows = ProductProfile.objects.alias(upper_sku=Upper("sku")).filter(upper_sku__in=listing.skus)
        found &= index.bitmap(rows.order_by().values_list("pk", flat=True))
    if listing.words:
        found &= index.bitmap(listing.found.ids if listing.found else ())
    return found


def _conditions(
    listing: Listing, index: ProductIndex, versions: core.Versions, data: core.Versions
) -> dict[str, Bitmap]:
    found: dict[str, Bitmap] = {}
    if listing.lines:
        found["line"] = _any(columns.lines(index), listing.lines)
    if listing.attributes:
        values = columns.attributes(index, facet_definitions(versions), versions, data)
        for code, choice in listing.attributes.items():
            found[f"attr:{code}"] = values[code].within(choice.keys, choice.low, choice.high)
    return found


def _any(sets: Mapping[Any, Bitmap], keys: Iterable[Any]) -> Bitmap:
    found = 0
    for key in keys:
        found |= sets.get(key, 0)
    return found


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
    filed = columns.by_category(found.index, found.data)
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
    for pk, bits in columns.by_category(found.index, found.data).items():
        node = tree.get(pk)
        for each in [*tree.above(node), node] if node else ():
            held[each.id] = held.get(each.id, 0) | bits
    return _counts(held, found.all)


def _counts(sets: Mapping[int | bool, Bitmap], within: Bitmap) -> dict[int, int]:
    return {key: number for key, bits in sets.items() if (number := (bits & within).bit_count())}


def _attributes(found: Matches) -> list[FacetCount]:
    definitions = facet_definitions(found.versions)
    if not definitions:
        return []
    values = columns.attributes(found.index, definitions, found.versions, found.data)
    counted = []
    for each in definitions:
        column, name = values[each.code], f"attr:{each.code}"
        within = found.without(name) if name in found.conditions else found.all
        low, high = column.span(within) if column.numbers else (None, None)
        counted.append(FacetCount(each, _counts(column.sets, within) if column.sets else {}, low, high))
    return counted
