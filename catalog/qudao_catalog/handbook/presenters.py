"""Handbook pages as templates, links and the API show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from qudao_core import api as core
from qudao_core.requests import get_versions
from qudao_partner_portal.hooks import NavItem
from qudao_search import api as search
from qudao_search.api import SearchRequest

from ..hooks import EditorLink, ProductLink
from ..products.serializers import product_documents
from . import queries
from .content import Block, Body, resolve
from .models import Kind, TopicProduct
from .queries import node_url, topic_pages
from .rules import CHAPTER, TOPIC, VisibleNode

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


def contents(tree: VisibleNode, current: VisibleNode) -> dict[str, Any]:
    """The contents beside a page: mappings of ``title, url, current, inside, children``."""
    inside = {each.key for each in current.above} | {current.key}

    def entry(seen: VisibleNode) -> dict[str, Any]:
        return {
            "title": seen.title,
            "summary": seen.summary,
            "url": node_url(seen),
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


def breadcrumbs(seen: VisibleNode, *, several: bool) -> list[dict[str, str]]:
    """The way from the handbook (from the list of them, where there are several) down to the page."""
    above = [{"label": each.title, "href": node_url(each)} for each in seen.above]
    start = [{"label": _("Handbooks"), "href": reverse("catalog:handbooks")}] if several else []
    way = [*start, *above]
    return [*way, {"label": seen.title, "href": ""}] if way else []


def around(tree: VisibleNode, seen: VisibleNode) -> dict[str, Any]:
    """What stands before and after the page in reading order."""
    order = list(tree.walk())
    at = next((number for number, each in enumerate(order) if each.key == seen.key), 0)
    before = order[at - 1] if at else None
    after = order[at + 1] if at + 1 < len(order) else None
    return {"before": _linked(before), "after": _linked(after)}


def _linked(seen: VisibleNode | None) -> dict[str, str] | None:
    return {"title": seen.title, "url": node_url(seen)} if seen else None


def pdf_links(seen: VisibleNode) -> list[dict[str, str]]:
    """Where the topic, its chapter and the handbook come as PDF; nothing where that is not installed."""
    chapter = next((each for each in reversed((*seen.above, seen)) if each.type == CHAPTER), None)
    pages = [
        (seen if seen.type == TOPIC else None, "topic", _("This topic")),
        (chapter, "chapter", _("This chapter")),
    ]
    pages.append((seen.handbook, "handbook", _("The whole handbook")))
    found = [(label, _pdf_url(each, scope)) for each, scope, label in pages if each is not None]
    return [{"label": str(label), "url": url} for label, url in found if url]


def _pdf_url(seen: VisibleNode, scope: str) -> str:
    try:
        return reverse("catalog:handbook-pdf", args=(seen.id, scope))
    except NoReverseMatch:
        return ""


def search_context(viewer: core.Viewer, request: HttpRequest, handbook: VisibleNode) -> dict[str, Any]:
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


def navigation(viewer: core.Viewer, request: HttpRequest) -> Iterable[NavItem]:
    """An entry for whoever sees a handbook: to it, or to the list when there are several. No statement for people
    of companies while the handbooks are unchanged."""
    found = queries.first_pages(viewer, get_versions(request))
    if found:
        yield NavItem("handbook", _("Handbook"), start_url(found), "book-open")


def start_url(found: list[VisibleNode]) -> str:
    """The handbook, or the list of them when there are several."""
    return queries.node_url(found[0]) if len(found) == 1 else reverse("catalog:handbooks")


def product_links(viewer: core.Viewer, product_id: int) -> Iterable[ProductLink]:
    """Topics of a product, for its page: those about it, then those that mention it."""
    found = queries.topics_of_product(viewer, product_id)
    return [ProductLink("topic", seen.title, queries.node_url(seen), "book-open") for _role, seen in found]


def editor_links(product_id: int) -> Iterable[EditorLink]:
    """Topics of a product in every language, for its editor."""
    rows = TopicProduct.objects.filter(product_id=product_id).select_related("topic__locale")
    return [
        EditorLink(row.topic.title, _edit_url(row.topic_id), str(row.topic.locale))
        for row in rows.order_by("topic__title")
    ]


def _edit_url(page_id: int) -> str:
    try:
        return reverse("wagtailadmin_pages:edit", args=(page_id,))
    except NoReverseMatch:
        return ""


#: What a picture is to a program: addresses, sizes, words.
PICTURE = ("id", "alt", "width", "height", "large_width", "large_height")
DOCUMENT = ("id", "title", "filename", "extension", "size", "content_type")
#: Makes a whole address of a path.
Absolute = Callable[[str], str]


def absolute_url(site: str) -> Absolute:
    """Makes whole addresses of paths; ``site`` ends without a slash. Nothing stays nothing."""
    return lambda url: urljoin(f"{site}/", url) if url else ""


def handbook_document(seen: VisibleNode, whole: Absolute) -> dict[str, Any]:
    """A handbook in a list: no contents."""
    return {**_head(seen, whole), "topics": len(seen.topics)}


def contents_document(seen: VisibleNode, whole: Absolute) -> dict[str, Any]:
    """A handbook with its chapters and topics, as deep as it is; no bodies."""
    return {
        **_head(seen, whole),
        "topics": len(seen.topics),
        "children": [_entry(each, whole) for each in seen.children],
    }


def _entry(seen: VisibleNode, whole: Absolute) -> dict[str, Any]:
    return {**_head(seen, whole), "children": [_entry(each, whole) for each in seen.children]}


def topic_row(seen: VisibleNode, whole: Absolute) -> dict[str, Any]:
    """A topic in a list: where it stands, no body."""
    chapter = next((each for each in reversed(seen.above) if each.type == CHAPTER), None)
    return {
        **_head(seen, whole),
        "handbook": {"id": seen.handbook.source_id, "title": seen.handbook.title},
        "chapter": {"id": chapter.source_id, "title": chapter.title} if chapter else None,
    }


def topic_document(
    viewer: core.Viewer,
    seen: VisibleNode,
    around: tuple[VisibleNode | None, VisibleNode | None],
    *,
    base: str,
    whole: Absolute,
    versions: core.Versions | None = None,
) -> dict[str, Any]:
    """A topic with its blocks: pictures in their sizes, documents and products the caller may see, prices of now.

    A constant number of statements. ``base`` is what addresses of product pictures begin with.
    """
    page = topic_pages([seen.id])[seen.id]
    body = resolve(viewer, [page], versions)[seen.id]
    before, after = around
    return {
        **topic_row(seen, whole),
        "keywords": page.words,
        **body_document(viewer, body, base=base, whole=whole),
        "previous": _neighbour(before, whole),
        "next": _neighbour(after, whole),
    }


def body_document(viewer: core.Viewer, body: Body, *, base: str, whole: Absolute) -> dict[str, Any]:
    """Blocks and the topic's own products."""
    written = _products(viewer, body, base)
    return {
        "blocks": [_block(block, written, whole) for block in body.blocks],
        "products": [
            {"role": role, "product": written[row["id"]]}
            for role, row in body.products
            if row["id"] in written
        ],
    }


def _head(seen: VisibleNode, whole: Absolute) -> dict[str, Any]:
    return {
        "id": seen.source_id,
        "type": seen.type,
        "title": seen.title,
        "summary": seen.summary,
        "kind": seen.kind or None,
        "language": seen.language,
        "languages": list(seen.languages),
        "published_at": seen.published_at,
        "source_changed_at": seen.changed_at,
        "url": whole(node_url(seen)),
    }


def _neighbour(seen: VisibleNode | None, whole: Absolute) -> dict[str, Any] | None:
    if seen is None:
        return None
    return {"id": seen.source_id, "type": seen.type, "title": seen.title, "url": whole(node_url(seen))}


def _products(viewer: core.Viewer, body: Body, base: str) -> dict[int, dict[str, Any]]:
    """Every product shown with its price, as the products endpoint writes it; no statement."""
    ids = {row["id"] for _role, row in body.products}
    for block in body.blocks:
        if block["type"] in ("products", "script"):
            ids.update(row["id"] for row in block["products"])
    facts = [body.facts[pk] for pk in sorted(ids)]
    return {row["id"]: row for row in product_documents(facts, body.offers, viewer.language, base)}


def _block(block: Block, products: Mapping[int, dict[str, Any]], whole: Absolute) -> dict[str, Any]:
    return {key: _value(block["type"], key, value, products, whole) for key, value in block.items()}


def _value(kind: str, key: str, value: Any, products: Mapping[int, dict[str, Any]], whole: Absolute) -> Any:
    if key in ("image", "poster"):
        return _picture(value, whole)
    if key == "document":
        return _paper(value, whole)
    if key == "documents":
        return [_paper(each, whole) for each in value]
    if key == "products" and kind != "parameters":
        return [products[row["id"]] for row in value if row["id"] in products]
    if key == "products":
        return [{**row, "url": whole(row["url"])} for row in value]
    if key == "rows":
        return [[cell["text"] for cell in row] for row in value]
    if key in ("steps", "questions"):
        return [_part(each, whole) for each in value]
    return value


def _part(part: Mapping[str, Any], whole: Absolute) -> dict[str, Any]:
    return {key: _picture(value, whole) if key == "image" else value for key, value in part.items()}


def _picture(picture: Mapping[str, Any] | None, whole: Absolute) -> dict[str, Any] | None:
    if picture is None:
        return None
    return {
        **{key: picture[key] for key in PICTURE},
        "src": whole(picture["src"]),
        "srcset": _srcset(picture["srcset"], whole),
        "large": whole(picture["large"]),
    }


def _srcset(text: str, whole: Absolute) -> str:
    pairs = (each.strip().partition(" ") for each in text.split(",") if each.strip())
    return ", ".join(f"{whole(url)} {width}" for url, _blank, width in pairs)


def _paper(paper: Mapping[str, Any] | None, whole: Absolute) -> dict[str, Any] | None:
    return None if paper is None else {**{key: paper[key] for key in DOCUMENT}, "url": whole(paper["url"])}


def find_topics(
    trees: Iterable[VisibleNode], *, handbook: int | None, kinds: Sequence[str]
) -> list[VisibleNode]:
    """Topics of the trees, in reading order, narrowed to one handbook (any of its ids) and to kinds."""
    return [
        topic
        for tree in trees
        if handbook is None or handbook in (tree.id, tree.source_id)
        for topic in tree.topics
        if not kinds or topic.kind in kinds
    ]


__all__ = [
    "absolute_url",
    "body_document",
    "contents_document",
    "find_topics",
    "handbook_document",
    "topic_document",
    "topic_row",
]
