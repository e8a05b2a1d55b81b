"""Document numbers that never repeat, however many processes ask."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from ... import conf
from .. import rules
from ..models import NumberSequence, Order

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
