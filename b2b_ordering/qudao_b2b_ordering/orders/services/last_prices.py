"""Keep what a company last paid for each product, to show it beside today's price: a fact of confirmed orders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from qudao_core import bulk_sql

from ...pricing.models import LastPrice
from ..models import Order, OrderLine
from ..rules import COMPLETE, OPEN

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
        remember_past(_paid(order, line) for line in lines)
    elif not confirmed and order.confirmed_at is not None:
        order.confirmed_at = None
        _forget(order)


def _forget(order: Order) -> None:
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
    remember_past(_paid(line.order, line) for line in before)


def forget_removed(orders: Sequence[Order]) -> None:
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
        remember_past(row for row in paid if row[:4] in gone)


#: A price that was paid: company, seller, product, currency, unit price, quantity, day, order number.
Paid = tuple[int, int, int, str, Decimal, Decimal, date, str]


def remember_past(paid: Iterable[Paid]) -> None:
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
