"""Who sees which orders, and on which side of an order somebody stands. Everything else starts from here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_core.headless import Reference, ReferenceKinds, resolve, resolve_many

from ... import conf
from ...flow import rules as flow_rules
from .. import rules
from ..models import Order, OrderTransition, Shipment

VIEW, CHANGE = "qudao_b2b_ordering.view_order", "qudao_b2b_ordering.change_order"
#: Roles that make orders a person's business, by the side of the company.
BUYER_ROLES = ("buyer", "approver", "finance")
SELLER_ROLES = ("sales", "finance", "warehouse", "approver")


def visible(viewer: core.Viewer) -> QuerySet[Order]:
    """Orders the viewer may see.

    The buyer's people (buyer, approver, finance) see their company's, the seller's staff those it received, the back
    office all. A company between the two sees the orders of those below it only where the host says so
    (``QUDAO_PARENTS_SEE_ORDERS``).
    """
    rows = Order.objects.all()
    if viewer.may(VIEW) or viewer.may(CHANGE):
        return rows
    if not viewer.is_member or viewer.user_id is None:
        return rows.none()
    seen = Q(pk=None)
    if viewer.has_role(*BUYER_ROLES):
        seen |= Q(company_id=viewer.company_id)
        if conf.parents_see_orders():
            company = apps.get_model("qudao_partner_portal", "Company")
            below = company.objects.filter(path__startswith=viewer.company_path)
            seen |= Q(company_id__in=below.order_by().values("pk"))
    if viewer.is_seller and viewer.has_role(*SELLER_ROLES):
        seen |= Q(seller_id=viewer.company_id)
    return rows.filter(seen)


def get_order(viewer: core.Viewer, reference: str | Reference) -> Order:
    """The order with this number or reference, with its companies and its flow version.

    :raises NotFound: there is none, or it is not the viewer's business.
    :raises Refusal: ``ambiguous_reference``: an external key that orders at several sellers have.
    """
    if isinstance(reference, str):
        reference = Reference("number", reference)
    return resolve(reference, visible(viewer).select_related("seller", "company", "flow"), ORDER_NAMES)


def order_not_found() -> core.NotFound:
    return core.NotFound("order_not_found", _("There is no such order."))


def shipment_not_found() -> core.NotFound:
    return core.NotFound("shipment_not_found", _("There is no such shipment."))


def _number(row: Any) -> str:
    return str(row.number)


#: How orders and shipments are named: by number, or ``ext:`` and the seller's key.
ORDER_NAMES = ReferenceKinds(
    order_not_found, {"number": "number", "ext": "external_key"}, ("number",), has_id=False, public=_number
)
SHIPMENT_NAMES = ReferenceKinds(
    shipment_not_found, {"number": "number", "ext": "external_key"}, ("number",), has_id=False, public=_number
)


def get_shipment(order: Order, reference: Reference) -> Shipment:
    """A shipment of the order.

    :raises NotFound: ``shipment_not_found``.
    """
    return resolve(reference, order.shipments.select_related("order__company"), SHIPMENT_NAMES)


def numbers(viewer: core.Viewer, references: Iterable[Reference]) -> dict[Reference, str | core.Refusal]:
    """The number of the order that each reference names, or why it names none; no statement for numbers."""
    wanted = list(references)
    keys = [each for each in wanted if each.kind not in ("", "number")]
    found = resolve_many(keys, visible(viewer).only("pk", "number", "external_key"), ORDER_NAMES)
    named: dict[Reference, str | core.Refusal] = {}
    for each in wanted:
        row = found.get(each, each.value)
        named[each] = row if isinstance(row, str | core.Refusal) else row.number
    return named


def sides(viewer: core.Viewer, order: Order) -> frozenset[str]:
    """On which sides of the order the viewer stands. The back office stands on the seller's."""
    found = set(_own_sides(viewer, order))
    if viewer.may(CHANGE):
        found.add(flow_rules.SELLER)
    return frozenset(found)


def _own_sides(viewer: core.Viewer, order: Order) -> Iterator[str]:
    if viewer.is_member and viewer.company_id == order.company_id:
        yield flow_rules.BUYER
    if viewer.is_member and viewer.company_id == order.seller_id:
        yield flow_rules.SELLER


def may_do(viewer: core.Viewer, order: Order, step: flow_rules.Step) -> bool:
    """Whether the viewer is the one (or one of those) who has to do ``step`` of this order."""
    if step.side == flow_rules.SELLER and viewer.may(CHANGE):
        return True
    return flow_rules.may_act(step, sides=set(_own_sides(viewer, order)), roles=viewer.roles)


def is_held(viewer: core.Viewer, order: Order) -> bool:
    """Whether the viewer's company bought this order and may not order now: it can stop it, not send it on."""
    return viewer.company_id == order.company_id and not viewer.may_trade


def may_cancel_for(viewer: core.Viewer, order: Order, side: str) -> bool:
    """Whether the viewer holds a role on ``side`` with which orders are cancelled or commented."""
    if viewer.may(CHANGE) and side == flow_rules.SELLER:
        return True
    if side not in set(_own_sides(viewer, order)):
        return False
    return viewer.has_role(*(("buyer", "approver") if side == flow_rules.BUYER else ("sales",)))


def flow_of(order: Order) -> flow_rules.Flow:
    """The flow version the order keeps; past orders have none."""
    return order.flow.as_flow if order.flow else flow_rules.Flow(())


def facts_of(order: Order) -> flow_rules.Facts:
    return flow_rules.Facts.from_data(order.facts, amount=order.gross)


#: How long an approval or release may be taken back.
UNDO_WITHIN = timedelta(hours=1)


def may_cancel(order: Order, side: str, *, shipped: bool) -> bool:
    """Whether ``side`` may still call the order off; who of that side is another question."""
    if order.status == rules.RETURNED:
        return True
    if order.status != rules.OPEN or order.flow is None:
        return False
    return flow_rules.may_cancel(flow_of(order), facts_of(order), order.step, side=side, shipped=shipped)


def undoable(
    viewer: core.Viewer, order: Order, events: Sequence[OrderTransition], shipped: bool
) -> OrderTransition | None:
    """The approval or release that the viewer gave last and may still take back. ``events``: oldest first."""
    last = events[-1] if events else None
    if last is None or order.status != rules.OPEN or viewer.user_id is None or shipped:
        return None
    mine = last.action in ("approve", "release") and last.actor_id == viewer.user_id
    return last if mine and timezone.now() - last.at <= UNDO_WITHIN else None


def to_undo(viewer: core.Viewer, numbers: Iterable[str]) -> list[Order]:
    """Those of the orders whose last approval or release the viewer gave and may still take back; two statements."""
    wanted = [number for number in numbers if number]
    if not wanted or viewer.user_id is None:
        return []
    since = timezone.now() - UNDO_WITHIN
    found = list(visible(viewer).filter(number__in=wanted, status=rules.OPEN, shipments=None))
    events: dict[int, list[OrderTransition]] = {}
    rows = OrderTransition.objects.filter(order__in=found, at__gte=since).order_by("at", "pk")
    for event in rows:
        events.setdefault(event.order_id, []).append(event)
    return [order for order in found if undoable(viewer, order, events.get(order.pk, []), False)]
