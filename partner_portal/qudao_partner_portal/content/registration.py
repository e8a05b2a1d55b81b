"""What pages connect at start: their entries in the search follow what happens to them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from qudao_search import api as search
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_unpublished, post_page_move

from ..documents.services import update_entries
from ..hooks import document_access
from .attached import document_access as doors_of_pages
from .attached import documents_of
from .audience import HasAudience
from .search_source import KIND, is_ours
from .services import share_audience, update_below, update_pages

_BELOW = "_qudao_audience_changed"


def connect() -> None:
    document_access.register("pages", doors_of_pages)
    for signal, receiver, sender in (
        (pre_save, _about_to_save, None),
        (post_save, _saved, None),
        (post_delete, _deleted, Page),
        (page_published, _published, None),
        (page_unpublished, _published, None),
        (post_page_move, _moved, None),
        (post_save, _restriction_changed, PageViewRestriction),
        (post_delete, _restriction_changed, PageViewRestriction),
        (m2m_changed, _groups_changed, PageViewRestriction.groups.through),
    ):
        signal.connect(receiver, sender=sender, dispatch_uid=f"content-{receiver.__name__}")


def _about_to_save(sender: Any, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """Note whether the audience is about to change: then everything below has to follow."""
    if raw or not isinstance(instance, HasAudience) or not instance.pk:
        return
    before = sender._default_manager.filter(pk=instance.pk).order_by().values_list("audience_keys", flat=True)
    setattr(instance, _BELOW, before.first() not in (None, instance.audience_keys))


def _saved(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if raw or not isinstance(instance, Page):
        return
    if instance.__dict__.pop(_BELOW, False):
        share_audience(instance)
        update_below([instance.path])
        _follow([pk for pk in _pages_below(instance.path)])
    elif is_ours(instance):
        update_pages(instance)
        _follow([instance.pk])


def _deleted(instance: Any, **kwargs: Any) -> None:
    search.remove(kind=KIND, items=[str(instance.pk)])
    _follow([instance.pk])


def _published(instance: Any, **kwargs: Any) -> None:
    """By now Wagtail knows what the page refers to; of the documents it no longer offers :func:`_saved` knew."""
    _follow([instance.pk])


def _moved(instance: Any, **kwargs: Any) -> None:
    path = Page.objects.filter(pk=instance.pk).values_list("path", flat=True).first() or instance.path
    update_below([path])
    _follow(_pages_below(path))


def _restriction_changed(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        _restricted(instance)


def _groups_changed(instance: Any, action: str, reverse: bool, **kwargs: Any) -> None:
    if action.startswith("post_") and not reverse:
        _restricted(instance)


def _restricted(restriction: PageViewRestriction) -> None:
    path = restriction.page.path
    update_below([path])
    _follow(_pages_below(path))


def _pages_below(path: str) -> list[int]:
    return list(Page.objects.filter(path__startswith=path).order_by().values_list("pk", flat=True))


def _follow(page_ids: list[int]) -> None:
    """Documents open with the pages that offer them: now, and once more when Wagtail has noted what those are."""
    update_entries(document_ids=documents_of(page_ids))
    transaction.on_commit(partial(_follow_later, page_ids))


def _follow_later(page_ids: list[int]) -> None:
    update_entries(document_ids=documents_of(page_ids))
