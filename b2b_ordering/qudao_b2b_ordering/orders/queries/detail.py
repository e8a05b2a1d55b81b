"""One order with everything, and what a company usually buys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from qudao_catalog import api as catalog
from qudao_core import api as core

from ...cart.queries import may_order
from ...cart.rules import expected_on
from ...flow import rules as flow_rules
from ...flow.labels import role_at
from ...stock import queries as stock
from .. import rules
from ..models import Order, OrderLine, OrderTransition, Shipment, ShipmentLine
from . import access
from .lists import NextStep, next_step_of


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
class TimelineEntry:
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
    timeline: tuple[TimelineEntry, ...]
    steps: tuple[StepView, ...]
    next: NextStep | None
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


DONE, CURRENT, AHEAD = "done", "current", "ahead"
#: Where an order was rejected or cancelled, and what no longer comes.
STOPPED, OMITTED = "stopped", "omitted"
#: Entries of a timeline that are read; an order with more has a long story.
MOST_EVENTS = 500


@core.versions_scope()
def order_detail(viewer: core.Viewer, number: str) -> OrderDetail:
    """Everything about one order in a constant number of statements.

    :raises NotFound: ``order_not_found``.
    """
    order = access.get_order(viewer, number)
    flow, facts = access.flow_of(order), access.facts_of(order)
    events = _events(order)
    units = unit_names(viewer.language)
    shipments = _shipments(order, viewer.language, units)
    lines = _lines(order, viewer, units)
    sides = access.sides(viewer, order)
    return OrderDetail(
        order=order,
        lines=lines,
        shipments=shipments,
        timeline=tuple(_happened(event, flow, viewer.language) for event in events),
        steps=_steps(order, flow, facts, events, viewer.language),
        next=next_step_of(viewer, order, flow),
        actions=tuple(_actions(viewer, order, flow, facts, lines, shipments, events)),
        sides=sides,
        placed_by=next((event.actor_name for event in events if event.action == "submit"), ""),
        same_reference=same_reference(order),
        held=str(order.facts.get("credit", {}).get("message", "")) if flow_rules.SELLER in sides else "",
    )


def same_reference(order: Order) -> tuple[str, ...]:
    """Numbers of other orders that the company placed with the same seller under the same number of its own.

    Orders that came to nothing do not count; at most ten, the newest first. No statement without such a number.
    """
    if not order.po_number:
        return ()
    others = Order.objects.filter(
        company_id=order.company_id, seller_id=order.seller_id, po_number__iexact=order.po_number
    ).exclude(status__in=(rules.CANCELLED, rules.REJECTED))
    return tuple(others.exclude(pk=order.pk).values_list("number", flat=True)[:10])


# --- Parts ---------------------------------------------------------------------------------------------------------


def unit_names(language: str) -> dict[str, str]:
    """Unit code → its name in the language; kept by the catalogue. An order keeps codes."""
    return {code: unit.label(language) for code, unit in catalog.units_by_code().items()}


def _lines(order: Order, viewer: core.Viewer, units: Mapping[str, str]) -> tuple[LineView, ...]:
    rows = list(OrderLine.objects.filter(order=order).order_by("position"))
    supplies = _supplies(order, rows, viewer)
    return tuple(_line(row, viewer.language, units, supplies.get(row.pk, "")) for row in rows)


def _line(row: OrderLine, language: str, units: Mapping[str, str], supply: str) -> LineView:
    return LineView(
        id=row.pk,
        number=row.position,
        product_id=row.product_id,
        sku=row.sku,
        name=line_name(row, language),
        unit=units.get(row.unit, row.unit),
        supply=supply,
        **{name: getattr(row, name) for name in _SAME},
    )


_SAME = (
    "quantity",
    "unit_price",
    "net",
    "tax_rate",
    "note",
    "allocated",
    "backordered",
    "shipped",
    "dropped",
    "received",
    "short",
    "damaged",
    "price_source",
)


def line_name(row: OrderLine, language: str) -> str:
    return row.name_zh if language.startswith("zh") and row.name_zh else row.name


def _supplies(order: Order, rows: Sequence[OrderLine], viewer: core.Viewer) -> dict[int, str]:
    """Line id → what is reserved and when the rest should come, for lines that wait for goods."""
    waiting = [row for row in rows if row.backordered > 0 and row.product_id is not None]
    if not waiting or order.status not in (rules.OPEN, rules.RETURNED):
        return {}
    ids = [row.product_id for row in waiting if row.product_id is not None]
    arrivals = stock.stock_of(order.seller_id, ids).arrivals
    show = viewer.company_id == order.seller_id or stock.policy_for(viewer).show_arrivals
    return {
        row.pk: _supply_words(
            row, expected_on(row.backordered, arrivals.get(row.product_id, ()) if show else ())
        )
        for row in waiting
        if row.product_id is not None
    }


def _supply_words(row: OrderLine, day: date | None) -> str:
    """「库存只有 24 件，已为您保留；其余 12 件预计 12 月 3 日到货」"""
    words = {
        "ready": f"{catalog.plain_number(row.allocated):f}",
        "rest": f"{catalog.plain_number(row.backordered):f}",
        "day": formats.date_format(day, "MONTH_DAY_FORMAT") if day else "",
    }
    if row.allocated > 0 and day:
        return _("%(ready)s reserved for you; the other %(rest)s are expected on %(day)s.") % words
    if row.allocated > 0:
        return _("%(ready)s reserved for you; the other %(rest)s will follow.") % words
    if day:
        return _("%(rest)s expected on %(day)s.") % words
    return _("%(rest)s will follow as soon as they arrive.") % words


def _shipments(order: Order, language: str, units: Mapping[str, str]) -> tuple[ShipmentView, ...]:
    rows = list(Shipment.objects.filter(order=order).select_related("warehouse").order_by("shipped_at", "pk"))
    lines: dict[int, list[ShipmentLineView]] = {row.pk: [] for row in rows}
    parts = (
        ShipmentLine.objects.filter(shipment__order=order).select_related("line").order_by("line__position")
    )
    for part in parts:
        lines[part.shipment_id].append(_part(part, language, units))
    return tuple(_shipment(row, lines[row.pk], language) for row in rows)


def _part(part: ShipmentLine, language: str, units: Mapping[str, str]) -> ShipmentLineView:
    return ShipmentLineView(
        number=part.line.position,
        sku=part.line.sku,
        name=line_name(part.line, language),
        unit=units.get(part.line.unit, part.line.unit),
        quantity=part.quantity,
        received=part.received,
        short=part.short,
        damaged=part.damaged,
        note=part.receipt_note,
    )


def _shipment(row: Shipment, lines: Iterable[ShipmentLineView], language: str) -> ShipmentView:
    place = row.warehouse
    name = (
        ""
        if place is None
        else (place.name_zh if language.startswith("zh") and place.name_zh else place.name)
    )
    return ShipmentView(
        number=row.number,
        external_key=row.external_key,
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        warehouse=name,
        note=row.note,
        shipped_at=row.shipped_at,
        received_at=row.received_at,
        lines=tuple(lines),
    )


def _events(order: Order) -> list[OrderTransition]:
    return list(order.transitions.order_by("at", "pk")[:MOST_EVENTS])


def _happened(event: OrderTransition, flow: flow_rules.Flow, language: str) -> TimelineEntry:
    def name(code: str) -> str:
        step = flow.find(code)
        return step.label(language) if step else ""

    return TimelineEntry(
        at=event.at,
        who=event.actor_name,
        company=event.actor_company,
        action=event.action,
        label=str(event.get_action_display()),
        from_step=name(event.from_step),
        to_step=name(event.to_step),
        note=event.note,
        details=event.details,
    )


def _steps(
    order: Order,
    flow: flow_rules.Flow,
    facts: flow_rules.Facts,
    events: Sequence[OrderTransition],
    language: str,
) -> tuple[StepView, ...]:
    """The order's way: what was done (and by whom), where it stands, what is ahead."""
    way = flow_rules.path(flow, facts)
    codes = [step.code for step in way]
    complete = order.status == rules.COMPLETE
    here = codes.index(order.step) if order.step in codes else (len(codes) if complete else -1)
    left = {event.from_step: event for event in events if event.from_step != event.to_step}
    return tuple(
        [_step(order, step, index - here, left.get(step.code), language) for index, step in enumerate(way)]
    )


def _state_when_stopped(order: Order, left: OrderTransition | None) -> str:
    """A step of an order that was rejected, cancelled or returned; ``left``: how the order left the step last."""
    action = left.action if left is not None else ""
    if action in ("approve", "release", "ship", "receive"):
        return DONE
    if order.status == rules.RETURNED:
        return AHEAD
    return STOPPED if action in ("reject", "cancel") else OMITTED


def _step(
    order: Order, step: flow_rules.Step, offset: int, left: OrderTransition | None, language: str
) -> StepView:
    company = order.seller if step.side == flow_rules.SELLER else order.company
    state = DONE if offset < 0 else CURRENT if offset == 0 else AHEAD
    if order.status in (rules.REJECTED, rules.CANCELLED, rules.RETURNED):
        state = _state_when_stopped(order, left)
    return StepView(
        code=step.code,
        name=step.label(language),
        kind=step.kind,
        side=step.side,
        role=step.role,
        who=role_at(step.role, company),
        state=state,
        at=left.at if left is not None and state in (DONE, STOPPED) else None,
        by=left.actor_name if left is not None and state in (DONE, STOPPED) else "",
        due=order.step_due if state == CURRENT else None,
    )


def _actions(
    viewer: core.Viewer,
    order: Order,
    flow: flow_rules.Flow,
    facts: flow_rules.Facts,
    lines: Sequence[LineView],
    shipments: Sequence[ShipmentView],
    events: Sequence[OrderTransition],
) -> Iterable[str]:
    """What the services would let this viewer do now, so that pages offer nothing else."""
    step = flow.find(order.step) if order.status == rules.OPEN else None
    if step is not None and access.may_do(viewer, order, step):
        barred = {"receive", "approve"} if access.is_held(viewer, order) else {"receive"}
        yield from [action for action in step.actions if action not in barred]
        if step.kind == flow_rules.SHIPMENT and shipments:
            yield "close_rest"
    if step is not None and any(each.received_at is None for each in shipments):
        ahead = flow_rules.remaining(flow, facts, order.step)
        receipt = next((each for each in ahead if each.kind == flow_rules.RECEIPT), None)
        if receipt is not None and access.may_do(viewer, order, receipt):
            yield "receive"
    own_purchase = viewer.company_id == order.company_id and may_order(viewer)
    if order.status == rules.RETURNED and own_purchase:
        yield "revise"
    if access.undoable(viewer, order, events, any(line.shipped for line in lines)):
        yield "undo"
    if any(
        access.may_cancel_for(viewer, order, side) and access.may_cancel(order, side, shipped=bool(shipments))
        for side in flow_rules.ROLES
    ):
        yield "cancel"
    if access.sides(viewer, order):
        yield "note"
    if own_purchase:
        yield "reorder"


#: How far back the usual products are counted.
USUAL_DAYS = 365
#: Products counted before those the viewer may no longer order are left out.
MOST_COUNTED = 40
#: Orders that never became a purchase say nothing about what a company needs.
NOT_BOUGHT = (rules.REJECTED, rules.CANCELLED, rules.RETURNED)


@dataclass(frozen=True, slots=True)
class UsualProduct:
    """A product the company orders often. ``times``: orders it was on; ``quantity``: the last one ordered."""

    facts: catalog.ProductFacts
    times: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class OrderPreview:
    """The first lines of an order: names in the reader's language, and the first product for its picture."""

    names: tuple[str, ...]
    product_id: int | None


def usual_products(
    viewer: core.Viewer, limit: int, versions: core.Versions | None = None
) -> list[UsualProduct]:
    """What the viewer's company ordered most often within a year and may still order, in two statements.

    Quantities that can no longer be ordered (a new minimum or pack) are brought to the next one that can.
    """
    if not viewer.is_member or not viewer.has_role(*access.BUYER_ROLES):
        return []
    rows = OrderLine.objects.filter(
        order__company_id=viewer.company_id,
        order__submitted_at__gte=timezone.now() - timedelta(days=USUAL_DAYS),
        product_id__isnull=False,
    ).exclude(order__status__in=NOT_BOUGHT)
    latest = rows.filter(product_id=OuterRef("product_id")).order_by("-order__submitted_at", "-pk")
    counted = list(
        rows.order_by()
        .values("product_id")
        .annotate(times=Count("order_id", distinct=True), last=Subquery(latest.values("quantity")[:1]))
        .order_by("-times", "product_id")
        .values_list("product_id", "times", "last")[:MOST_COUNTED]
    )
    known = catalog.product_facts(viewer, [row[0] for row in counted], versions)
    return [
        UsualProduct(known[product_id], times, catalog.snap_quantity(known[product_id], last))
        for product_id, times, last in counted
        if product_id in known and known[product_id].status == "active"
    ][:limit]


def bought_orders(viewer: core.Viewer, limit: int) -> list[Order]:
    """The latest orders of the viewer's company that can be ordered again."""
    rows = access.visible(viewer).filter(company_id=viewer.company_id).select_related("company", "seller")
    return list(rows.exclude(status__in=NOT_BOUGHT).order_by("-submitted_at", "-pk")[:limit])


def order_previews(viewer: core.Viewer, order_ids: Iterable[int], lines: int = 3) -> dict[int, OrderPreview]:
    """Order id → its first lines, in one statement for all of them."""
    rows = OrderLine.objects.filter(order_id__in=sorted(set(order_ids)), position__lte=lines)
    found: dict[int, list[OrderLine]] = {}
    for row in rows.order_by("order_id", "position"):
        found.setdefault(row.order_id, []).append(row)
    return {pk: _glimpse(first, viewer.language) for pk, first in found.items()}


def _glimpse(lines: Sequence[OrderLine], language: str) -> OrderPreview:
    return OrderPreview(tuple(line_name(line, language) for line in lines), lines[0].product_id)
