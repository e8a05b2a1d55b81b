"""Documents that pages offer or link to: they open with the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.documents import get_document_model
from wagtail.models import Page, ReferenceIndex

from ..hooks import DocumentDoor
from .audience import audience_along_tree, page_doors
from .found import ours


def document_doors(document_ids: Sequence[int]) -> Mapping[int, Sequence[DocumentDoor]]:
    """The doors of the live pages that refer to each document, in Wagtail's reference index.

    Pages in whose line nobody has an audience open nothing: whoever finds them open is Wagtail's business, and so
    are their documents.
    """
    found: dict[int, set[int]] = defaultdict(set)
    rows = references().filter(to_object_id__in=[str(pk) for pk in document_ids])
    for document_id, page_id in rows.values_list("to_object_id", "object_id"):
        found[int(page_id)].add(int(document_id))
    pages = {page.pk: page for page in ours().filter(pk__in=found).select_related("locale").order_by("pk")}
    aimed = {pk for pk, keys in audience_along_tree(pages).items() if keys is not None} if pages else set()
    doors = page_doors(aimed) if aimed else {}
    attached: dict[int, list[DocumentDoor]] = defaultdict(list)
    for pk, tokens in sorted(doors.items()):
        door = _door(pages[pk], tokens)
        for document_id in found[pk]:
            attached[document_id].append(door)
    return attached


def _door(page: Any, tokens: frozenset[str]) -> DocumentDoor:
    return DocumentDoor("audience", tokens, {page.locale.language_code: page.title}, page.get_url() or "")


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
