"""Promise stock to order lines, and take promises back. Cannot oversell, however many processes try."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from qudao_core import api as core

from ...orders.models import Allocation, Order, OrderLine
from .. import queries, rules, sql
from ..models import StockLevel, StockTerms

#: Free stock went to lines that waited for it; ``order_ids``.
ALLOCATED = "stock.allocated"
#: At most so many waiting lines are looked at when goods arrive; the rest at the next arrival.
MAX_WAITING = 5000


@dataclass(frozen=True, slots=True)
class Allocated:
    """What was promised: ``portions`` (line, level, quantity), and per line what waits for goods."""

    portions: tuple[rules.Portion, ...]
    backordered: Mapping[int, Decimal]

    def of(self, line_id: int) -> Decimal:
        """Units promised to a line from stock."""
        return sum((each.quantity for each in self.portions if each.line_id == line_id), rules.ZERO)


@transaction.atomic
def allocate(
    *, seller_id: int, wanted: Sequence[rules.Wanted], viewer: core.Viewer | None = None
) -> Allocated:
    """Promise stock of the seller's active warehouses to order lines: all of them or none.

    Warehouses are drawn from by priority. What the stock lacks waits as a backorder where the product's terms
    allow it. Side effects: ``StockLevel.allocated``, ``Allocation`` rows, and the lines' ``allocated`` and
    ``backordered`` counters (added to). At most eight statements for any number of lines.

    :raises Refusal: ``not_enough_stock`` with a problem per line that cannot be filled (``line`` counts from
        1 in the order of ``wanted``); figures only where ``viewer`` sees exact stock. Nothing is promised
        then.
    """
    if not wanted:
        return Allocated((), {})
    product_ids = {line.product_id for line in wanted}
    levels = _lock_levels(seller_id, product_ids)
    terms = _lock_terms(product_ids)
    plan = rules.plan(wanted, levels, terms, _open_backorders(seller_id, terms))
    if plan.shortages:
        raise _refusal(wanted, plan.shortages, viewer)
    _promise(plan.portions)
    _count_lines(plan)
    return Allocated(plan.portions, plan.backordered)


@transaction.atomic
def allocate_backorders(*, seller_id: int, product_ids: Collection[int]) -> Allocated:
    """Give free stock to lines of open orders that wait for these products, oldest order first.

    A line may be filled in parts. Side effects as in :func:`allocate`, only that ``backordered`` shrinks; event
    ``stock.allocated``, whose handler notes that the orders have changed.
    """
    wanted = _waiting(seller_id, product_ids).order_by().values_list("product_id", flat=True).distinct()
    products = set(wanted)
    if not products:
        return Allocated((), {})
    levels = _lock_levels(seller_id, products)
    waiting = _waiting_lines(seller_id, products)
    portions = rules.share_out(waiting, levels)
    _promise(portions)
    filled = _per_line(portions)
    _change_lines([(line_id, quantity, -quantity) for line_id, quantity in filled.items()])
    if filled:
        _tell_orders(seller_id, filled)
    return Allocated(portions, {})


def _tell_orders(seller_id: int, line_ids: Collection[int]) -> None:
    """Orders are locked before stock levels, which are held here: theirs is told after the commit."""
    orders = Order.objects.filter(lines__in=line_ids).order_by("pk").distinct().values_list("pk", flat=True)
    core.emit(ALLOCATED, aggregate=f"stock:{seller_id}", payload={"order_ids": list(orders)})


@transaction.atomic
def note_allocated(*, payload: Mapping[str, Any], **event: Any) -> None:
    """Handler of :data:`ALLOCATED`: the orders whose lines got goods have changed. Safe to repeat."""
    held = Order.objects.select_for_update().filter(pk__in=payload["order_ids"]).order_by("pk")
    Order.objects.filter(pk__in=list(held.values_list("pk", flat=True))).update(updated_at=timezone.now())


@transaction.atomic
def release(*, line_ids: Collection[int]) -> None:
    """Take back everything promised to order lines and not yet shipped; their backorders end too.

    Side effects: ``StockLevel.allocated``, ``Allocation`` rows deleted, the lines' counters back to zero.
    Safe to repeat. Free stock is not given to waiting lines here: see :func:`allocate_backorders`.
    """
    level_ids = Allocation.objects.filter(line_id__in=line_ids).values("level_id")
    list(StockLevel.objects.select_for_update().filter(pk__in=level_ids).order_by("pk").values_list("pk"))
    held = list(Allocation.objects.filter(line_id__in=line_ids).values_list("level_id", "quantity"))
    change_levels(_summed((level_id, -quantity) for level_id, quantity in held))
    Allocation.objects.filter(line_id__in=line_ids).delete()
    OrderLine.objects.filter(pk__in=line_ids).update(allocated=0, backordered=0)


def change_levels(changes: Mapping[int, Decimal]) -> int:
    """Add to ``allocated`` of levels in one guarded statement: it never exceeds what is on hand, nor falls
    below 0.

    Returns how many levels let it happen.
    """
    if not changes:
        return 0
    return sql.run(_CHANGE_LEVELS, sorted(changes.items()), (sql.BIGINT, sql.NUMERIC), [sql.now()])


_LEVELS = f'"{StockLevel._meta.db_table}"'
_LINES = f'"{OrderLine._meta.db_table}"'
_ALLOCATIONS = f'"{Allocation._meta.db_table}"'
_CHANGE_LEVELS = f"""
    UPDATE {_LEVELS} SET allocated = ROUND(allocated + v.c1, 3), updated_at = %s FROM {{rows}}
    WHERE {_LEVELS}.id = v.c0 AND ROUND(allocated + v.c1, 3) >= 0
      AND (v.c1 <= 0 OR ROUND(on_hand - allocated - v.c1, 3) >= 0)
"""
_ADD_ALLOCATIONS = f"""
    INSERT INTO {_ALLOCATIONS} (line_id, level_id, quantity) SELECT v.c0, v.c1, v.c2 FROM {{rows}} WHERE true
    ON CONFLICT (line_id, level_id) DO UPDATE SET quantity = ROUND({_ALLOCATIONS}.quantity +
    excluded.quantity, 3)
"""
_CHANGE_LINES = f"""
    UPDATE {_LINES} SET allocated = ROUND(allocated + v.c1, 3), backordered = ROUND(backordered + v.c2, 3)
    FROM {{rows}} WHERE {_LINES}.id = v.c0
"""


def _lock_levels(seller_id: int, product_ids: Collection[int]) -> list[rules.Level]:
    """The levels of the products, locked in primary-key order, in the order they are drawn from."""
    rows = (
        StockLevel.objects.select_for_update(of=("self",))
        .filter(warehouse__seller_id=seller_id, warehouse__is_active=True, product_id__in=product_ids)
        .order_by("pk")
        .values_list("pk", "product_id", "on_hand", "allocated", "warehouse__priority")
    )
    by_priority = sorted(rows, key=lambda row: (row[4], row[0]))
    return [
        rules.Level(pk, product_id, on_hand - taken)
        for pk, product_id, on_hand, taken, _priority in by_priority
    ]


def _lock_terms(product_ids: Collection[int]) -> dict[int, rules.Terms]:
    """Terms of the products, locked so that a backorder limit is counted by one order at a time."""
    rows = StockTerms.objects.select_for_update().filter(pk__in=product_ids).order_by("pk")
    return {
        row.pk: rules.Terms(row.backorder, row.backorder_limit, row.is_unlimited, row.low_threshold)
        for row in rows
    }


def _open_backorders(seller_id: int, terms: Mapping[int, rules.Terms]) -> dict[int, Decimal]:
    limited = [product_id for product_id, own in terms.items() if own.backorder and own.limit is not None]
    if not limited:
        return {}
    rows = OrderLine.objects.filter(
        product_id__in=limited, order__seller_id=seller_id, order__status=Order.Status.OPEN, backordered__gt=0
    )
    return dict(rows.order_by().values_list("product_id").annotate(total=Sum("backordered")))


def _waiting(seller_id: int, product_ids: Collection[int]) -> QuerySet[OrderLine]:
    return OrderLine.objects.filter(
        order__seller_id=seller_id,
        order__status=Order.Status.OPEN,
        product_id__in=product_ids,
        backordered__gt=0,
    )


def _waiting_lines(seller_id: int, product_ids: Collection[int]) -> list[rules.Wanted]:
    """Oldest order first; locked in primary-key order, as everywhere."""
    rows = (
        _waiting(seller_id, product_ids)
        .select_for_update(of=("self",))
        .filter(pk__in=_first_in_line(seller_id, product_ids))
        .order_by("pk")
        .values_list("order__submitted_at", "order_id", "position", "pk", "product_id", "backordered")
    )
    return [rules.Wanted(*row[3:]) for row in sorted(rows, key=lambda row: row[:3])]


def _first_in_line(seller_id: int, product_ids: Collection[int]) -> QuerySet[OrderLine, Any]:
    first = _waiting(seller_id, product_ids).order_by("order__submitted_at", "order_id", "position")
    return first.values("pk")[:MAX_WAITING]


def lock_products(product_ids: Collection[int]) -> None:
    """Lock every stock level of the products, in primary-key order.

    Whoever changes stock takes all its levels at once, before any order line, so that nobody waits in a circle.
    A service that does several things to the same goods calls this first. The order of all locks is in
    ``docs/reference/locking.md``.
    """
    rows = StockLevel.objects.select_for_update().filter(product_id__in=product_ids).order_by("pk")
    list(rows.values_list("pk"))


def _promise(portions: Sequence[rules.Portion]) -> None:
    changes = _summed((portion.level_id, portion.quantity) for portion in portions)
    if change_levels(changes) != len(changes):
        raise core.Conflict(
            "stock_changed", queries.not_enough(None).message, remedy=queries.not_enough(None).remedy
        )
    if portions:
        rows = [(portion.line_id, portion.level_id, portion.quantity) for portion in portions]
        sql.run(_ADD_ALLOCATIONS, rows, (sql.BIGINT, sql.BIGINT, sql.NUMERIC))


def _count_lines(plan: rules.Plan) -> None:
    taken = _per_line(plan.portions)
    line_ids = sorted(taken.keys() | plan.backordered.keys())
    _change_lines(
        [
            (line_id, taken.get(line_id, rules.ZERO), plan.backordered.get(line_id, rules.ZERO))
            for line_id in line_ids
        ]
    )


def _change_lines(rows: Sequence[tuple[int, Decimal, Decimal]]) -> None:
    if rows:
        sql.run(_CHANGE_LINES, rows, (sql.BIGINT, sql.NUMERIC, sql.NUMERIC))


def _per_line(portions: Sequence[rules.Portion]) -> dict[int, Decimal]:
    return _summed((portion.line_id, portion.quantity) for portion in portions)


def _summed(pairs: Iterable[tuple[int, Decimal]]) -> dict[int, Decimal]:
    totals: dict[int, Decimal] = defaultdict(Decimal)
    for key, quantity in pairs:
        totals[key] += quantity
    return dict(totals)


def _refusal(
    wanted: Sequence[rules.Wanted], shortages: Sequence[rules.Shortage], viewer: core.Viewer | None
) -> core.Refusal:
    exact = viewer is not None and queries.policy_for(viewer).mode == "exact"
    position = {line.line_id: number for number, line in enumerate(wanted, start=1)}
    problems = [
        queries.not_enough(each.available if exact else None, position[each.line_id]) for each in shortages
    ]
    first = problems[0]
    return core.Refusal(first.code, first.message, remedy=first.remedy, problems=problems)
