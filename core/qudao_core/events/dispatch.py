"""Deliver events: claim what is due under a lease, run the handlers, keep what happened.

Several dispatchers may run at once, in threads, processes or Celery workers. Within one handler, events of one
aggregate are delivered in order: a later one is not due while an earlier one waits. A dispatcher that is killed leaves
leases behind; when they run out, another one takes the deliveries.

A handler's work in the database and the mark "done" are one transaction, so a crash between them cannot double the
work. A handler that reaches outside (mail, web) is decorated with :func:`outside_transaction`; it runs before the
mark, at least once, and holds no transaction meanwhile.

A :class:`~qudao_core.hooks.Channel` tells people or systems. Each recipient has a delivery of its own: one
that is refused, fails or hangs keeps no other from being told, and none is told twice because another failed.
"""

from __future__ import annotations

import logging
import traceback
import uuid
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from .. import conf
from ..hooks import Channel, EventHandler, dispatcher_work, event_handlers
from . import rules
from .leases import renewed
from .models import Delivery, OutboxEvent
from .outcomes import DeliverLater, DeliveryFailed, Undeliverable

log = logging.getLogger(__name__)
H = TypeVar("H", bound=Callable[..., Any])

State = Delivery.State
WAITING, DONE, FAILED = State.WAITING, State.DONE, State.FAILED
BATCH = 20
#: Recipients told at once after their event; more of them wait for the next round.
MOST_AT_ONCE = 100
RELEASED = {"lease": "", "leased_until": None}


def outside_transaction(handler: H) -> H:
    """Mark a handler that reaches outside the database."""
    handler.outside = True  # type: ignore[attr-defined]
    return handler


def work_round(*, limit: int = BATCH, stop: Callable[[], bool] = lambda: False) -> int:
    """Deliver one batch of what is due and do what plugins do in each round. Returns how much was done."""
    return dispatch(limit=limit, stop=stop) + sum(work() for work in dispatcher_work)


def dispatch(*, limit: int = BATCH, stop: Callable[[], bool] = lambda: False) -> int:
    """Claim at most ``limit`` due deliveries and handle them, then the recipients that channels among them named.

    Returns how many were handled, well or not.

    ``stop`` is asked between deliveries; what is not begun is given back at once.
    """
    handled, lease = 0, claim(limit)
    while lease is not None:
        told: list[int] = []
        for delivery in _claimed(lease):
            if stop():
                Delivery.objects.filter(lease=lease, state=WAITING).update(**RELEASED)
                return handled
            handled += handle(delivery)
            if _is_fan_out(delivery):
                told.append(delivery.event_id)
        lease = claim(MOST_AT_ONCE, events=told) if told else None
    return handled


@transaction.atomic
def claim(limit: int, *, events: Collection[int] = ()) -> str | None:
    """Take a lease on due deliveries (of ``events``, if named); ``None`` when nothing is due. Two guarded statements.

    Rows that a running handler holds locked are passed over, not waited for.
    """
    now = timezone.now()
    wanted = due(now).filter(event_id__in=events) if events else due(now)
    found = list(wanted.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
    if not found:
        return None
    lease = str(uuid.uuid4())
    free = Delivery.objects.filter(pk__in=found, state=WAITING).filter(_free(now))
    return lease if free.update(lease=lease, leased_until=now + conf.event_lease()) else None


def due(now: datetime) -> QuerySet[Delivery]:
    """What may be delivered now, oldest first: not leased, its time come, nothing of its aggregate before it.

    What a channel could not deliver and will try again holds nothing up.
    """
    earlier = Delivery.objects.filter(
        handler=OuterRef("handler"),
        aggregate=OuterRef("aggregate"),
        recipient=OuterRef("recipient"),
        state=WAITING,
        id__lt=OuterRef("id"),
    )
    channels = [name for name, (_topics, handler) in event_handlers.items() if isinstance(handler, Channel)]
    if channels:
        earlier = earlier.filter(~Q(handler__in=channels) | Q(attempts=0) | Q(leased_until__gte=now))
    return Delivery.objects.filter(
        _free(now), ~Exists(earlier), state=WAITING, available_at__lte=now
    ).order_by("available_at", "id")


def handle(delivery: Delivery) -> bool:
    """Run the handler of a claimed delivery and keep the outcome. Does nothing when the lease is no longer ours."""
    if not _begin(delivery):
        return False
    found = event_handlers.get(delivery.handler)
    if found is None:
        give_up(delivery, "No handler of this name is registered.")
    elif delivery.attempts > conf.event_attempts():
        give_up(delivery, "The process ended each time while it handled this event.")
    else:
        _attempt(delivery, found[1])
    return True


def give_up(delivery: Delivery, why: str, state: Delivery.State = FAILED) -> None:
    """Set a delivery aside as failed or refused; people see it in the log and may replay it."""
    _mine(delivery).update(state=state, last_error=why, **RELEASED)
    log.error(
        "delivery %s of event %s to %s %s: %s",
        delivery.pk,
        delivery.event_id,
        delivery.handler,
        state.value,
        why,
    )


def prune(*, days: int | None = None) -> int:
    """Delete events older than ``days`` (``QUDAO_EVENT_DAYS``) that no delivery waits or failed for."""
    limit = timezone.now() - timedelta(days=conf.event_days() if days is None else days)
    unfinished = Delivery.objects.filter(event=OuterRef("pk"), state__in=(WAITING, FAILED))
    old = OutboxEvent.objects.filter(~Exists(unfinished), created_at__lt=limit).order_by("pk")
    deleted = 0
    while ids := list(old.values_list("pk", flat=True)[:1000]):
        OutboxEvent.objects.filter(pk__in=ids).delete()
        deleted += len(ids)
    return deleted


def _claimed(lease: str) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(lease=lease, state=WAITING).select_related("event")
    return rows.order_by("available_at", "id")


def _is_fan_out(delivery: Delivery) -> bool:
    found = event_handlers.get(delivery.handler)
    return not delivery.recipient and found is not None and isinstance(found[1], Channel)


def _free(now: datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lt=now)


def _mine(delivery: Delivery) -> QuerySet[Delivery]:
    """Only while our lease stands: a dispatcher that was slow must not overrule its successor."""
    return Delivery.objects.filter(pk=delivery.pk, lease=delivery.lease, state=WAITING)


def _begin(delivery: Delivery) -> bool:
    """Count the attempt and renew the lease: others of the batch may have taken long. False when it is lost.

    Should the process die now, the delivery comes after those that wait for their first attempt.
    """
    now = timezone.now()
    later = now + rules.back_off(delivery.attempts + 1)
    if not _mine(delivery).update(
        attempts=F("attempts") + 1, leased_until=now + conf.event_lease(), available_at=later
    ):
        return False
    delivery.attempts += 1
    return True


def _attempt(delivery: Delivery, handler: EventHandler | Channel) -> None:
    try:
        if isinstance(handler, Channel):
            _through(handler, delivery)
        elif getattr(handler, "outside", False):
            with renewed(delivery):
                handler(**_arguments(delivery.event))
            _finish(delivery)
        else:
            with transaction.atomic():
                if _finish(delivery):
                    handler(**_arguments(delivery.event))
    except Undeliverable as error:
        give_up(delivery, str(error), State.REFUSED)
    except DeliverLater as error:
        _mine(delivery).update(available_at=error.at, attempts=F("attempts") - 1, **RELEASED)
    except DeliveryFailed as error:
        _note_failure(delivery, str(error))
    except Exception:
        _note_failure(delivery, traceback.format_exc(limit=-8))


def _through(channel: Channel, delivery: Delivery) -> None:
    """Find out who has to be told and make a delivery for each, or tell one of them."""
    arguments = _arguments(delivery.event)
    if delivery.recipient:
        with renewed(delivery):
            address = channel.deliver(**arguments, recipient=delivery.recipient)
        _finish(delivery, *([DONE, address] if address else [State.OBSOLETE]))
        return
    with transaction.atomic():
        if _finish(delivery):
            Delivery.objects.bulk_create(
                [
                    Delivery(
                        event_id=delivery.event_id,
                        handler=delivery.handler,
                        recipient=each.key,
                        address=each.address,
                        aggregate=delivery.aggregate,
                        available_at=timezone.now(),
                    )
                    for each in channel.recipients(**arguments)
                ],
                batch_size=1000,
                ignore_conflicts=True,
            )


def _arguments(event: OutboxEvent) -> dict[str, Any]:
    return {
        "event_id": event.pk,
        "topic": event.topic,
        "aggregate": event.aggregate,
        "payload": event.payload,
    }


def _finish(delivery: Delivery, state: Delivery.State = DONE, address: str = "") -> bool:
    outcome: dict[str, Any] = {"state": state, "done_at": timezone.now(), "last_error": "", **RELEASED}
    if address:
        outcome["address"] = address
    return bool(_mine(delivery).update(**outcome))


def _note_failure(delivery: Delivery, error: str) -> None:
    if delivery.attempts >= conf.event_attempts():
        return give_up(delivery, error[-4000:])
    later = timezone.now() + rules.back_off(delivery.attempts)
    _mine(delivery).update(available_at=later, last_error=error[-4000:], **RELEASED)
    log.warning("delivery %s to %s failed, again at %s", delivery.pk, delivery.handler, later.isoformat())
