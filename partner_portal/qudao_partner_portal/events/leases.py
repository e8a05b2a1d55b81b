"""Keep the lease of a delivery alive while its handler works outside any transaction."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from .. import conf
from .models import Delivery

log = logging.getLogger(__name__)
#: A handler that takes longer than this is taken for stuck: its lease runs out, and the delivery is tried again.
LONGEST = 3600.0


@contextmanager
def renewed(delivery: Delivery) -> Iterator[None]:
    """Renew the lease three times per lease until the block ends, at most for an hour.

    Most handlers are done before the first renewal; only then is a second database connection opened.
    """
    ended = threading.Event()
    threading.Thread(target=_renew, args=(delivery.pk, delivery.lease, ended), daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def _renew(pk: int, lease: str, ended: threading.Event) -> None:
    every = conf.event_lease().total_seconds() / 3
    begun = time.monotonic()
    try:
        while not ended.wait(every) and time.monotonic() - begun < LONGEST:
            try:
                if not extend(pk, lease):
                    return
            except DatabaseError as error:
                log.warning("the lease of delivery %s could not be renewed, trying again: %s", pk, error)
                connection.close()
    finally:
        connection.close()


@transaction.atomic
def extend(pk: int, lease: str) -> bool:
    """Move the end of a lease that is still ours; whether it was. Never waits for a locked row."""
    mine = Delivery.objects.filter(pk=pk, lease=lease, state=Delivery.State.WAITING)
    if not mine.select_for_update(skip_locked=True).values_list("pk", flat=True).first():
        return False
    return bool(mine.update(leased_until=timezone.now() + conf.event_lease()))
