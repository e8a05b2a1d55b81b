"""A result as the page shows it: kinds as tabs, filters, chips, orders. Every state is an address."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page as PageOfHits
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from qudao_core.wording import with_label

from .. import hooks as search_hooks
from ..api import SearchRequest, SearchResult, Suggestion
from . import rules

PRICES = ("price", "-price")
#: Of a filter the most frequent values are offered; further ones by asking more precisely.
MOST_VALUES = 12


def result_context(result: SearchResult) -> dict[str, Any]:
    """Everything about a result that the template shows beside the hits."""
    request = result.request
    return {
        "result": result,
        "tabs": tabs(result),
        "facets": facet_groups(result),
        "chips": chips(result),
        "sorts": sort_choices(request),
        "page": page_of_hits(result),
        "labels": {each.value: each.label for each in result.kinds},
        "kept": _kept(request),
        "kept_fields": [
            ("q", (request.text,)),
            ("kind", request.kinds),
            *((f"{rules.FACET}{key}", values) for key, values in request.facets.items()),
        ],
        "search_keep": {"kind": _only(request)} if request.kinds else {},
        "clear_href": rules.query_url(request, facets={}) if request.facets else "",
        "everywhere_href": rules.query_url(request, facets={}, kinds=(), sort="relevance"),
        "corrections": corrections(result),
    }


def tabs(result: SearchResult) -> list[dict[str, Any]]:
    """Everything, then each kind of which there is something, or that was chosen."""
    request = result.request
    found = [
        {
            "label": each.label,
            "icon": getattr(search_hooks.sources.get(each.value), "icon", "file-text"),
            "count": each.count,
            "href": _kind_url(request, each.value),
            "current": each.value == _only(request),
        }
        for each in result.kinds
        if each.count or each.value in request.kinds
    ]
    everything = {
        "label": _("Everything"),
        "icon": "",
        "count": sum(each.count for each in result.kinds),
        "href": _kind_url(request, ""),
        "current": not request.kinds,
    }
    return [everything, *found]


def facet_groups(result: SearchResult) -> list[dict[str, Any]]:
    """The filter panel as the theme's component takes it. A filter with one value narrows nothing and is left out."""
    return [
        {
            "key": f"{rules.FACET}{facet.key}",
            "label": facet.label,
            "kind": "check",
            "options": [
                {"value": one.value, "label": one.label, "count": one.count, "selected": one.selected}
                for place, one in enumerate(facet.values)
                if place < MOST_VALUES or one.selected
            ],
        }
        for facet in result.facets
        if len(facet.values) > 1 or any(one.selected for one in facet.values)
    ]


def chips(result: SearchResult) -> list[dict[str, str]]:
    """One chip for each value chosen, whose link takes it away."""
    facets = result.request.facets
    return [
        {
            "label": with_label(facet.label, one.label),
            "href": rules.query_url(result.request, facets=rules.without(facets, facet.key, one.value)),
        }
        for facet in result.facets
        for one in facet.values
        if one.selected
    ]


def sort_choices(request: SearchRequest) -> list[tuple[str, str]]:
    """Own price only where everything that is shown may have one."""
    choices = [("relevance", _("Best match")), ("newest", pgettext("search", "Newest first"))]
    if _has_prices(_only(request)):
        choices += [("price", _("Your price, low to high")), ("-price", _("Your price, high to low"))]
    return choices


def page_of_hits(result: SearchResult) -> PageOfHits[Any]:
    """The theme's pagination asks a Django page; hits too deep to be turned to are not on it."""
    size = result.request.page_size
    reachable = min(result.total, result.pages * size) if result.pages else result.total
    return Paginator(range(reachable), size).get_page(result.request.page)


def corrections(result: SearchResult) -> list[dict[str, str]]:
    """Nearest terms to try, each with its address."""
    request = result.request
    return [
        {"text": text, "href": rules.query_url(request, text=text, facets={})} for text in result.did_you_mean
    ]


def repeat_links(texts: list[str]) -> list[dict[str, str]]:
    """Queries to repeat, each with its address."""
    return [{"text": text, "href": rules.query_url(SearchRequest(text))} for text in texts]


def suggestion_rows(found: list[Suggestion], search_url: str) -> list[dict[str, Any]]:
    """Lines under the field: each leads to the thing itself, or asks the query it holds."""
    rows = []
    for each in found:
        text = "".join(piece.text for piece in each.text)
        href = each.url or search_url + rules.query_url(SearchRequest(text))
        rows.append({"pieces": each.text, "text": text, "href": href, "icon": each.icon, "code": each.code})
    return rows


def _kept(request: SearchRequest) -> dict[str, str]:
    """What the filter form carries along."""
    sort = request.sort if request.sort != "relevance" else ""
    return {
        name: value
        for name, value in (("q", request.text), ("kind", _only(request)), ("sort", sort))
        if value
    }


def _kind_url(request: SearchRequest, kind: str) -> str:
    sort = "relevance" if request.sort in PRICES and not _has_prices(kind) else request.sort
    return rules.query_url(request, kinds=(kind,) if kind else (), sort=sort)


def _has_prices(kind: str) -> bool:
    return bool(kind) and hasattr(search_hooks.sources.get(kind), "by_price")


def _only(request: SearchRequest) -> str:
    return request.kinds[0] if len(request.kinds) == 1 else ""
