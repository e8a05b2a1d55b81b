"""Keep what a company last paid for each product, to show it beside today's price."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils import timezone

from ... import bulk
from ...pricing.models import LastPrice
from ..models import Order, OrderLine

KEY = ("company", "seller", "product", "currency")
VALUE = ("unit_price", "quantity", "ordered_on", "order_number")


def remember(order: Order) -> None:
    """The prices of an order that was placed just now: newer than whatever was kept. Two statements."""
    lines = OrderLine.objects.filter(order=order, product__isnull=False).order_by("position")
    bulk.insert([_row(order, line) for line in lines], unique=KEY, update=VALUE)


#: A price that was paid: company, seller, product, currency, unit price, quantity, day, order number.
Paid = tuple[int, int, int, str, Decimal, Decimal, date, str]


def remember_past(paid: Iterable[Paid]) -> None:
    """Prices of past orders, where nothing newer is kept; the same statements for any number of them."""
    newest: dict[tuple[int, int, int, str], Paid] = {}
    for row in paid:
        known = newest.get(row[:4])
        if known is None or known[6] <= row[6]:
            newest[row[:4]] = row
    bulk.upsert_values(LastPrice, (*KEY, *VALUE), newest.values(), unique=KEY, newest="ordered_on")


def _row(order: Order, line: OrderLine) -> LastPrice:
    return LastPrice(
        company_id=order.company_id,
        seller_id=order.seller_id,
        product_id=line.product_id,
        currency=order.currency,
        unit_price=line.unit_price,
        quantity=line.quantity,
        ordered_on=timezone.localdate(order.submitted_at),
        order_number=order.number,
    )
