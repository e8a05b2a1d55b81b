"""One search over everything in the API: the same questions and answers as the page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from qudao_core.errors import Refusal
from qudao_core.headless import HeadlessView, SignedInOrOpenCatalogue, expand_pairs
from rest_framework.request import Request
from rest_framework.response import Response

from .. import api as search
from .. import conf as search_conf
from ..api import FacetResult, FacetValue, Hit, Piece, SearchResult, Suggestion
from ..limits import SCOPE
from . import rules, schemas

LARGEST_PAGE = 100

_ASKED = [
    OpenApiParameter(
        "q", str, description=_("Search query: words, part numbers or pinyin; at most 200 characters.")
    ),
    OpenApiParameter("kind", str, many=True, description=_("Only these kinds, such as product.")),
    OpenApiParameter(
        "facet",
        str,
        many=True,
        description=_(
            "Filters as key:value, such as line:lighting, from the facets of the response; several values of one"
            " key are alternatives. facet_key=value is equivalent."
        ),
    ),
    OpenApiParameter(
        "sort",
        str,
        enum=["relevance", "newest", "price", "-price"],
        description=_("Sorting by price is possible only if every chosen kind has prices."),
    ),
    OpenApiParameter("page", int, description=_("From 1.")),
    OpenApiParameter("page_size", int, description=_("1 to 100.")),
]


class SearchEndpoint(HeadlessView):
    """What the search's endpoints share."""

    permission_classes = (SignedInOrOpenCatalogue,)
    throttle_scope = SCOPE
    tags = ("search",)


class Search(SearchEndpoint):
    """Products, handbook, documents and pages that the caller may open, best first."""

    open_parameters = (rules.FACET,)  # the search refuses those that no kind has

    @extend_schema(operation_id="search", parameters=_ASKED, responses=schemas.SearchOutput)
    def get(self, request: Request) -> Response:
        """Products, handbook, documents and pages that the caller may open, best first."""
        query = expand_pairs(dict(request.query_params.lists()), "facet")
        asked = rules.read_request(query, page_size=_page_size(query))
        result = search.search(self.viewer, asked, http_request=request)
        return Response(_result(result, request.build_absolute_uri))


class Suggestions(SearchEndpoint):
    """What may be meant while a question is being typed."""

    @extend_schema(parameters=[schemas.SuggestionsInput], responses=schemas.SuggestionsOutput)
    def get(self, request: Request) -> Response:
        """Suggestions for a question that is being typed."""
        text = self.read_query(schemas.SuggestionsInput)["q"].strip()
        found = search.suggest(self.viewer, text) if text else []
        return Response({"results": [_suggestion(each, request.build_absolute_uri) for each in found]})


class RecentSearches(SearchEndpoint):
    """The caller's own last questions."""

    @extend_schema(operation_id="get_recent_searches", responses=schemas.RecentOutput)
    def get(self, request: Request) -> Response:
        """The caller's own last questions."""
        return Response({"results": search.recent_searches(self.viewer, limit=20)})

    @extend_schema(operation_id="forget_searches", parameters=[schemas.ForgetInput], responses={204: None})
    def delete(self, request: Request) -> Response:
        """Forget one of them, or all."""
        search.forget_searches(self.viewer, text=self.read_query(schemas.ForgetInput).get("text"))
        return Response(status=204)


class Clicks(SearchEndpoint):
    """Say that a hit was opened; editors see which questions lead where."""

    @extend_schema(operation_id="record_search_click", request=schemas.ClickInput, responses={204: None})
    def post(self, request: Request) -> Response:
        """Record that a hit was opened; editors see which questions lead where."""
        given = self.read(schemas.ClickInput)
        search.record_click(self.viewer, item=given.pop("id"), **given)
        return Response(status=204)


def _page_size(query: rules.QueryParameters) -> int:
    """:raises Refusal: 400 ``invalid_page``."""
    text = (query.get("page_size") or ("",))[-1]
    size = rules.read_number(text) if text else search_conf.page_size()
    if not 1 <= size <= LARGEST_PAGE:
        message = _("A page has 1 to %(most)d results.") % {"most": LARGEST_PAGE}
        raise Refusal("invalid_page", message, field="page_size", params={"most": LARGEST_PAGE}, status=400)
    return size


def _result(result: SearchResult, absolute: Any) -> dict[str, Any]:
    return {
        "total": result.total,
        "page": result.request.page,
        "pages": result.pages,
        "kinds": [_choice(each) for each in result.kinds],
        "facets": [_facet(each) for each in result.facets],
        "hits": [_hit(each, absolute) for each in result.hits],
        "corrected": result.corrected,
        "did_you_mean": list(result.did_you_mean),
        "partial": result.partial,
        "engine": result.engine,
        "degraded": result.degraded,
        "query_id": result.query_id,
    }


def _choice(each: FacetValue) -> dict[str, Any]:
    return {"value": each.value, "name": str(each.label), "count": each.count, "selected": each.selected}


def _facet(facet: FacetResult) -> dict[str, Any]:
    return {
        "key": facet.key,
        "parameter": f"{rules.FACET}{facet.key}",
        "name": str(facet.label),
        "values": [_choice(each) for each in facet.values],
    }


def _hit(hit: Hit, absolute: Any) -> dict[str, Any]:
    return {
        "kind": hit.kind,
        "id": hit.item,
        "position": hit.position,
        "title": _text(hit.title),
        "title_highlight": _pieces(hit.title),
        "excerpt": _pieces(hit.excerpt),
        "summary": hit.summary,
        "url": absolute(hit.url) if hit.url else "",
        "path": [str(part) for part in hit.path],
        "code": hit.code,
        "dated_at": hit.dated_at,
        "item": dict(hit.data),
    }


def _suggestion(each: Suggestion, absolute: Any) -> dict[str, Any]:
    return {
        "text": _text(each.text),
        "highlight": _pieces(each.text),
        "kind": each.kind,
        "url": absolute(each.url) if each.url else "",
        "code": each.code,
    }


def _pieces(pieces: tuple[Piece, ...]) -> list[dict[str, Any]]:
    return [{"text": piece.text, "marked": piece.marked} for piece in pieces]


def _text(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)
