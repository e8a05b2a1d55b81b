"""Let an order change its state: the one place where the effects of a transition happen, in one order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core import bulk_sql

from ... import conf, signals
from ...flow import rules as flow_rules
from ...pricing.models import LastPrice
from ...stock import services as stock
from ...stock.models import Warehouse
from ...stock.rules import Wanted
from .. import problems, rules
from ..models import NumberSequence, Order, OrderLine, OrderTransition, Shipment, ShipmentLine
from ..queries import access
from ..rules import COMPLETE, OPEN
from . import allocation

TOPICS = {
    "submit": "order.submitted",
    "approve": "order.approved",
    "release": "order.released",
    "ship": "order.shipped",
    "receive": "order.received",
    "reject": "order.rejected",
    "return": "order.returned",
    "cancel": "order.cancelled",
    "complete": "order.completed",
    "undo": "order.undone",
    "note": "order.noted",
}


@dataclass
class Transition:
    """One thing that somebody does to a locked order, as it will be written down. ``details`` is JSON."""

    order: Order
    viewer: core.Viewer
    action: str
    note: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def lock_order(
    viewer: core.Viewer, number: str, *, revision: int | None = None, step: str | None = None
) -> Order:
    """The order, locked until the transaction ends, if it is still as the caller saw it.

    :raises NotFound: ``order_not_found``.
    :raises Outdated: ``changed_meanwhile`` (another revision), ``moved_on`` (it waits at another step).
    """
    rows = access.visible(viewer).select_for_update(of=("self",)).select_related("flow", "company", "seller")
    order = rows.filter(number=number).first()
    if order is None:
        raise access.order_not_found()
    if revision is not None and order.revision != revision:
        raise core.Outdated(
            "changed_meanwhile",
            _("The order has changed in the meantime."),
            remedy=_("Review it again before you decide."),
            params={"revision": order.revision},
        )
    if step is not None and order.step != step:
        raise core.Conflict(
            "moved_on", _("The order is no longer at this step."), params={"step": order.step}
        )
    return order


def current_step(order: Order) -> flow_rules.Step | None:
    return access.flow_of(order).find(order.step) if order.step else None


@dataclass(frozen=True, slots=True)
class Change:
    """What a transition does to an order besides being written down. ``step`` is where it waits afterwards."""

    status: str
    step: flow_rules.Step | None = None
    releases_stock: bool = False
    allocates_stock: bool = False
    ships_everything: bool = False
    is_confirmed: bool = False


def going_to(order: Order, step: flow_rules.Step | None, *, submitted: bool = False) -> Change:
    """The order goes on to a step of its flow (``None``: its end)."""
    flow, facts = access.flow_of(order), access.facts_of(order)
    return Change(
        rules.COMPLETE if step is None else rules.OPEN,
        step,
        allocates_stock=flow_rules.allocates_before(flow, facts, step, submitted=submitted),
        ships_everything=flow_rules.ships_itself(flow, facts, step),
        is_confirmed=flow_rules.is_confirmed(flow, facts, step),
    )


def going_on(order: Order) -> Change:
    """The order goes on to the next step that applies, or to its end."""
    return going_to(order, flow_rules.next_step(access.flow_of(order), access.facts_of(order), order.step))


def going_back(order: Order, step: flow_rules.Step | None) -> Change:
    """The order goes back to the step at which it was approved or released."""
    flow, facts = access.flow_of(order), access.facts_of(order)
    return Change(
        rules.OPEN,
        step,
        releases_stock=not flow_rules.allocates_before(flow, facts, step, submitted=True),
        is_confirmed=flow_rules.is_confirmed(flow, facts, step),
    )


def ending(status: str) -> Change:
    """The order ends without its goods: rejected or cancelled."""
    return Change(status, releases_stock=True)


def returning() -> Change:
    """To the buyer, to be changed. What is allocated stays allocated until the order is changed or cancelled."""
    return Change(rules.RETURNED)


def apply_transition(transition: Transition, change: Change | None = None) -> None:
    """Everything a transition does, in this order; ``None``: the order stays where it is, and is written down.

    The table *Effects of a transition* in ``docs/reference/order-flow.md`` says which transition has which effect.
    What the action itself moves (a shipment's goods, a receipt's counts, the lines of a resubmitted order) the action
    has done before, under the same locks.

    :raises Refusal: ``not_enough_stock``, ``not_allocated``: nothing has happened then.
    """
    order, left = transition.order, transition.order.step
    if change is not None:
        if change.releases_stock:
            release_stock(order)
        if change.allocates_stock:
            allocate_stock(order, transition.viewer)
        if change.ships_everything:
            ship_everything(transition.viewer, order)
        number_order(order)
        settle_confirmation(order, confirmed=change.is_confirmed)
        _set_state(order, change)
    _write_down(transition, from_step=left)
    if change is not None and change.status == rules.COMPLETE:
        _write_down(Transition(order, transition.viewer, "complete"), first=False)


def _set_state(order: Order, change: Change) -> None:
    now, step = timezone.now(), change.step
    order.status = change.status
    order.step = step.code if step else ""
    order.step_due = flow_rules.due_at(step, now) if step else None
    is_open = change.status in (rules.OPEN, rules.RETURNED)
    order.step_since = now if is_open else None
    if not is_open:
        order.closed_at = now


def _write_down(transition: Transition, *, from_step: str = "", first: bool = True) -> None:
    """Save the order at its next revision, with a transition row, an audit entry, an event and a signal on commit."""
    order, viewer = transition.order, transition.viewer
    if first:
        order.revision += 1 if transition.action != "submit" or order.revision > 1 else 0
    order.save(update_fields=_CHANGING)
    row = OrderTransition.objects.create(
        order=order,
        at=timezone.now(),
        actor_id=viewer.user_id,
        actor_name=viewer.user_name[:160],
        actor_company=viewer.company_name[:200],
        action=transition.action,
        from_step=from_step,
        to_step=order.step,
        note=transition.note[: rules.MOST_NOTE],
        details=transition.details,
    )
    _publish(transition, row)


_CHANGING = [
    "number",
    "status",
    "step",
    "step_since",
    "step_due",
    "revision",
    "confirmed_at",
    "closed_at",
    "updated_at",
]


def _publish(transition: Transition, row: OrderTransition) -> None:
    order, topic = transition.order, TOPICS[transition.action]
    core.record(
        actor=transition.viewer.user_id,
        instance=order,
        action=f"qudao.{topic}",
        data={"note": row.note, "changes": _step_change(row)},
    )
    core.emit(
        topic,
        aggregate=f"order:{order.pk}",
        payload={
            "order_id": order.pk,
            "number": order.number,
            "transition_id": row.pk,
            "company_id": order.company_id,
            "seller_id": order.seller_id,
            "status": order.status,
            "step": order.step,
            "actor_id": transition.viewer.user_id,
        },
    )
    transaction.on_commit(
        partial(
            signals.order_changed.send_robust, Order, order_id=order.pk, action=transition.action, topic=topic
        )
    )


def _step_change(row: OrderTransition) -> dict[str, list[str]]:
    if row.from_step == row.to_step:
        return {}
    return {"step": [row.from_step, row.to_step]}


# --- Lines and shipments ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShipmentInput:
    """What leaves the house. No ``lines``: everything that lies ready. ``warehouse`` is a code; empty: from wherever
    it was allocated. ``close_rest``: what is still open afterwards will not be delivered any more.
    """

    lines: Sequence[rules.ShipLine] = ()
    carrier: str = ""
    tracking_number: str = ""
    warehouse: str = ""
    note: str = ""
    external_key: str = ""
    shipped_at: datetime | None = None
    close_rest: bool = False


def allocate_stock(order: Order, viewer: core.Viewer) -> None:
    """Allocate every open line that is not yet allocated; safe to repeat.

    :raises Refusal: ``not_enough_stock`` with a problem per line, by its number on the order.
    """
    lines = OrderLine.objects.filter(order=order, product__isnull=False).order_by("position")
    columns = ("position", "pk", "product_id", "quantity", "shipped", "dropped", "allocated", "backordered")
    numbers, wanted = [], []
    for position, pk, product_id, quantity, *taken in lines.values_list(*columns):
        rest = quantity - sum(taken)
        if rest > 0:
            numbers.append(position)
            wanted.append(Wanted(pk, product_id, rest))
    try:
        allocation.allocate(seller_id=order.seller_id, wanted=wanted, viewer=viewer)
    except core.Refusal as refusal:
        raise problems.on_order_lines(refusal, numbers) from refusal


def release_stock(order: Order) -> None:
    """Give back what the order holds, first to lines that wait for it."""
    lines = list(OrderLine.objects.filter(order=order).values_list("pk", "product_id"))
    products = {product_id for _pk, product_id in lines if product_id is not None}
    stock.lock_products(products)
    allocation.release(line_ids=[pk for pk, _product_id in lines])
    allocation.allocate_backorders(seller_id=order.seller_id, product_ids=products)


def ship_everything(viewer: core.Viewer, order: Order) -> None:
    """What a flow without a shipment step means by going on: all that is open has left the house.

    :raises Refusal: ``not_allocated``: goods that have not come in yet cannot have left.
    """
    lines = line_states(order)
    wanted = rules.everything_open(list(lines.values()))
    if wanted:
        lock_stock(lines)
        issue_stock(viewer, create_shipment(viewer, order, ShipmentInput()), lines, wanted)


def lock_stock(lines: Mapping[int, rules.LineState]) -> None:
    """Before anything is shipped or given up, and before a document's number is taken: see
    :func:`stock.lock_products`."""
    stock.lock_products({line.product_id for line in lines.values() if line.product_id is not None})


def issue_stock(
    viewer: core.Viewer,
    shipment: Shipment,
    lines: Mapping[int, rules.LineState],
    wanted: Sequence[rules.ShipLine],
) -> None:
    """Issue the stock and count it as shipped, set-based."""
    kept = [each for each in wanted if lines[each.number].product_id is not None]
    issued = [allocation.Issued(lines[each.number].id, each.quantity) for each in kept]
    try:
        allocation.issue(
            actor=viewer.user_id, issued=issued, warehouse_id=shipment.warehouse_id, reference=shipment.number
        )
    except core.Refusal as refusal:
        raise problems.on_order_lines(refusal, [each.number for each in kept]) from refusal
    bulk_sql.insert(
        [
            ShipmentLine(shipment=shipment, line_id=lines[each.number].id, quantity=each.quantity)
            for each in wanted
        ]
    )
    count_lines("shipped", [(lines[each.number].id, each.quantity) for each in wanted])


def create_shipment(
    viewer: core.Viewer, order: Order, shipment: ShipmentInput, warehouse: Warehouse | None = None
) -> Shipment:
    """An empty shipment with its own number."""
    at = shipment.shipped_at or timezone.now()
    return Shipment.objects.create(
        order=order,
        number=next_number(conf.shipment_prefix(), timezone.localdate()),
        external_key=shipment.external_key.strip(),
        warehouse=warehouse,
        carrier=shipment.carrier.strip()[:80],
        tracking_number=shipment.tracking_number.strip()[:80],
        note=shipment.note.strip()[:300],
        shipped_at=at,
        shipped_by_id=viewer.user_id,
    )


def line_states(order: Order) -> dict[int, rules.LineState]:
    """The order's lines by number, in one statement."""
    rows = OrderLine.objects.filter(order=order).order_by("position")
    columns = (
        "pk",
        "position",
        "product_id",
        "sku",
        "quantity",
        "allocated",
        "backordered",
        "shipped",
        "dropped",
        "unit",
    )
    units = catalog.units_by_code()
    states = (
        rules.LineState(*row, unit=units.get(unit, catalog.ANY_UNIT))
        for *row, unit in rows.values_list(*columns)
    )
    return {line.number: line for line in states}


def lock_lines(order: Order) -> None:
    """In primary-key order: goods that arrive may be giving stock to some of the order's lines meanwhile."""
    rows = OrderLine.objects.select_for_update().filter(order=order).order_by("pk")
    list(rows.values_list("pk"))


def all_shipped(lines: Iterable[rules.LineState]) -> bool:
    return all(line.open <= 0 for line in lines)


def count_lines(counter: str, amounts: Sequence[tuple[int, Decimal]]) -> None:
    """Add to one counter of many order lines (line id, amount), in one statement; amounts of one line add up."""
    summed: dict[int, Decimal] = {}
    for pk, amount in amounts:
        summed[pk] = summed.get(pk, Decimal(0)) + amount
    rows = sorted((pk, amount) for pk, amount in summed.items() if amount)
    if rows:
        bulk_sql.run(_COUNT[counter], rows, (bulk_sql.BIGINT, bulk_sql.NUMERIC))


_LINES = f'"{OrderLine._meta.db_table}"'
_COUNT = {
    counter: f"UPDATE {_LINES} SET {counter} = ROUND({counter} + v.c1, 3) FROM {{rows}} WHERE {_LINES}.id = v.c0"
    for counter in ("shipped", "dropped", "received", "short", "damaged")
}


# --- Last prices: what a company last paid for a product, a fact of confirmed orders ---------------------------------


#: So many rows are named in a statement.
CHUNK = 500
KEY = ("company", "seller", "product", "currency")
VALUE = ("unit_price", "quantity", "ordered_on", "order_number")


def settle_confirmation(order: Order, *, confirmed: bool) -> None:
    """Keep whether the order is confirmed, that is, whether all its approvals are given; the caller saves the order.

    The prices of an order that is confirmed are the last prices its company paid, unless a later order was confirmed
    before; those of an order that is no longer confirmed (undone, returned, rejected, cancelled) do not count any
    more, and the ones before them do again. At most three statements.
    """
    if confirmed and order.confirmed_at is None:
        order.confirmed_at = timezone.now()
        lines = OrderLine.objects.filter(order=order, product__isnull=False).order_by("position")
        remember_prices(_paid(order, line) for line in lines)
    elif not confirmed and order.confirmed_at is not None:
        order.confirmed_at = None
        _forget_prices(order)


def _forget_prices(order: Order) -> None:
    kept = LastPrice.objects.filter(
        company_id=order.company_id,
        seller_id=order.seller_id,
        currency=order.currency,
        order_number=order.number,
    )
    products = list(kept.select_for_update().order_by("product_id").values_list("product_id", flat=True))
    kept.delete()
    before = (
        OrderLine.objects.filter(
            product_id__in=products,
            order__company_id=order.company_id,
            order__seller_id=order.seller_id,
            order__currency=order.currency,
            order__confirmed_at__isnull=False,
            order__status__in=(OPEN, COMPLETE),
        )
        .exclude(order=order)
        .annotate(
            newest=Window(
                RowNumber(),
                partition_by="product_id",
                order_by=["-order__submitted_at", "-order_id", "-position"],
            )
        )
        .filter(newest=1)
        .select_related("order")
    )
    remember_prices(_paid(line.order, line) for line in before)


def forget_prices_of_removed(orders: Sequence[Order]) -> None:
    """The last prices of orders that have been removed are again those of the orders before them."""
    gone: dict[tuple[Any, ...], int] = {}
    for start in range(0, len(orders), CHUNK):
        part = orders[start : start + CHUNK]
        kept = LastPrice.objects.filter(
            company_id__in={order.company_id for order in part},
            order_number__in=[order.number for order in part],
        )
        facts = kept.values_list("pk", "company_id", "seller_id", "product_id", "currency")
        gone |= {tuple(key): pk for pk, *key in facts}
    pks, products = sorted(gone.values()), sorted({key[2] for key in gone})
    for start in range(0, len(pks), CHUNK):
        LastPrice.objects.filter(pk__in=pks[start : start + CHUNK]).delete()
    for start in range(0, len(products), CHUNK):
        before = OrderLine.objects.filter(
            product_id__in=products[start : start + CHUNK],
            order__confirmed_at__isnull=False,
            order__status__in=(OPEN, COMPLETE),
        ).order_by("order__submitted_at", "order_id", "position")
        paid = (_paid(line.order, line) for line in before.select_related("order").iterator(chunk_size=CHUNK))
        remember_prices(row for row in paid if row[:4] in gone)


#: A price that was paid: company, seller, product, currency, unit price, quantity, day, order number.
Paid = tuple[int, int, int, str, Decimal, Decimal, date, str]


def remember_prices(paid: Iterable[Paid]) -> None:
    """Prices of past orders, where nothing newer is kept; the same statements for any number of them."""
    newest: dict[tuple[int, int, int, str], Paid] = {}
    for row in paid:
        known = newest.get(row[:4])
        if known is None or known[6] <= row[6]:
            newest[row[:4]] = row
    if not newest:
        return
    bulk_sql.upsert_values(
        LastPrice, (*KEY, *VALUE), [newest[key] for key in sorted(newest)], unique=KEY, newest="ordered_on"
    )


def _paid(order: Order, line: OrderLine) -> Paid:
    assert line.product_id is not None  # asked for by the queries
    return (
        order.company_id,
        order.seller_id,
        line.product_id,
        order.currency,
        line.unit_price,
        line.quantity,
        timezone.localdate(order.submitted_at),
        order.number,
    )


# --- Document numbers, which never repeat however many processes ask -------------------------------------------------


UNNUMBERED = "~"


def next_number(prefix: str, day: date) -> str:
    """The next number of a kind of document in the month of ``day``; one statement.

    The row stays locked until the transaction ends, so ask late. A transaction that fails leaves a gap or none.
    """
    return rules.document_number(prefix, day, _advance(rules.sequence_key(prefix, day), 1))


def unnumbered() -> str:
    """What stands where an order's number will be until it has one; nobody outside the transaction sees it."""
    return f"{UNNUMBERED}{uuid4().hex[:30]}"


def number_order(order: Order) -> None:
    """Give a new order its number, when everything else that others could be waiting for has been done."""
    if order.number.startswith(UNNUMBERED):
        order.number = next_number(conf.order_prefix(), timezone.localdate(order.submitted_at))


def next_numbers(prefix: str, day: date, count: int) -> list[str]:
    """``count`` numbers in a row, in one statement."""
    last = _advance(rules.sequence_key(prefix, day), count)
    return [rules.document_number(prefix, day, number) for number in range(last - count + 1, last + 1)]


def _advance(key: str, count: int) -> int:
    table = connection.ops.quote_name(NumberSequence._meta.db_table)
    sql = (
        f"INSERT INTO {table} (key, last) VALUES (%s, %s) "
        f"ON CONFLICT (key) DO UPDATE SET last = {table}.last + %s RETURNING last"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [key, count, count])
        return int(cursor.fetchone()[0])
