"""Who is working on an import: one process at a time, under a lease, so that a killed one does not block it for ever.

While rows are imported the job's row is locked in the same transaction, so a lease that runs out meanwhile gives
nothing away: whoever looks passes over the locked row.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from .. import conf
from ..events.outcomes import DeliverLater
from .models import ImportJob

State = ImportJob.State
#: Somebody works on it, or should.
BUSY = (State.UPLOADED, State.RUNNING, State.UNDOING)
NOBODY: dict[str, Any] = {"lease": "", "leased_until": None}
#: Asked again after this when somebody still works on it although the lease has run out.
SOON = timedelta(seconds=30)


def new_lease() -> dict[str, Any]:
    """Fields of a job whose work begins now, in this process."""
    return {"lease": str(uuid.uuid4()), "leased_until": timezone.now() + conf.event_lease()}


@transaction.atomic
def take(job: ImportJob, state: str) -> bool:
    """Take over a job in ``state`` that nobody works on, or whose worker has died. Whether it is ours now."""
    free = Q(leased_until=None) | Q(leased_until__lt=timezone.now())
    rows = ImportJob.objects.filter(free, pk=job.pk, state=state)
    if not rows.select_for_update(skip_locked=True).values_list("pk", flat=True).first():
        return False
    fields = new_lease()
    if not rows.update(**fields):
        return False
    job.refresh_from_db()
    return job.lease == fields["lease"]


def require(job: ImportJob, state: str) -> None:
    """:raises DeliverLater: somebody works on it; ask again when their lease has run out."""
    if not take(job, state):
        job.refresh_from_db()
        soon = timezone.now() + SOON
        raise DeliverLater(max(job.leased_until or soon, soon))


def release(job: ImportJob, lease: str) -> None:
    """Give back the ``lease`` that the work began under: ``job`` may say already that it has ended."""
    ImportJob.objects.filter(pk=job.pk, lease=lease).update(**NOBODY)


def is_interrupted(job: ImportJob) -> bool:
    """Whether the work on it has stopped, or has not begun for as long as a lease lasts."""
    return job.state in BUSY and _alive_until(job) < timezone.now()


def _alive_until(job: ImportJob) -> datetime:
    started = {State.RUNNING: job.started_at, State.UNDOING: job.undone_at}
    begun = started.get(State(job.state)) or job.created_at
    return job.leased_until or begun + conf.event_lease()
