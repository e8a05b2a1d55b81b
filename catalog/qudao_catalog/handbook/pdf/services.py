"""Ask for the PDF of a topic, a chapter or a handbook, and make it in the background."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_core.exports import services as exports
from qudao_core.exports.rules import file_name

from . import book, queries, rules
from .models import HandbookExport

REQUESTED = "handbook.export_requested"


def request_export(*, viewer: core.Viewer, page_id: int, scope: str) -> HandbookExport:
    """Have a topic, a chapter or a handbook made into a PDF, as the viewer sees it now.

    Asking again finds the same one.

    Side effects: event ``handbook.export_requested``, whose handler makes the file.

    :raises core.NotFound: no such page for this viewer.
    :raises core.Refusal: ``pdf_unavailable``, ``nothing_to_print``, ``too_long``, ``too_many_exports``.
    """
    seen = queries.part(viewer, page_id, scope)
    _require_fit(len(seen.topics))
    return exports.request_export(
        kind=HANDBOOKS,
        viewer=viewer,
        fingerprint=queries.mark_of(viewer, seen, scope),
        page_id=seen.source_id,
        scope=scope,
        title=seen.title,
        total=len(seen.topics),
    )


def make_export(*, export_id: int) -> None:
    """Make the file of an export, unless it is made or being made. Side effects: the file."""
    exports.make_export(kind=HANDBOOKS, export_id=export_id)


def forget_exports() -> int:
    """Delete PDFs whose time is over, with their files; called once a day. Returns how many."""
    return exports.delete_expired_exports(kind=HANDBOOKS)


def _require_fit(topics: int) -> None:
    core.require_pdf()
    if not topics:
        raise core.Refusal("nothing_to_print", _("There is nothing to read in this part yet."))
    if topics > rules.MOST_TOPICS:
        raise core.Refusal(
            "too_long",
            _("A PDF holds at most %(most)d topics.") % {"most": rules.MOST_TOPICS},
            remedy=_("Create one chapter at a time."),
        )


def _make(export: HandbookExport, viewer: core.Viewer, progress: exports.Progress) -> exports.ExportResult:
    root = queries.part(viewer, export.page_id, export.scope)
    content = book.make(viewer, root, progress=progress)
    topics = [each.source_id for each in root.topics]
    return exports.ExportResult(content, file_name(root.title), {"topics": topics, "total": len(topics)})


HANDBOOKS = exports.ExportKind(
    model=HandbookExport,
    topic=REQUESTED,
    aggregate="handbook-export",
    make=_make,
    failed=_("The PDF could not be created. Try a single chapter, or ask the operator to check the log."),
)
handle_event = exports.export_event_handler(HANDBOOKS)
