"""Documents that pages offer or link to: they open with the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.documents import get_document_model
from wagtail.models import Page, ReferenceIndex

from ..hooks import DocumentAccessRule
from .audience import audience_along_tree, page_access_tokens
from .search_source import ours


def document_access(document_ids: Sequence[int]) -> Mapping[int, Sequence[DocumentAccessRule]]:
    """The doors of the pages that refer to each document, in Wagtail's reference index; six statements at most.

    Drafts open nothing, but what they refer to is no longer nobody's. Pages whose type has a search source of its
    own give their doors themselves. Pages in whose line nobody has an audience are left out: whom they are open to
    is Wagtail's business, and so are their documents.
    """
    found: dict[int, set[int]] = defaultdict(set)
    rows = references().filter(to_object_id__in=[str(pk) for pk in document_ids])
    for document_id, page_id in rows.values_list("to_object_id", "object_id"):
        found[int(page_id)].add(int(document_id))
    aimed = [pk for pk, keys in audience_along_tree(found).items() if keys is not None] if found else []
    doors = page_access_tokens(aimed) if aimed else {}
    live = {page.pk: page for page in ours().filter(pk__in=doors).select_related("locale")} if doors else {}
    attached: dict[int, list[DocumentAccessRule]] = {pk: [] for page_id in aimed for pk in found[page_id]}
    for page_id, page in sorted(live.items()):
        for document_id in found[page_id]:
            attached[document_id].append(_door(page, doors[page_id]))
    return attached


def _door(page: Any, tokens: frozenset[str]) -> DocumentAccessRule:
    return DocumentAccessRule(
        "audience", tokens, {page.locale.language_code: page.title}, page.get_url() or ""
    )


def references() -> Any:
    """What pages refer to documents."""
    types = ContentType.objects.get_for_models(get_document_model(), Page)
    return ReferenceIndex.objects.filter(
        to_content_type=types[get_document_model()], base_content_type=types[Page]
    ).order_by()


def documents_of(page_ids: Collection[int]) -> set[int]:
    """The documents these pages refer to; one statement."""
    rows = references().filter(object_id__in=[str(pk) for pk in page_ids])
    return {int(pk) for pk in rows.values_list("to_object_id", flat=True)}
