"""Mails about orders: to those who have to act next, and to the buyer when something happened to the order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from qudao_partner_portal import api as portal

from ..flow import rules as flow_rules
from .models import Order, OrderTransition
from .queries import access

#: What the buyer is told about, besides the confirmation of the order itself.
TELLS_BUYER = frozenset(
    {
        "order.rejected",
        "order.returned",
        "order.cancelled",
        "order.shipped",
        "order.completed",
        "order.noted",
    }
)
#: People of one role who are written to at most.
MOST_READERS = 50


@dataclass(frozen=True, slots=True)
class Reader:
    user_id: int
    email: str
    name: str
    language: str


@portal.outside
def order_mail(*, event_id: int, topic: str, aggregate: str, payload: dict[str, Any]) -> None:
    """Write to whoever has to know that ``topic`` happened; nobody is written to about what they did themselves."""
    order = Order.objects.select_related("company", "seller", "flow").filter(pk=payload["order_id"]).first()
    if order is None:
        return
    event = order.transitions.filter(pk=payload["transition_id"]).first()
    if event is None:
        return
    told: set[int] = set()
    for reader, acts in [*_next_people(order, event), *_buyer(order, event, topic)]:
        if reader.user_id not in told and reader.email:
            told.add(reader.user_id)
            _send(reader, order, event, topic, acts=acts, event_id=event_id)


def _next_people(order: Order, event: OrderTransition) -> Iterable[tuple[Reader, bool]]:
    """Those who may do the step the order has just come to, as long as it still waits there."""
    if event.from_step == event.to_step or not event.to_step or order.step != event.to_step:
        return
    step = access.flow_of(order).find(event.to_step)
    if step is None:
        return
    company = order.seller if step.side == flow_rules.SELLER else order.company
    for reader in _holders(company, step.role, order.placed_by_id if step.side == flow_rules.BUYER else None):
        if reader.user_id != event.actor_id:
            yield reader, True


def _holders(company: Any, role: str, first: int | None) -> list[Reader]:
    """People of a company who hold a role; its administrators where nobody does.

    Of a buyer's people only the one who placed the order is written to, if that person holds the role.
    """
    model = apps.get_model("qudao_partner_portal", "Membership")
    rows = model.objects.filter(company=company, is_active=True, user__is_active=True).select_related("user")
    rows = rows.distinct().order_by("pk")
    found = list(rows.filter(roles__role=role)[:MOST_READERS])
    found = found or list(rows.filter(roles__role="admin")[:MOST_READERS])
    own = [row for row in found if row.user_id == first]
    return [_reader(row.user, company) for row in own or found]


def _buyer(order: Order, event: OrderTransition, topic: str) -> Iterable[tuple[Reader, bool]]:
    placed = order.placed_by
    if placed is None or not placed.is_active:
        return
    confirmation = topic == "order.submitted"
    if confirmation or (topic in TELLS_BUYER and placed.pk != event.actor_id):
        yield _reader(placed, order.company), False


def _reader(user: Any, company: Any) -> Reader:
    language = getattr(user, "language", "") or company.language or settings.LANGUAGE_CODE
    return Reader(user.pk, user.email, user.get_full_name() or user.email, language)


def _send(
    reader: Reader, order: Order, event: OrderTransition, topic: str, *, acts: bool, event_id: int
) -> None:
    with override(reader.language):
        context = {
            "order": order,
            "event": event,
            "reader": reader,
            "acts": acts,
            "headline": _headline(order, event, topic, acts, reader.language),
            "note": event.note if topic != "order.submitted" else order.note,
            "shipment": _shipment(order, event),
            "link": _link(order),
        }
        portal.send_mail(
            to=reader.email,
            template="qudao_b2b_ordering/mail/order",
            context=context,
            language=reader.language,
            message_id=f"event-{event_id}-{reader.user_id}",
        )


def _headline(order: Order, event: OrderTransition, topic: str, acts: bool, language: str) -> str:
    if acts:
        step = access.flow_of(order).find(event.to_step)
        words = {
            "number": order.number,
            "step": step.label(language) if step else "",
            "company": str(order.company),
        }
        return _("%(step)s: order %(number)s from %(company)s needs your action") % words
    return _TOLD[topic]() % {"number": order.number}


_TOLD = {
    "order.submitted": lambda: _("We have received your order %(number)s"),
    "order.rejected": lambda: _("Your order %(number)s was rejected"),
    "order.returned": lambda: _("Please change your order %(number)s"),
    "order.cancelled": lambda: _("Your order %(number)s was cancelled"),
    "order.shipped": lambda: _("Your order %(number)s is on its way"),
    "order.completed": lambda: _("Your order %(number)s is complete"),
    "order.noted": lambda: _("A comment on your order %(number)s"),
}


def _shipment(order: Order, event: OrderTransition) -> Any:
    number = event.details.get("shipment")
    return order.shipments.filter(number=number).first() if number else None


def _link(order: Order) -> str:
    """The path of the order's page; empty on a host that mounts none."""
    try:
        return reverse("ordering:order", args=[order.number])
    except NoReverseMatch:
        return ""
