"""Companies and tiers through the API."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from qudao_core.audit.queries import history
from qudao_core.headless import HeadlessView, Reference, entity_tag, idempotent, require_match, versioned
from qudao_core.viewers import require_permission
from rest_framework.request import Request
from rest_framework.response import Response

from ..models import Company, Tier
from ..queries import filter_companies, visible_companies
from ..rights import ADD_COMPANY, CHANGE_COMPANY
from ..rules import CompanyInput
from ..services import admit_company, change_company, move_company, set_company_status, upsert_companies
from . import schema
from .loading import bulk_response, find_company


class Companies(HeadlessView):
    tags = ("companies",)
    ordering = ("path",)

    @extend_schema(parameters=[schema.CompanyFilters], responses=schema.CompanyOutput(many=True))
    def get(self, request: Request) -> Response:
        """Your company and everyone below it in the order of the tree; all companies for the back office."""
        wanted = dict(self.read_query(schema.CompanyFilters))
        if "below" in wanted:
            wanted["below"] = find_company(self, wanted["below"]).pk
        rows = filter_companies(visible_companies(self.viewer), wanted)
        rows = rows.select_related("tier").prefetch_related("territories")
        return self.page_of_changes(rows, lambda page: describe_many(page), wanted.get("updated_since"))

    @extend_schema(request=schema.AdmitInput, responses={201: schema.CompanyOutput})
    @idempotent
    @versioned(match=False)
    def post(self, request: Request) -> Response:
        """Admit a company. For the back office."""
        given = self.read(schema.AdmitInput)
        above = given.pop("parent", None)
        parent = find_company(self, above) if above else None
        company = admit_company(viewer=self.viewer, parent_id=parent.pk if parent else None, **given)
        return answer(self, company.pk, status=201)


class CompanyDetail(HeadlessView):
    tags = ("companies",)

    @extend_schema(responses=schema.CompanyOutput)
    @versioned()
    def get(self, request: Request, reference: Reference) -> Response:
        """One company."""
        return answer(self, find_company(self, reference).pk)

    @extend_schema(request=schema.CompanyInputSchema, responses=schema.CompanyOutput)
    @transaction.atomic
    @versioned()
    def patch(self, request: Request, reference: Reference) -> Response:
        """Change particulars. The company's administrators: phone, email, language; the back office: all."""
        company = find_company(self, reference)
        require_match(request, tag_of(Company.objects.select_for_update().get(pk=company.pk)))
        changes = self.read(schema.CompanyInputSchema, partial=True)
        change_company(viewer=self.viewer, company_id=company.pk, changes=changes)
        return answer(self, company.pk)


class CompanyStatus(HeadlessView):
    tags = ("companies",)

    @extend_schema(
        operation_id="set_company_status", request=schema.StatusInput, responses=schema.CompanyOutput
    )
    @idempotent
    @versioned(match=False)
    def post(self, request: Request, reference: Reference) -> Response:
        """Activate, suspend or close a company. For the back office."""
        company = find_company(self, reference)
        set_company_status(viewer=self.viewer, company_id=company.pk, **self.read(schema.StatusInput))
        return answer(self, company.pk)


class CompanyMove(HeadlessView):
    tags = ("companies",)

    @extend_schema(operation_id="move_company", request=schema.MoveInput, responses=schema.CompanyOutput)
    @idempotent
    @versioned(match=False)
    def post(self, request: Request, reference: Reference) -> Response:
        """Put a company, with everyone below it, below another one. For the back office."""
        company = find_company(self, reference)
        above = self.read(schema.MoveInput)["parent"]
        parent = find_company(self, above) if above else None
        move_company(viewer=self.viewer, company_id=company.pk, parent_id=parent.pk if parent else None)
        return answer(self, company.pk)


class CompanyHistory(HeadlessView):
    tags = ("companies",)

    @extend_schema(operation_id="list_company_history", responses=schema.HistoryOutput(many=True))
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
        operation_id="upsert_companies", request=schema.CompaniesBulkInput, responses=schema.BulkOutput
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Create or change up to 5,000 companies, known by external key or code. A result for each row."""
        require_permission(self.viewer, ADD_COMPANY)
        require_permission(self.viewer, CHANGE_COMPANY)
        given = self.read(schema.CompaniesBulkInput)
        rows = [CompanyInput(**_tuples(row)) for row in given["rows"]]
        result = upsert_companies(actor=self.viewer, rows=rows)
        return bulk_response(
            result, [row.external_key or row.code or "" for row in rows], given["all_or_nothing"]
        )


class Tiers(HeadlessView):
    tags = ("companies",)
    ordering = ("rank", "code")

    @extend_schema(responses=schema.TierOutput(many=True))
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
    plain = {name: getattr(company, name) for name in schema.COMPANY_FIELDS}
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
