"""Handbooks as templates show them: contents, the way up, neighbours, links to PDF, the search within."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from qudao_core import api as core
from qudao_search import api as search
from qudao_search.api import SearchRequest

from .models import Kind
from .queries import url_of
from .rules import CHAPTER, TOPIC, Seen

ICONS = {
    Kind.GUIDE: "book-open",
    Kind.REFERENCE: "table-2",
    Kind.INSTALLATION: "wrench",
    Kind.FAQ: "circle-question-mark",
    Kind.CUSTOMER_TYPE: "users",
    Kind.OBJECTION: "message-square-warning",
    Kind.SCRIPT: "messages-square",
}
MOST_HITS = 50


def contents(tree: Seen, current: Seen) -> dict[str, Any]:
    """The contents beside a page: mappings of ``title, url, current, inside, children``."""
    inside = {each.key for each in current.above} | {current.key}

    def entry(seen: Seen) -> dict[str, Any]:
        return {
            "title": seen.title,
            "summary": seen.summary,
            "url": url_of(seen),
            "type": seen.type,
            "icon": ICONS.get(Kind(seen.kind), "file-text") if seen.kind else "folder",
            "kind": str(Kind(seen.kind).label) if seen.kind else "",
            "current": seen.key == current.key,
            "inside": seen.key in inside,
            "changed": seen.changed_at is not None,
            "untranslated": not seen.in_own_language,
            "count": len(seen.topics),
            "children": [entry(each) for each in seen.children],
        }

    return entry(tree)


def crumbs(seen: Seen, *, several: bool) -> list[dict[str, str]]:
    """The way from the handbook (from the list of them, where there are several) down to the page."""
    above = [{"label": each.title, "href": url_of(each)} for each in seen.above]
    start = [{"label": _("Handbooks"), "href": reverse("catalog:handbooks")}] if several else []
    way = [*start, *above]
    return [*way, {"label": seen.title, "href": ""}] if way else []


def around(tree: Seen, seen: Seen) -> dict[str, Any]:
    """What stands before and after the page in reading order."""
    order = list(tree.walk())
    at = next((number for number, each in enumerate(order) if each.key == seen.key), 0)
    before = order[at - 1] if at else None
    after = order[at + 1] if at + 1 < len(order) else None
    return {"before": _linked(before), "after": _linked(after)}


def _linked(seen: Seen | None) -> dict[str, str] | None:
    return {"title": seen.title, "url": url_of(seen)} if seen else None


def pdf_links(seen: Seen) -> list[dict[str, str]]:
    """Where the topic, its chapter and the handbook come as PDF; nothing where that is not installed."""
    chapter = next((each for each in reversed((*seen.above, seen)) if each.type == CHAPTER), None)
    pages = [
        (seen if seen.type == TOPIC else None, "topic", _("This topic")),
        (chapter, "chapter", _("This chapter")),
    ]
    pages.append((seen.handbook, "handbook", _("The whole handbook")))
    found = [(label, _pdf_url(each, scope)) for each, scope, label in pages if each is not None]
    return [{"label": str(label), "url": url} for label, url in found if url]


def _pdf_url(seen: Seen, scope: str) -> str:
    try:
        return reverse("catalog:handbook-pdf", args=(seen.id, scope))
    except NoReverseMatch:
        return ""


def search_context(viewer: core.Viewer, request: HttpRequest, handbook: Seen) -> dict[str, Any]:
    """The search within one handbook: its words, what was found, and where everything else is searched.

    :raises core.Refusal: 429 ``throttled``; it counts like any other question.
    """
    words = request.GET.get("q", "").strip()
    if not words:
        return {"query": "", "found": None}
    search.count_query(request)
    facets = {"handbook": (str(handbook.source_id),)}
    asked = SearchRequest(text=words, kinds=("topic",), facets=facets, page_size=MOST_HITS)
    try:
        found = search.search(viewer, asked, http_request=request, log=not viewer.is_preview, of_chosen=True)
    except core.Refusal as refusal:
        return {"query": words, "found": None, "problem": refusal.message}
    return {"query": words, "found": found, "everywhere": _everywhere(words)}


def _everywhere(words: str) -> str:
    try:
        return f"{reverse('site-search:search')}?{urlencode({'q': words})}"
    except NoReverseMatch:
        return ""
