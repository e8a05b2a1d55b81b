"""Lists of orders: filtered, bounded by the caller's paging, told with the step they wait at and who has to do it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from qudao_core import api as core
from qudao_partner_portal import api as portal

from ...flow import queries as flows
from ...flow import rules as flow_rules
from ...flow.words import role_at
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
class Next:
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
    next: Next | None
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
        next=next_of(viewer, order, flow),
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


def next_of(viewer: core.Viewer, order: Order, flow: flow_rules.Flow | None) -> Next | None:
    """What the order waits for; a returned one waits for its buyer's change."""
    if order.status == rules.RETURNED:
        return _change_by_buyer(viewer, order)
    step = flow.find(order.step) if flow is not None and order.status == rules.OPEN else None
    if step is None:
        return None
    company = order.seller if step.side == flow_rules.SELLER else order.company
    return Next(
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


def _change_by_buyer(viewer: core.Viewer, order: Order) -> Next:
    return Next(
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
