"""Order confirmations and delivery notes: short ones at once, long ones in the background."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_core.exports import services as exports
from qudao_core.exports.rules import file_name

from . import content, queries
from .models import OrderExport

REQUESTED = "order_export.requested"
Made = exports.ExportResult


def obtain(*, viewer: core.Viewer, document: queries.Document) -> Made | OrderExport:
    """The PDF of a short document; of a long one, the row that has it or will have it.

    Asking again finds the same row.

    Side effects: for a long one, event ``order_export.requested``, whose handler makes the file.

    :raises core.Refusal: ``pdf_unavailable``, ``too_many_exports``.
    """
    core.require_pdf()
    if document.is_short:
        return _printed(document)
    ready = queries.made_today(viewer, document)
    if ready is not None:
        return ready
    return exports.request_export(
        kind=DOCUMENTS,
        viewer=viewer,
        fingerprint=queries.mark_of(viewer, document),
        order=document.order,
        shipment=document.shipment,
        document=document.kind,
        revision=document.order.revision,
        language=document.language,
        title=document.title,
        total=document.lines,
    )


def make_export(*, export_id: int) -> None:
    """Make the file of an export, unless it is made or being made. Side effects: the file."""
    exports.make_export(kind=DOCUMENTS, export_id=export_id)


def forget_exports() -> int:
    """Delete PDFs whose time is over, with their files; called once a day. Returns how many."""
    return exports.delete_expired_exports(kind=DOCUMENTS)


def _printed(document: queries.Document) -> Made:
    return Made(content.pdf(document), file_name(document.number))


def _make(export: OrderExport, viewer: core.Viewer, progress: exports.Progress) -> Made:
    document = queries.document_of(viewer, export)
    progress(export.total)
    return _printed(document)


DOCUMENTS = exports.ExportKind(
    model=OrderExport,
    topic=REQUESTED,
    aggregate="order-export",
    make=_make,
    failed=_("The PDF could not be created. Print the order's page, or ask the operator to check the log."),
)
handle_event = exports.export_event_handler(DOCUMENTS)
