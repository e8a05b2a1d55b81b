"""Keep what a company last paid for each product, to show it beside today's price."""

from __future__ import annotations

from collections.abc import Iterable

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


def remember_past(placed: Iterable[tuple[Order, Iterable[OrderLine]]]) -> None:
    """The prices of past orders, where nothing newer is kept: one read and one write for any number of orders."""
    newest: dict[tuple[int, int, int, str], LastPrice] = {}
    for order, lines in placed:
        for line in lines:
            if line.product_id is not None and line.quantity > 0:
                _keep_newer(newest, _row(order, line))
    known = LastPrice.objects.filter(company_id__in={key[0] for key in newest}).order_by()
    for company, seller, product, currency, day in known.values_list(*_KEY_COLUMNS, "ordered_on"):
        key = (company, seller, product, currency)
        if key in newest and newest[key].ordered_on < day:
            del newest[key]
    bulk.insert(list(newest.values()), unique=KEY, update=VALUE)


_KEY_COLUMNS = ("company_id", "seller_id", "product_id", "currency")


def _keep_newer(newest: dict[tuple[int, int, int, str], LastPrice], row: LastPrice) -> None:
    key = (row.company_id, row.seller_id, row.product_id, row.currency)
    if key not in newest or newest[key].ordered_on <= row.ordered_on:
        newest[key] = row


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
