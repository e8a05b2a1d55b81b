"""Work that has to be done every so often, once per period whatever number of processes looks after it.

``run_dispatcher`` and the scheduler's task call :func:`run_due` all the time; a row for each piece of work says when
it is due, and whoever takes its lease does it. The lease is renewed while the work goes on; a process that dies leaves
one that runs out within two minutes.
"""

from __future__ import annotations

import logging
import traceback
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from .. import conf
from ..hooks import Periodic, daily, periodic
from .leases import kept
from .models import PeriodicRun

log = logging.getLogger(__name__)
DAY = timedelta(days=1)
#: After a failure it is tried again after this, or after its period where that is shorter.
AGAIN = timedelta(minutes=10)


def all_work() -> dict[str, Periodic]:
    """Everything registered: ``hooks.periodic``, and ``hooks.daily`` once a day."""
    return {
        **dict(periodic.items()),
        **{f"daily.{name}": Periodic(DAY, work) for name, work in daily.items()},
    }


def run_due(*, stop: Callable[[], bool] = lambda: False) -> int:
    """Do what is due and nobody else is doing. Returns how many pieces of work were begun.

    One that fails is logged and tried again later; it keeps no other from being done.
    """
    work, now = all_work(), timezone.now()
    known = dict(PeriodicRun.objects.values_list("name", "due_at"))
    missing = [PeriodicRun(name=name, due_at=now) for name in work if name not in known]
    PeriodicRun.objects.bulk_create(missing, ignore_conflicts=True)
    begun = 0
    for name, each in work.items():
        if stop():
            break
        if known.get(name, now) <= now and (lease := _take(name, now)):
            begun += 1
            _run(name, each, lease)
    return begun


def _take(name: str, now: datetime) -> str:
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    lease = str(uuid.uuid4())
    taken = PeriodicRun.objects.filter(free, name=name, due_at__lte=now).update(
        lease=lease, leased_until=now + conf.event_lease(), started_at=now
    )
    return lease if taken else ""


def _extend(name: str, lease: str) -> bool:
    mine = PeriodicRun.objects.filter(name=name, lease=lease)
    return bool(mine.update(leased_until=timezone.now() + conf.event_lease()))


def _run(name: str, each: Periodic, lease: str) -> None:
    begun, error = timezone.now(), ""
    try:
        with kept(lambda: _extend(name, lease), name):
            each.work()
    except Exception:
        log.exception("periodic work %s", name)
        error = traceback.format_exc(limit=-8)[-4000:]
    wait = min(each.every, AGAIN) if error else each.every
    outcome: dict[str, Any] = {"due_at": begun + wait, "last_error": error}
    if not error:
        outcome["done_at"] = timezone.now()
    PeriodicRun.objects.filter(name=name, lease=lease).update(lease="", leased_until=None, **outcome)
