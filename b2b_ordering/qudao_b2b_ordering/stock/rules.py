"""What of a stock may be sold, and how much of that an audience sees. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)
#: How many expected arrivals of one product are shown.
MAX_ARRIVALS = 5


@dataclass(frozen=True, slots=True)
class Policy:
    """How an audience sees a seller's stock. ``rank`` is the audience key's, 1 the narrowest."""

    mode: str
    low_threshold: Decimal
    plenty_threshold: Decimal | None = None
    show_arrivals: bool = True
    rank: int = 7
    priority: int = 0
    id: int = 0


#: Where no policy is meant for the viewer, nothing is told.
HIDDEN = Policy("hidden", ZERO, show_arrivals=False)


@dataclass(frozen=True, slots=True)
class Terms:
    """Of one product: may it be ordered beyond the stock (``limit``: all open backorders together)?"""

    backorder: bool = False
    limit: Decimal | None = None
    is_unlimited: bool = False
    low_threshold: Decimal | None = None


NO_TERMS = Terms()


#: Goods on their way: the day, and the quantity (``None`` where the viewer sees no figures).
ExpectedArrival = tuple[date, Decimal | None]


@dataclass(frozen=True, slots=True)
class StockView:
    """What one viewer sees of one product's stock.

    ``mode``: ``exact`` (``quantity`` is set), ``banded`` (``band`` only) or ``hidden`` (neither). ``band``:
    ``in``, ``low``, ``out``, ``plenty`` or ``unlimited``. ``backorder``: it may be ordered beyond the stock.
    """

    mode: str
    quantity: Decimal | None = None
    band: str | None = None
    arrivals: tuple[ExpectedArrival, ...] = ()
    backorder: bool = False


def choose_policy(policies: Iterable[Policy]) -> Policy:
    """The narrowest audience wins, then the higher priority, then the older row; none: hidden."""
    return min(policies, key=lambda policy: (policy.rank, -policy.priority, policy.id), default=HIDDEN)


def band(saleable: Decimal, policy: Policy, terms: Terms = NO_TERMS) -> str:
    """``out`` at zero, ``low`` up to the threshold, ``plenty`` from the upper threshold, else ``in``."""
    if terms.is_unlimited:
        return "unlimited"
    low = policy.low_threshold if terms.low_threshold is None else terms.low_threshold
    if saleable <= 0:
        return "out"
    if saleable <= low:
        return "low"
    if policy.plenty_threshold is not None and saleable >= policy.plenty_threshold:
        return "plenty"
    return "in"


def view(
    saleable: Decimal, policy: Policy, terms: Terms = NO_TERMS, arrivals: Sequence[ExpectedArrival] = ()
) -> StockView:
    """What a viewer under ``policy`` sees of ``saleable`` units. Never a negative figure."""
    if policy.mode == "hidden":
        return StockView("hidden", backorder=terms.backorder or terms.is_unlimited)
    exact = policy.mode == "exact"
    return StockView(
        policy.mode,
        quantity=max(saleable, ZERO) if exact and not terms.is_unlimited else None,
        band=band(saleable, policy, terms),
        arrivals=_seen(arrivals, exact) if arrivals and policy.show_arrivals else (),
        backorder=terms.backorder or terms.is_unlimited,
    )


def _seen(arrivals: Sequence[ExpectedArrival], exact: bool) -> tuple[ExpectedArrival, ...]:
    shown = sorted(arrivals, key=lambda arrival: arrival[0])[:MAX_ARRIVALS]
    return tuple(shown if exact else ((day, None) for day, _quantity in shown))


@dataclass(frozen=True, slots=True)
class Wanted:
    """``quantity`` units of a product for an order line."""

    line_id: int
    product_id: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Level:
    """A stock level as it was read under lock; ``levels`` of a product come in the order they are drawn
    from.
    """

    id: int
    product_id: int
    saleable: Decimal


@dataclass(frozen=True, slots=True)
class Portion:
    """``quantity`` units for a line from one stock level."""

    line_id: int
    level_id: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Shortage:
    """A line that cannot be filled: ``available`` is what could be had (stock and backorder together)."""

    line_id: int
    product_id: int
    wanted: Decimal
    available: Decimal


@dataclass(frozen=True, slots=True)
class Plan:
    """How lines are filled: from which levels, what waits for goods (line → quantity), and what cannot be
    had.
    """

    portions: tuple[Portion, ...]
    backordered: Mapping[int, Decimal]
    shortages: tuple[Shortage, ...]


def plan(
    wanted: Sequence[Wanted],
    levels: Sequence[Level],
    terms: Mapping[int, Terms],
    open_backorders: Mapping[int, Decimal],
) -> Plan:
    """Fill lines in order, each from its product's levels in order; the rest waits where terms allow it.

    ``open_backorders``: product → what already waits, all orders together.
    """
    free = {level.id: max(level.saleable, ZERO) for level in levels}
    of_product: dict[int, list[int]] = {}
    for level in levels:
        of_product.setdefault(level.product_id, []).append(level.id)
    waiting = dict(open_backorders)
    portions: list[Portion] = []
    backordered: dict[int, Decimal] = {}
    shortages: list[Shortage] = []
    for line in wanted:
        own = terms.get(line.product_id, NO_TERMS)
        if own.is_unlimited:
            continue
        taken = _take(line, of_product.get(line.product_id, ()), free)
        rest = line.quantity - sum((portion.quantity for portion in taken), ZERO)
        room = _room(own, waiting.get(line.product_id, ZERO))
        if room is not None and rest > room:
            shortages.append(
                Shortage(line.line_id, line.product_id, line.quantity, line.quantity - rest + room)
            )
            continue
        portions.extend(taken)
        for portion in taken:
            free[portion.level_id] -= portion.quantity
        if rest > 0:
            backordered[line.line_id] = rest
            waiting[line.product_id] = waiting.get(line.product_id, ZERO) + rest
    return Plan(tuple(portions), backordered, tuple(shortages))


def share_out(waiting: Sequence[Wanted], levels: Sequence[Level]) -> tuple[Portion, ...]:
    """Give free stock to waiting lines in order; a line may be filled in part."""
    free = {level.id: max(level.saleable, ZERO) for level in levels}
    of_product: dict[int, list[int]] = {}
    for level in levels:
        of_product.setdefault(level.product_id, []).append(level.id)
    portions: list[Portion] = []
    for line in waiting:
        for portion in _take(line, of_product.get(line.product_id, ()), free):
            free[portion.level_id] -= portion.quantity
            portions.append(portion)
    return tuple(portions)


def _take(line: Wanted, level_ids: Sequence[int], free: Mapping[int, Decimal]) -> list[Portion]:
    portions, rest = [], line.quantity
    for level_id in level_ids:
        amount = min(rest, free[level_id])
        if amount > 0:
            portions.append(Portion(line.line_id, level_id, amount))
            rest -= amount
    return portions


def can_be_had(quantity: Decimal, saleable: Decimal, terms: Terms, waiting: Decimal = ZERO) -> bool:
    """Whether ``quantity`` units can be allocated, from stock or, where terms allow it, from goods to come."""
    if terms.is_unlimited or quantity <= saleable:
        return True
    room = _room(terms, waiting)
    return room is None or quantity - max(saleable, ZERO) <= room


def _room(terms: Terms, waiting: Decimal) -> Decimal | None:
    """How much more may wait for goods; ``None``: any amount."""
    if not terms.backorder:
        return ZERO
    return None if terms.limit is None else max(terms.limit - waiting, ZERO)
