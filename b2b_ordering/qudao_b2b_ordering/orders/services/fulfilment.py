"""Ship an order, whole or in parts; confirm what arrived, line by line, or assume it after a while."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core import contention
from qudao_core.numbers import rules as numbers

from ...flow import rules as flow_rules
from ...flow.models import FlowVersion
from ...stock.models import StockTerms, Warehouse
from .. import problems, rules
from ..models import Order, Shipment, ShipmentLine
from ..queries import access
from . import allocation
from .transitions import (
    ShipmentInput,
    Transition,
    all_shipped,
    apply_transition,
    count_lines,
    create_shipment,
    current_step,
    going_on,
    going_to,
    issue_stock,
    line_states,
    lock_lines,
    lock_order,
    lock_stock,
)


@transaction.atomic
def ship(
    *,
    viewer: core.Viewer,
    number: str,
    shipment: ShipmentInput,
    revision: int | None = None,
) -> Shipment:
    """Ship (a part of) an order that waits for shipment. When nothing is open any more it goes on by itself.

    Issues the stock allocated to the lines, writes a shipment with its own number, a transition, an audit entry and
    the event ``order.shipped``. A shipment with a known ``external_key`` is returned as it is: safe to repeat.

    :raises NotFound: ``order_not_found``, ``warehouse_not_found``. :raises Forbidden: ``not_your_step``.
    :raises Conflict: ``changed_meanwhile``, ``not_at_shipment``.
    :raises Refusal: ``shipment_invalid`` with a problem per line (``more_than_ordered`` …), ``nothing_to_ship``,
        ``not_allocated`` (less is allocated to a line than is to be shipped), ``shipped_in_future``.
    """
    order = lock_order(viewer, number, revision=revision)
    known = _known(order, shipment.external_key)
    if known is not None:
        return known
    _refuse_unless_shipping(viewer, order)
    lines = line_states(order)
    lock_stock(lines)
    wanted = _wanted(order, lines, shipment)
    made = create_shipment(viewer, order, shipment, _warehouse(order, shipment.warehouse))
    issue_stock(viewer, made, lines, wanted)
    dropped = _close_rest(order, lines, wanted) if shipment.close_rest else []
    details: dict[str, Any] = {"shipment": made.number, "lines": _lines_document(lines, wanted)}
    if dropped:
        details["dropped"] = _lines_document(lines, dropped)
    transition = Transition(order, viewer, "ship", shipment.note.strip(), details)
    apply_transition(transition, going_on(order) if all_shipped(line_states(order).values()) else None)
    return made


@transaction.atomic
def close_rest(*, viewer: core.Viewer, number: str, note: str, revision: int | None = None) -> Order:
    """Say that what is still open of a partly shipped order will not be delivered any more, and why.

    Its stock is free again; the order goes on, past the receipt too when everything sent was received already.

    :raises Refusal: ``reason_required``. :raises Forbidden: ``not_your_step``.
    :raises Conflict: ``not_at_shipment``, ``cancel_instead`` (nothing was shipped).
    """
    if not note.strip():
        raise problems.reason_required()
    order = lock_order(viewer, number, revision=revision)
    _refuse_unless_shipping(viewer, order)
    if not order.shipments.exists():
        raise core.Conflict(
            "cancel_instead",
            _("Nothing on this order has been shipped."),
            remedy=_("Cancel the order instead."),
        )
    lines = line_states(order)
    lock_stock(lines)
    dropped = _close_rest(order, lines, ())
    transition = Transition(order, viewer, "ship", note.strip(), {"dropped": _lines_document(lines, dropped)})
    flow, facts = access.flow_of(order), access.facts_of(order)
    following = flow_rules.next_step(flow, facts, order.step)
    on_its_way = order.shipments.filter(received_at=None).exists()
    if following is not None and following.kind == flow_rules.RECEIPT and not on_its_way:
        following = flow_rules.next_step(flow, facts, following.code)
    apply_transition(transition, going_to(order, following))
    return order


def _refuse_unless_shipping(viewer: core.Viewer, order: Order) -> None:
    step = current_step(order)
    if step is None or order.status != rules.OPEN or step.kind != flow_rules.SHIPMENT:
        raise core.Conflict(
            "not_at_shipment",
            _("Order %(number)s is not waiting for shipment.") % {"number": order.number},
            params={"step": order.step},
        )
    if not access.may_do(viewer, order, step):
        raise problems.not_your_step(step)


def _known(order: Order, external_key: str) -> Shipment | None:
    if not external_key:
        return None
    return Shipment.objects.filter(order=order, external_key=external_key).first()


def _wanted(
    order: Order, lines: Mapping[int, rules.LineState], shipment: ShipmentInput
) -> list[rules.ShipLine]:
    if shipment.shipped_at is not None and shipment.shipped_at > timezone.now():
        raise core.Refusal("shipped_in_future", _("The shipment date is in the future."), field="shipped_at")
    wanted = list(shipment.lines) or rules.everything_ready(list(lines.values()), _unkept(lines))
    issues = rules.check_shipment(lines, wanted)
    if issues:
        raise problems.lines_refusal("shipment_invalid", _("This cannot be shipped."), issues)
    if not wanted:
        raise core.Refusal(
            "nothing_to_ship",
            _("Nothing on this order is ready to ship."),
            remedy=_("Wait for the goods on backorder, or cancel the undelivered rest."),
        )
    return wanted


def _unkept(lines: Mapping[int, rules.LineState]) -> frozenset[int]:
    """Products whose stock is not kept: they are always ready."""
    ids = [line.product_id for line in lines.values() if line.product_id is not None]
    return frozenset(StockTerms.objects.filter(pk__in=ids, is_unlimited=True).values_list("pk", flat=True))


def _warehouse(order: Order, code: str) -> Warehouse | None:
    if not code:
        return None
    found = Warehouse.objects.filter(seller_id=order.seller_id, code=code, is_active=True).first()
    if found is None:
        raise core.NotFound("warehouse_not_found", _("There is no such warehouse."), field="warehouse")
    return found


def _close_rest(
    order: Order, lines: Mapping[int, rules.LineState], wanted: Sequence[rules.ShipLine]
) -> list[rules.ShipLine]:
    """Give up what is open after this shipment: its stock is free again, and the lines say what was dropped."""
    sent = {each.number: each.quantity for each in wanted}
    rest = [
        rules.ShipLine(line.number, line.open - sent.get(line.number, Decimal(0)))
        for line in lines.values()
        if line.open > sent.get(line.number, Decimal(0))
    ]
    ids = [lines[each.number].id for each in rest]
    allocation.release(line_ids=ids)
    count_lines("dropped", [(lines[each.number].id, each.quantity) for each in rest])
    freed = {lines[each.number].product_id for each in rest}
    allocation.allocate_backorders(
        seller_id=order.seller_id, product_ids={pk for pk in freed if pk is not None}
    )
    return rest


def _lines_document(
    lines: Mapping[int, rules.LineState], sent: Sequence[rules.ShipLine]
) -> list[dict[str, Any]]:
    return [
        {
            "number": each.number,
            "sku": lines[each.number].sku,
            "quantity": numbers.format_number(each.quantity),
        }
        for each in sent
    ]


# --- Receipts --------------------------------------------------------------------------------------------------------


log = logging.getLogger(__name__)

#: Orders received by one run; the next run takes the rest.
MOST_ASSUMED = 500


@transaction.atomic
def confirm_receipt(
    *,
    viewer: core.Viewer,
    number: str,
    shipment: str = "",
    lines: Sequence[rules.ReceiptLine] = (),
    note: str = "",
    revision: int | None = None,
) -> Order:
    """Confirm that a shipment arrived (``shipment``: its number; empty: all that are on their way).

    ``lines`` name only what is short or damaged; everything else arrived in good order. When everything of the order
    was shipped and received it goes on by itself. Confirming a shipment again changes nothing.

    :raises NotFound: ``order_not_found``, ``shipment_not_found``. :raises Forbidden: ``not_your_step``.
    :raises Conflict: ``nothing_to_receive``, ``changed_meanwhile``.
    :raises Refusal: ``receipt_invalid`` with a problem per line; ``name_the_shipment`` when lines are given for
        several shipments at once.
    """
    order = lock_order(viewer, number, revision=revision)
    step = _receipt_step(order)
    if step is None:
        raise core.Conflict("nothing_to_receive", _("Receipt of this order cannot be confirmed here."))
    if not access.may_do(viewer, order, step):
        raise problems.not_your_step(step)
    found = _shipments(order, shipment)
    if not found:
        return order
    if len(found) > 1 and lines:
        raise core.Refusal(
            "name_the_shipment",
            _("Several shipments are in transit. Specify which one was short or damaged."),
            field="shipment",
        )
    _receive(order, viewer, found, lines, note)
    return order


def assume_receipts() -> int:
    """Take shipments as received that the buyer has not confirmed within the days its flow allows; safe to repeat.

    Returns how many orders were received, 500 at most; the next run takes the rest. An order that cannot be received
    keeps no other from its turn. Runs with the daily work.
    """
    now, done = timezone.now(), 0
    for number, days in _due(now):
        try:
            done += contention.repeat(partial(_assume, number, now - timedelta(days=days)))
        except Exception:
            log.exception("receipt of order %s", number)
        if done >= MOST_ASSUMED:
            break
    return done


def _due(now: datetime) -> list[tuple[str, int]]:
    """Number and days of the orders with a shipment that is due, the oldest order first; two statements."""
    waiting = Order.objects.filter(
        status=Order.Status.OPEN, shipments__received_at=None, shipments__isnull=False
    )
    flows = FlowVersion.objects.filter(pk__in=waiting.order_by().values("flow_id"))
    days = {
        pk: flow.auto_receive_days
        for pk, definition in flows.values_list("pk", "definition")
        if (flow := flow_rules.from_data(definition)).auto_receive_days and flow_rules.may_receive(flow)
    }
    due = Q(pk=None)
    for allowed in set(days.values()):
        flow_ids = [pk for pk, own in days.items() if own == allowed]
        before = now - timedelta(days=allowed or 0)
        due |= Q(flow_id__in=flow_ids, shipments__received_at=None, shipments__shipped_at__lt=before)
    found = Order.objects.filter(due, status=Order.Status.OPEN).order_by("pk").distinct()
    return [
        (number, days[flow_id] or 0) for number, flow_id in found.values_list("number", "flow_id") if flow_id
    ]


@transaction.atomic
def _assume(number: str, before: datetime) -> bool:
    """Receive one order's old shipments for the system, under its lock."""
    system = core.system_viewer()
    order = lock_order(system, number)
    old = list(order.shipments.filter(received_at=None, shipped_at__lt=before))
    if not old or _receipt_step(order) is None:
        return False
    _receive(order, system, old, (), "", assumed=True)
    return True


def _receipt_step(order: Order) -> flow_rules.Step | None:
    """The step at which this order is received, whether or not it has come that far: parts arrive before the rest."""
    if order.status != rules.OPEN:
        return None
    ahead = flow_rules.remaining(access.flow_of(order), access.facts_of(order), order.step)
    return next((step for step in ahead if step.kind == flow_rules.RECEIPT), None)


def _shipments(order: Order, number: str) -> list[Shipment]:
    """The unconfirmed shipments asked for; empty when the one asked for was confirmed before."""
    if number:
        found = order.shipments.filter(number=number).first()
        if found is None:
            raise access.shipment_not_found()
        return [] if found.received_at else [found]
    waiting = list(order.shipments.filter(received_at=None))
    if not waiting:
        raise core.Conflict("nothing_to_receive", _("Nothing on this order is in transit."))
    return waiting


def _receive(
    order: Order,
    viewer: core.Viewer,
    shipments: Sequence[Shipment],
    wanted: Sequence[rules.ReceiptLine],
    note: str,
    *,
    assumed: bool = False,
) -> None:
    lock_lines(order)
    sent = list(
        ShipmentLine.objects.filter(shipment__in=shipments).select_related("line").order_by("line__position")
    )
    _refuse_issues(sent, wanted)
    claims = {each.number: each for each in wanted}
    for line in sent:
        _mark(line, claims.get(line.line.position))
    ShipmentLine.objects.bulk_update(sent, ["received", "short", "damaged", "receipt_note"], batch_size=200)
    for counter in ("received", "short", "damaged"):
        count_lines(counter, [(line.line_id, getattr(line, counter)) for line in sent])
    now = timezone.now()
    Shipment.objects.filter(pk__in=[each.pk for each in shipments]).update(received_at=now)
    details = _details(shipments, sent, assumed)
    _go_on(Transition(order, viewer, "receive", note.strip(), details))


def _refuse_issues(sent: Sequence[ShipmentLine], wanted: Sequence[rules.ReceiptLine]) -> None:
    quantities: dict[int, Decimal] = {}
    known = catalog.units_by_code() if wanted else {}
    units = {line.line.position: known.get(line.line.unit, catalog.ANY_UNIT) for line in sent}
    for line in sent:
        quantities[line.line.position] = quantities.get(line.line.position, Decimal(0)) + line.quantity
    issues = rules.check_receipt(quantities, wanted, units)
    if issues:
        raise problems.lines_refusal("receipt_invalid", _("These receipt quantities are not valid."), issues)


def _mark(line: ShipmentLine, claim: rules.ReceiptLine | None) -> None:
    line.short = claim.short if claim else Decimal(0)
    line.damaged = claim.damaged if claim else Decimal(0)
    line.receipt_note = claim.note.strip()[:300] if claim else ""
    line.received = line.quantity - line.short - line.damaged


def _details(shipments: Sequence[Shipment], sent: Sequence[ShipmentLine], assumed: bool) -> dict[str, Any]:
    claims: list[Mapping[str, Any]] = [
        {
            "number": line.line.position,
            "sku": line.line.sku,
            "short": numbers.format_number(line.short),
            "damaged": numbers.format_number(line.damaged),
            "note": line.receipt_note,
        }
        for line in sent
        if line.short or line.damaged or line.receipt_note
    ]
    details: dict[str, Any] = {"shipments": [each.number for each in shipments]}
    return details | ({"claims": claims} if claims else {}) | ({"assumed": True} if assumed else {})


def _go_on(transition: Transition) -> None:
    """The order is done with this step when everything was shipped and nothing is on its way."""
    order, step = transition.order, current_step(transition.order)
    at_receipt = step is not None and step.kind == flow_rules.RECEIPT
    is_done = at_receipt and all_shipped(line_states(order).values()) and not _on_its_way(order)
    apply_transition(transition, going_on(order) if is_done else None)


def _on_its_way(order: Order) -> bool:
    return order.shipments.filter(received_at=None).exists()
