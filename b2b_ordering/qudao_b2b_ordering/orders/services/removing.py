"""Remove past orders that were imported by mistake, with the last prices they set."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core

from ..models import Order, OrderLine, OrderTransition
from .last_prices import forget_removed

#: Rows that are part of an order and go with it.
OWN = ("OrderLine.order", "OrderTransition.order")
CHUNK = 500


def orders_in_use(ids: Collection[int]) -> dict[int, str]:
    """Order id → what refers to it, as people call it: shipments, exports, a cart that revises it."""
    return core.find_referrers(Order, ids, OWN)


@transaction.atomic
def remove_imported_orders(*, actor: Any, ids: Collection[int]) -> int:
    """Delete past orders that were imported; the last prices they set are again what they were before.

    One audit entry on each seller. A fixed number of statements per 500 orders.

    :raises core.Conflict: ``order_in_use``: something refers to one of them, or it was not imported.
    """
    orders = {row.pk: row for chunk in _chunks(sorted(ids)) for row in Order.objects.filter(pk__in=chunk)}
    foreign = {pk for pk, row in orders.items() if row.source != Order.Source.IMPORT}
    if foreign or orders_in_use(orders):
        raise core.Conflict("order_in_use", _("An order that is in use cannot be removed."))
    sellers: dict[int, int] = {}
    for row in orders.values():
        sellers[row.seller_id] = sellers.get(row.seller_id, 0) + 1
    for chunk in _chunks(sorted(orders)):
        for model in (OrderLine, OrderTransition):
            model.objects.filter(order_id__in=chunk)._raw_delete(connection.alias)
        Order.objects.filter(pk__in=chunk).delete()
    forget_removed(list(orders.values()))
    company = Order._meta.get_field("seller").related_model
    entries = [
        (row, "qudao.order.import_undone", {"changes": {"orders": [str(sellers[row.pk]), ""]}})
        for row in company._default_manager.filter(pk__in=sellers)
    ]
    core.record_many(actor=actor, entries=entries)
    return len(orders)


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
