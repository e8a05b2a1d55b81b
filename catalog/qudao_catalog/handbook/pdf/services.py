"""Ask for the PDF of a topic, a chapter or a handbook, and make it in the background."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from qudao_partner_portal import api as portal

from . import book, queries, rules
from .models import HandbookExport

log = logging.getLogger(__name__)
REQUESTED = "handbook.export_requested"
#: One person's PDFs under way at once.
MOST_UNFINISHED = 3
MOST_ATTEMPTS = 3
#: A maker that has not said anything for so long has died.
SILENT = timedelta(minutes=3)
State = HandbookExport.State


class StillRunning(Exception):
    """Another process makes this PDF, or died while it did."""


@transaction.atomic
def request_export(*, viewer: portal.Viewer, page_id: int, scope: str) -> HandbookExport:
    """Have a topic, a chapter or a handbook made into a PDF, as the viewer sees it now.

    Asking again finds the same one.

    Side effects: event ``handbook.export_requested``, whose handler makes the file.

    :raises portal.NotFound: no such page for this viewer.
    :raises portal.Refusal: ``pdf_unavailable``, ``nothing_to_print``, ``too_long``, ``too_many_exports``.
    """
    seen = queries.part(viewer, page_id, scope)
    _require_fit(len(seen.topics))
    mark = queries.mark_of(viewer, seen, scope)
    _require_patience(viewer, mark)
    export, is_new = HandbookExport.objects.get_or_create(
        user_id=viewer.user_id,
        fingerprint=mark,
        defaults={
            "company_id": viewer.company_id,
            "page_id": seen.source_id,
            "scope": scope,
            "language": viewer.language,
            "title": seen.title,
            "total": len(seen.topics),
        },
    )
    if is_new or _begin_again(export):
        portal.emit(REQUESTED, aggregate=f"handbook-export:{export.pk}", payload={"id": export.pk})
    return export


@portal.outside
def handle_event(*, payload: dict[str, Any], **event: Any) -> None:
    """The event's handler; safe to repeat.

    Told again while another maker is at it, or has died of late, it raises: whether it has died shows later.
    """
    make_export(export_id=payload["id"])
    if HandbookExport.objects.filter(pk=payload["id"], state=State.RUNNING).exists():
        raise StillRunning(payload["id"])


def make_export(*, export_id: int) -> None:
    """Make the file of an export, unless it is made or being made. Side effects: the file.

    What the person may read is asked anew. A failure is tried again by raising, at most three times; a refusal is
    told to the person at once.
    """
    export = _claim(export_id)
    if export is None:
        return
    try:
        _make(export)
    except portal.Refusal as refusal:
        _fail(export, " ".join(str(each) for each in (refusal.message, refusal.problem.remedy) if each))
    except Exception:
        log.exception("handbook export %s", export.pk)
        if export.attempts < MOST_ATTEMPTS:
            HandbookExport.objects.filter(pk=export.pk).update(state=State.WAITING)
            raise
        with translation.override(export.language):
            _fail(
                export,
                _(
                    "The PDF could not be created. Try a single chapter, or ask the operator to check the log."
                ),
            )


def forget_exports() -> int:
    """Delete PDFs whose time is over, with their files; called once a day. Returns how many."""
    old = list(HandbookExport.objects.filter(created_at__lt=timezone.now() - queries.KEPT)[:1000])
    for export in old:
        export.file.delete(save=False)
    HandbookExport.objects.filter(pk__in=[each.pk for each in old]).delete()
    return len(old)


def _require_fit(topics: int) -> None:
    portal.require_pdf()
    if not topics:
        raise portal.Refusal("nothing_to_print", _("There is nothing to read in this part yet."))
    if topics > rules.MOST_TOPICS:
        raise portal.Refusal(
            "too_long",
            _("A PDF holds at most %(most)d topics.") % {"most": rules.MOST_TOPICS},
            remedy=_("Create one chapter at a time."),
        )


def _require_patience(viewer: portal.Viewer, mark: str) -> None:
    waiting = HandbookExport.objects.filter(
        user_id=viewer.user_id,
        state__in=(State.WAITING, State.RUNNING),
        changed_at__gte=timezone.now() - SILENT,
    )
    if waiting.exclude(fingerprint=mark).count() >= MOST_UNFINISHED:
        raise portal.Refusal(
            "too_many_exports",
            _("%(count)d PDFs are already being created for you.") % {"count": MOST_UNFINISHED},
            remedy=_("Wait until one of them is ready."),
            status=429,
        )


def _begin_again(export: HandbookExport) -> bool:
    """Whether an export asked for before has to be made once more: it failed, its maker died, or its file is gone."""
    dead = export.state == State.RUNNING and export.changed_at < timezone.now() - SILENT
    lost = export.state == State.DONE and not (
        export.file.name and export.file.storage.exists(export.file.name)
    )
    if export.state != State.FAILED and not lost and not dead:
        return False
    HandbookExport.objects.filter(pk=export.pk).update(state=State.WAITING, attempts=0, done=0, message="")
    export.refresh_from_db()
    return True


def _claim(export_id: int) -> HandbookExport | None:
    """Exactly one caller makes a waiting export; one whose maker died is taken over."""
    free = Q(state=State.WAITING) | Q(state=State.RUNNING, changed_at__lt=timezone.now() - SILENT)
    claimed = HandbookExport.objects.filter(free, pk=export_id).update(
        state=State.RUNNING, attempts=F("attempts") + 1, done=0, changed_at=timezone.now()
    )
    return HandbookExport.objects.select_related("user").get(pk=export_id) if claimed else None


def _make(export: HandbookExport) -> None:
    viewer = portal.viewer_for(export.user, company_id=export.company_id, language=export.language)
    with translation.override(export.language):
        root = queries.part(viewer, export.page_id, export.scope)
        content = book.make(viewer, root, progress=lambda done: _tell(export, done))
    topics = [each.source_id for each in root.topics]
    export.file.save(rules.file_name(root.title), ContentFile(content), save=False)
    export.state, export.topics, export.total, export.done = State.DONE, topics, len(topics), len(topics)
    export.message = ""
    export.save()


def _tell(export: HandbookExport, done: int) -> None:
    HandbookExport.objects.filter(pk=export.pk).update(done=done, changed_at=timezone.now())


def _fail(export: HandbookExport, message: str) -> None:
    HandbookExport.objects.filter(pk=export.pk).update(
        state=State.FAILED, message=message, changed_at=timezone.now()
    )
