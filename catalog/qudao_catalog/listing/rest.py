"""Lists in the API: products, filters with counts, categories and product lines."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from qudao_core import api as core
from qudao_core.headless import (
    ChangeFilters,
    changed_since,
    expand_pairs,
    keyset_page,
    list_page,
    window_page,
)
from rest_framework.request import Request
from rest_framework.response import Response

from .. import hooks
from ..categories.queries import category_tree, get_category
from ..categories.rules import CategoryNode
from ..pictures import rules as pictures
from ..product_facts import ProductFacts
from ..products import serializers
from ..products.queries import facts_in_order, terms
from ..products.serializers import ProductRowOutput
from ..views import CatalogueView
from . import queries as lists
from .columns import facet_definitions
from .matching import FacetCount, count_categories, count_facets, with_search_result
from .rules import PREFIX, RELEVANCE, Listing, read_listing
from .schemas import CategoryOutput, FacetOutput, LineOutput


class CategoryList(CatalogueView):
    """The category tree from the top down, with how many products the caller sees in each."""

    tags = ("categories",)

    @extend_schema(responses=CategoryOutput(many=True))
    def get(self, request: Request) -> Response:
        """The category tree from the top down, with how many products the caller sees in each category."""
        tree = category_tree(self.versions)
        counts = count_categories(self.viewer, self.versions)

        def render(nodes: Any) -> list[dict[str, Any]]:
            return [self._document(node, counts.get(node.id, 0)) for node in nodes]

        return list_page(request, tree.nodes, lambda node: node.id, render)

    def _document(self, node: CategoryNode, count: int) -> dict[str, Any]:
        language = self.viewer.language
        return {
            "id": node.id,
            "slug": node.slug,
            "name": node.label(language),
            "parent": node.slug.rpartition("/")[0] or None,
            "depth": node.depth,
            "description": node.text(language),
            "picture": pictures.rendition_url(self.base, node.image, pictures.CARD) or None,
            "products": count,
        }


class LineList(CatalogueView):
    """Product lines."""

    tags = ("product-lines",)

    @extend_schema(responses=LineOutput(many=True))
    def get(self, request: Request) -> Response:
        """Product lines, by code."""
        chinese = self.viewer.language.startswith("zh")
        rows = sorted(terms(self.versions).lines.values())

        def render(lines: Any) -> list[dict[str, str]]:
            return [{"code": code, "name": zh if chinese and zh else name} for code, name, zh in lines]

        return list_page(request, rows, lambda line: line[0], render)


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


class ListingView(CatalogueView):
    """An endpoint whose query string filters products."""

    open_parameters = (PREFIX,)  # read_listing refuses those that are no attribute

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
        return with_search_result(self.viewer, listing)


class ProductList(ListingView):
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
                lambda *place: lists.rows_after(self.viewer, listing, *place, self.versions),
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
        return serializers.product_documents(found, offers, self.viewer.language, self.base, fields)


class ProductFacets(ListingView):
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


def _span(span: tuple[Decimal, Decimal] | None, currency: str) -> dict[str, Any] | None:
    if span is None:
        return None
    low, high = (price.quantize(serializers.UNIT_PRICE) for price in span)
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
    unknown = sorted(set(names) - set(serializers.FIELDS))
    if unknown:
        raise core.Refusal(
            "unknown_field",
            _("There is no field %(names)s.") % {"names": core.join_list(unknown)[:100]},
            field="fields",
            params={"known": list(serializers.FIELDS)},
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
