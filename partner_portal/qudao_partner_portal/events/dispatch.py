"""Deliver events: claim what is due under a lease, run the handlers, keep what happened.

Several dispatchers may run at once, in threads, processes or Celery workers. Within one handler, events of one
aggregate are delivered in order: a later one is not due while an earlier one waits. A dispatcher that is killed leaves
leases behind; when they run out, another one takes the deliveries.

A handler's work in the database and the mark "done" are one transaction, so a crash between them cannot double the
work. A handler that reaches outside (mail, web) is decorated with :func:`outside`; it runs before the mark, at least
once, and holds no transaction meanwhile.
"""

from __future__ import annotations

import logging
import traceback
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from .. import conf
from ..hooks import EventHandler, event_handlers
from . import rules
from .models import Delivery, OutboxEvent

log = logging.getLogger(__name__)
H = TypeVar("H", bound=Callable[..., Any])

WAITING, DONE, FAILED = Delivery.State.WAITING, Delivery.State.DONE, Delivery.State.FAILED
BATCH = 20


def outside(handler: H) -> H:
    """Mark a handler that reaches outside the database."""
    handler.outside = True  # type: ignore[attr-defined]
    return handler


def dispatch(*, limit: int = BATCH, stop: Callable[[], bool] = lambda: False) -> int:
    """Claim at most ``limit`` due deliveries and handle them. Returns how many were handled, well or not.

    ``stop`` is asked between deliveries; what is not begun is given back at once.
    """
    lease = claim(limit)
    if lease is None:
        return 0
    handled = 0
    for delivery in (
        Delivery.objects.filter(lease=lease, state=WAITING).select_related("event").order_by("id")
    ):
        if stop():
            Delivery.objects.filter(lease=lease, state=WAITING).update(
                leased_until=None, lease="", attempts=F("attempts") - 1
            )
            break
        handle(delivery)
        handled += 1
    return handled


def claim(limit: int) -> str | None:
    """Take a lease on due deliveries; ``None`` when nothing is due. Two guarded statements on every database."""
    now = timezone.now()
    found = list(due(now).values_list("pk", flat=True)[:limit])
    if not found:
        return None
    lease = str(uuid.uuid4())
    free = Delivery.objects.filter(pk__in=found, state=WAITING).filter(_free(now))
    taken = free.update(lease=lease, leased_until=now + conf.event_lease(), attempts=F("attempts") + 1)
    return lease if taken else None


def due(now: Any) -> QuerySet[Delivery]:
    """What may be delivered now, oldest first: not leased, its time come, nothing of its aggregate before it."""
    earlier = Delivery.objects.filter(
        handler=OuterRef("handler"), aggregate=OuterRef("aggregate"), state=WAITING, id__lt=OuterRef("id")
    )
    return (
        Delivery.objects.filter(_free(now), ~Exists(earlier), state=WAITING, available_at__lte=now)
        .order_by("available_at", "id")
        .only("pk")
    )


def handle(delivery: Delivery) -> None:
    """Run the handler of a claimed delivery and keep the outcome."""
    found = event_handlers.get(delivery.handler)
    if found is None:
        return give_up(delivery, "No handler of this name is registered.")
    if delivery.attempts > conf.event_attempts():
        return give_up(delivery, "The process ended each time while it handled this event.")
    handler = found[1]
    try:
        if getattr(handler, "outside", False):
            _call(handler, delivery.event)
            _mark_done(delivery)
        else:
            with transaction.atomic():
                if _mark_done(delivery):
                    _call(handler, delivery.event)
    except Exception:
        _note_failure(delivery, traceback.format_exc(limit=-8))


def give_up(delivery: Delivery, why: str) -> None:
    """Set a delivery aside as failed; people see it in the log and may replay it."""
    _mine(delivery).update(state=FAILED, last_error=why, lease="", leased_until=None)
    log.error(
        "delivery %s of event %s to %s failed: %s", delivery.pk, delivery.event_id, delivery.handler, why
    )


def prune(*, days: int | None = None) -> int:
    """Delete events older than ``days`` (``QUDAO_EVENT_DAYS``) that no delivery waits or failed for."""
    limit = timezone.now() - timedelta(days=conf.event_days() if days is None else days)
    unfinished = Delivery.objects.filter(event=OuterRef("pk")).exclude(state=DONE)
    old = OutboxEvent.objects.filter(~Exists(unfinished), created_at__lt=limit).order_by("pk")
    deleted = 0
    while ids := list(old.values_list("pk", flat=True)[:1000]):
        OutboxEvent.objects.filter(pk__in=ids).delete()
        deleted += len(ids)
    return deleted


def _free(now: Any) -> Q:
    return Q(leased_until=None) | Q(leased_until__lt=now)


def _mine(delivery: Delivery) -> QuerySet[Delivery]:
    """Only while our lease stands: a dispatcher that was slow must not overrule its successor."""
    return Delivery.objects.filter(pk=delivery.pk, lease=delivery.lease, state=WAITING)


def _call(handler: EventHandler, event: OutboxEvent) -> None:
    handler(event_id=event.pk, topic=event.topic, aggregate=event.aggregate, payload=event.payload)


def _mark_done(delivery: Delivery) -> bool:
    done = {"state": DONE, "done_at": timezone.now(), "leased_until": None, "lease": "", "last_error": ""}
    return bool(_mine(delivery).update(**done))


def _note_failure(delivery: Delivery, error: str) -> None:
    if delivery.attempts >= conf.event_attempts():
        return give_up(delivery, error[-4000:])
    later = timezone.now() + rules.back_off(delivery.attempts)
    _mine(delivery).update(available_at=later, leased_until=None, lease="", last_error=error[-4000:])
    log.warning("delivery %s to %s failed, again at %s", delivery.pk, delivery.handler, later.isoformat())
