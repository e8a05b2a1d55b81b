"""Prices and price lists through the API."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.headless import (
    HeadlessView,
    Reference,
    SignedIn,
    entity_tag,
    idempotent,
    require_match,
    versioned,
)
from qudao_partner_portal import api as portal
from rest_framework.request import Request
from rest_framework.response import Response

from . import documents, queries, rules, services
from . import schemas as s
from .documents import read_rows
from .models import PriceList


class MayRead(SignedIn):
    """For a POST that only reads: a read-only token may send it too."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(request.user and request.user.is_authenticated)


class PricesView(HeadlessView):
    tags = ("prices",)
    permission_classes = (MayRead,)


class PriceQuery(PricesView):
    @extend_schema(request=s.PriceQueryInput, responses=s.PricesOutput, operation_id="query_prices")
    def post(self, request: Request) -> Response:
        """What up to 2,000 products cost you, each for a quantity, on a day (today if not said).

        Every entry is answered in its place: with a price, with a note why there is none (`on_request`,
        `below_first_break`), or with a problem when the product is not in your catalogue.
        """
        given = self.read(s.PriceQueryInput)
        on = given.get("on") or timezone.localdate()
        versions = core.Versions.read()
        wanted = given["products"]
        facts = catalog.facts_by_code(self.viewer, [each["product"] for each in wanted], versions)
        found = _priced(self.viewer, wanted, facts, on, versions)
        return Response({"on": on, "currency": self.viewer.currency, "results": found})


class PriceExplain(PricesView):
    @extend_schema(request=s.ExplainInput, responses=s.ExplanationOutput, operation_id="explain_price")
    def post(self, request: Request) -> Response:
        """Which list decides a price, and why the others do not.

        Name a `company` to explain its price: for the staff of its seller and for the back office.
        """
        given = self.read(s.ExplainInput)
        on = given.get("on") or timezone.localdate()
        if given.get("company"):
            quantity = given.get("quantity") or Decimal(1)
            found = queries.explain_for(self.viewer, given["company"], given["product"], quantity, on)
        else:
            versions = core.Versions.read()
            facts = catalog.facts_of(self.viewer, given["product"], versions)
            quantity = given.get("quantity") or catalog.lowest_quantity(facts)
            found = queries.explain(self.viewer, facts.id, quantity, on, versions=versions)
        return Response(documents.describe_explanation(found, self.viewer.language))


class PriceListList(HeadlessView):
    tags = ("price lists",)
    ordering = ("code",)

    @extend_schema(parameters=[s.PriceListFilters], responses=s.PriceListOutput(many=True))
    def get(self, request: Request) -> Response:
        """The price lists you manage, by code."""
        given = self.read_query(s.PriceListFilters)
        rows = queries.managed_lists(self.viewer).filter(documents.list_filters(given))
        rows = rows.prefetch_related("line_percents__line", "assignments")
        return self.page_of_changes(rows, _lists, given.get("updated_since"))

    @extend_schema(request=s.PriceListInput, responses={201: s.PriceListOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """A new list of your company: with prices of its own, or derived when a `base` is named."""
        given = self.read(s.PriceListInput)
        seller = _seller(self.viewer, given.pop("seller", None))
        given["base"] = _base(self.viewer, given.get("base"))
        created = services.create_list(actor=self.viewer, seller_id=seller, **given)
        headers = {"Location": f"{request.path}{created.code}/"}
        return Response(documents.describe_list(created), status=201, headers=headers)


class PriceListView(HeadlessView):
    tags = ("price lists",)

    def answer(self, price_list: PriceList, status: int = 200) -> Response:
        """The list as it is now, with its ETag."""
        return self.document(documents.describe_list(price_list), state=_etag(price_list), status=status)

    def locked(self, code: str, action: str = "change") -> PriceList:
        """The list, locked until the end of the transaction, if it still is as the writer saw it.

        :raises Refusal: 412 ``changed_meanwhile``.
        """
        found = queries.get_list(self.viewer, code, action)
        held = (
            PriceList.objects.select_for_update(of=("self",))
            .select_related("seller", "base")
            .get(pk=found.pk)
        )
        require_match(self.request, _etag(held))
        return held


class PriceListDetail(PriceListView):
    @extend_schema(responses=s.PriceListOutput)
    @versioned()
    def get(self, request: Request, code: str) -> Response:
        """One list with its percentages and assignments."""
        return self.answer(queries.get_list(self.viewer, code))

    @transaction.atomic
    @extend_schema(request=s.PriceListChange, responses=s.PriceListOutput)
    @versioned()
    def patch(self, request: Request, code: str) -> Response:
        """Change what is sent: name, validity, base, percentage, rounding, active."""
        found = self.locked(code)
        given = self.read(s.PriceListChange, partial=True)
        if "base" in given:
            given["base"] = _base(self.viewer, given["base"])
        changed = services.change_list(actor=self.viewer, price_list=found, **given)
        return self.answer(changed)

    @transaction.atomic
    @extend_schema(responses={204: None})
    @versioned()
    def delete(self, request: Request, code: str) -> Response:
        """Delete a list with its prices. Refused while others derive from it (409)."""
        found = self.locked(code, "delete")
        services.delete_list(actor=self.viewer, price_list=found)
        return Response(status=204)


class PriceListCopy(HeadlessView):
    tags = ("price lists",)

    @extend_schema(request=s.CopyInput, responses={201: s.PriceListOutput}, operation_id="copy_price_list")
    @idempotent
    def post(self, request: Request, code: str) -> Response:
        """Copy a list with its rows or percentages, assigned to nobody."""
        found = queries.get_list(self.viewer, code)
        _seller(self.viewer, Reference("code", found.seller.code))
        copied = services.copy_list(actor=self.viewer, price_list=found, **self.read(s.CopyInput))
        return Response(documents.describe_list(copied), status=201)


class PriceListAssignments(PriceListView):
    @transaction.atomic
    @extend_schema(
        request=s.AssignmentsInput, responses=s.PriceListOutput, operation_id="set_price_list_assignments"
    )
    @versioned()
    def put(self, request: Request, code: str) -> Response:
        """Let the list be meant for exactly these audiences."""
        found = self.locked(code)
        given = self.read(s.AssignmentsInput)["assignments"]
        wanted = [(each["audience_key"], each["priority"]) for each in given]
        services.set_assignments(actor=self.viewer, price_list=found, assignments=wanted)
        return self.answer(queries.get_list(self.viewer, code))


class PriceListPercents(PriceListView):
    @transaction.atomic
    @extend_schema(
        request=s.PercentsInput, responses=s.PriceListOutput, operation_id="set_price_list_percents"
    )
    @versioned()
    def put(self, request: Request, code: str) -> Response:
        """Let a derived list have exactly these percentages by product line."""
        found = self.locked(code)
        given = self.read(s.PercentsInput)
        services.set_percents(
            actor=self.viewer,
            price_list=found,
            percents=documents.percents_by_line(given["lines"]),
            percent=given.get("percent"),
        )
        return self.answer(queries.get_list(self.viewer, code))


class PriceListPrices(HeadlessView):
    tags = ("price lists",)
    ordering = ("product__profile__sku", "min_quantity", "valid_from", "pk")

    @extend_schema(
        parameters=[s.RowFilters], responses=s.RowOutput(many=True), operation_id="list_price_rows"
    )
    def get(self, request: Request, code: str) -> Response:
        """The stored rows of a list with prices of its own, by SKU, quantity and start."""
        found = queries.get_list(self.viewer, code)
        given = self.read_query(s.RowFilters)
        wanted = queries.RowFilter(
            given.get("search", ""), given.get("on"), given.get("product", given.get("sku", ""))
        )
        return self.page_of_changes(
            queries.price_rows(found, wanted),
            lambda rows: [documents.describe_row(row) for row in rows],
            given.get("updated_since"),
        )

    @extend_schema(request=s.RowsInput, responses=s.RowsOutput, operation_id="set_price_rows")
    @idempotent
    def post(self, request: Request, code: str) -> Response:
        """Add and change rows, up to 200,000 at once; each is answered in `results`.

        One refused row stops all of them (422 `rows_invalid`), unless `partial`. `replace` removes every row that
        is not sent.
        """
        found = queries.get_list(self.viewer, code, "change")
        given = read_rows(request.data)
        done = services.set_prices(
            actor=self.viewer,
            price_list=found,
            rows=given.rows,
            replace=given.replace,
            partial=given.partial,
            outcomes=True,
            reference=given.reference,
        )
        return Response(documents.describe_set(done, given))


class PriceRowsRemoval(HeadlessView):
    tags = ("price lists",)

    @extend_schema(operation_id="remove_price_rows", request=s.RemoveInput, responses=s.RemovedOutput)
    @idempotent
    def post(self, request: Request, code: str) -> Response:
        """Remove rows by their ids, up to 10,000 at once."""
        found = queries.get_list(self.viewer, code, "change")
        ids = self.read(s.RemoveInput)["ids"]
        removed = services.remove_prices(actor=self.viewer, price_list=found, row_ids=ids)
        return Response({"removed": removed})


def _priced(
    viewer: core.Viewer,
    wanted: list[dict[str, Any]],
    facts: catalog.CodeMatches[catalog.ProductFacts],
    on: Any,
    versions: core.Versions,
) -> list[dict[str, Any]]:
    """One answer per entry. A product asked for with several quantities is priced for each."""
    asked = [
        (facts[each["product"]], each.get("quantity") or catalog.lowest_quantity(facts[each["product"]]))
        for each in wanted
        if each["product"] in facts
    ]
    lines = {each.id: each.line_id for each, _quantity in asked}
    priced = queries.prices(
        viewer, [(each.id, quantity) for each, quantity in asked], on=on, versions=versions, lines=lines
    )
    paid = queries.last_prices(viewer, list(lines))
    answers = iter(
        documents.describe_price(rules.at_quantity(priced[each.id], quantity), each, paid.get(each.id))
        for each, quantity in asked
    )
    return [
        {"line": line}
        | (next(answers) if each["product"] in facts else documents.unknown_product(each["product"], facts))
        for line, each in enumerate(wanted, start=1)
    ]


def _lists(rows: list[PriceList]) -> list[dict[str, Any]]:
    return [documents.describe_list(row) for row in rows]


def _etag(price_list: PriceList) -> str:
    return entity_tag("price_list", price_list.pk, price_list.updated_at.isoformat())


def _seller(viewer: core.Viewer, seller: Reference | None) -> int:
    own = seller is None or str(seller) in (viewer.company_code, f"code:{viewer.company_code}")
    company = None if seller is None or own else portal.get_company(viewer, seller)
    return queries.seller_of(viewer, company)


def _base(viewer: core.Viewer, code: str | None) -> PriceList | None:
    if not code:
        return None
    found = queries.managed_lists(viewer).filter(code=code).first()
    if found is None:
        raise core.Refusal("base_required", s.NO_SUCH_BASE, field="base")
    return found
