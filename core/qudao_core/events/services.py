"""Write domain events. They are rows of the transaction that caused them: both happen or neither does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..audit.services import record
from ..errors import NotFound
from ..hooks import event_handlers
from ..viewer import Viewer
from ..viewers import require_permission
from . import rules
from .models import Delivery, OutboxEvent
from .notify_workers import wake

REPLAY = "qudao_core.change_delivery"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. ``topic`` is ``order.submitted``, ``aggregate`` is ``order:42``; no secrets."""

    topic: str
    aggregate: str
    payload: dict[str, Any] = field(default_factory=dict)


def emit(
    topic: str, *, aggregate: str, payload: dict[str, Any] | None = None, after: timedelta = timedelta()
) -> None:
    """Tell every registered handler of ``topic``, at least once, in order per ``aggregate``, after the commit.

    Writes one event and, in one more statement, a delivery for each handler that wants the topic; it is not due before
    ``after`` has passed.
    """
    emit_many([Event(topic, aggregate, payload or {})], after=after)


@transaction.atomic
def emit_many(events: Iterable[Event], *, after: timedelta = timedelta()) -> None:
    """The same for many events: two statements per thousand."""
    rows = OutboxEvent.objects.bulk_create(
        [OutboxEvent(topic=e.topic, aggregate=e.aggregate, payload=e.payload) for e in events],
        batch_size=1000,
    )
    due = timezone.now() + after
    wanted = [(name, topics) for name, (topics, _handler) in event_handlers.items()]
    deliveries = [
        Delivery(event=row, handler=name, aggregate=row.aggregate, available_at=due)
        for row in rows
        for name, topics in wanted
        if rules.wants(topics, row.topic)
    ]
    Delivery.objects.bulk_create(deliveries, batch_size=1000)
    if deliveries and not after and wake not in [entry[1] for entry in connection.run_on_commit]:
        transaction.on_commit(wake, robust=True)


@transaction.atomic
def replay(*, viewer: Viewer, delivery_id: int) -> Delivery:
    """Deliver an event once more to one handler, now, whatever became of it. Handlers are safe to repeat.

    Records ``qudao.delivery.replayed`` on the delivery.

    :raises NotFound: no such delivery. :raises Forbidden: no permission.
    """
    require_permission(viewer, REPLAY)
    delivery = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound("delivery_not_found", _("There is no such delivery."))
    before = delivery.state
    delivery.state, delivery.attempts, delivery.available_at = Delivery.State.WAITING, 0, timezone.now()
    delivery.leased_until, delivery.lease, delivery.done_at = None, "", None
    delivery.save()
    changes = {"state": [before, str(delivery.state)]}
    record(actor=viewer, instance=delivery, action="qudao.delivery.replayed", data={"changes": changes})
    transaction.on_commit(wake, robust=True)
    return delivery
