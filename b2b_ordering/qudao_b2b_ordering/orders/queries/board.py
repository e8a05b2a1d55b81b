"""The seller's board: a column per step with the orders that wait there, how long, how much, and what blocks them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from qudao_core import api as core

from ...flow import queries as flows
from ...flow import rules as flow_rules
from .. import rules
from ..models import Order, OrderLine
from . import access
from .lists import OrderFilter, orders

#: Cards of a column; the column says how many there are in all.
MOST_CARDS = 50
RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Card:
    """An order at a step. ``hours`` is how long it has waited; ``blocked`` says what keeps it there, if anything."""

    id: int
    number: str
    revision: int
    company_code: str
    company_name: str
    gross: Decimal
    currency: str
    line_count: int
    submitted_at: datetime
    requested_on: date | None
    since: datetime | None
    due: datetime | None
    hours: int
    late: bool
    blocked: str
    may_act: bool
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A step. ``count`` and ``late`` are of all its orders, ``cards`` the longest waiting ones.

    ``amounts``: (currency, gross) of all its orders.
    """

    code: str
    name: str
    kind: str
    side: str
    role: str
    count: int
    late: int
    amounts: tuple[tuple[str, Decimal], ...]
    cards: tuple[Card, ...]
    may_act: bool

    @property
    def more(self) -> int:
        return self.count - len(self.cards)


@dataclass(frozen=True, slots=True)
class Board:
    columns: tuple[Column, ...]

    @property
    def count(self) -> int:
        return sum(column.count for column in self.columns)


def board(viewer: core.Viewer, wanted: OrderFilter | None = None, *, cards: int = MOST_CARDS) -> Board:
    """The orders the viewer's company received and that are under way, by step, in a constant number of statements.

    The columns are the steps of the flows in force, in their order; steps of older versions at which orders still
    stand come after them, and orders returned to their buyer last. The back office sees all sellers together.

    :raises Forbidden: ``no_board``: the viewer's company receives no orders, or it is not the viewer's work.
    """
    rows = _received(viewer, wanted or OrderFilter())
    totals = list(
        rows.order_by()
        .values_list("status", "flow_id", "step", "currency")
        .annotate(
            count=Count("pk"), amount=Sum("gross"), late=Count("pk", filter=Q(step_due__lt=timezone.now()))
        )
    )
    known = flows.flows_of(row[1] for row in totals)
    shown = _longest_waiting(rows, cards)
    waiting = _lines_waiting(shown)
    made = [_card(viewer, order, known, waiting) for order in shown]
    return Board(tuple(_columns(viewer, totals, known, shown, made)))


def may_see_board(viewer: core.Viewer) -> bool:
    return viewer.may(access.VIEW) or (viewer.is_seller and viewer.has_role(*access.SELLER_ROLES))


def _received(viewer: core.Viewer, wanted: OrderFilter) -> QuerySet[Order]:
    if not may_see_board(viewer):
        raise core.Forbidden("no_board", _("Only staff of a selling company can use the order board."))
    rows = orders(viewer, wanted).filter(status__in=(rules.OPEN, rules.RETURNED))
    return rows if viewer.may(access.VIEW) else rows.filter(seller_id=viewer.company_id)


def _longest_waiting(rows: QuerySet[Order], cards: int) -> list[Order]:
    place = Window(RowNumber(), partition_by=[F("status"), F("step")], order_by=[F("step_since"), F("pk")])
    return list(rows.order_by("step_since", "pk").annotate(place=place).filter(place__lte=cards))


def _lines_waiting(shown: Sequence[Order]) -> dict[int, tuple[int, int]]:
    """Order id → (lines that wait for goods, lines with something ready), in one statement."""
    rows = OrderLine.objects.filter(order_id__in=[order.pk for order in shown]).order_by()
    counted = rows.values_list("order_id").annotate(
        waiting=Count("pk", filter=Q(backordered__gt=0)), ready=Count("pk", filter=Q(allocated__gt=0))
    )
    return {order_id: (waiting, ready) for order_id, waiting, ready in counted}


def _card(
    viewer: core.Viewer,
    order: Order,
    known: Mapping[int, flow_rules.Flow],
    waiting: Mapping[int, tuple[int, int]],
) -> Card:
    now = timezone.now()
    flow = known.get(order.flow_id) if order.flow_id is not None else None
    step = flow.find(order.step) if flow else None
    mine = step is not None and access.may_do(viewer, order, step)
    return Card(
        id=order.pk,
        number=order.number,
        revision=order.revision,
        company_code=order.company.code,
        company_name=str(order.company),
        gross=order.gross,
        currency=order.currency,
        line_count=order.line_count,
        submitted_at=order.submitted_at,
        requested_on=order.requested_on,
        since=order.step_since,
        due=order.step_due,
        hours=int((now - order.step_since).total_seconds() // 3600) if order.step_since else 0,
        late=order.step_due is not None and order.step_due < now,
        blocked=_blocked(order, step, *waiting.get(order.pk, (0, 0))),
        may_act=mine,
        actions=step.actions if step and mine else (),
    )


def _blocked(order: Order, step: flow_rules.Step | None, waiting: int, ready: int) -> str:
    if step is None:
        return _("Waiting for the buyer's changes.") if order.status == rules.RETURNED else ""
    if step.kind == flow_rules.APPROVAL and order.facts.get("over_credit"):
        return str(order.facts.get("credit", {}).get("message") or _("Over credit."))
    if step.kind in (flow_rules.RELEASE, flow_rules.SHIPMENT) and waiting:
        text = ngettext("%(count)d line on backorder", "%(count)d lines on backorder", waiting)
        return text % {"count": waiting}
    return ""


def _columns(
    viewer: core.Viewer,
    totals: Sequence[tuple[str, int | None, str, str, int, Decimal, int]],
    known: Mapping[int, flow_rules.Flow],
    shown: Sequence[Order],
    cards: Sequence[Card],
) -> Iterable[Column]:
    steps = _steps(viewer, known)
    by_code: dict[str, list[Card]] = {}
    for order, card in zip(shown, cards, strict=True):
        by_code.setdefault(_code(order.status, order.step), []).append(card)
    for code, step in [*steps.items(), (RETURNED, None)]:
        own = [row for row in totals if _code(row[0], row[2]) == code]
        if step is None and not own:
            continue
        yield _column(viewer, code, step, own, by_code.get(code, []))


def _code(status: str, step: str) -> str:
    return RETURNED if status == rules.RETURNED else step


def _steps(viewer: core.Viewer, known: Mapping[int, flow_rules.Flow]) -> dict[str, flow_rules.Step]:
    """Step code → step: the flows in force first, then what only orders in flight still know."""
    current = flows.latest_flows([viewer.company_id] if viewer.company_id and viewer.is_seller else [])
    found: dict[str, flow_rules.Step] = {}
    for flow in [*current, *known.values()]:
        for step in flow.steps:
            if step.enabled:
                found.setdefault(step.code, step)
    ranked = sorted(found.values(), key=lambda step: flow_rules.KINDS.index(step.kind))
    return {step.code: step for step in ranked}


def _column(
    viewer: core.Viewer,
    code: str,
    step: flow_rules.Step | None,
    totals: Sequence[tuple[str, int | None, str, str, int, Decimal, int]],
    cards: Sequence[Card],
) -> Column:
    amounts: dict[str, Decimal] = {}
    for _status, _flow, _step, currency, _count, amount, _late in totals:
        amounts[currency] = amounts.get(currency, Decimal(0)) + amount
    return Column(
        code=code,
        name=step.label(viewer.language) if step else str(Order.Status.RETURNED.label),
        kind=step.kind if step else RETURNED,
        side=step.side if step else flow_rules.BUYER,
        role=step.role if step else "buyer",
        count=sum(row[4] for row in totals),
        late=sum(row[6] for row in totals),
        amounts=tuple(sorted(amounts.items())),
        cards=tuple(cards),
        may_act=any(card.may_act for card in cards),
    )
