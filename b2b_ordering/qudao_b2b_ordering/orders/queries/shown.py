"""What a page shows of one order, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from ...flow import rules as flow_rules
from ..models import Order
from .lists import Next


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as the reader sees it: words in the reader's language, quantities in ``unit``.

    ``supply`` says in words what is reserved and when the rest is expected; empty when there is nothing to say.
    """

    id: int
    number: int
    product_id: int | None
    sku: str
    name: str
    unit: str
    quantity: Decimal
    unit_price: Decimal
    net: Decimal
    tax_rate: Decimal
    note: str
    allocated: Decimal
    backordered: Decimal
    shipped: Decimal
    dropped: Decimal
    received: Decimal
    short: Decimal
    damaged: Decimal
    price_source: dict[str, Any]
    supply: str = ""

    @property
    def open(self) -> Decimal:
        return self.quantity - self.shipped - self.dropped


@dataclass(frozen=True, slots=True)
class ShipmentLineView:
    number: int
    sku: str
    name: str
    unit: str
    quantity: Decimal
    received: Decimal
    short: Decimal
    damaged: Decimal
    note: str


@dataclass(frozen=True, slots=True)
class ShipmentView:
    """A part on its way or received. ``has_claim``: something was short or damaged."""

    number: str
    external_key: str
    carrier: str
    tracking_number: str
    warehouse: str
    note: str
    shipped_at: datetime
    received_at: datetime | None
    lines: tuple[ShipmentLineView, ...]

    @property
    def has_claim(self) -> bool:
        return any(line.short or line.damaged for line in self.lines)


@dataclass(frozen=True, slots=True)
class Happened:
    """Something in the order's history. ``who`` is empty when the system did it."""

    at: datetime
    who: str
    company: str
    action: str
    label: str
    from_step: str
    to_step: str
    note: str
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of the order's way. ``state``: ``done``, ``current`` or ``ahead``; ``at`` and ``by`` when it is done."""

    code: str
    name: str
    kind: str
    side: str
    role: str
    who: str
    state: str
    at: datetime | None = None
    by: str = ""
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """An order, page-ready. ``actions`` are what this viewer may do now, the most likely first:

    ``approve release return reject ship close_rest receive revise undo cancel note reorder``.
    ``same_reference``: other orders with the same number of the buyer's own. ``held`` says why the
    order is over credit (for the seller's side only).
    """

    order: Order
    lines: tuple[LineView, ...]
    shipments: tuple[ShipmentView, ...]
    timeline: tuple[Happened, ...]
    steps: tuple[StepView, ...]
    next: Next | None
    actions: tuple[str, ...]
    sides: frozenset[str]
    placed_by: str
    held: str = ""
    same_reference: tuple[str, ...] = ()

    @property
    def last_reason(self) -> str:
        """What the seller wrote when it rejected, returned or cancelled the order last."""
        said = [event.note for event in self.timeline if event.action in flow_rules.NEEDS_REASON]
        return said[-1] if said else ""
