"""Delivery addresses through the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from qudao_core.headless import HeadlessView, Reference, idempotent
from qudao_core.viewers import require_permission
from rest_framework.request import Request
from rest_framework.response import Response

from ..models import Address
from ..queries import addresses, get_address
from ..rules import AddressInput
from ..services import remove_address, save_address, upsert_addresses
from . import schema
from .loading import bulk_response, company_id_of


class Addresses(HeadlessView):
    tags = ("addresses",)

    @extend_schema(parameters=[schema.OfCompany], responses=schema.AddressOutput(many=True))
    def get(self, request: Request) -> Response:
        """Delivery addresses in use of your company (of `company` for the back office)."""
        return self.page(
            addresses(self.viewer, company_id_of(self)), lambda page: [address_of(r) for r in page]
        )

    @extend_schema(
        parameters=[schema.OfCompany],
        request=schema.AddressInputSchema,
        responses={201: schema.AddressOutput},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Add a delivery address. For administrators and buyers."""
        given = self.read(schema.AddressInputSchema)
        default = given.pop("is_default", None)
        owner = company_id_of(self) or 0
        row = save_address(viewer=self.viewer, company_id=owner, values=given, is_default=default)
        return Response(address_of(row), status=201)


class AddressDetail(HeadlessView):
    tags = ("addresses",)

    @extend_schema(parameters=[schema.OfCompany], responses=schema.AddressOutput)
    def get(self, request: Request, reference: Reference) -> Response:
        """One address, by id or by your own key."""
        return Response(address_of(self.find(reference)))

    @extend_schema(
        parameters=[schema.OfCompany], request=schema.AddressInputSchema, responses=schema.AddressOutput
    )
    def patch(self, request: Request, reference: Reference) -> Response:
        """Change an address. Orders that went there keep the old one."""
        given = self.read(schema.AddressInputSchema, partial=True)
        default = given.pop("is_default", None)
        row = self.find(reference)
        changed = save_address(
            viewer=self.viewer,
            company_id=row.company_id,
            values=given,
            address_id=row.pk,
            is_default=default,
        )
        return Response(address_of(changed))

    @extend_schema(parameters=[schema.OfCompany], responses={204: None})
    def delete(self, request: Request, reference: Reference) -> Response:
        """Take an address out of use."""
        row = self.find(reference)
        remove_address(viewer=self.viewer, company_id=row.company_id, address_id=row.pk)
        return Response(status=204)

    def find(self, reference: Reference) -> Address:
        return get_address(self.viewer, reference, company_id_of(self))


class AddressesBulk(HeadlessView):
    tags = ("addresses",)
    throttle_scope = "import"

    @extend_schema(
        operation_id="upsert_addresses", request=schema.AddressesBulkInput, responses=schema.BulkOutput
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Create or change up to 5,000 addresses of any companies. For the back office. A result for each row."""
        require_permission(self.viewer, "qudao_partner_portal.change_address")
        given = self.read(schema.AddressesBulkInput)
        rows = [AddressInput(**row) for row in given["rows"]]
        result = upsert_addresses(actor=self.viewer, rows=rows)
        return bulk_response(
            result, [row.external_key or row.street or "" for row in rows], given["all_or_nothing"]
        )


def address_of(row: Address) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in schema.ADDRESS_FIELDS}
    place = row.territory
    return plain | {
        "id": row.pk,
        "company_id": row.company_id,
        "territory": place.code if place else None,
        "territory_name": place.local_name if place else "",
    }
