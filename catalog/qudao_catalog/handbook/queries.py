"""Handbooks as a viewer may know them: published pages whose audience opens to the reader, in the reader's language.

The published pages are kept as one tree until something in them changes. Drafts are read by the token of a preview:
tokens and URLs are those of wagtail-headless-preview, so clients written for it work unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.signing import BadSignature
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_core.exports import queries as kept
from qudao_partner_portal import api as portal
from wagtail.models import Page, Site

from ..product_facts import ProductFacts
from ..products.queries import product_facts
from . import rules
from .models import ChapterPage, HandbookExport, HandbookPage, TopicPage, TopicProduct
from .rules import CHAPTER, HANDBOOK, TOPIC, Node, Version, VisibleNode

#: Raised by every change of handbook pages, of what is above them, and of view restrictions.
FACT = "handbooks"
TYPES: dict[type[Any], str] = {
    HandbookPage: rules.HANDBOOK,
    ChapterPage: rules.CHAPTER,
    TopicPage: rules.TOPIC,
}
_kept: core.VersionedCache[HandbookTree] = core.VersionedCache(size=1)


@dataclass(frozen=True, slots=True)
class HandbookTree:
    """Every published handbook; ``keys`` names the node of each page in any language.

    ``access`` holds every set of tokens there is.
    """

    handbooks: tuple[Node, ...]
    keys: Mapping[int, str]
    access: tuple[frozenset[str], ...] = ()


def handbook_tree(versions: core.Versions | None = None) -> HandbookTree:
    """The handbooks; kept until something in them changes, then six statements at most."""
    versions = versions if versions is not None else core.Versions.read()
    if FACT not in versions:  # nobody has ever saved a handbook
        return HandbookTree((), {})
    return _kept.get("handbooks", versions.of(FACT), _read)


def _read() -> HandbookTree:
    rows = list(_rows())
    access = portal.page_access_tokens(row["pk"] for row in rows)
    found = [_version(row, access.get(row["pk"])) for row in rows]
    distinct = {each.access for each in found if each.access is not None}
    return HandbookTree(
        rules.build_tree(found, Page.steplen), {each.page_id: each.key for each in found}, tuple(distinct)
    )


def _rows() -> QuerySet[Any, dict[str, Any]]:
    """Live pages of our three types with what a list shows; one statement."""
    names = {model: model._meta.model_name for model in TYPES}
    mine = [name for name in names.values()]
    pages = Page.objects.live().filter(content_type__app_label="qudao_catalog", content_type__model__in=mine)
    return pages.order_by("path").values(
        "pk",
        "path",
        "url_path",
        "slug",
        "title",
        "translation_key",
        "alias_of_id",
        "last_published_at",
        language=F("locale__language_code"),
        model=F("content_type__model"),
        summary=Coalesce(*(f"{name}__summary" for name in mine)),
        kind=F(f"{names[TopicPage]}__kind"),
        original_id=F("handbook_translation__original_id"),
        follows=F("handbook_translation__published_at"),
    )


def _version(row: Mapping[str, Any], access: frozenset[str] | None) -> Version:
    types = {model._meta.model_name: name for model, name in TYPES.items()}
    return Version(
        page_id=row["pk"],
        key=str(row["translation_key"]),
        language=row["language"],
        type=types[row["model"]],
        path=row["path"],
        url_path=row["url_path"],
        slug=row["slug"],
        title=row["title"],
        summary=row["summary"] or "",
        kind=row["kind"] or "",
        published_at=row["last_published_at"],
        original_id=row["original_id"],
        follows=row["follows"],
        is_alias=row["alias_of_id"] is not None,
        access=access,
    )


def page_url(url_path: str) -> str:
    """Where a page is read: the same address in every language. Site roots come from Wagtail's cache.

    A path where every site of the installation serves the page (brands that share one tree), else a whole address.
    """
    roots = Site.get_site_root_paths()
    serving = [each for each in roots if url_path.startswith(each.root_path)]
    if not serving:
        return ""
    try:
        path = reverse("wagtail_serve", args=(url_path.removeprefix(serving[0].root_path),))
    except NoReverseMatch:
        return ""
    everywhere = {each.site_id for each in serving} == {each.site_id for each in roots}
    return path if everywhere else serving[0].root_url + path


#: Bounds of what the page of a product, or of a topic, shows.
MOST_TOPICS, MOST_PRODUCTS = 50, 50


def handbooks(
    viewer: core.Viewer, versions: core.Versions | None = None, *, admitted: Collection[int] = ()
) -> list[VisibleNode]:
    """Every handbook the viewer sees something of, with its contents.

    No statement while the handbooks are unchanged, but for back-office people and group restrictions (one).

    :param admitted: ids of pages that were opened to the reader otherwise (Wagtail's password form).
    """
    return [each for each in _trees(viewer, handbook_tree(versions), admitted) if each is not None]


def first_pages(viewer: core.Viewer, versions: core.Versions | None = None) -> list[VisibleNode]:
    """The first page of every handbook the viewer sees something of, without its contents: for links on every page.

    A handbook is looked through only as far as the first page in it that is open. Statements: as :func:`handbooks`.
    """
    known = handbook_tree(versions)
    is_open = _opens(viewer, known)
    seen = (node for node in known.handbooks if rules.is_visible(node, viewer.language, is_open))
    return [rules.visible_node(node, viewer.language, is_open) for node in seen]


def get_page(
    viewer: core.Viewer,
    page_id: int,
    versions: core.Versions | None = None,
    *,
    admitted: Collection[int] = (),
    types: Sequence[str] = (HANDBOOK, CHAPTER, TOPIC),
) -> VisibleNode:
    """The handbook, chapter or topic that a page (in any language) belongs to, as the viewer sees it.

    :raises core.NotFound: unknown, not published, or not for this viewer; all look the same.
    """
    known = handbook_tree(versions)
    found = rules.find((each for each in _trees(viewer, known, admitted) if each), page_id, known.keys)
    if found is None or found.type not in types:
        raise not_found()
    return found


def get_handbook(viewer: core.Viewer, page_id: int, versions: core.Versions | None = None) -> VisibleNode:
    """The handbook of that page id; as :func:`get_page`."""
    return get_page(viewer, page_id, versions, types=(HANDBOOK,))


def get_topic(viewer: core.Viewer, page_id: int, versions: core.Versions | None = None) -> VisibleNode:
    """The topic of that page id; as :func:`get_page`."""
    return get_page(viewer, page_id, versions, types=(TOPIC,))


def contents_tree(viewer: core.Viewer, page_id: int, versions: core.Versions | None = None) -> VisibleNode:
    """The whole handbook that a page belongs to, as the viewer sees it, with children.

    :raises core.NotFound: as :func:`get_page`.
    """
    seen = get_page(viewer, page_id, versions)
    return seen if not seen.above else get_page(viewer, seen.handbook.id, versions)


def neighbours(
    viewer: core.Viewer, page_id: int, versions: core.Versions | None = None
) -> tuple[VisibleNode | None, VisibleNode | None]:
    """What stands before and after a topic (or a chapter, or the handbook) in reading order.

    Handbook and chapters are pages of that order too.

    :raises core.NotFound: as :func:`get_page`.
    """
    seen = get_page(viewer, page_id, versions)
    tree = get_page(viewer, seen.handbook.id, versions)
    order = list(tree.walk())
    at = next(number for number, each in enumerate(order) if each.key == seen.key)
    before = order[at - 1] if at else None
    return before, order[at + 1] if at + 1 < len(order) else None


def topics_of_product(
    viewer: core.Viewer, product_id: int, versions: core.Versions | None = None
) -> list[tuple[str, VisibleNode]]:
    """Topics about a product (or its family), then those that mention it: (role, topic). One statement.

    Whether the viewer may see the product is the caller's question.
    """
    known = handbook_tree(versions)
    if not known.keys:
        return []
    mine = Q(product_id=product_id) | Q(product__product__children=product_id)
    rows = TopicProduct.objects.filter(mine).order_by().values_list("topic_id", "role")
    roles: dict[str, str] = {}
    for topic_id, role in rows:
        key = known.keys.get(topic_id)
        if key and roles.get(key) != TopicProduct.Role.ABOUT:
            roles[key] = role
    seen = (each for tree in _trees(viewer, known) if tree for each in tree.topics if each.key in roles)
    found = sorted(((roles[each.key], each) for each in seen), key=lambda pair: pair[0])
    return found[:MOST_TOPICS]


def products_of_topic(
    viewer: core.Viewer, page_id: int, versions: core.Versions | None = None
) -> list[tuple[str, ProductFacts]]:
    """Products a topic is about or mentions, those only that the viewer may see: (role, facts). Two statements.

    :raises core.NotFound: as :func:`get_page`.
    """
    versions = versions if versions is not None else core.Versions.read()
    seen = get_topic(viewer, page_id, versions)
    rows = TopicProduct.objects.filter(topic_id=seen.id).order_by("sort_order", "pk")
    roles = dict(rows.values_list("product_id", "role")[:MOST_PRODUCTS])
    facts = product_facts(viewer, roles, versions)
    return [(role, facts[pk]) for pk, role in roles.items() if pk in facts]


def topic_pages(pages: Iterable[int]) -> dict[int, TopicPage]:
    """The topic pages of these ids with their bodies and products, without asking who reads; two statements.

    For ids that :func:`get_page` and its kin have given.
    """
    return {page.pk: page for page in _with_products(pages)}


def _with_products(pages: Iterable[int]) -> Iterable[TopicPage]:
    return TopicPage.objects.filter(pk__in=set(pages)).select_related("locale").prefetch_related("products")


def node_url(seen: VisibleNode) -> str:
    """Where a page is read: the same address in every language."""
    return page_url(seen.url_path)


def not_found() -> core.NotFound:
    """What is raised for an unknown page and for one the viewer may not see: they look the same."""
    return core.NotFound("topic_not_found", _("There is no such page in your handbook."))


def _trees(
    viewer: core.Viewer, known: HandbookTree, admitted: Collection[int] = ()
) -> Iterable[VisibleNode | None]:
    is_open = _opens(viewer, known, admitted)
    return [rules.visible_tree(node, viewer.language, is_open) for node in known.handbooks]


def _opens(
    viewer: core.Viewer, known: HandbookTree, admitted: Collection[int] = ()
) -> Callable[[Version], bool]:
    """Whether a version is open to the viewer. Every distinct set of tokens is judged once; one statement at most."""
    judged = zip(known.access, portal.open_to_audience(viewer, known.access), strict=True)
    opened = {tokens for tokens, is_open in judged if is_open}
    return lambda version: version.access in opened or version.page_id in admitted


MODE = "headless"
#: How long a client may show what it was handed.
LIFETIME = timedelta(hours=12)
APP = "wagtail_headless_preview"


def get_preview(token: str) -> HandbookPage | ChapterPage | TopicPage:
    """The draft that a token names. Whoever holds the token was handed it by an editor.

    :raises core.NotFound: never made, not a page of a handbook, or its time is over.
    """
    if not apps.is_installed(APP):
        raise _gone()
    from wagtail_headless_preview.models import (  # noqa: PLC0415 - an optional part of the host
        HeadlessPreviewMixin,
        PagePreview,
    )

    try:
        HeadlessPreviewMixin.get_preview_signer().unsign(token, max_age=LIFETIME)
    except BadSignature as error:
        raise _gone() from error
    found = PagePreview.objects.filter(token=token).select_related("content_type").first()
    if found is None or found.content_type.model_class() not in TYPES:
        raise _gone()
    return found.as_page()


def _gone() -> core.NotFound:
    return core.NotFound(
        "preview_not_found", _("There is no such preview, or it has expired."), field="token"
    )


def exportable_node(
    viewer: core.Viewer, page_id: int, scope: str, versions: core.Versions | None = None
) -> VisibleNode:
    """The topic, chapter or handbook a PDF is asked of.

    :raises core.NotFound: unknown scope; or unknown page, not of this kind, or not for this viewer.
    """
    if scope not in rules.SCOPES:
        raise core.NotFound("topic_not_found", _("There is no such page in your handbook."))
    return get_page(viewer, page_id, versions, types=(scope,))


def pdf_exports(viewer: core.Viewer) -> QuerySet[HandbookExport]:
    """The person's own PDFs for the company acted for, newest first."""
    return kept.exports(HandbookExport, viewer)


def pdf_fingerprint(viewer: core.Viewer, seen: VisibleNode, scope: str) -> str:
    """What tells this PDF, as the viewer would get it today, from every other one."""
    return rules.fingerprint(
        seen,
        scope=scope,
        language=viewer.language,
        company_id=viewer.company_id,
        on=timezone.localdate(),
    )


def pdf_made_today(viewer: core.Viewer, seen: VisibleNode, scope: str) -> HandbookExport | None:
    """The PDF that would come out now, if the person has it already. One statement."""
    return kept.find_finished_export(HandbookExport, viewer, pdf_fingerprint(viewer, seen, scope))


def get_pdf_export(viewer: core.Viewer, export_id: int) -> HandbookExport:
    """One of the person's own PDFs.

    :raises core.NotFound: unknown, somebody else's, or too old.
    """
    return kept.get_export(HandbookExport, viewer, export_id)


def get_pdf_file(viewer: core.Viewer, export_id: int) -> HandbookExport:
    """A finished PDF, if everything in it may still be read.

    :raises core.NotFound: as :func:`get_export`, or it is not ready.
    :raises core.Refusal: ``export_outdated``: what the person may read has changed since.
    """
    found = kept.get_ready(HandbookExport, viewer, export_id)
    visible = {each.source_id for tree in handbooks(viewer) for each in tree.topics}
    if not rules.is_readable(visible, found.topics):
        raise kept.outdated_export()
    return found
