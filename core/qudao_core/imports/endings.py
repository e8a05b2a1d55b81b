"""How a check or an import ends when it does not end well."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import contention, outages
from ..errors import Refusal
from ..wording import join_sentences
from . import claims
from .models import ImportJob

log = logging.getLogger(__name__)
State = ImportJob.State
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
    for name, value in claims.NOBODY.items():
        setattr(job, name, value)
