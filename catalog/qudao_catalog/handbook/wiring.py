"""What the handbook connects at start."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from qudao_core import hooks as core_hooks
from qudao_partner_portal import hooks as portal_hooks
from wagtail.signals import copy_for_translation_done

from .. import hooks
from . import changes, serving, web
from .models import ChapterPage, HandbookPage, TopicPage
from .navigation import navigation, product_links
from .papers import document_doors
from .pdf import services as pdf
from .translations import MARKED, note_copy


def connect() -> None:
    serving.show_by(web)
    core_hooks.audit_actions.register(MARKED, _("Translation marked as up to date"))
    portal_hooks.navigation.register("handbook", navigation, order=25)
    portal_hooks.page_sources.register(TopicPage._meta.label_lower, changes.KIND)
    for model in (HandbookPage, ChapterPage):
        portal_hooks.page_sources.register(model._meta.label_lower, "")
    portal_hooks.document_access.register("handbook", document_doors)
    hooks.product_links.register("handbook", product_links)
    core_hooks.event_handlers.register("handbook-pdf", ((pdf.REQUESTED,), pdf.handle_event))
    core_hooks.daily.register("handbook-pdf", pdf.forget_exports)
    changes.connect()
    copy_for_translation_done.connect(_translated, dispatch_uid="handbook-translation")


def _translated(source_obj: Any, target_obj: Any, **kwargs: Any) -> None:
    note_copy(source_obj, target_obj)
