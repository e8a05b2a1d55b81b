"""A viewer's own price of every product, for sorting, filtering and the span of a whole catalogue.

It says the same as :func:`.prices.prices` for the smallest quantity that may be ordered (or the first break above it);
a property test holds both together. What a list with rows says is kept for everybody who is asked it; what one
combination of lists says is kept for all viewers who have that combination. Nothing is written down per customer.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, F, Q
from django.db.models.functions import Cast, Round
from django.utils import timezone
from qudao_catalog.api import NO_PRICE, OwnPrices, ProductIndex
from qudao_core import api as core

from .. import rules
from ..models import PriceRow
from .books import FACT, Asked, asked_lists, book_of

#: Name of the data versions of price rows; ``prices:7`` is that of list 7.
ROWS = "prices"
#: Lists and combinations of lists whose prices a process keeps; each takes some ten bytes per product.
KEPT = 24
_lists: core.VersionedCache[array[int]] = core.VersionedCache(size=KEPT)
_own: core.VersionedCache[OwnPrices] = core.VersionedCache(size=KEPT)


def data_names(viewer: core.Viewer, versions: core.Versions) -> Collection[str]:
    """The data versions that the viewer's prices depend on."""
    asked = asked_lists(viewer, book_of(viewer.seller_id, versions), timezone.localdate())
    return [ROWS, *(_name(each.root_id) for each in asked)]


def own_prices(
    viewer: core.Viewer,
    index: ProductIndex,
    versions: core.Versions,
    data: core.Versions,
    *,
    on: date | None = None,
) -> OwnPrices:
    """What the viewer pays for the smallest quantity of each product.

    Nothing is read while the viewer's lists and their rows stand; else one statement per list whose rows changed.
    """
    on = on or timezone.localdate()
    asked = asked_lists(viewer, book_of(viewer.seller_id, versions), on)
    names = (ROWS, *(_name(each.root_id) for each in asked))
    key = tuple((each.chain[0].id, each.root_id) for each in asked)
    version = (index.serial, on.toordinal(), *versions.of(FACT), *data.of(*names))
    return _own.get(key, version, lambda: OwnPrices(index, _first_that_prices(asked, index, data, on)))


def _name(list_id: int) -> str:
    return f"{ROWS}:{list_id}"


def _first_that_prices(
    asked: Collection[Asked], index: ProductIndex, data: core.Versions, on: date
) -> array[int]:
    """The first list that prices a product decides."""
    own = array("q", [NO_PRICE]) * index.size
    for each in asked:
        rows = _list_prices(each.root_id, index, data, on)
        derive = _derived(each, index)
        for place, price in enumerate(rows):
            if price != NO_PRICE and own[place] == NO_PRICE:
                own[place] = derive(price, place)
    return own


def _derived(asked: Asked, index: ProductIndex) -> Callable[[int, int], int]:
    """How a row's price reads in a list that derives from it."""
    steps = [_Step(head) for head in reversed(asked.chain[:-1])]
    line_ids = index.line_ids

    def derive(price: int, place: int) -> int:
        for step in steps:
            price = rules.derive_units(price, step.percent(line_ids[place]), step.rounding, step.size)
        return price

    return derive


class _Step:
    """One derived list, its figures in whole units of the fourth decimal place."""

    def __init__(self, head: rules.ListHead) -> None:
        self.rounding, self.size = head.rounding, rules.units(head.rounding_step)
        self._own, self._lines = rules.units(head.percent), _units(head.line_percents)

    def percent(self, line_id: int | None) -> int:
        return self._lines.get(line_id, self._own)


def _units(percents: Mapping[int, Any]) -> dict[int | None, int]:
    return {line_id: rules.units(percent) for line_id, percent in percents.items()}


def _list_prices(list_id: int, index: ProductIndex, data: core.Versions, on: date) -> array[int]:
    version = (index.serial, on.toordinal(), *data.of(ROWS, _name(list_id)))
    return _lists.get(list_id, version, lambda: _read(list_id, index, on))


def _read(list_id: int, index: ProductIndex, on: date) -> array[int]:
    """Of each product's valid rows the one with the largest minimum up to its lowest quantity, else the first; of
    several with one minimum, the newest.
    """
    lowest = [int(quantity * 1000) for quantity in index.lowest]
    best: dict[int, tuple[bool, int, Any]] = {}
    found = array("q", [NO_PRICE]) * index.size
    still = Q(valid_until=None) | Q(valid_until__gte=on)
    rows = PriceRow.objects.filter(still, price_list_id=list_id, valid_from__lte=on).order_by()
    columns = (_whole("unit_price", 10_000), _whole("min_quantity", 1000), "valid_from")
    for product_id, price, minimum, start in rows.values_list("product_id", *columns).iterator(
        chunk_size=20_000
    ):
        place = index.position.get(product_id)
        if place is None:
            continue
        reached = minimum <= lowest[place]
        rank = (reached, minimum if reached else -minimum, start)
        if place not in best or rank > best[place]:
            best[place] = rank
            found[place] = price
    return found


def _whole(name: str, factor: int) -> Cast:
    return Cast(Round(F(name) * factor), BigIntegerField())
