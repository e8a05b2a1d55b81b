"""Which products a list holds: a few bitmaps, put together from columns that are kept (see ``columns``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models.functions import Upper
from qudao_core import api as core
from qudao_search import api as search

from .. import hooks
from ..product_index import Bitmap, OwnPrices, ProductIndex, stretch
from ..products.models import ProductProfile
from . import columns
from .definitions import facet_definitions
from .rules import RELEVANCE, Found, Listing

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
        """The ids of a stretch of the list, in its order."""
        places = stretch(self.all, self.index.size, self._order(), start, count)
        return [self.index.ids[place] for place in places]

    def walk(self, first: int | None, backwards: bool, count: int) -> list[int]:
        """The ids of ``count`` products of the list from the product ``first`` on, in its order or against it.

        ``first`` need not be in the list; ``None`` stands for the end the walk begins at.
        """
        order = self._order()
        order = order[::-1] if backwards else order
        start = 0 if first is None else order.index(self.index.position[first])
        places = stretch(self.all, self.index.size, order[start:], 0, count)
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


def looked_up(viewer: core.Viewer, listing: Listing, *, log: bool = False) -> Listing:
    """The list with what its words find: the search everybody asks, so that a word finds the same everywhere.

    ``log``: a person asked, so it is written down for the editors' report, unless they look as a company.
    """
    if not listing.words or listing.found is not None:
        return listing
    match = search.matching(viewer, " ".join(listing.words), KIND, log=log and not viewer.is_preview)
    ids = tuple(int(item) for item in match.items if item.isdecimal())
    return replace(
        listing, found=Found(ids, match.corrected, match.did_you_mean, match.partial, match.query_id)
    )


def matches(viewer: core.Viewer, listing: Listing, versions: core.Versions | None = None) -> Matches:
    """What a list holds. One statement reads the versions of the data; more only when something changed."""
    versions = versions if versions is not None else core.Versions.read()
    listing = looked_up(viewer, listing)
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
        found &= _any(columns.filed(index, data), listing.category_ids)
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
