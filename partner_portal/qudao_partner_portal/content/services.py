"""Keep the search in step with pages, and the audience of a page the same in every language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from qudao_search import api as search
from qudao_search.hooks import sources
from wagtail.models import Page, Revision

from .search_source import KIND, kind_of


def update_below(paths: Iterable[str]) -> None:
    """Write the entries of the pages at and below these paths anew, of every kind: whom they are for has changed."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for path in paths:
        rows = Page.objects.filter(path__startswith=path).order_by()
        for pk, app_label, model in rows.values_list("pk", "content_type__app_label", "content_type__model"):
            by_kind[kind_of(app_label, model)].add(str(pk))
    for kind, items in sorted(by_kind.items()):
        if kind and sources.get(kind) is not None:
            search.update(kind=kind, items=items)


def update_pages(page: Any) -> None:
    """Write the entry of a page anew, and those of its translations: they stand in for missing languages."""
    rows = Page.objects.filter(translation_key=page.translation_key).order_by().values_list("pk", flat=True)
    search.update(kind=KIND, items={str(page.pk), *map(str, rows)})


def share_audience(page: Any) -> None:
    """A page's audience is one for all languages: its translations take it over, with their drafts.

    A draft that kept the old audience would bring it back the day it is published.
    """
    others = type(page)._default_manager.filter(translation_key=page.translation_key).exclude(pk=page.pk)
    for other in others:
        if other.audience_keys == page.audience_keys:
            continue
        other.audience_keys = page.audience_keys
        other.save(update_fields=["audience_keys"])
        for revision in _pending_revisions(other):
            revision.content["audience_keys"] = page.audience_keys
            revision.save(update_fields=["content"])


def _pending_revisions(page: Any) -> Iterable[Revision]:
    """The newest revision and those that wait for their hour."""
    rows = page.revisions.filter(approved_go_live_at__isnull=False)
    return list(rows.union(page.revisions.filter(pk=page.latest_revision_id)))
