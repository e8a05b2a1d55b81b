"""Invoice titles through the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from qudao_core.headless import HeadlessView, idempotent
from rest_framework.request import Request
from rest_framework.response import Response

from ..models import InvoiceTitle
from ..queries import get_invoice_title, invoice_titles
from ..services import remove_invoice_title, save_invoice_title
from . import schema
from .loading import company_id_of


class InvoiceTitles(HeadlessView):
    tags = ("invoice-titles",)

    @extend_schema(parameters=[schema.OfCompany], responses=schema.InvoiceTitleOutput(many=True))
    def get(self, request: Request) -> Response:
        """Invoice titles in use of your company (of `company` for the back office)."""
        rows = invoice_titles(self.viewer, company_id_of(self))
        return self.page(rows, lambda page: [invoice_title_of(row) for row in page])

    @extend_schema(
        parameters=[schema.OfCompany],
        request=schema.InvoiceTitleInput,
        responses={201: schema.InvoiceTitleOutput},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Add an invoice title. For administrators and finance people."""
        given = self.read(schema.InvoiceTitleInput)
        default = given.pop("is_default", None)
        owner = company_id_of(self) or 0
        row = save_invoice_title(viewer=self.viewer, company_id=owner, values=given, is_default=default)
        return Response(invoice_title_of(row), status=201)


class InvoiceTitleDetail(HeadlessView):
    tags = ("invoice-titles",)

    @extend_schema(parameters=[schema.OfCompany], responses=schema.InvoiceTitleOutput)
    def get(self, request: Request, pk: int) -> Response:
        """One invoice title."""
        return Response(invoice_title_of(get_invoice_title(self.viewer, pk, company_id_of(self))))

    @extend_schema(
        parameters=[schema.OfCompany],
        request=schema.InvoiceTitleInput,
        responses=schema.InvoiceTitleOutput,
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Change an invoice title."""
        given = self.read(schema.InvoiceTitleInput, partial=True)
        default = given.pop("is_default", None)
        row = get_invoice_title(self.viewer, pk, company_id_of(self))
        changed = save_invoice_title(
            viewer=self.viewer,
            company_id=row.company_id,
            values=given,
            invoice_title_id=pk,
            is_default=default,
        )
        return Response(invoice_title_of(changed))

    @extend_schema(parameters=[schema.OfCompany], responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take an invoice title out of use."""
        row = get_invoice_title(self.viewer, pk, company_id_of(self))
        remove_invoice_title(viewer=self.viewer, company_id=row.company_id, invoice_title_id=pk)
        return Response(status=204)


def invoice_title_of(row: InvoiceTitle) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in schema.INVOICE_TITLE_FIELDS}
    return plain | {"id": row.pk, "company_id": row.company_id}
