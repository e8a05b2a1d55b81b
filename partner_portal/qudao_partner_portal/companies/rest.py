"""Companies, tiers, addresses and invoice titles through the API."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from qudao_core.audit.queries import history
from qudao_core.errors import Refusal
from qudao_core.headless import (
    HeadlessView,
    Reference,
    entity_tag,
    idempotent,
    require_match,
    resolve,
    versioned,
)
from qudao_core.imports.rules import UpsertResult
from qudao_core.viewers import require_permission
from rest_framework.request import Request
from rest_framework.response import Response

from . import serializers
from .bulk import upsert_companies
from .bulk_addresses import upsert_addresses
from .models import Address, Company, InvoiceTitle, Tier
from .permissions import ADD_COMPANY, CHANGE_COMPANY
from .queries import (
    COMPANY_REFERENCES,
    addresses,
    filter_companies,
    get_address,
    get_invoice_title,
    invoice_titles,
    visible_companies,
)
from .rules import AddressInput, CompanyInput
from .services import (
    admit_company,
    change_company,
    move_company,
    remove_address,
    remove_invoice_title,
    save_address,
    save_invoice_title,
    set_company_status,
)


def find_company(view: HeadlessView, reference: Reference) -> Company:
    """:raises NotFound: no such company, or not one the caller sees."""
    rows = visible_companies(view.viewer).select_related("tier").prefetch_related("territories")
    return resolve(reference, rows, COMPANY_REFERENCES)


def company_id_of(view: HeadlessView) -> int | None:
    """The company of the query string, as an id; the viewer's own without one.

    :raises NotFound: not a company the caller sees.
    """
    wanted = view.read_query(serializers.OfCompany).get("company")
    return find_company(view, wanted).pk if wanted else view.viewer.company_id


def bulk_response(result: UpsertResult, keys: list[str], all_or_nothing: bool) -> Response:
    """A result for each row; with ``all_or_nothing`` one rejected row refuses (and undoes) the whole.

    :raises Refusal: ``rows_invalid``.
    """
    if all_or_nothing and result.problems:
        raise Refusal(
            "rows_invalid", _("Some rows are not valid; nothing was saved."), problems=result.problems
        )
    rows = [
        {
            "line": line,
            "key": key,
            "outcome": str(result.outcomes.get(line, "")),
            "id": result.ids.get(line),
            "problems": [serializers.problem_of(found) for found in result.problems if found.line == line],
        }
        for line, key in enumerate(keys, start=1)
    ]
    counts = {"created": result.created, "updated": result.updated, "unchanged": result.unchanged}
    return Response(counts | {"rejected": sum(bool(row["problems"]) for row in rows), "rows": rows})


class Companies(HeadlessView):
    tags = ("companies",)
    ordering = ("path",)

    @extend_schema(parameters=[serializers.CompanyFilters], responses=serializers.CompanyOutput(many=True))
    def get(self, request: Request) -> Response:
        """Your company and everyone below it in the order of the tree; all companies for the back office."""
        wanted = dict(self.read_query(serializers.CompanyFilters))
        if "below" in wanted:
            wanted["below"] = find_company(self, wanted["below"]).pk
        rows = filter_companies(visible_companies(self.viewer), wanted)
        rows = rows.select_related("tier").prefetch_related("territories")
        return self.page_of_changes(rows, lambda page: describe_many(page), wanted.get("updated_since"))

    @extend_schema(request=serializers.AdmitInput, responses={201: serializers.CompanyOutput})
    @idempotent
    @versioned(match=False)
    def post(self, request: Request) -> Response:
        """Admit a company. For the back office."""
        given = self.read(serializers.AdmitInput)
        above = given.pop("parent", None)
        parent = find_company(self, above) if above else None
        company = admit_company(viewer=self.viewer, parent_id=parent.pk if parent else None, **given)
        return answer(self, company.pk, status=201)


class CompanyDetail(HeadlessView):
    tags = ("companies",)

    @extend_schema(responses=serializers.CompanyOutput)
    @versioned()
    def get(self, request: Request, reference: Reference) -> Response:
        """One company."""
        return answer(self, find_company(self, reference).pk)

    @extend_schema(request=serializers.CompanyInputSchema, responses=serializers.CompanyOutput)
    @transaction.atomic
    @versioned()
    def patch(self, request: Request, reference: Reference) -> Response:
        """Change particulars. The company's administrators: phone, email, language; the back office: all."""
        company = find_company(self, reference)
        require_match(request, tag_of(Company.objects.select_for_update().get(pk=company.pk)))
        changes = self.read(serializers.CompanyInputSchema, partial=True)
        change_company(viewer=self.viewer, company_id=company.pk, changes=changes)
        return answer(self, company.pk)


class CompanyStatus(HeadlessView):
    tags = ("companies",)

    @extend_schema(
        operation_id="set_company_status",
        request=serializers.StatusInput,
        responses=serializers.CompanyOutput,
    )
    @idempotent
    @versioned(match=False)
    def post(self, request: Request, reference: Reference) -> Response:
        """Activate, suspend or close a company. For the back office."""
        company = find_company(self, reference)
        set_company_status(viewer=self.viewer, company_id=company.pk, **self.read(serializers.StatusInput))
        return answer(self, company.pk)


class CompanyMove(HeadlessView):
    tags = ("companies",)

    @extend_schema(
        operation_id="move_company", request=serializers.MoveInput, responses=serializers.CompanyOutput
    )
    @idempotent
    @versioned(match=False)
    def post(self, request: Request, reference: Reference) -> Response:
        """Put a company, with everyone below it, below another one. For the back office."""
        company = find_company(self, reference)
        above = self.read(serializers.MoveInput)["parent"]
        parent = find_company(self, above) if above else None
        move_company(viewer=self.viewer, company_id=company.pk, parent_id=parent.pk if parent else None)
        return answer(self, company.pk)


class CompanyHistory(HeadlessView):
    tags = ("companies",)

    @extend_schema(operation_id="list_company_history", responses=serializers.HistoryOutput(many=True))
    def get(self, request: Request, reference: Reference) -> Response:
        """What happened to the company: its last 100 entries, newest first. For its people and the back office."""
        company = find_company(self, reference)
        if company.pk != self.viewer.company_id:
            require_permission(self.viewer, "qudao_partner_portal.view_company")
        rows = [
            {
                "at": row.at,
                "actor": row.actor_name,
                "action": row.action,
                "label": row.label,
                "details": row.details,
            }
            for row in history(company, limit=100)
        ]
        return Response({"results": rows, "next": None, "previous": None})


class CompaniesBulk(HeadlessView):
    tags = ("companies",)
    throttle_scope = "import"

    @extend_schema(
        operation_id="upsert_companies",
        request=serializers.CompaniesBulkInput,
        responses=serializers.BulkOutput,
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Create or change up to 5,000 companies, known by external key or code. A result for each row."""
        require_permission(self.viewer, ADD_COMPANY)
        require_permission(self.viewer, CHANGE_COMPANY)
        given = self.read(serializers.CompaniesBulkInput)
        rows = [CompanyInput(**_tuples(row)) for row in given["rows"]]
        result = upsert_companies(actor=self.viewer, rows=rows)
        return bulk_response(
            result, [row.external_key or row.code or "" for row in rows], given["all_or_nothing"]
        )


class Tiers(HeadlessView):
    tags = ("companies",)
    ordering = ("rank", "code")

    @extend_schema(responses=serializers.TierOutput(many=True))
    def get(self, request: Request) -> Response:
        """The tiers of the channel, the highest first."""
        return self.page(
            Tier.objects.all(),
            lambda page: [
                {"code": row.code, "name": row.name, "name_zh": row.name_zh, "rank": row.rank} for row in page
            ],
        )


def answer(view: HeadlessView, pk: int, status: int = 200) -> Response:
    company = find_company(view, Reference("id", str(pk)))
    return view.document(describe_many([company])[0], state=tag_of(company), status=status)


def tag_of(company: Company) -> str:
    return entity_tag("company", company.pk, company.updated_at.isoformat(), company.path)


def describe_many(companies: list[Company]) -> list[dict[str, Any]]:
    """Companies with the one directly above each; one more statement for all of them."""
    width = Company.steplen
    above = {company.path[:-width] for company in companies}
    parents = {row.path: row for row in Company.objects.filter(path__in=above).only("pk", "path", "code")}
    return [_describe(company, parents.get(company.path[:-width])) for company in companies]


def _describe(company: Company, parent: Company | None) -> dict[str, Any]:
    plain = {name: getattr(company, name) for name in serializers.COMPANY_FIELDS}
    return plain | {
        "id": company.pk,
        "parent": {"id": parent.pk, "code": parent.code} if parent else None,
        "depth": company.depth,
        "tier": company.tier.code if company.tier else None,
        "territories": [place.code for place in company.territories.all()],
        "updated_at": company.updated_at,
    }


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    if row.get("territories") is not None:
        row["territories"] = tuple(row["territories"])
    return row


class Addresses(HeadlessView):
    tags = ("addresses",)

    @extend_schema(parameters=[serializers.OfCompany], responses=serializers.AddressOutput(many=True))
    def get(self, request: Request) -> Response:
        """Delivery addresses in use of your company (of `company` for the back office)."""
        return self.page(
            addresses(self.viewer, company_id_of(self)), lambda page: [address_of(r) for r in page]
        )

    @extend_schema(
        parameters=[serializers.OfCompany],
        request=serializers.AddressInputSchema,
        responses={201: serializers.AddressOutput},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Add a delivery address. For administrators and buyers."""
        given = self.read(serializers.AddressInputSchema)
        default = given.pop("is_default", None)
        owner = company_id_of(self) or 0
        row = save_address(viewer=self.viewer, company_id=owner, values=given, is_default=default)
        return Response(address_of(row), status=201)


class AddressDetail(HeadlessView):
    tags = ("addresses",)

    @extend_schema(parameters=[serializers.OfCompany], responses=serializers.AddressOutput)
    def get(self, request: Request, reference: Reference) -> Response:
        """One address, by id or by your own key."""
        return Response(address_of(self.find(reference)))

    @extend_schema(
        parameters=[serializers.OfCompany],
        request=serializers.AddressInputSchema,
        responses=serializers.AddressOutput,
    )
    def patch(self, request: Request, reference: Reference) -> Response:
        """Change an address. Orders that went there keep the old one."""
        given = self.read(serializers.AddressInputSchema, partial=True)
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

    @extend_schema(parameters=[serializers.OfCompany], responses={204: None})
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
        operation_id="upsert_addresses",
        request=serializers.AddressesBulkInput,
        responses=serializers.BulkOutput,
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Create or change up to 5,000 addresses of any companies. For the back office. A result for each row."""
        require_permission(self.viewer, "qudao_partner_portal.change_address")
        given = self.read(serializers.AddressesBulkInput)
        rows = [AddressInput(**row) for row in given["rows"]]
        result = upsert_addresses(actor=self.viewer, rows=rows)
        return bulk_response(
            result, [row.external_key or row.street or "" for row in rows], given["all_or_nothing"]
        )


def address_of(row: Address) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in serializers.ADDRESS_FIELDS}
    place = row.territory
    return plain | {
        "id": row.pk,
        "company_id": row.company_id,
        "territory": place.code if place else None,
        "territory_name": place.local_name if place else "",
    }


class InvoiceTitles(HeadlessView):
    tags = ("invoice-titles",)

    @extend_schema(parameters=[serializers.OfCompany], responses=serializers.InvoiceTitleOutput(many=True))
    def get(self, request: Request) -> Response:
        """Invoice titles in use of your company (of `company` for the back office)."""
        rows = invoice_titles(self.viewer, company_id_of(self))
        return self.page(rows, lambda page: [invoice_title_of(row) for row in page])

    @extend_schema(
        parameters=[serializers.OfCompany],
        request=serializers.InvoiceTitleInput,
        responses={201: serializers.InvoiceTitleOutput},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Add an invoice title. For administrators and finance people."""
        given = self.read(serializers.InvoiceTitleInput)
        default = given.pop("is_default", None)
        owner = company_id_of(self) or 0
        row = save_invoice_title(viewer=self.viewer, company_id=owner, values=given, is_default=default)
        return Response(invoice_title_of(row), status=201)


class InvoiceTitleDetail(HeadlessView):
    tags = ("invoice-titles",)

    @extend_schema(parameters=[serializers.OfCompany], responses=serializers.InvoiceTitleOutput)
    def get(self, request: Request, pk: int) -> Response:
        """One invoice title."""
        return Response(invoice_title_of(get_invoice_title(self.viewer, pk, company_id_of(self))))

    @extend_schema(
        parameters=[serializers.OfCompany],
        request=serializers.InvoiceTitleInput,
        responses=serializers.InvoiceTitleOutput,
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Change an invoice title."""
        given = self.read(serializers.InvoiceTitleInput, partial=True)
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

    @extend_schema(parameters=[serializers.OfCompany], responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take an invoice title out of use."""
        row = get_invoice_title(self.viewer, pk, company_id_of(self))
        remove_invoice_title(viewer=self.viewer, company_id=row.company_id, invoice_title_id=pk)
        return Response(status=204)


def invoice_title_of(row: InvoiceTitle) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in serializers.INVOICE_TITLE_FIELDS}
    return plain | {"id": row.pk, "company_id": row.company_id}
