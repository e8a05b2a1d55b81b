"""Orders in plain values: what a buyer asks for, what may be shipped and received, how numbers read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

from qudao_catalog.measures import ANY_UNIT, UnitFacts, quantity_fault

from ..flow.rules import CANCELLED as CANCELLED
from ..flow.rules import COMPLETE as COMPLETE
from ..flow.rules import OPEN as OPEN
from ..flow.rules import REJECTED as REJECTED
from ..flow.rules import RETURNED as RETURNED

ZERO = Decimal(0)
NO_UNITS: Mapping[int, UnitFacts] = MappingProxyType({})
ACCOUNT, TRANSFER = "account", "transfer"
#: Orders of one request to act on many.
MOST_AT_ONCE = 200
MOST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as its buyer saw it. ``product`` is an id or an SKU; without ``unit_price`` the price is not compared."""

    product: int | str
    quantity: Decimal
    unit_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What the buyer saw before ordering. What is left out was not told and is not compared. ``total`` is gross."""

    lines: tuple[ShownLine, ...] | None = None
    total: Decimal | None = None
    currency: str | None = None
    seller_id: int | None = None

    def as_text(self) -> str:
        """For a hidden field of the page that shows it; :func:`read_shown` reads it."""
        lines = [[line.product, str(line.quantity), _text(line.unit_price)] for line in self.lines or ()]
        return json.dumps([self.seller_id, self.currency, _text(self.total), lines], separators=(",", ":"))


def read_shown(text: str) -> Shown | None:
    """What :meth:`Shown.as_text` wrote; ``None`` for anything else."""
    try:
        seller_id, currency, total, lines = json.loads(text)
        read = tuple(
            ShownLine(int(product), _amount(quantity), None if price is None else _amount(price))
            for product, quantity, price in lines
        )
        return Shown(read, _amount(total), str(currency), int(seller_id))
    except (ValueError, TypeError, ArithmeticError, RecursionError):
        return None


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _amount(text: str) -> Decimal:
    amount = Decimal(text)
    if not amount.is_finite():
        raise ValueError(text)
    return amount


@dataclass(frozen=True, slots=True)
class SubmitRequest:
    """What the buyer says when ordering a cart, and what it saw (``shown``; ``None``: not told, nothing is compared).

    ``address_id`` and ``invoice_title_id`` belong to the buyer's company; without an address the company's default
    one is taken, if there is one. ``payment`` is ``account`` or ``transfer``. ``accepted_prices`` (cart line id → unit
    price) are prices the buyer was shown and agrees to although they are not the ones first seen. ``source``: ``web``
    or ``api``.
    """

    address_id: int | None = None
    requested_on: date | None = None
    po_number: str = ""
    note: str = ""
    payment: str = ACCOUNT
    invoice_title_id: int | None = None
    accepted_prices: Mapping[int, Decimal] = field(default_factory=dict)
    source: str = "web"
    shown: Shown | None = None
    cart_revision: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as the buyer saw it: ``line_added line_removed quantity_changed price_changed
    total_changed seller_changed currency_changed``. ``product`` as the cart's line, or as the buyer named it.
    """

    code: str
    product: int | str | None = None
    before: object = None
    now: object = None


def differences(shown: Shown, now: Shown, skus: Mapping[int, str] | None = None) -> tuple[Difference, ...]:
    """Everything in which the order would differ from what was ``shown``, lines first.

    ``skus``: product id → SKU of the lines there are now, for callers that name products by it.
    """
    ids = {sku.casefold(): product for product, sku in (skus or {}).items()}
    found: list[Difference] = []
    if shown.lines is not None:
        before = {
            ids.get(line.product.casefold(), line.product)
            if isinstance(line.product, str)
            else line.product: line
            for line in shown.lines
        }
        found += _line_differences(before, {line.product: line for line in now.lines or ()})
    for code, old, new in (
        ("seller_changed", shown.seller_id, now.seller_id),
        ("currency_changed", shown.currency, now.currency),
        ("total_changed", shown.total, now.total),
    ):
        if old is not None and old != new:
            found.append(Difference(code, None, old, new))
    return tuple(found)


def _line_differences(
    before: Mapping[int | str, ShownLine], now: Mapping[int | str, ShownLine]
) -> Iterator[Difference]:
    for product, line in now.items():
        old = before.get(product)
        if old is None:
            yield Difference("line_added", product, None, line.quantity)
            continue
        if old.quantity != line.quantity:
            yield Difference("quantity_changed", product, old.quantity, line.quantity)
        if old.unit_price is not None and old.unit_price != line.unit_price:
            yield Difference("price_changed", product, old.unit_price, line.unit_price)
    for product, line in before.items():
        if product not in now:
            yield Difference("line_removed", product, line.quantity, None)


def document_number(prefix: str, day: date, number: int) -> str:
    """``SO-202611-00042``: unique and rising, but not without gaps."""
    return f"{prefix}-{day:%Y%m}-{number:05d}"


def sequence_key(prefix: str, day: date) -> str:
    return f"{prefix}:{day:%Y%m}"


@dataclass(frozen=True, slots=True)
class LineState:
    """The counters of an order line; ``number`` is its position on the order, from 1."""

    id: int
    number: int
    product_id: int | None
    sku: str
    quantity: Decimal
    allocated: Decimal = ZERO
    backordered: Decimal = ZERO
    shipped: Decimal = ZERO
    dropped: Decimal = ZERO
    unit: UnitFacts = ANY_UNIT

    @property
    def open(self) -> Decimal:
        """What is still to be shipped."""
        return self.quantity - self.shipped - self.dropped


@dataclass(frozen=True, slots=True)
class ShipLine:
    """``quantity`` units of the order's line ``number`` are on their way."""

    number: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """What arrived of the order's line ``number`` in one shipment: the rest of the quantity is in good order."""

    number: int
    short: Decimal = ZERO
    damaged: Decimal = ZERO
    note: str = ""


@dataclass(frozen=True, slots=True)
class LineIssue:
    """What is wrong with one line of a shipment or receipt: a stable code and its figures."""

    code: str
    number: int
    params: dict[str, object] = field(default_factory=dict)


def check_shipment(lines: Mapping[int, LineState], wanted: Sequence[ShipLine]) -> tuple[LineIssue, ...]:
    """Everything wrong with shipping ``wanted`` (``lines``: by number): never more than is open, each line once."""
    issues: list[LineIssue] = []
    seen: set[int] = set()
    for each in wanted:
        line = lines.get(each.number)
        if line is None:
            issues.append(LineIssue("unknown_line", each.number))
        elif each.number in seen:
            issues.append(LineIssue("line_twice", each.number))
        elif not each.quantity.is_finite() or each.quantity <= 0:
            issues.append(LineIssue("quantity_not_positive", each.number))
        elif each.quantity != line.open and quantity_fault(each.quantity, line.unit):
            issues.append(LineIssue("quantity_fractional", each.number, {"decimals": line.unit.decimals}))
        elif each.quantity > line.open:
            issues.append(LineIssue("more_than_ordered", each.number, {"open": line.open, "sku": line.sku}))
        seen.add(each.number)
    return tuple(issues)


def everything_open(lines: Sequence[LineState]) -> list[ShipLine]:
    """A shipment of all that is still to be shipped."""
    return [ShipLine(line.number, line.open) for line in lines if line.open > 0]


def everything_ready(lines: Sequence[LineState], unkept: frozenset[int] = frozenset()) -> list[ShipLine]:
    """A shipment of all that is ready: allocated, or (``unkept``: product ids) not kept in stock at all."""
    ready = [
        (line, line.open if line.product_id in unkept else min(line.allocated, line.open)) for line in lines
    ]
    return [ShipLine(line.number, quantity) for line, quantity in ready if quantity > 0]


def check_receipt(
    sent: Mapping[int, Decimal], wanted: Sequence[ReceiptLine], units: Mapping[int, UnitFacts] = NO_UNITS
) -> tuple[LineIssue, ...]:
    """Everything wrong with a receipt (``sent``: line number → shipped): short and damaged fit into what was sent.

    ``units``: line number → the unit its quantities are counted in.
    """
    issues: list[LineIssue] = []
    seen: set[int] = set()
    for each in wanted:
        if each.number not in sent:
            issues.append(LineIssue("unknown_line", each.number))
        elif each.number in seen:
            issues.append(LineIssue("line_twice", each.number))
        elif not (each.short.is_finite() and each.damaged.is_finite()) or min(each.short, each.damaged) < 0:
            issues.append(LineIssue("quantity_negative", each.number))
        elif _parts_of_a_unit(each, sent[each.number], units.get(each.number, ANY_UNIT)):
            decimals = units.get(each.number, ANY_UNIT).decimals
            issues.append(LineIssue("quantity_fractional", each.number, {"decimals": decimals}))
        elif each.short + each.damaged > sent[each.number]:
            issues.append(LineIssue("more_than_shipped", each.number, {"shipped": sent[each.number]}))
        seen.add(each.number)
    return tuple(issues)


def _parts_of_a_unit(claim: ReceiptLine, sent: Decimal, unit: UnitFacts) -> bool:
    """Whether half a piece is called missing; what was sent can be missing whole, whatever it is."""
    return any(
        part not in (ZERO, sent) and quantity_fault(part, unit) for part in (claim.short, claim.damaged)
    )


@dataclass(frozen=True, slots=True)
class PastLine:
    """A line of an order from the customer's old system. ``code`` is an SKU, external key or barcode.

    ``unit_price`` is net, 4 places; ``net`` is the line's net amount where the old system rounded differently
    (``None``: unit price × quantity, half up). ``tax_rate`` is a fraction; ``None``: the product's today.
    """

    code: str
    quantity: Decimal
    unit_price: Decimal
    name: str = ""
    net: Decimal | None = None
    tax_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PastOrder:
    """An order from the customer's old system, as it was.

    ``external_key`` is its number there and makes the import safe to repeat; ``company`` is the buyer's code or
    ``ext:<external key>``; ``ordered_at`` is aware; ``status`` is ``complete`` or ``cancelled``.
    """

    external_key: str
    company: str
    ordered_at: datetime
    lines: tuple[PastLine, ...]
    currency: str = ""
    po_number: str = ""
    note: str = ""
    status: str = COMPLETE


CONFIRMATION, AWAITING, DELIVERY_NOTE = "confirmation", "awaiting", "delivery_note"
#: Documents of at most so many lines are made within the request: a third of a second of CPU. See decision 0144.
SHORT = 30


def order_document_kind(status: str, *, is_confirmed: bool) -> str:
    """What an order can show for itself: a confirmation when it is confirmed, a document that says that it is not while
    it waits for that, nothing when it was returned, rejected or cancelled.

    >>> order_document_kind("open", is_confirmed=True), order_document_kind("open", is_confirmed=False)
    ('confirmation', 'awaiting')
    >>> order_document_kind("cancelled", is_confirmed=False)
    ''
    """
    if status == COMPLETE or (status == OPEN and is_confirmed):
        return CONFIRMATION
    return AWAITING if status == OPEN else ""
