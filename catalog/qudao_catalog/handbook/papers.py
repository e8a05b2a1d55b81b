"""Documents that topics show or link: whoever may read such a topic may open them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.contrib.contenttypes.models import ContentType
from qudao_partner_portal.hooks import DocumentAccessRule
from wagtail.documents import get_document_model
from wagtail.models import ReferenceIndex

from .found import POLICY, doors_of, places_of
from .models import TopicPage
from .tree import address, shelf


def document_doors(document_ids: Sequence[int]) -> Mapping[int, Sequence[DocumentAccessRule]]:
    """For each document the doors of the published topics that show or link it; one statement beside the tree.

    Wagtail's reference index holds what a page's published text points at, in blocks and in rich text.
    """
    places = places_of(shelf().handbooks)
    if not places:
        return {}
    document, topic = _type(get_document_model()), _type(TopicPage)
    rows = ReferenceIndex.objects.filter(
        to_content_type=document, to_object_id__in=[str(pk) for pk in document_ids], content_type=topic
    )
    found: dict[int, dict[int, DocumentAccessRule]] = defaultdict(dict)
    for document_id, page_id in rows.values_list("to_object_id", "object_id").distinct():
        place = places.get(int(page_id))
        tokens = doors_of(place) if place else None
        if place and tokens is not None:
            names = {language: each.title for language, each in place.node.versions.items()}
            door = DocumentAccessRule(POLICY, tokens, names, address(place.node.source.url_path))
            found[int(document_id)][int(page_id)] = door
    return {pk: tuple(doors.values()) for pk, doors in found.items()}


def _type(model: type) -> ContentType:
    return ContentType.objects.get_for_model(model)
