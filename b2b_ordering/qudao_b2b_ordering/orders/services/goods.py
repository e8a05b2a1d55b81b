"""What happens to the goods of an order: promised, given back, sent. Set-based; no step of a flow is known here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from qudao_catalog import api as catalog
from qudao_core import api as core

from ... import bulk, conf
from ...stock import services as stock
from ...stock import sql
from ...stock.models import Warehouse
from ...stock.rules import Wanted
from ...stock.services import Issued
from .. import problems, rules
from ..models import Order, OrderLine, Shipment, ShipmentLine
from .numbers import next_number


@dataclass(frozen=True, slots=True)
class ShipmentInput:
    """What leaves the house. No ``lines``: everything that lies ready. ``warehouse`` is a code; empty: from wherever
    it was promised. ``close_rest``: what is still open afterwards will not be delivered any more.
    """

    lines: Sequence[rules.ShipLine] = ()
    carrier: str = ""
    tracking_number: str = ""
    warehouse: str = ""
    note: str = ""
    external_key: str = ""
    shipped_at: datetime | None = None
    close_rest: bool = False


def promise_stock(order: Order, viewer: core.Viewer) -> None:
    """Allocate every open line that is not yet promised; safe to repeat.

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
        stock.allocate(seller_id=order.seller_id, wanted=wanted, viewer=viewer)
    except core.Refusal as refusal:
        raise problems.on_order_lines(refusal, numbers) from refusal


def release_stock(order: Order) -> None:
    """Give back what the order holds, first to lines that wait for it."""
    lines = list(OrderLine.objects.filter(order=order).values_list("pk", "product_id"))
    products = {product_id for _pk, product_id in lines if product_id is not None}
    stock.lock_products(products)
    stock.release(line_ids=[pk for pk, _product_id in lines])
    stock.allocate_backorders(seller_id=order.seller_id, product_ids=products)


def ship_everything(viewer: core.Viewer, order: Order) -> None:
    """What a flow without a shipment step means by going on: all that is open has left the house.

    :raises Refusal: ``not_allocated``: goods that have not come in yet cannot have left.
    """
    lines = line_states(order)
    wanted = rules.everything_open(list(lines.values()))
    if wanted:
        lock_goods(lines)
        move_goods(viewer, create_shipment(viewer, order, ShipmentInput()), lines, wanted)


def lock_goods(lines: Mapping[int, rules.LineState]) -> None:
    """Before anything is shipped or given up, and before a document's number is taken: see
    :func:`stock.lock_products`."""
    stock.lock_products({line.product_id for line in lines.values() if line.product_id is not None})


def move_goods(
    viewer: core.Viewer,
    shipment: Shipment,
    lines: Mapping[int, rules.LineState],
    wanted: Sequence[rules.ShipLine],
) -> None:
    """Issue the stock and count it as shipped, set-based."""
    kept = [each for each in wanted if lines[each.number].product_id is not None]
    issued = [Issued(lines[each.number].id, each.quantity) for each in kept]
    try:
        stock.issue(
            actor=viewer.user_id, issued=issued, warehouse_id=shipment.warehouse_id, reference=shipment.number
        )
    except core.Refusal as refusal:
        raise problems.on_order_lines(refusal, [each.number for each in kept]) from refusal
    bulk.insert(
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
        sql.run(_COUNT[counter], rows, (sql.BIGINT, sql.NUMERIC))


_LINES = f'"{OrderLine._meta.db_table}"'
_COUNT = {
    counter: f"UPDATE {_LINES} SET {counter} = ROUND({counter} + v.c1, 3) FROM {{rows}} WHERE {_LINES}.id = v.c0"
    for counter in ("shipped", "dropped", "received", "short", "damaged")
}
