"""What is wrong with a cart's line, in plain Python: codes and figures. The words are in ``problems.py``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ..pricing.rules import BELOW_FIRST_BREAK, Price
from ..stock.rules import NO_TERMS, ZERO, ExpectedArrival, Terms

#: Lines of one request and of one cart.
MOST_LINES = 2000
#: Open carts of one person for one company.
MOST_CARTS = 50

OK, ROUNDED, OVER_STOCK = "ok", "rounded", "over_stock"
UNKNOWN, NOT_ALLOWED, INVALID = "unknown", "not_allowed", "invalid"
#: Results of a bulk line that put it into the cart.
KEPT = frozenset({OK, ROUNDED, OVER_STOCK})


@dataclass(frozen=True, slots=True)
class LineInput:
    """A line as it was typed, pasted or sent. ``code`` is an SKU, a barcode, an external key, or a product's id.

    ``quantity`` is a number of units or text (``3箱``); ``note`` is kept with the line, ``None`` leaves it alone.
    """

    code: str | int
    quantity: Decimal | int | str = "1"
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Supply:
    """How much of a wanted quantity can be had: ``now`` from stock, ``later`` beyond it, ``missing`` not at all.

    ``expected_on`` is when what is not there now should have arrived, as far as that is known.
    """

    now: Decimal
    later: Decimal = ZERO
    missing: Decimal = ZERO
    expected_on: date | None = None


def supply(
    quantity: Decimal, free: Decimal, terms: Terms = NO_TERMS, arrivals: Sequence[ExpectedArrival] = ()
) -> Supply:
    """Where ``quantity`` units would come from, given ``free`` saleable units. Others' open backorders not counted.

    >>> supply(Decimal(36), Decimal(24))
    Supply(now=Decimal('24'), later=Decimal('0'), missing=Decimal('12'), expected_on=None)
    """
    if terms.is_unlimited:
        return Supply(quantity)
    now = min(quantity, max(free, ZERO))
    rest = quantity - now
    if rest <= 0:
        return Supply(now)
    due = expected_on(rest, arrivals)
    if terms.backorder and (terms.limit is None or rest <= terms.limit):
        return Supply(now, rest, ZERO, due)
    return Supply(now, ZERO, rest, due)


def expected_on(quantity: Decimal, arrivals: Sequence[ExpectedArrival]) -> date | None:
    """The day on which ``quantity`` units more should have arrived; the first day where no figures are known."""
    total = ZERO
    for day, expected in sorted(arrivals, key=lambda arrival: arrival[0]):
        if expected is None:
            return day
        total += expected
        if total >= quantity:
            return day
    return None


@dataclass(frozen=True, slots=True)
class PriceChange:
    """The unit price the owner last saw (``old``, ``None``: there was none) and today's (``new``)."""

    line_id: int
    sku: str
    old: Decimal | None
    new: Decimal
    currency: str


def price_moved(price: Price | None, seen: Decimal | None, accepted: Decimal | None = None) -> bool:
    """Whether today's price is neither the one last seen nor the one expressly accepted."""
    if price is None or price.unit_price is None:
        return False
    return price.unit_price not in (seen, accepted)


@dataclass(frozen=True, slots=True)
class PriceIssue:
    """Why a line has no price. ``from_quantity`` is where the deciding list begins."""

    code: str
    params: dict[str, object] = field(default_factory=dict)


def price_issue(price: Price | None) -> PriceIssue | None:
    if price is None or price.unit_price is not None:
        return None
    if price.note == BELOW_FIRST_BREAK:
        return PriceIssue("below_first_break", {"from_quantity": price.from_quantity})
    return PriceIssue("price_on_request")
