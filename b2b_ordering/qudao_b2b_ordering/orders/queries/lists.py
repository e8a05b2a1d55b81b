"""Orders in lists, what waits for whom, and the seller's board of orders under way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from qudao_core import api as core
from qudao_partner_portal import api as portal

from ...flow import queries as flows
from ...flow import rules as flow_rules
from ...flow.labels import role_at
from .. import rules
from ..models import Order, OrderLine
from . import access


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What a list shows; everything empty: all the viewer may see.

    ``q``: part of the order's number, the buyer's number or an external key, an SKU or part of a product's name.
    ``status``: one of ``open returned rejected cancelled complete``; ``step``: a step's code. ``since`` and ``until``
    are days of submission in the site's time zone, both included. ``company`` is a company's code: it and everyone
    below it. ``side``: ``buyer`` (placed) or ``seller`` (received). ``mine``: only what waits for the viewer.
    ``late``: only what is past its due time.
    """

    q: str = ""
    status: str = ""
    step: str = ""
    since: date | None = None
    until: date | None = None
    company: str = ""
    side: str = ""
    mine: bool = False
    late: bool = False


EVERYTHING = OrderFilter()


def orders(viewer: core.Viewer, wanted: OrderFilter = EVERYTHING) -> QuerySet[Order]:
    """Orders the viewer may see that match, newest first; with their companies, ready for paging."""
    rows = access.visible(viewer).select_related("company", "seller").order_by("-submitted_at", "-pk")
    if wanted.q.strip():
        rows = rows.filter(_text(wanted.q.strip()))
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.step:
        rows = rows.filter(status=Order.Status.OPEN, step=wanted.step)
    if wanted.side:
        rows = rows.filter(_side(viewer, wanted.side))
    if wanted.company:
        rows = rows.filter(company__path__startswith=_path(viewer, wanted.company))
    if wanted.late:
        rows = rows.filter(status=Order.Status.OPEN, step_due__lt=timezone.now())
    if wanted.mine:
        rows = rows.filter(waits_for(viewer))
    return _between(rows, wanted.since, wanted.until)


def _between(rows: QuerySet[Order], since: date | None, until: date | None) -> QuerySet[Order]:
    if since and since > date.min:  # a time zone would move the first day of all out of what a date can be
        rows = rows.filter(submitted_at__gte=_start(since))
    if until and until < date.max:
        rows = rows.filter(submitted_at__lt=_start(until + timedelta(days=1)))
    return rows


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _text(text: str) -> Q:
    lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by()
    product = lines.filter(Q(sku__istartswith=text) | Q(name__icontains=text) | Q(name_zh__icontains=text))
    own = Q(number__icontains=text) | Q(po_number__icontains=text) | Q(external_key__iexact=text)
    return own | Q(company__name__icontains=text) | Q(Exists(product))


def _side(viewer: core.Viewer, side: str) -> Q:
    if side == flow_rules.SELLER:
        return Q() if viewer.may(access.VIEW) else Q(seller_id=viewer.company_id)
    return Q(company_id=viewer.company_id)


def _path(viewer: core.Viewer, code: str) -> str:
    """The place of a company the viewer may know; something no company stands at, for others.

    The seller also knows its customers, who stand below it.
    """
    found = portal.visible_companies(viewer).filter(code=code).values_list("path", flat=True).first()
    return found or "-"


def step_name(viewer: core.Viewer, code: str) -> str:
    """A step's name in the reader's language; empty where no flow the viewer deals with has such a step."""
    if not code:
        return ""
    sellers = [pk for pk in (viewer.company_id, viewer.seller_id) if pk]
    for flow in flows.latest_flows(sellers):
        if step := flow.find(code):
            return step.label(viewer.language)
    older = access.visible(viewer).filter(step=code, flow__isnull=False).order_by("-pk")
    for flow in flows.flows_of(older.values_list("flow_id", flat=True)[:1]).values():
        if step := flow.find(code):
            return step.label(viewer.language)
    return ""


# --- What waits for whom ---------------------------------------------------------------------------------------


def waits_for(viewer: core.Viewer) -> Q:
    """The condition of orders whose next move is the viewer's: a step it may do, or an order returned to it.

    One statement finds the steps at which orders stand; the condition grows with the kinds of steps, never with the
    number of companies, sellers or orders.
    """
    flows_at: dict[tuple[str, str], list[int]] = {}
    for place in _places(viewer):
        if place.whose:
            flows_at.setdefault((place.step.code, place.whose), []).append(place.flow_id)
    condition = Q(pk=None)
    for (code, whose), flow_ids in flows_at.items():
        here = Q(status=Order.Status.OPEN, step=code, flow_id__in=flow_ids)
        condition |= here & _whose(viewer, whose)
    if viewer.is_member and viewer.has_role("buyer"):
        condition |= Q(status=Order.Status.RETURNED, company_id=viewer.company_id)
    return condition


#: Which of the orders at a step the viewer may handle: all of them, those of one side, of either side, none.
ALL, BOUGHT, SOLD, EITHER, NONE = "all", "bought", "sold", "either", ""


@dataclass(frozen=True, slots=True)
class _Place:
    """Orders at one step of one flow: how many there are, which of them the viewer may handle, how many those are."""

    flow_id: int
    step: flow_rules.Step
    count: int
    whose: str
    mine: int


def _places(viewer: core.Viewer) -> list[_Place]:
    own = {whose: _whose(viewer, whose) for whose in (BOUGHT, SOLD, EITHER)}
    rows = (
        access.visible(viewer)
        .filter(status=Order.Status.OPEN, flow__isnull=False)
        .order_by()
        .values("flow_id", "step")
        .annotate(count=Count("pk"), **{whose: Count("pk", filter=mine) for whose, mine in own.items()})
    )
    found = list(rows)
    known = flows.flows_of(row["flow_id"] for row in found)
    places = []
    for row in found:
        step = known[row["flow_id"]].find(row["step"])
        if step is not None:
            whose = _handled(viewer, step)
            mine = {ALL: row["count"], NONE: 0}.get(whose, row.get(whose, 0))
            places.append(_Place(row["flow_id"], step, row["count"], whose, mine))
    return places


def _handled(viewer: core.Viewer, step: flow_rules.Step) -> str:
    """Which orders at this step the viewer may handle; the answer depends on the sides it stands on only."""
    nobody = Order(company_id=0, seller_id=0)
    if access.may_do(viewer, nobody, step):
        return ALL
    bought = access.may_do(viewer, Order(company_id=viewer.company_id, seller_id=0), step)
    sold = access.may_do(viewer, Order(company_id=0, seller_id=viewer.company_id), step)
    return EITHER if bought and sold else BOUGHT if bought else SOLD if sold else NONE


def _whose(viewer: core.Viewer, whose: str) -> Q:
    bought, sold = Q(company_id=viewer.company_id), Q(seller_id=viewer.company_id)
    return {ALL: Q(), BOUGHT: bought, SOLD: sold, EITHER: bought | sold}[whose]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the viewer. ``steps``: (code, name, kind, number of orders), the most first.

    ``everywhere``: (code, name, number of orders) of all open orders the viewer may see, in the flow's order.
    """

    to_do: int
    returned: int
    in_progress: int
    steps: tuple[tuple[str, str, str, int], ...] = ()
    everywhere: tuple[tuple[str, str, int], ...] = ()


def waiting(viewer: core.Viewer) -> Waiting:
    """Counts for the home page, in three statements at most; each stands for a list with the same filter."""
    places = _places(viewer)
    by_step: dict[tuple[str, str, str], int] = {}
    for place in places:
        if place.mine:
            key = (place.step.code, place.step.label(viewer.language), place.step.kind)
            by_step[key] = by_step.get(key, 0) + place.mine
    returned = 0
    if viewer.is_member and viewer.has_role("buyer"):
        rows = access.visible(viewer).filter(status=Order.Status.RETURNED, company_id=viewer.company_id)
        returned = rows.count()
    steps = sorted(((*key, count) for key, count in by_step.items()), key=lambda step: (-step[3], step[0]))
    return Waiting(
        to_do=sum(by_step.values()) + returned,
        returned=returned,
        in_progress=sum(place.count for place in places),
        steps=tuple(steps),
        everywhere=tuple(_everywhere(places, viewer.language)),
    )


def _everywhere(places: Iterable[_Place], language: str) -> Iterable[tuple[str, str, int]]:
    found: dict[tuple[str, str], int] = {}
    for place in sorted(places, key=lambda each: flow_rules.KINDS.index(each.step.kind)):
        key = (place.step.code, place.step.label(language))
        found[key] = found.get(key, 0) + place.count
    return ((code, name, count) for (code, name), count in found.items())


# --- Rows of a list --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NextStep:
    """Who has to do what next. ``who`` is ready for the reader ("Finance, Huaguang"); ``mine``: the reader may.

    ``due`` is when it should be done; ``late``: that is past.
    """

    code: str
    name: str
    kind: str
    side: str
    role: str
    who: str
    since: datetime | None
    due: datetime | None
    late: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order in a list. Amounts are gross in ``currency``; ``next`` is ``None`` when it is closed.

    ``way``: (step, ``done``, ``current`` or ``ahead``) of an open order.
    """

    id: int
    number: str
    status: str
    status_label: str
    company_code: str
    company_name: str
    seller_name: str
    po_number: str
    external_key: str
    gross: Decimal
    currency: str
    line_count: int
    submitted_at: datetime
    requested_on: date | None
    closed_at: datetime | None
    updated_at: datetime
    revision: int
    next: NextStep | None
    way: tuple[tuple[str, str], ...] = ()


def order_rows(viewer: core.Viewer, rows: Iterable[Order]) -> list[OrderRow]:
    """The orders of one page as rows: one statement more, however many."""
    found = list(rows)
    known = flows.flows_of(order.flow_id for order in found if order.status == rules.OPEN)
    return [_row(viewer, order, known) for order in found]


def _row(viewer: core.Viewer, order: Order, known: Mapping[int, flow_rules.Flow]) -> OrderRow:
    flow = known.get(order.flow_id) if order.flow_id is not None else None
    return OrderRow(
        id=order.pk,
        number=order.number,
        status=order.status,
        status_label=str(order.get_status_display()),
        company_code=order.company.code,
        company_name=str(order.company),
        seller_name=str(order.seller),
        po_number=order.po_number,
        external_key=order.external_key,
        gross=order.gross,
        currency=order.currency,
        line_count=order.line_count,
        submitted_at=order.submitted_at,
        requested_on=order.requested_on,
        closed_at=order.closed_at,
        updated_at=order.updated_at,
        revision=order.revision,
        next=next_step_of(viewer, order, flow),
        way=tuple(_way(order, flow, viewer.language)) if flow is not None else (),
    )


def _way(order: Order, flow: flow_rules.Flow, language: str) -> Iterable[tuple[str, str]]:
    state = "done"
    for step in flow_rules.path(flow, access.facts_of(order)):
        if step.code == order.step:
            yield step.label(language), "current"
            state = "ahead"
        else:
            yield step.label(language), state


def next_step_of(viewer: core.Viewer, order: Order, flow: flow_rules.Flow | None) -> NextStep | None:
    """What the order waits for; a returned one waits for its buyer's change."""
    if order.status == rules.RETURNED:
        return _change_by_buyer(viewer, order)
    step = flow.find(order.step) if flow is not None and order.status == rules.OPEN else None
    if step is None:
        return None
    company = order.seller if step.side == flow_rules.SELLER else order.company
    return NextStep(
        code=step.code,
        name=step.label(viewer.language),
        kind=step.kind,
        side=step.side,
        role=step.role,
        who=role_at(step.role, company),
        since=order.step_since,
        due=order.step_due,
        late=order.step_due is not None and order.step_due < timezone.now(),
        mine=access.may_do(viewer, order, step),
    )


def _change_by_buyer(viewer: core.Viewer, order: Order) -> NextStep:
    return NextStep(
        code="change",
        name=str(Order.Status.RETURNED.label),
        kind="change",
        side=flow_rules.BUYER,
        role="buyer",
        who=role_at("buyer", order.company),
        since=order.step_since,
        due=None,
        late=False,
        mine=viewer.company_id == order.company_id and viewer.has_role("buyer"),
    )


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
