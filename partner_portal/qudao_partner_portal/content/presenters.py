"""What a page shows around its text: where it stands, its contents, the downloads that are open."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from qudao_core.requests import get_viewer
from wagtail.models import Page

from ..documents.access import may_open
from .audience import may_open_pages
from .blocks import anchor


def page_context(page: Any, request: HttpRequest) -> dict[str, Any]:
    """For the template; three statements beside those that judge documents and pages."""
    viewer = get_viewer(request)
    above = list(Page.objects.ancestor_of(page).live().filter(depth__gt=2).order_by("path"))
    seen = may_open_pages(viewer, [each.pk for each in above]) if above else set()
    wanted = _document_ids(page)
    return {
        "crumbs": _crumbs([each for each in above if each.pk in seen], page, request),
        "contents": _contents(page),
        "open_documents": may_open(viewer, wanted) if wanted else set(),
    }


def _crumbs(above: list[Page], page: Any, request: HttpRequest) -> list[dict[str, str]]:
    if not above:
        return []
    links = [{"label": each.title, "href": each.get_url(request) or ""} for each in above]
    return [*links, {"label": page.title, "href": ""}]


def _contents(page: Any) -> list[dict[str, str]]:
    headings = [block.value for block in page.body if block.block_type == "heading"]
    return [{"label": each, "anchor": anchor(each)} for each in headings]


def _document_ids(page: Any) -> list[int]:
    return [
        document.pk
        for block in page.body
        if block.block_type == "downloads"
        for document in block.value["documents"]
        if document
    ]
