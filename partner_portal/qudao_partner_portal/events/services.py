"""Write domain events. They are rows of the transaction that caused them: both happen or neither does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from ..hooks import event_handlers
from . import rules
from .models import Delivery, OutboxEvent


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. ``topic`` is ``order.submitted``, ``aggregate`` is ``order:42``; ids, never secrets."""

    topic: str
    aggregate: str
    payload: dict[str, Any] = field(default_factory=dict)


def emit(topic: str, *, aggregate: str, payload: dict[str, Any] | None = None) -> None:
    """Tell every registered handler of ``topic``, at least once, in order per ``aggregate``, after this commits.

    Writes one event and, in one more statement, a delivery for each handler.
    """
    emit_many([Event(topic, aggregate, payload or {})])


@transaction.atomic
def emit_many(events: Iterable[Event]) -> None:
    """The same for many events: two statements per thousand."""
    rows = OutboxEvent.objects.bulk_create(
        [OutboxEvent(topic=e.topic, aggregate=e.aggregate, payload=e.payload) for e in events],
        batch_size=1000,
    )
    now = timezone.now()
    wanted = [(name, topics) for name, (topics, _handler) in event_handlers.items()]
    Delivery.objects.bulk_create(
        [
            Delivery(event=row, handler=name, aggregate=row.aggregate, available_at=now)
            for row in rows
            for name, topics in wanted
            if rules.wants(topics, row.topic)
        ],
        batch_size=1000,
    )
