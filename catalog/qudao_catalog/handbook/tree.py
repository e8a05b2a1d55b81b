"""The handbooks of the site as they are published now, kept until something in them changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse
from qudao_core import api as core
from qudao_partner_portal import api as portal
from wagtail.models import Page, Site

from . import rules
from .models import ChapterPage, HandbookPage, TopicPage
from .rules import Node, Version

#: Raised by every change of handbook pages, of what is above them, and of view restrictions.
FACT = "handbooks"
TYPES: dict[type[Any], str] = {
    HandbookPage: rules.HANDBOOK,
    ChapterPage: rules.CHAPTER,
    TopicPage: rules.TOPIC,
}
_kept: core.VersionedCache[Shelf] = core.VersionedCache(size=1)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Every published handbook; ``keys`` names the node of each page in any language, ``doors`` are all there are."""

    handbooks: tuple[Node, ...]
    keys: Mapping[int, str]
    doors: tuple[frozenset[str], ...] = ()


def shelf(versions: core.Versions | None = None) -> Shelf:
    """The handbooks; kept until something in them changes, then six statements at most."""
    versions = versions if versions is not None else core.Versions.read()
    if FACT not in versions:  # nobody has ever saved a handbook
        return Shelf((), {})
    return _kept.get("shelf", versions.of(FACT), _read)


def _read() -> Shelf:
    rows = list(_rows())
    doors = portal.page_access_tokens(row["pk"] for row in rows)
    found = [_version(row, doors.get(row["pk"])) for row in rows]
    distinct = {each.doors for each in found if each.doors is not None}
    return Shelf(rules.grow(found, Page.steplen), {each.page_id: each.key for each in found}, tuple(distinct))


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


def _version(row: Mapping[str, Any], doors: frozenset[str] | None) -> Version:
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
        doors=doors,
    )


def address(url_path: str) -> str:
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
