"""Mails about orders: to those who have to act next, and to the buyer when something happened to the order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from qudao_core import api as core
from qudao_core.hooks import Channel, Recipient

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
    company_id: int


def recipients(*, topic: str, payload: dict[str, Any], **event: Any) -> Iterable[Recipient]:
    """Whoever has to know that ``topic`` happened; nobody is written to about what they did themselves."""
    order, transition = _what_happened(payload)
    if order is not None and transition is not None:
        for reader, _acts in _readers(order, transition, topic):
            yield Recipient(f"user:{reader.user_id}", reader.email)


def write_to(
    *, event_id: int, topic: str, payload: dict[str, Any], recipient: str, **event: Any
) -> str | None:
    """Write to one of them, unless that person need not know any more."""
    order, transition = _what_happened(payload)
    if order is None or transition is None:
        return None
    for reader, acts in _readers(order, transition, topic):
        if recipient == f"user:{reader.user_id}":
            _send(reader, order, transition, topic, acts=acts, event_id=event_id)
            return reader.email
    return None


order_mail = Channel(recipients, write_to)


def _what_happened(payload: dict[str, Any]) -> tuple[Order | None, OrderTransition | None]:
    order = Order.objects.select_related("company", "seller", "flow").filter(pk=payload["order_id"]).first()
    return order, order.transitions.filter(pk=payload["transition_id"]).first() if order else None


def _readers(order: Order, event: OrderTransition, topic: str) -> list[tuple[Reader, bool]]:
    """Each person once, with whether they have to act; acting comes before being told."""
    told: dict[int, tuple[Reader, bool]] = {}
    for reader, acts in [*_next_people(order, event), *_buyer(order, event, topic)]:
        if reader.email:
            told.setdefault(reader.user_id, (reader, acts))
    return list(told.values())


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
    return Reader(user.pk, user.email, user.get_full_name() or user.email, language, company.pk)


def _send(
    reader: Reader, order: Order, event: OrderTransition, topic: str, *, acts: bool, event_id: int
) -> None:
    with override(reader.language):
        context = {
            "order": order,
            "event": event,
            "reader": reader,
            "acts": acts,
            "headline": _headline(reader, order, event, topic, acts=acts),
            "note": order.note if topic == "order.submitted" else event.note,
            "note_from": _("Note") if topic == "order.submitted" else event.actor_name,
            "facts": list(_facts(reader, order, event, acts=acts)),
            "link": _link(order),
        }
        core.send_mail(
            to=reader.email,
            template="qudao_b2b_ordering/mail/order",
            context=context,
            language=reader.language,
            message_id=f"event-{event_id}-{reader.user_id}",
        )


def _headline(reader: Reader, order: Order, event: OrderTransition, topic: str, *, acts: bool) -> str:
    if acts:
        step = access.flow_of(order).find(event.to_step)
        words = {
            "number": order.number,
            "step": step.label(reader.language) if step else "",
            "company": str(order.company),
        }
        if topic == "order.shipped":
            return _("Your order %(number)s is on its way: please confirm when it arrives") % words
        if reader.company_id == order.company_id:
            return _("%(step)s: your company's order %(number)s needs your action") % words
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


def _facts(reader: Reader, order: Order, event: OrderTransition, *, acts: bool) -> Iterable[tuple[str, str]]:
    """What a mail says about the order besides its total, in its reader's words: a label and a text for each line."""
    shipment = _shipment(order, event)
    if shipment is not None:
        yield (
            _("Shipment"),
            " ".join(filter(None, (shipment.number, shipment.carrier, shipment.tracking_number))),
        )
    if order.po_number:
        is_buyer = reader.company_id == order.company_id
        yield _("Your order number") if is_buyer else _("Buyer's order number"), order.po_number
    if acts and order.step_due:
        yield _("Due"), formats.date_format(timezone.localtime(order.step_due), "DATETIME_FORMAT")


def _shipment(order: Order, event: OrderTransition) -> Any:
    number = event.details.get("shipment")
    return order.shipments.filter(number=number).first() if number else None


def _link(order: Order) -> str:
    """The path of the order's page; empty on a host that mounts none."""
    try:
        return reverse("ordering:order", args=[order.number])
    except NoReverseMatch:
        return ""
