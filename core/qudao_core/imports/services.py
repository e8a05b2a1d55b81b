"""Upload, check, apply. Each step may be repeated; a file is applied whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, BinaryIO

from django.core.cache import cache
from django.core.files.base import ContentFile, File
from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import conf, contention
from ..audit.services import record
from ..errors import Conflict, Problem, Refusal
from ..events.services import emit
from ..viewer import Viewer
from . import claims
from .actors import speaking, viewer_of
from .endings import NOTHING_WRITTEN, end, failing, let_go
from .importer import Importer, make_importer
from .models import ImportJob
from .opening import Reading, how_to_read, open_mapped
from .running import Tally, open_report, run
from .undoing.journal import Journal
from .undoing.services import UNDO, handle_undo, resume_undo

State = ImportJob.State
CHECK, APPLY = "import.check", "import.apply"
#: Files up to this size are handled while the person waits (well under a second); larger ones in the
#: background.
AT_ONCE_BYTES = 200_000
_KEPT_SECONDS = 3600


def upload(
    *,
    viewer: Viewer,
    kind: str,
    file: BinaryIO,
    name: str,
    options: Mapping[str, str] | None = None,
    mapping: Mapping[str, Any] | None = None,
    ask: bool = False,
    wait: bool = False,
) -> ImportJob:
    """Keep a file for import and have it checked: at once when it is small or the caller waits, else in the
    background.

    ``mapping`` says what is what in the file. Without it, a mapping kept for files of this make is used, or the
    header. With ``ask``, a file that says too little waits as ``unmapped``, with a suggestion, for :func:`map_file`.
    What cannot be read at all, or has the wrong header, is refused here and not kept. Side effects: the file
    is stored privately; the event ``import.check`` is emitted for a large one.

    :raises Refusal: unknown kind, wrong option, unreadable file, wrong header, ``invalid_mapping``.
    :raises Forbidden: the viewer may not import this kind.
    """
    importer = make_importer(kind, viewer, options)
    importer.validate_options()
    reading = how_to_read(viewer=viewer, importer=importer, file=file, given=mapping, ask=ask)
    job = ImportJob(
        kind=kind,
        state=State.UNMAPPED if reading.is_open else State.UPLOADED,
        mapping=reading.mapping,
        shape=reading.shape,
        saved_mapping=reading.kept,
        options=importer.given,
        file_name=name[:255],
        file_hash=_digest(file),
        total=_rows_in(importer, file, reading),
        language=viewer.language,
        company_id=viewer.company_id,
        created_by_id=viewer.user_id,
    )
    job.message = _imported_before(job) or _read_as(reading)
    at_once = wait or _size(file) <= AT_ONCE_BYTES
    with transaction.atomic():
        if at_once and not reading.is_open:
            _hold(job)
        job.file.save(_storage_name(job), File(file), save=True)
        record(actor=viewer, instance=job, action="qudao.import.uploaded", data={"note": job.file_name})
        if not reading.is_open:
            _emit(CHECK, job, at_once)
    return check(job=job) if at_once and not reading.is_open else job


def map_file(*, viewer: Viewer, job: ImportJob, mapping: Mapping[str, Any], wait: bool = False) -> ImportJob:
    """Say what is what in a file that has not been imported, and have it checked again: at once when it is small.

    :raises Refusal: ``invalid_mapping``, ``not_mapped``: a required field has no column; the file cannot be read so.
    :raises Conflict: ``import_running``, ``import_finished``.
    """
    importer = make_importer(job.kind, viewer, job.options)
    with speaking(job), job.file.open("rb") as file:
        reading = how_to_read(viewer=viewer, importer=importer, file=file, given=mapping, ask=False)
        total = _rows_in(importer, file, reading)
    at_once = wait or _is_small(job)
    again = (State.UNMAPPED, State.CHECKED, State.FAILED)
    with transaction.atomic():
        found = (
            ImportJob.objects.select_for_update(skip_locked=True).filter(pk=job.pk, state__in=again).first()
        )
        if found is None:
            raise _cannot_map(job)
        found.mapping, found.shape, found.total = reading.mapping, reading.shape, total
        found.saved_mapping = None
        found.state, found.message, found.preview, found.finished_at = State.UPLOADED, "", {}, None
        found.progress = 0
        if at_once:
            _hold(found)
        found.save()
        _emit(CHECK, found, at_once)
    cache.delete(_progress_key(found))
    return check(job=found) if at_once else found


def check(*, job: ImportJob, retried: bool = False) -> ImportJob:
    """Find out what importing the file would do: counts, first rows, every row in error. Writes nothing else.

    A file that cannot be checked becomes ``failed`` with a message; that is an answer, so nothing is raised. Other
    writers in the way of the database let it be done again, here and then in the background. ``retried`` says that
    the caller will try again when the database is busy or away.
    """
    with speaking(job), failing(job, retried):
        _repeat(lambda: _check(job), CHECK, job, retried)
    return job


def _check(job: ImportJob) -> None:
    importer = make_importer(job.kind, viewer_of(job), job.options)
    report = open_report()
    with job.file.open("rb") as file:
        table = open_mapped(importer, file, job.mapping)
        tally = run(importer, table, report=report, progress=_progress(job), dry=True)
    if ImportJob.objects.filter(pk=job.pk, state=State.UPLOADED).exists():
        _keep(job, tally, report.getvalue(), State.CHECKED)


def apply(*, viewer: Viewer, job: ImportJob, skip_rejected: bool = False, wait: bool = False) -> ImportJob:
    """Import a checked file: at once when it is small or the caller waits, else in the background.

    With ``skip_rejected`` the good rows are imported and the rejected ones stay in their file; without it a
    file with a rejected row is refused whole. Applying a file that is being applied or done is the same as
    not asking; an import that was interrupted is continued.

    :raises Conflict: ``not_checked``: the file has not been checked, or its check failed.
    :raises Refusal: ``rows_invalid``.
    """
    make_importer(job.kind, viewer, job.options)
    if job.state in (State.RUNNING, State.DONE):
        return resume(viewer=viewer, job=job, wait=wait)
    if job.state != State.CHECKED:
        raise Conflict(
            "not_checked", _("This file has not been checked yet."), remedy=_("Wait for the preview.")
        )
    if job.rejected_count and not skip_rejected:
        raise _rows_rejected(job)
    at_once = wait or _is_small(job)
    if not _claim(job, skip_rejected, at_once):
        return job
    return perform(job=job) if at_once else job


def resume(*, viewer: Viewer, job: ImportJob, wait: bool = False) -> ImportJob:
    """Continue a check or an import whose process has died or never began: at once when it is small or the caller
    waits, else in the background. What is still being worked on, or is over, stays as it is.
    """
    make_importer(job.kind, viewer, job.options)
    if job.state == State.UNDOING:
        return resume_undo(viewer=viewer, job=job, wait=wait)
    if not claims.is_interrupted(job):
        return job
    topic, state, work = (
        (CHECK, State.UPLOADED, check) if job.state == State.UPLOADED else (APPLY, State.RUNNING, perform)
    )
    if not (wait or _is_small(job)):
        _emit(topic, job, at_once=False)
    elif claims.take(job, state):
        return work(job=job)
    job.refresh_from_db()
    return job


@transaction.atomic
def discard(*, viewer: Viewer, job: ImportJob) -> ImportJob:
    """Give up a file that has not been imported. Records ``qudao.import.discarded``; nothing of it was written.

    :raises Conflict: ``import_running``: it is being checked or imported; ``import_finished``.
    """
    make_importer(job.kind, viewer, job.options)
    rows = ImportJob.objects.select_for_update(skip_locked=True)
    found = rows.filter(pk=job.pk).first()
    if found is None or (found.state in claims.BUSY and not claims.is_interrupted(found)):
        raise Conflict(
            "import_running",
            _("This file is being processed."),
            remedy=_("Wait until it is done, or until it is shown as interrupted."),
        )
    if found.state in (State.DONE, State.FAILED, State.UNDOING, State.UNDONE):
        raise Conflict("import_finished", _("This import is finished."))
    if found.state != State.DISCARDED:
        found.message = _("Discarded. Nothing was imported.")
        end(found, State.DISCARDED)
        record(actor=viewer, instance=found, action="qudao.import.discarded", data={"note": found.file_name})
    return found


def perform(*, job: ImportJob, retried: bool = False) -> ImportJob:
    """Import the rows of a job whose lease we hold. One transaction; safe to repeat after a crash.

    Side effects: those of the services the importer calls; an audit entry; the event ``import.done``. If a
    row is rejected now that was good in the preview, nothing is written and the job is ``checked`` again
    with a message. Other writers in the way of the database let it be done again, here and then in the background;
    with ``retried`` the caller does the latter.
    """
    lease = job.lease
    with speaking(job), failing(job, retried):
        _repeat(lambda: _import(job, lease), APPLY, job, retried)
    return job


def _import(job: ImportJob, lease: str) -> None:
    """Under the lease, or not at all."""
    report = open_report()
    with transaction.atomic():
        mine = ImportJob.objects.filter(pk=job.pk, state=State.RUNNING, lease=lease)
        is_mine = mine.select_for_update().values_list("pk", flat=True).first()
        job.refresh_from_db()
        if not is_mine:
            return
        importer = make_importer(job.kind, viewer_of(job), job.options)
        with job.file.open("rb") as file:
            table = open_mapped(importer, file, job.mapping)
            journal = Journal(job, importer)
            tally = run(importer, table, report=report, progress=_progress(job), dry=False, journal=journal)
        accepted = job.skip_rejected or not tally.rejected
        if accepted:
            _keep(job, tally, report.getvalue(), State.DONE)
            _announce(job, tally)
        else:
            transaction.set_rollback(True)
    if not accepted:
        job.message = _(
            "Something changed since the preview: some rows are rejected now. Nothing was imported."
        )
        _keep(job, tally, report.getvalue(), State.CHECKED)


def _repeat(work: Callable[[], None], topic: str, job: ImportJob, retried: bool) -> None:
    """Do it again when others are in the way of the database; what does not get through is left to the background."""
    lease = job.lease
    try:
        contention.repeat(work)
    except Refusal as refusal:
        if refusal.code != "busy":
            raise
        if retried and refusal.__cause__ is not None:
            raise refusal.__cause__ from None
        claims.release(job, lease)
        payload = {"id": job.pk, "kind": job.kind}
        emit(
            topic, aggregate=f"import:{job.pk}:again", payload=payload
        )  # not behind the one that waits for a crash
        job.refresh_from_db()


def import_now(
    *, viewer: Viewer, kind: str, file: BinaryIO, name: str, options: Mapping[str, str] | None = None
) -> ImportJob:
    """Check and, when no row is rejected, apply a file at once: for commands and programs inside the house.

    The job is ``done``, or ``checked`` with rejected rows and nothing imported, or ``failed`` with a message; where
    others were in the way of the database for too long, it is finished in the background.

    :raises Refusal: as :func:`upload`.
    """
    job = upload(viewer=viewer, kind=kind, file=file, name=name, options=options, wait=True)
    if job.state == State.CHECKED and not job.rejected_count:
        job = apply(viewer=viewer, job=job, wait=True)
    return job


def handle_event(*, event_id: int, topic: str, aggregate: str, payload: dict[str, Any]) -> None:
    """The outbox's handler: check or apply in the background, also what another process began and did not end.

    Repeating it does nothing twice.

    :raises DeliverLater: another process is at it.
    """
    job = ImportJob.objects.filter(pk=payload["id"]).first()
    if topic == UNDO:
        if job is not None and job.state == State.UNDOING:
            handle_undo(job=job)
        return
    state, work = (State.UPLOADED, check) if topic == CHECK else (State.RUNNING, perform)
    if job is None or job.state != state:
        return
    claims.require(job, state)
    lease = job.lease
    try:
        work(job=job, retried=True)
    except (OperationalError, OSError):
        claims.release(job, lease)
        raise


def progress_of(job: ImportJob) -> int:
    """Rows handled so far, also while the transaction of the import is still open."""
    if job.state not in (State.UPLOADED, State.RUNNING):
        return job.progress
    return max(job.progress, int(cache.get(_progress_key(job), 0)))


# --- Steps ---


def _rows_in(importer: Importer, file: Any, reading: Reading) -> int:
    """About how many rows there are, for progress."""
    data = None if reading.is_open else reading.mapping
    return max(open_mapped(importer, file, data).estimate - 1, 0)


def _read_as(reading: Reading) -> str:
    return _("Read as saved under “%(name)s”.") % {"name": reading.kept.name} if reading.kept else ""


def _cannot_map(job: ImportJob) -> Conflict:
    job.refresh_from_db()
    if job.state in (State.DONE, State.DISCARDED, State.UNDOING, State.UNDONE):
        return Conflict("import_finished", _("This import is finished."))
    return Conflict("import_running", _("This file is being processed."), remedy=_("Wait until it is done."))


def _digest(file: Any) -> str:
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return digest


def _imported_before(job: ImportJob) -> str:
    same = ImportJob.objects.filter(
        kind=job.kind, file_hash=job.file_hash, options=job.options, mapping=job.mapping, state=State.DONE
    ).first()
    if same is None or same.finished_at is None:
        return ""
    when = timezone.localtime(same.finished_at).strftime("%Y-%m-%d %H:%M")
    return _("The same file was imported on %(when)s; rows that did not change since stay as they are.") % {
        "when": when
    }


def _storage_name(job: ImportJob) -> str:
    suffix = ".xlsx" if job.file_name.lower().endswith(".xlsx") else ".csv"
    return f"{job.kind}-{job.file_hash[:12]}{suffix}"


def _is_small(job: ImportJob) -> bool:
    return bool(job.file.size <= AT_ONCE_BYTES)


def _size(file: Any) -> int:
    file.seek(0, 2)
    size = int(file.tell())
    file.seek(0)
    return size


def _hold(job: ImportJob) -> None:
    for name, value in claims.new_lease().items():
        setattr(job, name, value)


def _emit(topic: str, job: ImportJob, at_once: bool) -> None:
    """Have it done in the background: now, or should the process that does it at once not survive it."""
    after = 2 * conf.event_lease() if at_once else timedelta()
    emit(topic, aggregate=f"import:{job.pk}", payload={"id": job.pk, "kind": job.kind}, after=after)


def _claim(job: ImportJob, skip_rejected: bool, at_once: bool) -> bool:
    """Exactly one caller turns a checked job into a running one."""
    begun = {"state": State.RUNNING, "started_at": timezone.now(), "message": "", **NOTHING_WRITTEN}
    with transaction.atomic():
        claimed = ImportJob.objects.filter(pk=job.pk, state=State.CHECKED).update(
            skip_rejected=skip_rejected, **begun, **(claims.new_lease() if at_once else claims.NOBODY)
        )
        if claimed:
            _emit(APPLY, job, at_once)
    cache.delete(_progress_key(job))
    job.refresh_from_db()
    return bool(claimed)


def _rows_rejected(job: ImportJob) -> Refusal:
    return Refusal(
        "rows_invalid",
        ngettext(
            "%(count)d row has errors, so nothing was imported.",
            "%(count)d rows have errors, so nothing was imported.",
            job.rejected_count,
        )
        % {"count": job.rejected_count},
        remedy=_("Download the rows with errors, correct and upload them, or import the valid rows only."),
        params={"rejected": job.rejected_count},
    )


def _announce(job: ImportJob, tally: Tally) -> None:
    counts = {
        "created": tally.created,
        "changed": tally.updated,
        "unchanged": tally.unchanged,
        "rejected": tally.rejected,
    }
    data = {"note": job.file_name, "counts": counts}
    record(actor=job.created_by_id, instance=job, action="qudao.import.applied", data=data)
    emit(
        "import.done",
        aggregate=f"import:{job.pk}",
        payload={"id": job.pk, "kind": job.kind, "created": tally.created, "updated": tally.updated},
    )


def _keep(job: ImportJob, tally: Tally, report: str, state: str) -> None:
    job.state = state
    job.total = job.progress = tally.total
    job.created_count, job.updated_count = tally.created, tally.updated
    job.unchanged_count, job.rejected_count = tally.unchanged, tally.rejected
    job.preview = {
        "columns": tally.columns,
        "unused": tally.unused,
        "sample": tally.sample,
        "problems": [_as_json(problem) for problem in tally.problems],
        "totals": [list(pair) for pair in tally.totals],
        "left_out": tally.left_out,
    }
    job.finished_at = timezone.now() if state == State.DONE else None
    let_go(job)
    _keep_report(job, report if tally.rejected else "")
    job.save()


def _keep_report(job: ImportJob, report: str) -> None:
    if job.report:
        job.report.delete(save=False)
    if report:
        job.report.save(f"{job.kind}-{job.pk}-rejected.csv", ContentFile(report.encode()), save=False)


def _as_json(problem: Problem) -> dict[str, Any]:
    return {
        "line": problem.line,
        "sheet": getattr(problem.line, "sheet", ""),
        "column": problem.field or "",
        "code": problem.code,
        "message": str(problem.message),
        "remedy": str(problem.remedy or ""),
    }


def _progress_key(job: ImportJob) -> str:
    return f"qudao-import-{job.pk}"


def _progress(job: ImportJob) -> Callable[[int], None]:
    """Counts in the cache, because the import's own transaction shows nothing until it is over."""
    return lambda rows: cache.set(_progress_key(job), rows, _KEPT_SECONDS)
