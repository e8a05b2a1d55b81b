"""What the documents connect at start."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from qudao_core.hooks import audit_actions, event_handlers
from qudao_search import api as search
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

from .models import DocumentAudience
from .services import KIND, TOPIC, note_saved, read_waiting, update_entries

ACTIONS = {"qudao.document.audience": _("Audience changed")}
#: A save of other fields alone (Wagtail fills in a size it did not know) changes nothing for us.
_CONCERN = {"title", "file", "file_hash", "collection", "collection_id"}


def connect() -> None:
    for action, label in ACTIONS.items():
        audit_actions.register(action, label)
    event_handlers.register("documents", ((TOPIC,), read_waiting))
    document = get_document_model()
    for signal, receiver, sender in (
        (post_save, _saved, document),
        (post_delete, _deleted, document),
        (post_delete, _audience_deleted, DocumentAudience),
        (post_save, _collection_changed, Collection),
        (post_save, _restriction_changed, CollectionViewRestriction),
        (post_delete, _restriction_changed, CollectionViewRestriction),
        (m2m_changed, _groups_changed, CollectionViewRestriction.groups.through),
    ):
        signal.connect(receiver, sender=sender, dispatch_uid=f"documents-{receiver.__name__}")


def _saved(instance: Any, raw: bool = False, update_fields: Any = None, **kwargs: Any) -> None:
    if not raw and (update_fields is None or not _CONCERN.isdisjoint(update_fields)):
        note_saved(document=instance)


def _deleted(instance: Any, **kwargs: Any) -> None:
    search.remove(kind=KIND, items=[str(instance.pk)])


def _audience_deleted(instance: Any, origin: Any = None, **kwargs: Any) -> None:
    """A fixture or a shell took the audience away; with the document goes its entry."""
    if getattr(origin, "model", type(origin)) is DocumentAudience:
        update_entries(document_ids=[instance.pk])


def _collection_changed(instance: Any, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """Its name stands on cards only; but Wagtail's form saves a collection just before it moves it elsewhere."""
    if not created and not raw:
        transaction.on_commit(partial(_update_in, instance.pk))


def _update_in(collection_id: int) -> None:
    for path in Collection.objects.filter(pk=collection_id).values_list("path", flat=True):
        _update_below(path)


def _restriction_changed(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        _update_below(instance.collection.path)


def _groups_changed(instance: Any, action: str, reverse: bool, **kwargs: Any) -> None:
    if action.startswith("post_") and not reverse:
        _update_below(instance.collection.path)


def _update_below(path: str) -> None:
    """Documents in the collection and in those below it."""
    rows = get_document_model().objects.filter(collection__path__startswith=path).order_by("pk")
    update_entries(document_ids=rows.values_list("pk", flat=True))


def note_bulk_move(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> None:
    """Wagtail's bulk actions move documents between collections without telling Django's signals."""
    if action_type == "add_to_collection" and issubclass(action.model, get_document_model()):
        update_entries(document_ids=[each.pk for each in objects])
