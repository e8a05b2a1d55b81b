"""Order confirmations and delivery notes in the API: short ones at once, long ones in the background."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from qudao_core.exports.rest import accepted_response
from qudao_core.exports.rules import file_name
from qudao_core.exports.serializers import export_document
from qudao_core.exports.web import file_response
from qudao_core.headless import HeadlessView, Reference
from rest_framework.request import Request
from rest_framework.response import Response

from ..pdf import queries, services
from ..pdf.models import OrderExport
from . import schemas

PDF = (200, "application/pdf")
ANSWERS = {PDF: OpenApiTypes.BINARY, 202: schemas.OrderExportSchema}


class DocumentView(HeadlessView):
    tags = ("orders",)

    @property
    def language(self) -> str | None:
        return self.read_query(schemas.DocumentQuery).get("lang")

    def answer(self, request: Request, document: queries.Document) -> HttpResponse:
        found = services.obtain(viewer=self.viewer, document=document)
        name = file_name(document.number)
        if isinstance(found, services.Made):
            headers = {
                "Content-Disposition": f'inline; filename="{name}"',
                "Cache-Control": "private, no-store",
            }
            return HttpResponse(found.content, content_type="application/pdf", headers=headers)
        if found.has_file:
            return file_response(found, name=name, as_attachment=False)  # type: ignore[return-value]
        where = reverse("ordering-api:order-export", args=(found.pk,))
        return accepted_response(_export(found, request), where, request)


class OrderConfirmation(DocumentView):
    @extend_schema(
        operation_id="get_order_confirmation",
        parameters=[schemas.DocumentQuery],
        responses=ANSWERS,
    )
    def get(self, request: Request, number: Reference) -> HttpResponse:
        """The order confirmation as PDF, in the language of the order unless asked otherwise.

        While the order is not confirmed the document says so. A document of more than 30 lines is made in the
        background: 202 with ``Location``, where to ask how far it is; asked again when it is ready, this gives the PDF.
        """
        return self.answer(request, queries.order_document(self.viewer, number, self.language))


class DeliveryNote(DocumentView):
    @extend_schema(
        operation_id="get_delivery_note",
        parameters=[schemas.DocumentQuery],
        responses=ANSWERS,
    )
    def get(self, request: Request, number: Reference, shipment: Reference) -> HttpResponse:
        """The delivery note of a shipment as PDF; a long one is made in the background, as the order confirmation."""
        return self.answer(request, queries.delivery_note(self.viewer, number, shipment, self.language))


class OrderExportItem(HeadlessView):
    tags = ("orders",)

    @extend_schema(operation_id="get_order_export", responses=schemas.OrderExportSchema)
    def get(self, request: Request, pk: int) -> Response:
        """How far the PDF of an order is."""
        return Response(_export(queries.get_export(self.viewer, pk), request))


class OrderExportContent(HeadlessView):
    tags = ("orders",)

    @extend_schema(operation_id="get_order_export_file", responses={PDF: OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponse:
        """The finished PDF of an order."""
        export = queries.get_file(self.viewer, pk)
        return file_response(export, name=file_name(queries.number_of(export)))  # type: ignore[return-value]


def _export(export: OrderExport, request: Request) -> dict[str, Any]:
    file = reverse("ordering-api:order-export-file", args=(export.pk,))
    return export_document(export, file, request) | {
        "document": export.document,
        "order": export.order.number,
        "shipment": export.shipment.number if export.shipment else None,
    }
