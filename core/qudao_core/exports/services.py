"""Ask for a file, and make it in the background. One life for every kind: handbooks, papers of orders."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Generic, TypeVar

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ..errors import Refusal
from ..events.dispatch import outside_transaction
from ..events.services import emit
from ..viewer import Viewer
from ..viewers import viewer_for
from ..wording import join_sentences
from . import queries
from .models import Export

log = logging.getLogger(__name__)
E = TypeVar("E", bound=Export)
#: One person's files of a kind under way at once.
MAX_UNFINISHED = 3
MAX_ATTEMPTS = 3
#: A maker that has not said anything for so long has died.
STALLED_AFTER = timedelta(minutes=3)
State = Export.State
Progress = Callable[[int], None]


class StillRunning(Exception):
    """Another process makes this file, or died while it did."""


@dataclass(frozen=True, slots=True)
class ExportResult:
    """A file, and what the row keeps beside it."""

    content: bytes
    file_name: str
    kept: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExportKind(Generic[E]):
    """What a plugin says of its files.

    ``topic`` is the event whose handler makes them (:func:`export_event_handler`), ``aggregate`` the word before the
    id in it. ``make`` takes the row, its person's viewer and a function that hears the progress. ``failed`` is said
    when three attempts came to nothing.
    """

    model: type[E]
    topic: str
    aggregate: str
    make: Callable[[E, Viewer, Progress], ExportResult]
    failed: str | Promise


@transaction.atomic
def request_export(*, kind: ExportKind[E], viewer: Viewer, fingerprint: str, **fields: Any) -> E:
    """Have a file made. Asking again with the same fingerprint finds the same one.

    Side effects: the event of the kind, whose handler makes the file.

    :raises Refusal: ``too_many_exports``.
    """
    _require_patience(kind, viewer, fingerprint)
    export, is_new = kind.model._default_manager.get_or_create(
        user_id=viewer.user_id,
        fingerprint=fingerprint,
        defaults={"company_id": viewer.company_id, "language": viewer.language} | fields,
    )
    if is_new or _begin_again(export):
        emit(kind.topic, aggregate=f"{kind.aggregate}:{export.pk}", payload={"id": export.pk})
    return export


def export_event_handler(kind: ExportKind[E]) -> Callable[..., None]:
    """The handler of the kind's event; safe to repeat.

    Told again while another maker is at it, or has died of late, it raises: whether it has died shows later.
    """

    @outside_transaction
    def handle_event(*, payload: dict[str, Any], **event: Any) -> None:
        make_export(kind=kind, export_id=payload["id"])
        if kind.model._default_manager.filter(pk=payload["id"], state=State.RUNNING).exists():
            raise StillRunning(payload["id"])

    return handle_event


def make_export(*, kind: ExportKind[E], export_id: int) -> None:
    """Make the file of an export, unless it is made or being made. Side effects: the file.

    What the person may read is asked anew. A failure is tried again by raising, at most three times; a refusal is
    told to the person at once.
    """
    export = _claim(kind, export_id)
    if export is None:
        return
    try:
        _make(kind, export)
    except Refusal as refusal:
        _fail(export, join_sentences(refusal.message, refusal.problem.remedy))
    except Exception:
        log.exception("%s %s", kind.aggregate, export.pk)
        if export.attempts < MAX_ATTEMPTS:
            _update(export, state=State.WAITING)
            raise
        with translation.override(export.language):
            _fail(export, str(kind.failed))


def delete_expired_exports(*, kind: ExportKind[E]) -> int:
    """Delete files whose time is over, with their rows; called once a day. Returns how many."""
    model = kind.model._default_manager
    old = list(model.filter(created_at__lt=timezone.now() - queries.RETENTION)[:1000])
    for export in old:
        export.file.delete(save=False)
    model.filter(pk__in=[each.pk for each in old]).delete()
    return len(old)


def _require_patience(kind: ExportKind[E], viewer: Viewer, fingerprint: str) -> None:
    waiting = kind.model._default_manager.filter(
        user_id=viewer.user_id,
        state__in=(State.WAITING, State.RUNNING),
        changed_at__gte=timezone.now() - STALLED_AFTER,
    )
    if waiting.exclude(fingerprint=fingerprint).count() >= MAX_UNFINISHED:
        raise Refusal(
            "too_many_exports",
            _("%(count)d PDFs are already being created for you.") % {"count": MAX_UNFINISHED},
            remedy=_("Wait until one of them is ready."),
            status=429,
        )


def _begin_again(export: Export) -> bool:
    """Whether an export asked for before has to be made once more: it failed, its maker died, or its file is gone or
    about to be deleted."""
    now = timezone.now()
    dead = export.state == State.RUNNING and export.changed_at < now - STALLED_AFTER
    lost = export.state == State.DONE and not export.has_file
    too_old = export.created_at < now - queries.RETENTION
    if export.state != State.FAILED and not lost and not dead and not too_old:
        return False
    if export.file:
        export.file.delete(save=False)
    _update(export, state=State.WAITING, file="", attempts=0, done=0, message="", created_at=now)
    export.refresh_from_db()
    return True


def _claim(kind: ExportKind[E], export_id: int) -> E | None:
    """Exactly one caller makes a waiting export; one whose maker died is taken over."""
    model = kind.model._default_manager
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, changed_at__lt=timezone.now() - STALLED_AFTER)
    claimed = model.filter(free, pk=export_id).update(
        state=State.RUNNING, attempts=F("attempts") + 1, done=0, changed_at=timezone.now()
    )
    return model.select_related("user").get(pk=export_id) if claimed else None


def _make(kind: ExportKind[E], export: E) -> None:
    viewer = viewer_for(export.user, company_id=export.company_id, language=export.language)
    if viewer.company_id != export.company_id:
        raise queries.outdated_export()
    with translation.override(export.language):
        made = kind.make(export, viewer, lambda done: _update(export, done=done, changed_at=timezone.now()))
    export.file.save(made.file_name, ContentFile(made.content), save=False)
    for name, value in made.kept.items():
        setattr(export, name, value)
    export.state, export.done, export.message = State.DONE, export.total, ""
    export.save()


def _update(export: Export, **values: Any) -> None:
    type(export)._default_manager.filter(pk=export.pk).update(**values)


def _fail(export: Export, message: str) -> None:
    _update(export, state=State.FAILED, message=message, changed_at=timezone.now())
