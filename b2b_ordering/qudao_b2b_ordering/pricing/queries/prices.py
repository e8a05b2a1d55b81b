"""What a company pays for one product, a page, a basket of thousands; today, on another day, and last time."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, F, Q, QuerySet
from django.db.models.functions import Cast, Round
from django.utils import timezone
from django.utils.translation import get_language
from qudao_catalog import api as catalog
from qudao_catalog.api import NO_PRICE, OwnPrices, ProductIndex
from qudao_core import api as core
from qudao_partner_portal import api as portal

from .. import rules
from ..models import LastPrice, PriceList, PriceListAssignment, PriceListLine, PriceRow

# A seller's price lists without their rows: few, changed rarely, kept per process under the fact
# ``price_lists``.


FACT = "price_lists"
#: Whoever previews pages as a company sees its prices with this right only.
SEE_PRICES = "qudao_b2b_ordering.view_pricelist"


@dataclass(frozen=True, slots=True)
class PriceBook:
    """All price lists of one seller and whom they are assigned to."""

    heads: Mapping[int, rules.PriceListHeader]
    assignments: Mapping[str, tuple[tuple[int, int], ...]]
    ranks: Mapping[str, int]

    def chain(self, list_id: int) -> tuple[rules.PriceListHeader, ...]:
        return rules.chain(self.heads, list_id)


@dataclass(frozen=True, slots=True)
class PriceChain:
    """A candidate in force, with the lists it is computed from; the last one has the rows."""

    candidate: rules.Candidate
    chain: tuple[rules.PriceListHeader, ...]

    @property
    def root_id(self) -> int:
        return self.chain[-1].id


_kept: core.VersionedCache[PriceBook] = core.VersionedCache(size=500)


def price_book_of(seller_id: int | None, versions: core.Versions | None = None) -> PriceBook:
    """The seller's price lists, named in the language of the moment.

    Nothing is read while they stand unchanged, except ``versions`` if not given.
    """
    versions = versions if versions is not None else core.Versions.read()
    return _kept.get((seller_id, get_language()), versions.of(FACT), lambda: read_price_book(seller_id))


def candidates_for(viewer: core.Viewer, book: PriceBook) -> list[rules.Candidate]:
    """Every list assigned to the viewer, in the order in which they are asked; none in a preview that hides prices."""
    if not viewer.shows(SEE_PRICES):
        return []
    return rules.candidates(book.heads, book.assignments, viewer.audience, book.ranks)


def price_chains(viewer: core.Viewer, book: PriceBook, on: date) -> list[PriceChain]:
    """The candidates that may decide a price on a day: in force, in the viewer's currency, in order."""
    found = []
    for candidate in candidates_for(viewer, book):
        chain = book.chain(candidate.head.id)
        if candidate.head.currency == viewer.currency and rules.in_force(chain, on):
            found.append(PriceChain(candidate, chain))
    return found


def read_price_book(seller_id: int | None) -> PriceBook:
    """The seller's lists as they stand in this transaction, past anything kept. Three statements."""
    percents: dict[int, dict[int, Decimal]] = defaultdict(dict)
    lines = PriceListLine.objects.filter(price_list__seller_id=seller_id).order_by()
    for list_id, line_id, percent in lines.values_list("price_list_id", "line_id", "percent"):
        percents[list_id][line_id] = percent
    lists = PriceList.objects.filter(seller_id=seller_id).order_by()
    heads = {row.pk: _head(row, percents.get(row.pk, {})) for row in lists}
    assignments: dict[str, list[tuple[int, int]]] = defaultdict(list)
    rows = PriceListAssignment.objects.filter(price_list__seller_id=seller_id).order_by()
    for key, list_id, priority in rows.values_list("audience_key", "price_list_id", "priority"):
        assignments[key].append((list_id, priority))
    return PriceBook(
        heads,
        {key: tuple(entries) for key, entries in assignments.items()},
        {key: portal.audience_rank(key) for key in assignments},
    )


def _head(row: PriceList, line_percents: Mapping[int, Decimal]) -> rules.PriceListHeader:
    return rules.PriceListHeader(
        id=row.pk,
        code=row.code,
        name=str(row),
        seller_id=row.seller_id,
        currency=row.currency,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        is_active=row.is_active,
        base_id=row.base_id,
        percent=row.percent,
        line_percents=line_percents,
        rounding=row.rounding,
        rounding_step=row.rounding_step,
    )


# --- Prices ----------------------------------------------------------------------------------------------------------


#: product → list that has the rows → its rows; and product → product line.
RowsByProduct = dict[int, dict[int, list[rules.Row]]]


def prices(
    viewer: core.Viewer,
    wanted: Sequence[tuple[int, Decimal]],
    *,
    on: date | None = None,
    versions: core.Versions | None = None,
    lines: Mapping[int, int | None] | None = None,
) -> dict[int, rules.Price]:
    """What ``viewer`` pays for each (product id, quantity) on a day (today in the site's time zone).

    Every product asked for is answered, on request where nothing prices it. Whether the viewer may see the
    product is the caller's question: ask ``catalog.product_facts`` first. ``lines`` (product → product line)
    saves a join when the caller knows it. A product asked for twice is answered for the last quantity.

    One statement, whatever the number of products, plus one when ``versions`` is not given and three when the
    seller's lists have changed since this process last looked.
    """
    on = on or timezone.localdate()
    asked = price_chains(viewer, price_book_of(viewer.seller_id, versions), on)
    rows, own_lines = _rows(asked, {product_id for product_id, _quantity in wanted}, on, lines)
    chains = [(each.root_id, each.chain) for each in asked]
    found = {}
    for product_id, quantity in wanted:
        own, line_id = rows.get(product_id, {}), own_lines.get(product_id)
        for root_id, chain in chains:
            if own_rows := own.get(root_id):
                found[product_id] = rules.list_price(product_id, quantity, own_rows, chain, line_id)
                break
        else:
            found[product_id] = rules.no_price(product_id, quantity, viewer.currency)
    return found


def _rows(
    asked: Sequence[PriceChain],
    product_ids: Collection[int],
    on: date,
    lines: Mapping[int, int | None] | None,
) -> tuple[RowsByProduct, Mapping[int, int | None]]:
    """The valid rows of the asked lists, one per minimum, and each product's line where a derived list
    needs it.
    """
    if not asked or not product_ids:
        return {}, {}
    needs_lines = lines is None and any(len(each.chain) > 1 for each in asked)
    raw = _read(tuple(sorted({each.root_id for each in asked})), product_ids, on, needs_lines)
    found: RowsByProduct = {}
    own_lines: dict[int, int | None] = {}
    for list_id, product_id, *facts in raw:
        if needs_lines:
            own_lines[product_id] = facts.pop()
        rows = found.setdefault(product_id, {}).setdefault(list_id, [])
        row = rules.Row(product_id, *facts)
        if rows and rows[-1].min_quantity == row.min_quantity:
            rows[-1] = row  # rows come sorted by minimum and start: the newer start counts
        else:
            rows.append(row)
    return found, own_lines if lines is None else lines


_statements = catalog.CompiledQueries(size=1000)
_COLUMNS = ("price_list_id", "product_id", "min_quantity", "unit_price", "valid_from", "valid_until")


def _read(
    list_ids: tuple[int, ...], product_ids: Collection[int], on: date, needs_lines: bool
) -> list[tuple[Any, ...]]:
    columns = (*_COLUMNS, "product__profile__line_id") if needs_lines else _COLUMNS
    return _statements.rows_of(
        (list_ids, on, needs_lines),
        product_ids,
        lambda ids: _valid_rows(list_ids, ids, on).values_list(*columns),
    )


def _valid_rows(list_ids: Collection[int], product_ids: Collection[int], on: date) -> QuerySet[PriceRow, Any]:
    rows = PriceRow.objects.filter(
        price_list_id__in=list_ids, product_id__among=product_ids, valid_from__lte=on
    )
    still = Q(valid_until=None) | Q(valid_until__gte=on)
    return rows.filter(still).order_by("price_list_id", "product_id", "min_quantity", "valid_from")


# --- What a company last paid ----------------------------------------------------------------------------------------


#: What was paid stands in an order.
SEE_ORDERS = "qudao_b2b_ordering.view_order"


@dataclass(frozen=True, slots=True)
class LastPaid:
    """The net price of one unit in the company's last order of a product."""

    unit_price: Decimal
    quantity: Decimal
    ordered_on: date
    order_number: str


def last_prices(viewer: core.Viewer, product_ids: Collection[int]) -> dict[int, LastPaid]:
    """Product id → what the viewer's company last paid its seller, in its currency. One statement."""
    if viewer.company_id is None or viewer.seller_id is None or not product_ids:
        return {}
    if not (viewer.shows(SEE_PRICES) and viewer.shows(SEE_ORDERS)):
        return {}
    key = ("last", viewer.currency)
    found = _last_statements.rows_of(
        key, product_ids, _last_rows(viewer.currency), viewer.company_id, viewer.seller_id
    )
    return {product_id: LastPaid(*facts) for product_id, *facts in found}


_last_statements = catalog.CompiledQueries(size=400)
_LAST_COLUMNS = ("product_id", "unit_price", "quantity", "ordered_on", "order_number")


def _last_rows(currency: str) -> Callable[..., QuerySet[LastPrice, tuple[Any, ...]]]:
    def rows(ids: Collection[int], company: int, seller: int) -> QuerySet[LastPrice, tuple[Any, ...]]:
        found = LastPrice.objects.filter(
            company_id=company, seller_id=seller, currency=currency, product_id__among=ids
        )
        return found.order_by().values_list(*_LAST_COLUMNS)

    return rows


# --- A viewer's own price of every product ---------------------------------------------------------------------------


# A viewer's own price of every product, for sorting, filtering and the span of a whole catalogue.
#
# It says the same as :func:`prices` for the smallest quantity that may be ordered (or the first break above it); a
# property test holds both together. What a list with rows says is kept for everybody who is asked it; what one
# combination of lists says is kept for all viewers who have that combination. Nothing is written down per customer.


#: Name of the data versions of price rows; ``prices:7`` is that of list 7.
ROWS = "prices"
#: Lists and combinations of lists whose prices a process keeps; each takes some ten bytes per product.
KEPT = 24
_lists: core.VersionedCache[array[int]] = core.VersionedCache(size=KEPT)
_own: core.VersionedCache[OwnPrices] = core.VersionedCache(size=KEPT)


def data_names(viewer: core.Viewer, versions: core.Versions) -> Collection[str]:
    """The data versions that the viewer's prices depend on."""
    asked = price_chains(viewer, price_book_of(viewer.seller_id, versions), timezone.localdate())
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
    asked = price_chains(viewer, price_book_of(viewer.seller_id, versions), on)
    names = (ROWS, *(_name(each.root_id) for each in asked))
    key = tuple((each.chain[0].id, each.root_id) for each in asked)
    version = (index.serial, on.toordinal(), *versions.of(FACT), *data.of(*names))
    return _own.get(key, version, lambda: OwnPrices(index, _first_that_prices(asked, index, data, on)))


def _name(list_id: int) -> str:
    return f"{ROWS}:{list_id}"


def _first_that_prices(
    asked: Collection[PriceChain], index: ProductIndex, data: core.Versions, on: date
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


def _derived(asked: PriceChain, index: ProductIndex) -> Callable[[int, int], int]:
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

    def __init__(self, head: rules.PriceListHeader) -> None:
        self.rounding, self.size = head.rounding, rules.units(head.rounding_step)
        self._own, self._lines = rules.units(head.percent), _units(head.line_percents)

    def percent(self, line_id: int | None) -> int:
        return self._lines.get(line_id, self._own)


def _units(percents: Mapping[int, Any]) -> dict[int | None, int]:
    return {line_id: rules.units(percent) for line_id, percent in percents.items()}


def _list_prices(list_id: int, index: ProductIndex, data: core.Versions, on: date) -> array[int]:
    version = (index.serial, on.toordinal(), *data.of(ROWS, _name(list_id)))
    return _lists.get(list_id, version, lambda: _read_prices(list_id, index, on))


def _read_prices(list_id: int, index: ProductIndex, on: date) -> array[int]:
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
