"""Undo an import: all of it or nothing, safe to repeat, continued after a crash."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from datetime import timedelta

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ... import conf, contention, outages
from ...audit.services import record
from ...errors import Conflict, Problem, Refusal
from ...events.services import emit
from ...viewer import Viewer
from ...wording import join_sentences
from .. import claims, messages
from ..actors import actor_of, speaking
from ..endings import let_go
from ..models import ImportJob
from .queries import parts_of, planned, undo_of
from .rules import UndoPlan

log = logging.getLogger(__name__)
State = ImportJob.State
UNDO = "import.undo"
#: Imports that changed so many things are undone while the person waits; larger ones in the background.
AT_ONCE = 2_000


def undo(*, viewer: Viewer, job: ImportJob, wait: bool = False) -> ImportJob:
    """Take back everything an import changed, if nothing was built on it: at once when it is small or the caller waits,
    else in the background. Undoing what is undone or being undone is the same as not asking; one that was interrupted
    is continued.

    :raises Conflict: ``undo_blocked`` with a problem for each thing that stands in the way; as :func:`undo_of`.
    """
    if job.state == State.UNDONE:
        return job
    found = undo_of(viewer, job)
    if job.state == State.UNDOING:
        return resume_undo(viewer=viewer, job=job, wait=wait)
    plan = planned(found, job)
    if not plan.is_possible:
        raise _blocked(plan)
    at_once = wait or plan.total <= AT_ONCE
    if not _claim(viewer, job, at_once):
        return job
    return perform_undo(job=job, asked=True) if at_once else job


def resume_undo(*, viewer: Viewer, job: ImportJob, wait: bool = False) -> ImportJob:
    """Continue an undo whose process has died or never began; what is still being worked on stays as it is."""
    undo_of(viewer, job)
    if claims.is_interrupted(job) and claims.take(job, State.UNDOING):
        return perform_undo(job=job)
    job.refresh_from_db()
    return job


def perform_undo(*, job: ImportJob, retried: bool = False, asked: bool = False) -> ImportJob:
    """Take back the changes of a job whose lease we hold: one transaction, the last batch first.

    Side effects: those of the services that restore; an audit entry; the event ``import.undone``. When something stands
    in the way by now, nothing is changed and the job is ``done`` as before, with a message. Other writers in the way
    of the database let it be done again: here, or with ``retried`` by whoever calls. With ``asked`` a person waits
    for the answer, so what stands in the way is raised, too.

    :raises Conflict: ``undo_blocked``, with ``asked``.
    """
    lease = job.lease
    with speaking(job), _failing(job, lease, retried, asked):
        if retried:
            _take_back(job, lease)
        else:
            contention.repeat(lambda: _take_back(job, lease))
    return job


@transaction.atomic
def _take_back(job: ImportJob, lease: str) -> None:
    """Under the lease, or not at all."""
    mine = ImportJob.objects.filter(pk=job.pk, state=State.UNDOING, lease=lease)
    is_mine = mine.select_for_update().values_list("pk", flat=True).first()
    job.refresh_from_db()
    if not is_mine:
        return
    found = undo_of(actor_of(job), job)
    found.hold(parts_of(job))
    plan = planned(found, job)
    if not plan.is_possible:
        raise _blocked(plan)
    for changes in parts_of(job):
        found.take_back(changes)
    _finish(job, plan)


def handle_undo(*, job: ImportJob) -> None:
    """The outbox's handler. Repeating it does nothing twice.

    :raises DeliverLater: another process is at it.
    """
    claims.require(job, State.UNDOING)
    lease = job.lease
    try:
        perform_undo(job=job, retried=True)
    except (OperationalError, OSError):
        claims.release(job, lease)
        raise


def _claim(viewer: Viewer, job: ImportJob, at_once: bool) -> bool:
    """Exactly one caller turns an import that is done into one that is being undone."""
    with transaction.atomic():
        claimed = ImportJob.objects.filter(pk=job.pk, state=State.DONE).update(
            state=State.UNDOING,
            undone_at=timezone.now(),
            undone_by_id=viewer.user_id,
            message="",
            **(claims.new_lease() if at_once else claims.NOBODY),
        )
        if claimed:
            after = 2 * conf.event_lease() if at_once else timedelta()
            emit(UNDO, aggregate=f"import:{job.pk}", payload={"id": job.pk, "kind": job.kind}, after=after)
    job.refresh_from_db()
    return bool(claimed)


def _finish(job: ImportJob, plan: UndoPlan) -> None:
    job.state, job.undone_at = State.UNDONE, timezone.now()
    job.message = _("Undone: %(counts)s.") % {"counts": messages.undone(plan)}
    let_go(job)
    job.save()
    counts = {"removed": plan.remove, "restored": plan.restore, "recreated": plan.recreate}
    data = {"note": job.file_name, "counts": counts}
    record(actor=job.undone_by_id, instance=job, action="qudao.import.undone", data=data)
    emit(
        "import.undone",
        aggregate=f"import:{job.pk}",
        payload={"id": job.pk, "kind": job.kind, "removed": plan.remove, "restored": plan.restore},
    )


@contextlib.contextmanager
def _failing(job: ImportJob, lease: str, retried: bool, asked: bool) -> Iterator[None]:
    """Whatever goes wrong, the import stands as before, with a message that says why; but an outage only interrupts."""
    try:
        yield
    except Refusal as refusal:
        _stay(job, lease, join_sentences(refusal.message, refusal.problem.remedy))
        if asked:
            raise
    except Exception as error:
        if outages.outage_of(error) or (retried and isinstance(error, OperationalError)):
            raise
        if contention.is_contention(error) and transaction.get_connection().in_atomic_block:
            raise  # whoever began the transaction, a request of the API, begins it again
        log.exception("undo of import %s (%s)", job.pk, job.kind)
        message = _("The undo stopped because of an unexpected error. Nothing was changed.")
        _stay(job, lease, message)


def _stay(job: ImportJob, lease: str, message: str) -> None:
    job.refresh_from_db()
    if job.lease == lease and job.state == State.UNDOING:
        job.state, job.undone_at, job.undone_by_id = State.DONE, None, None
        job.message = message
        let_go(job)
        job.save()


def _blocked(plan: UndoPlan) -> Refusal:
    problems = [
        Problem(each.code, f"{each.name}: {each.message}", field=each.name) for each in plan.obstacles
    ]
    message = ngettext(
        "%(count)d record prevents the undo, so nothing was undone.",
        "%(count)d records prevent the undo, so nothing was undone.",
        plan.blocked,
    )
    return Conflict(
        "undo_blocked",
        message % {"count": plan.blocked},
        remedy=_("Import a file with the former values, or correct the records by hand."),
        problems=problems,
        params={"blocked": plan.blocked},
    )
