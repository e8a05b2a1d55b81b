"""The catalogue's list pages: everything, and one category with what is below it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page as PageOfRows
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from qudao_core import api as core

from .. import conf, hooks
from ..assortments.queries import exists_for
from ..categories.queries import category_tree, get_category
from ..categories.rules import CategoryNode
from ..pictures import rules as pictures
from ..pictures.queries import picture_prefix
from ..products.presenters import cart_url, product_rows
from ..products.queries import terms
from ..views import OpenPage, breadcrumbs
from . import presenters, queries
from .columns import facet_definitions
from .matching import Matches, count_facets, count_sections, matches, with_search_result
from .rules import VIEWS, Listing, read_listing


class CataloguePage(OpenPage):
    """The list of products, as a table or as cards, with filters. The address holds the whole state."""

    in_previews = True

    def get(self, request: HttpRequest, slug: str = "") -> HttpResponse:
        versions = core.Versions.read()
        category = get_category(slug, versions) if slug else None
        if category and category.slug != slug.strip("/"):
            return redirect("catalog:category", slug=category.slug)
        context = list_context(self.viewer, request, category, versions)
        live = request.headers.get("HX-Target") == "catalogue"
        template = "_list.html" if live else "catalogue.html"
        response = render(request, f"qudao_catalog/{template}", context)
        if live:
            response["HX-Push-Url"] = request.path + _tidy(request.GET)
        response["Vary"] = "HX-Request, HX-Target, Cookie, Accept-Language"
        return response


def list_context(
    viewer: core.Viewer, request: HttpRequest, category: CategoryNode | None, versions: core.Versions
) -> dict[str, Any]:
    """Everything the list shows."""
    query: QueryDict = request.GET
    listing = with_search_result(
        viewer,
        listing_from_query(query, category, versions),
        log=not (query.get("page") or viewer.is_preview),
    )
    matched = matches(viewer, listing, versions)
    facets = count_facets(viewer, listing, versions, matched=matched)
    page = _page(query, facets.total)
    start = max(page.start_index() - 1, 0)
    found = queries.page_of_facts(viewer, listing, start, page.paginator.per_page, versions, matched=matched)
    offers = hooks.offer_provider().offers(
        viewer, [each.id for each in found], facts={each.id: each for each in found}, versions=versions
    )
    view = query.get("view") if query.get("view") in VIEWS else VIEWS[0]
    width = pictures.CARD if view == "grid" else pictures.THUMBNAIL
    groups = presenters.facet_groups(
        facets, listing, terms(versions), query, viewer.language, viewer.currency
    )
    if offers and all(each.stock is None or each.stock.mode == "hidden" for each in offers.values()):
        groups = [group for group in groups if group["key"] != "available"]
    tree = category_tree(versions)
    return {
        "category": category,
        "heading": category.label(viewer.language) if category else _("All products"),
        "lead": category.text(viewer.language) if category else "",
        "crumbs": breadcrumbs(category, tree, viewer.language),
        "sections": _sections(matched, category, versions),
        "listing": listing,
        "view": view,
        "views": VIEWS,
        "sorts": presenters.sort_choices(listing),
        "found": listing.found,
        **_search(listing, category, query, viewer.language),
        "page": page,
        "total": facets.total,
        "products": product_rows(found, offers, viewer.language, width),
        "facets": groups,
        "chips": presenters.chips(groups, listing, query),
        "keep": {name: query[name] for name in presenters.KEPT if query.get(name)},
        "kept_filters": _kept_filters(query),
        "clear_href": _cleared(query),
        "facets_clear_href": _cleared(query) if listing.active else "",
        "all_href": reverse("catalog:catalogue"),
        "sells": hooks.sells(),
        "cart_url": cart_url() if viewer.is_member else "",
        "currency": viewer.currency,
        "nothing_granted": not facets.total and not exists_for(viewer, versions=versions),
        "here": request.get_full_path(),
    }


def listing_from_query(query: QueryDict, category: CategoryNode | None, versions: core.Versions) -> Listing:
    """The list an address asks for, inside ``category`` and everything below it."""
    known = terms(versions)
    return read_listing(
        dict(query.lists()),
        definitions=facet_definitions(versions),
        line_ids={code: pk for pk, (code, _name, _name_zh) in known.lines.items()},
        category_ids=category_tree(versions).within(category) if category else frozenset(),
    )


def _sections(
    matched: Matches, category: CategoryNode | None, versions: core.Versions
) -> list[dict[str, Any]]:
    viewer = matched.viewer
    prefix = picture_prefix()
    return [
        {
            "label": node.label(viewer.language),
            "href": reverse("catalog:category", args=(node.slug,)),
            "count": count,
            "image_url": pictures.rendition_url(prefix, node.image, pictures.THUMBNAIL),
        }
        for node, count in count_sections(viewer, matched.listing, category, versions, matched=matched)
    ]


def _search(
    listing: Listing, category: CategoryNode | None, query: QueryDict, language: str
) -> dict[str, Any]:
    """The one search field of the page looks in this list; what it does not hold, the search of everything may."""
    text = " ".join(listing.words)
    whole = search_url()
    return {
        "search_url": _here(category),
        "search_query": query.get("q", ""),
        "search_placeholder": _("Search in %(place)s") % {"place": category.label(language)}
        if category
        else "",
        "everywhere_href": f"{whole}?{urlencode({'q': text})}" if whole and text else "",
        "corrections": [
            {"text": other, "href": f"?{urlencode({'q': other})}"}
            for other in (listing.found.did_you_mean if listing.found else ())
        ],
    }


def _here(category: CategoryNode | None) -> str:
    return reverse("catalog:category", args=(category.slug,)) if category else reverse("catalog:catalogue")


def search_url() -> str:
    """The search of everything, or ``""`` where the host has not mounted it."""
    try:
        return reverse("site-search:search")
    except NoReverseMatch:
        return ""


def _page(query: QueryDict, total: int) -> PageOfRows[Any]:
    """The page asked for; a number beyond the end is the last page, a text the first."""
    size = conf.page_size()
    reachable = min(total, size * conf.deepest_page())
    return Paginator(range(reachable), size).get_page(query.get("page"))


def _kept_filters(query: QueryDict) -> list[tuple[str, list[str]]]:
    """What the text field's form carries along, so that looking for a word keeps the filters."""
    return [
        (name, values) for name, values in query.lists() if name not in ("q", "sort", "page") and any(values)
    ]


def _tidy(query: QueryDict) -> str:
    """The query without empty fields: what the address bar shows after a live change."""
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        filled = [value for value in values if value]
        if filled:
            kept.setlist(name, filled)
    return f"?{kept.urlencode()}" if kept else ""


def _cleared(query: QueryDict) -> str:
    kept = QueryDict(mutable=True)
    for name in ("sort", "view"):
        if query.get(name):
            kept[name] = query[name]
    return f"?{kept.urlencode()}" if kept else "?"
