"""What the handbook connects at start, and how the search follows its pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save, pre_save
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_core import hooks as core_hooks
from qudao_partner_portal import hooks as portal_hooks
from qudao_search import api as search
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import copy_for_translation_done, page_published, page_slug_changed, post_page_move

from .. import hooks
from ..signals import products_changed
from . import models, pdf, web
from .models import ChapterPage, HandbookPage, TopicPage, TopicProduct, Translation
from .presenters import editor_links, navigation, product_links
from .queries import FACT
from .search_source import document_access
from .services import MARKED, note_copy

KIND = "topic"
OURS = (HandbookPage, ChapterPage, TopicPage)
#: What a page keeps about its drafts. When these alone are saved, nothing that is read has changed yet; the instance
#: carries the draft's own audience then, which is nobody's before it is published.
_OF_DRAFTS = frozenset(
    {"draft_title", "has_unpublished_changes", "latest_revision", "latest_revision_created_at"}
)


def connect_page_signals() -> None:
    """Listen to pages and to what their entries are made of."""
    core.bump_on_change(FACT, PageViewRestriction, Translation)
    for signal, receiver in (
        (pre_save, _about_to_save),
        (post_save, _saved),
        (post_delete, _deleted),
        (page_published, _published),
        (post_page_move, _moved),
        (page_slug_changed, _moved),
        (products_changed, _products_changed),
    ):
        signal.connect(receiver, dispatch_uid=f"handbook-{receiver.__name__}-{id(signal)}")


def refresh(pages: Iterable[Page]) -> None:
    """Bring the entries of all topics at and below these pages up to date, in every language."""
    below = Q(pk=None)
    for page in pages:
        below |= Q(path__startswith=page.path)
    keys = TopicPage.objects.filter(below).order_by().values("translation_key")
    refresh_topics(TopicPage.objects.filter(translation_key__in=keys).values_list("pk", flat=True))


def refresh_topics(ids: Iterable[int]) -> None:
    items = [str(pk) for pk in ids]
    if items:
        search.update(kind=KIND, items=items)


def _about_to_save(sender: type[Any], instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """A translation is for whom its original is for, whatever an older draft of it says."""
    if isinstance(instance, OURS) and instance.pk and not raw:
        row = Translation.objects.filter(pk=instance.pk).values_list("original_id", flat=True)
        keys = type(instance).objects.filter(pk__in=row).values_list("audience_keys", flat=True).first()
        instance.audience_keys = instance.audience_keys if keys is None else keys


def _saved(
    sender: type[Any],
    instance: Any,
    created: bool,
    raw: bool = False,
    update_fields: Any = None,
    **kwargs: Any,
) -> None:
    if not isinstance(instance, Page) or _is_draft(instance, created, update_fields):
        return
    if _stands_above(instance):
        core.bump(FACT)
    if _is_ours(instance) and not raw:
        with transaction.atomic():
            if isinstance(instance, OURS):
                _share_audience(instance)
            refresh([instance])


def _is_draft(page: Page, created: bool, fields: Iterable[str] | None) -> bool:
    """Whether what was saved is a draft only: a new one, or a newer one of a page."""
    return created and not page.live or bool(fields and _OF_DRAFTS.issuperset(fields))


def _stands_above(page: Page) -> bool:
    """Whether handbooks may stand at or below the page: one of ours, or a page with children."""
    return _is_ours(page) or page.numchild > 0


def _is_ours(page: Page) -> bool:
    """Also pages that somebody loaded without what is particular to their type (Wagtail's scheduler does)."""
    return issubclass(page.specific_class or Page, OURS)


def _share_audience(page: Any) -> None:
    """Translations are for whom their original is for."""
    translations = type(page).objects.filter(handbook_translation__original=page.pk)
    translations.exclude(audience_keys=page.audience_keys).update(audience_keys=page.audience_keys)


def _deleted(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    if not isinstance(instance, OURS):
        return
    core.bump(FACT)
    if isinstance(instance, TopicPage):
        search.remove(kind=KIND, items=[str(instance.pk)])
        others = TopicPage.objects.filter(translation_key=instance.translation_key)
        refresh_topics(others.values_list("pk", flat=True))


def _published(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """Rows of products are written after the page itself is."""
    if isinstance(instance, TopicPage):
        refresh([instance])


def _moved(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    with transaction.atomic():
        core.bump(FACT)
        refresh([instance])


def _products_changed(sender: type[Any], product_ids: Iterable[int], **kwargs: Any) -> None:
    """Entries hold names and part numbers of the products a topic is about."""
    rows = TopicProduct.objects.filter(product_id__in=list(product_ids)).order_by()
    refresh_topics(rows.values_list("topic_id", flat=True).distinct())


def connect() -> None:
    models.register_page_views(web)
    core_hooks.audit_actions.register(MARKED, _("Translation marked as up to date"))
    portal_hooks.navigation.register("handbook", navigation, order=25)
    portal_hooks.page_sources.register(TopicPage._meta.label_lower, KIND)
    for model in (HandbookPage, ChapterPage):
        portal_hooks.page_sources.register(model._meta.label_lower, "")
    portal_hooks.document_access.register("handbook", document_access)
    hooks.product_links.register("handbook", product_links)
    hooks.editor_links.register("handbook", editor_links)
    core_hooks.event_handlers.register("handbook-pdf", ((pdf.REQUESTED,), pdf.handle_event))
    core_hooks.daily.register("handbook-pdf", pdf.forget_exports)
    connect_page_signals()
    copy_for_translation_done.connect(_translated, dispatch_uid="handbook-translation")


def _translated(source_obj: Any, target_obj: Any, **kwargs: Any) -> None:
    note_copy(source_obj, target_obj)
