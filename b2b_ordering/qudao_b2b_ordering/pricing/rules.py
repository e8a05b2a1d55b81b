"""What a product costs a company, in plain Python. ``docs/reference/pricing.md`` says the same in prose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

HUNDRED = Decimal(100)
UNIT_PRICE_STEP = Decimal("0.0001")
AMOUNT_STEP = Decimal("0.01")
#: How many lists may stand between a derived list and the rows it is computed from.
MAX_DEPTH = 5
ON_REQUEST = "on_request"
BELOW_FIRST_BREAK = "below_first_break"

#: Name of a list's rounding → that of the decimal module.
ROUNDING = {"half_up": ROUND_HALF_UP, "up": ROUND_CEILING, "down": ROUND_FLOOR}
_EXACT = Context(prec=50)


@dataclass(frozen=True, slots=True)
class Break:
    """From ``min_quantity`` units up one unit costs ``unit_price``, as far as is known until ``valid_until``."""

    min_quantity: Decimal
    unit_price: Decimal
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A stored price of a list of kind ``rows``. ``valid_until`` is the last valid day; ``None``: no end."""

    product_id: int
    min_quantity: Decimal
    unit_price: Decimal
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class PriceListHeader:
    """A price list without its rows. ``percent`` and ``line_percents`` count for derived lists only."""

    id: int
    code: str
    name: str
    seller_id: int
    currency: str
    valid_from: date
    valid_until: date | None = None
    is_active: bool = True
    base_id: int | None = None
    percent: Decimal = Decimal(0)
    line_percents: Mapping[int, Decimal] = field(default_factory=dict)
    rounding: str = "half_up"
    rounding_step: Decimal = UNIT_PRICE_STEP

    def in_force(self, on: date) -> bool:
        """Active, and ``on`` is one of its days."""
        return (
            self.is_active and self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A list that is assigned to one of the viewer's audience keys.

    ``rank`` is the key's, 1 the narrowest.
    """

    head: PriceListHeader
    audience_key: str
    rank: int
    priority: int

    @property
    def order(self) -> tuple[int, int, int, int]:
        """Sorts the list that is asked first to the front: narrower audience, higher priority, newer
        start, id.
        """
        return (self.rank, -self.priority, -self.head.valid_from.toordinal(), self.head.id)


@dataclass(frozen=True, slots=True)
class Price:
    """The net price of one unit for ``quantity`` units.

    ``unit_price`` is ``None`` when there is none; ``note`` then says why: ``on_request`` (no list prices the
    product) or ``below_first_break`` (the deciding list has a price from ``from_quantity`` units up).
    ``breaks`` are all steps of the deciding list on that day. ``valid_until`` is the last day this price is
    known to hold.
    """

    product_id: int
    quantity: Decimal
    unit_price: Decimal | None
    currency: str
    list_id: int | None = None
    list_code: str = ""
    list_name: str = ""
    from_quantity: Decimal | None = None
    breaks: tuple[Break, ...] = ()
    valid_until: date | None = None
    note: str | None = None

    @property
    def orderable(self) -> bool:
        return self.unit_price is not None


@dataclass(frozen=True, slots=True)
class Considered:
    """One list that was looked at. ``outcome`` is a stable code, see ``docs/reference/pricing.md``.

    ``unit_price`` and ``from_quantity`` are what the list would have said.
    """

    list_id: int
    list_code: str
    list_name: str
    audience_key: str
    outcome: str
    priority: int = 0
    unit_price: Decimal | None = None
    from_quantity: Decimal | None = None
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A price and every list that was considered for it, in the order in which they are asked."""

    price: Price
    on: date
    considered: tuple[Considered, ...]


def candidates(
    heads: Mapping[int, PriceListHeader],
    assignments: Mapping[str, Sequence[tuple[int, int]]],
    keys: Iterable[str],
    rank: Mapping[str, int],
) -> list[Candidate]:
    """Every assigned list once, under the key that puts it furthest to the front, in the order they are
    asked.

    ``assignments``: audience key → (list id, priority); ``rank``: audience key → rank.
    """
    best: dict[int, Candidate] = {}
    for key in keys:
        for list_id, priority in assignments.get(key, ()):
            found = Candidate(heads[list_id], key, rank[key], priority)
            known = best.get(list_id)
            if known is None or (found.order, key) < (known.order, known.audience_key):
                best[list_id] = found
    return sorted(best.values(), key=lambda candidate: candidate.order)


def chain(heads: Mapping[int, PriceListHeader], list_id: int) -> tuple[PriceListHeader, ...]:
    """The list itself, its base, the base's base … down to the list that has the rows.

    Empty when it is broken.
    """
    found: list[PriceListHeader] = []
    current: int | None = list_id
    while current is not None:
        head = heads.get(current)
        if head is None or head in found or len(found) > MAX_DEPTH:
            return ()
        found.append(head)
        current = head.base_id
    return tuple(found)


def chain_problem(heads: Mapping[int, PriceListHeader], list_id: int | None, base_id: int) -> str | None:
    """Why ``base_id`` may not be the base of ``list_id`` (``None``: a new list): a code, or ``None`` when it
    may.

    ``price_list_cycle``: the base derives from the list itself. ``price_list_too_deep``: more than
    :data:`MAX_DEPTH` lists would stand between some list and its rows.
    """
    below = 0
    current: int | None = base_id
    while current is not None:
        if current == list_id:
            return "price_list_cycle"
        below += 1
        current = heads[current].base_id if below <= MAX_DEPTH and current in heads else None
    return "price_list_too_deep" if below + _height(heads, list_id) > MAX_DEPTH else None


def _height(heads: Mapping[int, PriceListHeader], list_id: int | None) -> int:
    """How many lists derive from each other above ``list_id``, the longest way."""
    if list_id is None:
        return 0
    above = [head.id for head in heads.values() if head.base_id == list_id and head.id != list_id]
    return max((1 + _height(heads, other) for other in above), default=0)


def in_force(lists: Sequence[PriceListHeader], on: date) -> bool:
    """A derived list is in force only while everything it is computed from is."""
    return bool(lists) and all(head.in_force(on) for head in lists)


def derive(price: Decimal, percent: Decimal, rounding: str, step: Decimal) -> Decimal:
    """``price`` changed by ``percent`` and rounded to a multiple of ``step``; never below zero, 4 places.

    >>> derive(Decimal("10.0000"), Decimal("-5"), "half_up", Decimal("0.01"))
    Decimal('9.5000')
    """
    changed = _EXACT.divide(_EXACT.multiply(price, HUNDRED + percent), HUNDRED)
    steps = _EXACT.divide(changed, step).to_integral_value(ROUNDING[rounding], context=_EXACT)
    return _EXACT.multiply(steps, step).quantize(UNIT_PRICE_STEP, rounding=ROUND_HALF_UP)


def units(value: Decimal) -> int:
    """A figure with four decimal places as a whole number of ten-thousandths."""
    return int(value.scaleb(4))


def derive_units(price: int, percent: int, rounding: str, step: int) -> int:
    """:func:`derive` in whole ten-thousandths (:func:`units`), for prices by the thousand.

    >>> derive_units(100_000, -50_000, "half_up", 100)
    95000
    """
    changed, parts = price * (1_000_000 + percent), 1_000_000 * step
    if rounding == "half_up":
        return (2 * changed + parts) // (2 * parts) * step
    return (-(-changed // parts) if rounding == "up" else changed // parts) * step


def derived_price(price: Decimal, line_id: int | None, lists: Sequence[PriceListHeader]) -> Decimal:
    """A row's price seen through ``lists`` (see :func:`chain`): each list above the rows changes and
    rounds it.
    """
    for head in reversed(lists[:-1]):
        percent = head.line_percents.get(line_id, head.percent) if line_id is not None else head.percent
        price = derive(price, percent, head.rounding, head.rounding_step)
    return price


def rows_on(rows: Iterable[Row], on: date) -> list[Row]:
    """The rows valid on a day, one per minimum quantity (the newest start), smallest minimum first."""
    newest: dict[Decimal, Row] = {}
    for row in rows:
        if row.valid_from <= on and (row.valid_until is None or on <= row.valid_until):
            known = newest.get(row.min_quantity)
            if known is None or known.valid_from < row.valid_from:
                newest[row.min_quantity] = row
    return [newest[minimum] for minimum in sorted(newest)]


def choose_break(breaks: Sequence[Break], quantity: Decimal) -> Break | None:
    """Of breaks sorted by minimum, the one with the largest minimum not above ``quantity``."""
    chosen = None
    for each in breaks:
        if each.min_quantity > quantity:
            break
        chosen = each
    return chosen


def no_price(product_id: int, quantity: Decimal, currency: str) -> Price:
    """No list prices the product: on request, not orderable."""
    return Price(product_id, quantity, None, currency, note=ON_REQUEST)


def list_price(
    product_id: int,
    quantity: Decimal,
    rows: Sequence[Row],
    lists: Sequence[PriceListHeader],
    line_id: int | None = None,
) -> Price:
    """What the list ``lists[0]`` says, given its valid ``rows`` (see :func:`rows_on`; at least one)."""
    head, is_derived = lists[0], len(lists) > 1
    end: date | None = None
    for each in lists:
        if each.valid_until and (end is None or each.valid_until < end):
            end = each.valid_until
    breaks = []
    for row in rows:
        price = derived_price(row.unit_price, line_id, lists) if is_derived else row.unit_price
        until = min(row.valid_until, end) if row.valid_until and end else row.valid_until or end
        breaks.append(Break(row.min_quantity, price, until))
    chosen = choose_break(breaks, quantity)
    shown = chosen or breaks[0]
    return Price(
        product_id,
        quantity,
        chosen.unit_price if chosen else None,
        head.currency,
        head.id,
        head.code,
        head.name,
        shown.min_quantity,
        tuple(breaks),
        shown.valid_until,
        None if chosen else BELOW_FIRST_BREAK,
    )


def at_quantity(price: Price, quantity: Decimal) -> Price:
    """What the same list says on the same day for another quantity."""
    if quantity == price.quantity or not price.breaks:
        return replace(price, quantity=quantity)
    chosen = choose_break(price.breaks, quantity)
    shown = chosen or price.breaks[0]
    return replace(
        price,
        quantity=quantity,
        unit_price=chosen.unit_price if chosen else None,
        from_quantity=shown.min_quantity,
        valid_until=shown.valid_until,
        note=None if chosen else BELOW_FIRST_BREAK,
    )


MAX_UNIT_PRICE = Decimal("9999999999.9999")
#: What the columns of amounts hold.
MAX_AMOUNT = Decimal("999999999999.99")
MAX_QUANTITY = Decimal("99999999999.999")
_QUANTITY_STEP = Decimal("0.001")


def row_problem(min_quantity: Decimal, unit_price: Decimal, start: date, end: date | None) -> str | None:
    """Why a price row cannot be kept: a code of docs/reference/pricing.md, or ``None``."""
    if not (unit_price.is_finite() and 0 <= unit_price <= MAX_UNIT_PRICE) or unit_price % UNIT_PRICE_STEP:
        return "unit_price_invalid"
    if not (min_quantity.is_finite() and 0 < min_quantity <= MAX_QUANTITY) or min_quantity % _QUANTITY_STEP:
        return "quantity_invalid"
    return "dates_invalid" if end is not None and end < start else None


def line_net(unit_price: Decimal, quantity: Decimal) -> Decimal:
    """The net amount of a line: unit price × quantity, rounded half up to 2 places.

    >>> line_net(Decimal("0.1250"), Decimal("1"))
    Decimal('0.13')
    """
    return _EXACT.multiply(unit_price, quantity).quantize(AMOUNT_STEP, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class TaxableLine:
    """A line's rounded ``net`` amount and its VAT rate as a fraction (0.13)."""

    net: Decimal
    tax_rate: Decimal


@dataclass(frozen=True, slots=True)
class RateTotal:
    """What a document owes at one VAT rate."""

    rate: Decimal
    net: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """Amounts of a document, 2 places each: ``gross = net + tax``, ``tax`` = sum over ``by_rate``."""

    net: Decimal
    tax: Decimal
    gross: Decimal
    by_rate: tuple[RateTotal, ...]


def totals(lines: Iterable[TaxableLine]) -> Totals:
    """Sum rounded lines; VAT is taken once per rate on the sum of that rate, half up. Highest rate first."""
    nets: dict[Decimal, Decimal] = {}
    for line in lines:
        nets[line.tax_rate] = nets.get(line.tax_rate, Decimal("0.00")) + line.net
    by_rate = tuple(
        RateTotal(rate, net, _EXACT.multiply(net, rate).quantize(AMOUNT_STEP, rounding=ROUND_HALF_UP))
        for rate, net in sorted(nets.items(), reverse=True)
    )
    net = sum([each.net for each in by_rate], Decimal("0.00"))
    tax = sum([each.tax for each in by_rate], Decimal("0.00"))
    return Totals(net, tax, net + tax, by_rate)
