"""The buyer confirms what arrived, line by line; what nobody confirms is taken as received after a while."""

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
from .. import problems, rules
from ..models import Order, Shipment, ShipmentLine
from ..queries import access
from .goods import all_shipped, count_lines, line_states, lock_lines
from .moving import Move, advance, current_step, lock_order, write

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
    _go_on(Move(order, viewer, "receive", note.strip(), details))


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


def _go_on(move: Move) -> None:
    """The order is done with this step when everything was shipped and nothing is on its way."""
    order, step = move.order, current_step(move.order)
    at_receipt = step is not None and step.kind == flow_rules.RECEIPT
    if at_receipt and all_shipped(line_states(order).values()) and not _on_its_way(order):
        advance(move)
    else:
        write(move, from_step=order.step)


def _on_its_way(order: Order) -> bool:
    return order.shipments.filter(received_at=None).exists()
