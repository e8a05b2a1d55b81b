"""Who works on an import, in whose name, and how the work ends: done, failed, or left for another process."""

from __future__ import annotations

import contextlib
import logging
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from .. import conf, contention, outages
from ..errors import Refusal
from ..events.outcomes import DeliverLater
from ..viewer import Viewer
from ..viewers import system_viewer, viewer_for
from ..wording import join_sentences
from .models import ImportJob


def viewer_of(job: ImportJob) -> Viewer:
    """The person who uploaded the file, with the rights they have now; the system for files without a person."""
    return _viewer(job, job.created_by_id)


def actor_of(job: ImportJob) -> Viewer:
    """The person who undoes the import, with the rights they have now."""
    return _viewer(job, job.undone_by_id)


def _viewer(job: ImportJob, user_id: int | None) -> Viewer:
    if user_id is None:
        return system_viewer(job.language or None)
    user = get_user_model().objects.get(pk=user_id)
    company = job.company_id if user_id == job.created_by_id else None
    return viewer_for(user, company_id=company, language=job.language or None)


@contextlib.contextmanager
def speaking(job: ImportJob) -> Iterator[None]:
    """Within it, the job's messages are written in its language."""
    with translation.override(job.language or translation.get_language()):
        yield


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


log = logging.getLogger(__name__)

#: What the counts say while nothing has been written, whatever the preview said.
NOTHING_WRITTEN = {"progress": 0, "created_count": 0, "updated_count": 0, "unchanged_count": 0}


@contextlib.contextmanager
def failing(job: ImportJob, retried: bool) -> Iterator[None]:
    """Whatever goes wrong ends the job with a message; nothing of the file was written.

    When the machine lacks something (:mod:`.outages`), it is no end: the work stands as interrupted until its event,
    or a person, takes it up again.
    """
    try:
        yield
    except Refusal as refusal:
        _fail(job, join_sentences(refusal.message, refusal.problem.remedy))
    except Exception as error:
        if outages.outage_of(error) or (retried and isinstance(error, OperationalError)):
            raise
        if contention.is_contention(error) and transaction.get_connection().in_atomic_block:
            raise  # whoever began the transaction, a request of the API, begins it again
        log.exception("import %s (%s)", job.pk, job.kind)
        _fail(
            job,
            _(
                "The import stopped because of an unexpected error. Nothing was imported. Upload the file again; "
                "if it stops again, tell the operator that it was import %(number)d."
            )
            % {"number": job.pk},
        )


def _fail(job: ImportJob, message: str) -> None:
    """Unless somebody else has taken the job over meanwhile."""
    lease = job.lease
    job.refresh_from_db()
    if job.lease == lease and job.state in (State.UPLOADED, State.RUNNING):
        job.message = message
        end(job, State.FAILED)


def end(job: ImportJob, state: str) -> None:
    for name, value in NOTHING_WRITTEN.items():
        setattr(job, name, value)
    job.state, job.finished_at = state, timezone.now()
    let_go(job)
    job.save()


def let_go(job: ImportJob) -> None:
    for name, value in NOBODY.items():
        setattr(job, name, value)
