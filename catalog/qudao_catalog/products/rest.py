"""Products in the API: lists, one product, filters, bulk writing for an ERP."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from drf_spectacular.utils import OpenApiParameter, extend_schema
from qudao_core import api as core
from qudao_core.headless import (
    ChangeFilters,
    HeadlessView,
    Reference,
    SignedInOrOpenCatalogue,
    changed_since,
    expand_pairs,
    keyset_page,
    versioned,
    window_page,
)
from rest_framework.request import Request
from rest_framework.response import Response

from .. import hooks
from ..categories.queries import category_tree, get_category
from ..listing import queries as lists
from ..listing.counting import FacetCount, count_facets
from ..listing.definitions import facet_definitions
from ..listing.matching import looked_up
from ..listing.rules import PREFIX, RELEVANCE, Listing, read_listing
from ..pictures.queries import picture_prefix
from . import documents, services
from .detail import get_product
from .inputs import as_sent
from .queries import facts_in_order, terms
from .rules import ProductFacts
from .schemas import BulkInput, BulkOutput, FacetOutput, ProductDetailOutput, ProductRowOutput

#: Lists in these orders go down to 10,000 rows.
COMPUTED = ("price", "-price", RELEVANCE)

_FILTERS = [
    OpenApiParameter("q", str, description=_("Words from the name, or part of the SKU or barcode.")),
    OpenApiParameter("category", str, description=_("A category's slug; everything below it is included.")),
    OpenApiParameter("line", str, many=True, description=_("Codes of product lines.")),
    OpenApiParameter("status", str, many=True, enum=["active", "announced", "discontinued"]),
    OpenApiParameter("sku", str, many=True, description=_("Exactly these SKUs, at most 200.")),
    OpenApiParameter("available", bool, description=_("Only what is in stock or made to order.")),
    OpenApiParameter("price_min", str, description=_("Lowest price for the caller's company.")),
    OpenApiParameter("price_max", str, description=_("Highest price for the caller's company.")),
    OpenApiParameter(
        "attr",
        str,
        many=True,
        description=_(
            "Attribute filters as code:value, such as colour:red; code_min:10 and code_max:40 for numbers."
            " attr_code=value is equivalent."
        ),
    ),
]
_SORT = OpenApiParameter("sort", str, enum=["sku", "name", "new", "price", "-price"])
_FIELDS = OpenApiParameter("fields", str, description=_("Only these fields, separated by commas."))


class CatalogueView(HeadlessView):
    """What the endpoints of the catalogue share."""

    permission_classes = (SignedInOrOpenCatalogue,)
    tags = ("products",)
    open_parameters = (PREFIX,)  # read_listing refuses those that are no attribute

    @cached_property
    def base(self) -> str:
        """What addresses of pictures begin with."""
        return str(self.request.build_absolute_uri(picture_prefix()))

    def listing(self) -> Listing:
        """The filters of the query string.

        :raises core.Refusal: 400 ``invalid_filter`` with an entry per filter that cannot be read.
        """
        query = expand_pairs(dict(self.request.query_params.lists()), "attr")
        slug = (query.get("category") or [""])[-1]
        tree = category_tree(self.versions)
        known = terms(self.versions)
        listing = read_listing(
            query,
            definitions=facet_definitions(self.versions),
            line_ids={code: pk for pk, (code, _name, _name_zh) in known.lines.items()},
            category_ids=tree.within(get_category(slug, self.versions)) if slug else frozenset(),
        )
        if listing.issues:
            raise _unreadable(listing)
        return looked_up(self.viewer, listing)


class ProductList(CatalogueView):
    """Products the caller may see and could order, with the caller's own price and stock."""

    @extend_schema(
        parameters=[*_FILTERS, _SORT, _FIELDS, ChangeFilters], responses=ProductRowOutput(many=True)
    )
    def get(self, request: Request) -> Response:
        """Products the caller may see and could order, with the caller's own price and stock."""
        fields = _fields(request)
        since = self.read_query(ChangeFilters).get("updated_since")
        listing = self.listing()
        if since is not None:
            rows, ordering = changed_since(lists.products(self.viewer, listing, self.versions), since)
            return self._page_by_key(rows.values("pk", "updated_at"), ordering, fields)
        if listing.sort == "name":
            rows = lists.products(self.viewer, listing, self.versions)
            return self._page_by_key(*lists.by_name(self.viewer, rows), fields)
        if listing.sort not in COMPUTED:
            return keyset_page(
                request,
                lists.KEYSETS[listing.sort],
                lambda *place: lists.walk(self.viewer, listing, *place, self.versions),
                lambda found: self._render(found, fields),
            )
        return window_page(
            request,
            lambda offset, limit: lists.page_of_facts(self.viewer, listing, offset, limit, self.versions),
            lambda found: self._render(found, fields),
        )

    def _page_by_key(self, rows: Any, ordering: tuple[str, ...], fields: frozenset[str] | None) -> Response:
        """A page of rows that carry ``pk`` and the columns of the ordering; one statement more for the facts."""
        return self.page(
            rows,
            lambda page: self._render(facts_in_order([row["pk"] for row in page], self.versions), fields),
            ordering=ordering,
        )

    def _render(self, found: Sequence[ProductFacts], fields: frozenset[str] | None) -> list[dict[str, Any]]:
        offers: dict[int, hooks.Offer] = {}
        if fields is None or "offer" in fields:
            by_id = {facts.id: facts for facts in found}
            offers = hooks.offer_provider().offers(
                self.viewer, list(by_id), facts=by_id, versions=self.versions
            )
        return documents.product_documents(found, offers, self.viewer.language, self.base, fields)


class ProductItem(CatalogueView):
    """One product or family: by id, SKU, ``sku:…``, ``ext:…`` or ``barcode:…``."""

    @extend_schema(responses=ProductDetailOutput)
    @versioned()
    def get(self, request: Request, reference: Reference) -> Response:
        """One product or family: by id, SKU, ``sku:…``, ``ext:…`` or ``barcode:…``."""
        detail = get_product(self.viewer, reference, self.versions)
        facts = {each.id: each for each in detail.shown_facts}
        offers = hooks.offer_provider().offers(self.viewer, list(facts), facts=facts, versions=self.versions)
        site = request.build_absolute_uri("/").rstrip("/")
        document = documents.detail_document(detail, offers, self.viewer.language, self.base, site)
        return self.document(document)


class ProductFacets(CatalogueView):
    """What a list may be narrowed by, with counts under the filters that are set."""

    @extend_schema(operation_id="get_product_facets", parameters=_FILTERS, responses=FacetOutput)
    def get(self, request: Request) -> Response:
        """What the product list can be narrowed by, with counts under the filters that are set."""
        listing = self.listing()
        facets = count_facets(self.viewer, listing, self.versions)
        language = self.viewer.language
        known = terms(self.versions)
        return Response(
            {
                "total": facets.total,
                "lines": [
                    {"value": known.lines[pk][0], "name": known.lines[pk][1], "count": count}
                    for pk, count in sorted(facets.lines.items())
                    if pk in known.lines
                ],
                "available": facets.available,
                "price": _span(facets.price_span, self.viewer.currency),
                "attributes": [_facet(each, language) for each in facets.attributes],
            }
        )


class ProductBulk(HeadlessView):
    """Create or change products by SKU.

    Repeating it changes nothing more, so no idempotency key is needed.
    """

    tags = ("products",)

    @extend_schema(operation_id="upsert_products", request=BulkInput, responses=BulkOutput)
    def put(self, request: Request) -> Response:
        """Create or change products by SKU.

        Repeating it changes nothing more, so no idempotency key is needed.
        """
        services.require_editor(self.viewer)
        given = self.read(BulkInput)
        result = services.upsert_products(
            actor=self.viewer,
            rows=map(as_sent, given["products"]),
            partial=given["partial"],
            rehearse=given["rehearse"],
        )
        if result.problems and not given["partial"] and not given["rehearse"]:
            raise core.Refusal(
                "rows_invalid",
                ngettext(
                    "Nothing was saved: %(count)d row has errors.",
                    "Nothing was saved: %(count)d rows have errors.",
                    result.count("refused"),
                )
                % {"count": result.count("refused")},
                remedy=_("Correct them, or send partial=true to save the others."),
                problems=result.problems,
                params={"refused": result.count("refused")},
            )
        return Response(_bulk_document(result))


def _bulk_document(result: services.UpsertResult) -> dict[str, Any]:
    counts = {name: result.count(name) for name in ("created", "changed", "unchanged", "refused")}
    rows = [
        {
            "line": row.line,
            "sku": row.sku,
            "outcome": row.outcome,
            "id": row.product_id,
            "problems": [
                {"code": each.code, "message": str(each.message), "field": each.field}
                for each in row.problems
            ],
        }
        for row in result.rows
    ]
    return {"saved": result.saved, "counts": counts, "new_options": list(result.new_options), "rows": rows}


def _span(span: tuple[Decimal, Decimal] | None, currency: str) -> dict[str, Any] | None:
    if span is None:
        return None
    low, high = (price.quantize(documents.UNIT_PRICE) for price in span)
    return {"min": low, "max": high, "currency": currency}


def _facet(facet: FacetCount, language: str) -> dict[str, Any]:
    definition = facet.definition
    return {
        "code": definition.code,
        "name": definition.name(language),
        "kind": definition.kind,
        "unit": definition.unit,
        "parameter": definition.key,
        "options": [
            {"value": each.value, "name": each.name(language), "count": facet.counts.get(each.key, 0)}
            for each in definition.options
        ],
        "min": facet.low,
        "max": facet.high,
    }


def _fields(request: Request) -> frozenset[str] | None:
    text = request.query_params.get("fields", "")
    if not text:
        return None
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = sorted(set(names) - set(documents.FIELDS))
    if unknown:
        raise core.Refusal(
            "unknown_field",
            _("There is no field %(names)s.") % {"names": core.join_list(unknown)[:100]},
            field="fields",
            params={"known": list(documents.FIELDS)},
            status=400,
        )
    return frozenset(names)


def _unreadable(listing: Listing) -> core.Refusal:
    unknown = "unknown_parameter"
    texts = {unknown: _("There is no parameter “%(value)s”.")}
    problems = [
        core.Problem(
            issue.code,
            texts.get(issue.code, _("“%(value)s” cannot be used here.")) % {"value": issue.value},
            field=issue.field,
            params={"value": issue.value},
        )
        for issue in listing.issues
    ]
    all_unknown = all(problem.code == unknown for problem in problems)
    return core.Refusal(
        unknown if all_unknown else "invalid_filter",
        problems[0].message if all_unknown else _("A filter cannot be read."),
        problems=problems,
        field=problems[0].field,
        status=400,
    )
