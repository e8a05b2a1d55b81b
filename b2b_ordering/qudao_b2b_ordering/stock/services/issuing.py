"""Take shipped goods out of stock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core

from ...orders.models import Allocation, OrderLine
from .. import rules, sql
from ..models import StockLevel, StockMovement
from . import movements


@dataclass(frozen=True, slots=True)
class Issued:
    """``quantity`` units shipped for an order line."""

    line_id: int
    quantity: Decimal


@transaction.atomic
def issue(
    *, actor: Any, issued: Sequence[Issued], warehouse_id: int | None = None, reference: str = ""
) -> tuple[rules.Portion, ...]:
    """Turn promises into shipments: goods leave the levels they were promised from.

    Taken from ``warehouse_id`` only, or from every warehouse by priority. Products whose stock is not kept
    are passed over. Side effects: ``on_hand`` and ``allocated`` of the levels, ``Allocation`` rows, the
    lines' ``allocated`` counter, one movement per level and line with ``reference`` (the shipment's number).
    ``shipped`` is the caller's. An ERP count below what was promised never turns negative: the movement says
    what really left.

    :raises Refusal: ``not_allocated`` with a problem per line that was promised less than is to be shipped.
    """
    unkept = _unkept_lines(issued)
    kept = [each for each in issued if each.line_id not in unkept and each.quantity > 0]
    held = _held([each.line_id for each in kept], warehouse_id)
    portions: list[rules.Portion] = []
    problems: list[core.Problem] = []
    for number, each in enumerate(issued, start=1):
        if each.line_id in unkept or each.quantity <= 0:
            continue
        taken = _take(each, held.get(each.line_id, []))
        if sum((portion.quantity for portion in taken), rules.ZERO) < each.quantity:
            problems.append(_not_allocated(each, number))
        portions.extend(taken)
    if problems:
        first = problems[0]
        raise core.Refusal(first.code, first.message, remedy=first.remedy, problems=problems)
    _move(portions, actor, reference)
    return tuple(portions)


def _unkept_lines(issued: Sequence[Issued]) -> set[int]:
    """Lines of products whose stock is not kept."""
    return set(
        OrderLine.objects.filter(
            pk__in=[each.line_id for each in issued], product__stock_terms__is_unlimited=True
        ).values_list("pk", flat=True)
    )


def _held(line_ids: Sequence[int], warehouse_id: int | None) -> dict[int, list[tuple[int, Decimal]]]:
    """Line → (level, quantity) promised to it, in the order warehouses are drawn from; the levels are
    locked.
    """
    rows = Allocation.objects.filter(line_id__in=line_ids)
    if warehouse_id is not None:
        rows = rows.filter(level__warehouse_id=warehouse_id)
    levels = StockLevel.objects.select_for_update().filter(pk__in=rows.values("level_id"))
    list(levels.order_by("pk").values_list("pk"))
    found: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    ordered = rows.order_by("level__warehouse__priority", "level_id")
    for line_id, level_id, quantity in ordered.values_list("line_id", "level_id", "quantity"):
        found[line_id].append((level_id, quantity))
    return found


def _take(each: Issued, held: Sequence[tuple[int, Decimal]]) -> list[rules.Portion]:
    portions, rest = [], each.quantity
    for level_id, quantity in held:
        amount = min(rest, quantity)
        if amount > 0:
            portions.append(rules.Portion(each.line_id, level_id, amount))
            rest -= amount
    return portions


_LEVELS = f'"{StockLevel._meta.db_table}"'
_LINES = f'"{OrderLine._meta.db_table}"'
_ALLOCATIONS = f'"{Allocation._meta.db_table}"'
_SHIP_LEVELS = f"""
    UPDATE {_LEVELS} SET allocated = ROUND(allocated - v.c1, 3),
      on_hand = CASE WHEN on_hand > v.c1 THEN ROUND(on_hand - v.c1, 3) ELSE 0 END
    FROM {{rows}} WHERE {_LEVELS}.id = v.c0
"""
_SHRINK = f"""
    UPDATE {_ALLOCATIONS} SET quantity = ROUND(quantity - v.c2, 3)
    FROM {{rows}} WHERE {_ALLOCATIONS}.line_id = v.c0 AND {_ALLOCATIONS}.level_id = v.c1 AND quantity > v.c2
"""
_REMOVE = f"""
    DELETE FROM {_ALLOCATIONS} WHERE (line_id, level_id) IN (SELECT v.c0, v.c1 FROM {{rows}} WHERE true)
"""
_SHRINK_LINES = f"""
    UPDATE {_LINES} SET allocated = ROUND(allocated - v.c1, 3) FROM {{rows}} WHERE {_LINES}.id = v.c0
"""


def _move(portions: Sequence[rules.Portion], actor: Any, reference: str) -> None:
    if not portions:
        return
    pair, triple = (sql.BIGINT, sql.NUMERIC), (sql.BIGINT, sql.BIGINT, sql.NUMERIC)
    by_level: dict[int, Decimal] = defaultdict(Decimal)
    by_line: dict[int, Decimal] = defaultdict(Decimal)
    for portion in portions:
        by_level[portion.level_id] += portion.quantity
        by_line[portion.line_id] += portion.quantity
    on_hand = dict(StockLevel.objects.filter(pk__in=by_level).values_list("pk", "on_hand"))
    sql.run(_SHIP_LEVELS, sorted(by_level.items()), pair)
    _shrink_allocations(portions, triple)
    sql.run(_SHRINK_LINES, sorted(by_line.items()), pair)
    _note(portions, on_hand, actor, reference)


def _shrink_allocations(portions: Sequence[rules.Portion], types: Sequence[str]) -> None:
    """Promises that were shipped in full go; the others shrink."""
    held = {
        (line_id, level_id): quantity
        for line_id, level_id, quantity in Allocation.objects.filter(
            line_id__in={portion.line_id for portion in portions}
        ).values_list("line_id", "level_id", "quantity")
    }
    rows = [(portion.line_id, portion.level_id, portion.quantity) for portion in portions]
    partly = [row for row in rows if held[row[0], row[1]] > row[2]]
    wholly = [row for row in rows if held[row[0], row[1]] <= row[2]]
    if partly:
        sql.run(_SHRINK, partly, types)
    if wholly:
        sql.run(_REMOVE, wholly, types)


def _note(portions: Sequence[rules.Portion], on_hand: dict[int, Decimal], actor: Any, reference: str) -> None:
    changes = []
    for portion in portions:
        left = min(portion.quantity, on_hand[portion.level_id])
        on_hand[portion.level_id] -= left
        changes.append((portion.level_id, -left))
    movements.note(StockMovement.Kind.ISSUE, changes, actor=actor, reference=reference)


def _not_allocated(each: Issued, line: int) -> core.Problem:
    return core.Problem(
        "not_allocated",
        _("The quantity to ship exceeds what is allocated to this line."),
        field="quantity",
        line=line,
        remedy=_("Ship less, or wait until the backorder has been filled."),
        params={"line_id": each.line_id},
    )
