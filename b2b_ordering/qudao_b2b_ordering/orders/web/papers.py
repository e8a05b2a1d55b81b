"""Order confirmation and delivery note: short ones at once, long ones with their progress."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from qudao_core.exports.rules import file_name
from qudao_core.exports.web import ExportFile, ExportProgress, ExportUrls, file_response
from qudao_core.pages import Page

from ..pdf import queries, services
from ..pdf.models import OrderExport


class DocumentPage(Page):
    """The PDF of a document, or the page that shows how far it is."""

    def answer(self, document: queries.Document) -> HttpResponseBase:
        found = services.obtain(viewer=self.viewer, document=document)
        if isinstance(found, services.Made):
            return _inline(found)
        if found.has_file:
            return file_response(found, name=file_name(document.number), as_attachment=False)
        return redirect("ordering:order-export", found.pk)


class OrderConfirmation(DocumentPage):
    def get(self, request: HttpRequest, number: str) -> HttpResponseBase:
        return self.answer(queries.order_document(self.viewer, number, _language(request)))


class DeliveryNote(DocumentPage):
    def get(self, request: HttpRequest, number: str, shipment: str) -> HttpResponseBase:
        return self.answer(queries.delivery_note(self.viewer, number, shipment, _language(request)))


class OrderExportPage(ExportProgress):
    """How far the PDF of an order is."""

    def export(self, pk: int) -> OrderExport:
        return queries.get_export(self.viewer, pk)

    def places(self, export: Any) -> ExportUrls:
        return ExportUrls(
            status=reverse("ordering:order-export", args=(export.pk,)),
            file=reverse("ordering:order-export-file", args=(export.pk,)),
            again=_document_url(export),
            back=reverse("ordering:order", args=(export.order.number,)),
            back_label=_("Back to the order"),
            note=_("A long order takes a few seconds. You may go on working and come back."),
        )


class OrderExportFile(ExportFile):
    """The finished file."""

    status_url = "ordering:order-export"

    def export(self, pk: int) -> OrderExport:
        return queries.get_file(self.viewer, pk)

    def name(self, export: Any) -> str:
        return file_name(queries.number_of(export))


def _document_url(export: OrderExport) -> str:
    """Where the document comes from, in the language of the export."""
    names = [export.order.number, *([export.shipment.number] if export.shipment else [])]
    page = "ordering:delivery-note" if export.shipment else "ordering:order-confirmation"
    return f"{reverse(page, args=names)}?lang={export.language}"


def _language(request: HttpRequest) -> str | None:
    """``?lang=en``: the document in another language than the order's."""
    asked = request.GET.get("lang")
    return asked if asked in ("en", "zh-hans") else None


def _inline(made: services.Made) -> HttpResponse:
    headers = {
        "Content-Disposition": f'inline; filename="{made.file_name}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(made.content, content_type="application/pdf", headers=headers)
