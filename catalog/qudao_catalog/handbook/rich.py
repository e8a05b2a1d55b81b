"""Rich text as a reader sees it: links to pages and documents lead where the reader may go, or nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import mark_safe
from qudao_core import api as core
from qudao_partner_portal import api as portal
from wagtail.models import Page
from wagtail.rich_text.rewriters import LinkRewriter

from .media import Papers
from .queries import handbooks
from .tree import address, shelf

#: Never part of a text; texts are rewritten as one.
BETWEEN = "\x1e"
_LINK = re.compile(r'<a\b[^>]*\blinktype="(page|document)"[^>]*>')
_ID = re.compile(r'\bid="(\d+)"')
NOWHERE = "<a>"


@dataclass(frozen=True, slots=True)
class Links:
    """Page id → address, of the pages that the reader may open; and the documents linked."""

    pages: Mapping[str, str]
    documents: frozenset[int]

    @classmethod
    def read(cls, viewer: core.Viewer, texts: Iterable[str], versions: core.Versions) -> Links:
        """Four statements at most when texts link to pages outside handbooks, else none."""
        wanted: dict[str, set[int]] = {"page": set(), "document": set()}
        for text in texts:
            for found in _LINK.finditer(text):
                number = _ID.search(found.group())
                if number:
                    wanted[found.group(1)].add(int(number.group(1)))
        pages = _topics(viewer, wanted["page"], versions) if wanted["page"] else {}
        return cls(pages, frozenset(wanted["document"]))


def linked(texts: Sequence[str], links: Links, papers: Papers) -> list[str]:
    """The texts with every link leading to where the reader may go; closed and lost ones lead nowhere."""
    if not texts:
        return []

    def page(attributes: list[Mapping[str, str]]) -> list[str]:
        return [_tag(links.pages.get(each.get("id", ""))) for each in attributes]

    def document(attributes: list[Mapping[str, str]]) -> list[str]:
        found = [papers.get(_number(each.get("id", ""))) for each in attributes]
        return [_tag(paper["url"] if paper else None) for paper in found]

    rewrite = LinkRewriter(bulk_rules={"page": page, "document": document})
    together = BETWEEN.join(text.replace(BETWEEN, "") for text in texts)
    return [mark_safe(text) for text in str(rewrite(together)).split(BETWEEN)]  # noqa: S308 - Wagtail's own features


def _topics(viewer: core.Viewer, wanted: set[int], versions: core.Versions) -> dict[str, str]:
    known = shelf(versions)
    mine = {pk for pk in wanted if pk in known.keys}
    trees = handbooks(viewer, versions) if mine else []
    by_key = {each.key: each for tree in trees for each in tree.walk()}
    seen = {pk: by_key.get(known.keys[pk]) for pk in mine}
    found = {str(pk): address(each.url_path) for pk, each in seen.items() if each}
    return found | _other_pages(viewer, wanted - mine)


def _other_pages(viewer: core.Viewer, wanted: set[int]) -> dict[str, str]:
    if not wanted:
        return {}
    rows = dict(Page.objects.live().filter(pk__in=wanted).order_by().values_list("pk", "url_path"))
    may_open = portal.may_open_pages(viewer, rows)
    return {str(pk): address(url_path) for pk, url_path in rows.items() if pk in may_open}


def _tag(url: str | None) -> str:
    return f'<a href="{escape(url)}">' if url else NOWHERE


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() else None
