"""Keep a lease alive while whoever holds it works: on a delivery outside any transaction, on periodic work."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from .. import conf
from .models import Delivery

log = logging.getLogger(__name__)
#: Work that takes longer than this is taken for stuck: its lease runs out, and it is tried again.
LONGEST = 3600.0


@contextmanager
def kept(extend: Callable[[], bool], what: str) -> Iterator[None]:
    """Call ``extend`` three times per lease until the block ends, at most for an hour, or until it says that the lease
    is no longer ours.

    Most work is done before the first renewal; only then is a second database connection opened.
    """
    ended = threading.Event()
    threading.Thread(target=_renew, args=(extend, what, ended), daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def renewed(delivery: Delivery) -> AbstractContextManager[None]:
    """Keep the lease of a delivery until the block ends."""
    pk, lease = delivery.pk, delivery.lease
    return kept(lambda: extend(pk, lease), f"delivery {pk}")


def _renew(extend: Callable[[], bool], what: str, ended: threading.Event) -> None:
    every = conf.event_lease().total_seconds() / 3
    begun = time.monotonic()
    try:
        while not ended.wait(every) and time.monotonic() - begun < LONGEST:
            try:
                if not extend():
                    return
            except DatabaseError as error:
                log.warning("the lease of %s could not be renewed, trying again: %s", what, error)
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
