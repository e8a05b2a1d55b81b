"""Ship an order, whole or in parts. Goods leave the stock they were promised from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_core.numbers import rules as numbers

from ...flow import rules as flow_rules
from ...stock import services as stock
from ...stock.models import StockTerms, Warehouse
from .. import problems, rules
from ..models import Order, Shipment
from ..queries import access
from .goods import (
    ShipmentInput,
    all_shipped,
    count_lines,
    create_shipment,
    line_states,
    lock_goods,
    move_goods,
)
from .moving import Move, advance, current_step, go_to, lock_order, write


@transaction.atomic
def ship(
    *,
    viewer: core.Viewer,
    number: str,
    shipment: ShipmentInput,
    revision: int | None = None,
) -> Shipment:
    """Ship (a part of) an order that waits for shipment. When nothing is open any more it goes on by itself.

    Issues the stock promised to the lines, writes a shipment with its own number, a transition, an audit entry and
    the event ``order.shipped``. A shipment with a known ``external_key`` is returned as it is: safe to repeat.

    :raises NotFound: ``order_not_found``, ``warehouse_not_found``. :raises Forbidden: ``not_your_step``.
    :raises Conflict: ``changed_meanwhile``, ``not_at_shipment``.
    :raises Refusal: ``shipment_invalid`` with a problem per line (``more_than_ordered`` …), ``nothing_to_ship``,
        ``not_allocated`` (less is promised to a line than is to be shipped), ``shipped_in_future``.
    """
    order = lock_order(viewer, number, revision=revision)
    known = _known(order, shipment.external_key)
    if known is not None:
        return known
    _refuse_unless_shipping(viewer, order)
    lines = line_states(order)
    lock_goods(lines)
    wanted = _wanted(order, lines, shipment)
    made = create_shipment(viewer, order, shipment, _warehouse(order, shipment.warehouse))
    move_goods(viewer, made, lines, wanted)
    dropped = _close_rest(order, lines, wanted) if shipment.close_rest else []
    details: dict[str, Any] = {"shipment": made.number, "lines": _told(lines, wanted)}
    if dropped:
        details["dropped"] = _told(lines, dropped)
    move = Move(order, viewer, "ship", shipment.note.strip(), details)
    if all_shipped(line_states(order).values()):
        advance(move)
    else:
        write(move, from_step=order.step)
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
    lock_goods(lines)
    dropped = _close_rest(order, lines, ())
    move = Move(order, viewer, "ship", note.strip(), {"dropped": _told(lines, dropped)})
    flow, facts = access.flow_of(order), access.facts_of(order)
    following = flow_rules.next_step(flow, facts, order.step)
    on_its_way = order.shipments.filter(received_at=None).exists()
    if following is not None and following.kind == flow_rules.RECEIPT and not on_its_way:
        following = flow_rules.next_step(flow, facts, following.code)
    go_to(move, following)
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
    stock.release(line_ids=ids)
    count_lines("dropped", [(lines[each.number].id, each.quantity) for each in rest])
    freed = {lines[each.number].product_id for each in rest}
    stock.allocate_backorders(seller_id=order.seller_id, product_ids={pk for pk in freed if pk is not None})
    return rest


def _told(lines: Mapping[int, rules.LineState], sent: Sequence[rules.ShipLine]) -> list[dict[str, Any]]:
    return [
        {
            "number": each.number,
            "sku": lines[each.number].sku,
            "quantity": numbers.format_number(each.quantity),
        }
        for each in sent
    ]
