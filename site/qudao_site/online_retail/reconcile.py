"""Compare what was imported with the source, to the penny."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.utils import timezone

from .convert import Converted


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that does not agree: ``by`` is invoice, customer or month."""

    by: str
    name: str
    source: Decimal
    imported: Decimal


def reconcile(seller: Any, done: Converted) -> list[Difference]:
    """Every difference between the file and the database; empty when all agree.

    Checked: for each invoice, customer and month the imported orders equal the order lines of the file, and order
    lines and reported rows together equal the file.
    """
    found = _imported(seller)
    differences = []
    for by in ("invoice", "customer", "month"):
        expected: Mapping[str, Decimal] = getattr(done.orders, by)
        differences += _compare(by, expected, found[by])
        whole: Mapping[str, Decimal] = getattr(done.source, by)
        others: Mapping[str, Decimal] = getattr(done.others, by)
        parts = {name: expected.get(name, Decimal(0)) + others.get(name, Decimal(0)) for name in whole}
        differences += _compare(f"{by} (with reported rows)", whole, parts)
    return differences


def _imported(seller: Any) -> dict[str, dict[str, Decimal]]:
    """Sums of the lines as they are stored, by invoice, customer and month. Added here: SQLite adds in floats."""
    line = apps.get_model("qudao_b2b_ordering", "OrderLine")
    rows = (
        line.objects.filter(order__seller=seller, order__source="import")
        .order_by()
        .values_list("order__external_key", "order__company__code", "order__submitted_at", "net")
    )
    found: dict[str, dict[str, Decimal]] = {
        by: defaultdict(Decimal) for by in ("invoice", "customer", "month")
    }
    for invoice, customer, at, net in rows.iterator(chunk_size=5000):
        found["invoice"][invoice] += net
        found["customer"][customer] += net
        found["month"][f"{timezone.localtime(at):%Y-%m}"] += net
    return found


def _compare(by: str, source: Mapping[str, Decimal], imported: Mapping[str, Decimal]) -> list[Difference]:
    return [
        Difference(by, name, source.get(name, Decimal(0)), imported.get(name, Decimal(0)))
        for name in sorted({*source, *imported})
        if source.get(name, Decimal(0)) != imported.get(name, Decimal(0))
    ]
