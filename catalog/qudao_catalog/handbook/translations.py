"""Whether a translation still says what its original says: the mark, and what is behind."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from qudao_core import api as core
from wagtail.models import Page

from .models import ChapterPage, HandbookPage, TopicPage, Translation

MARKED = "qudao.handbook.followed"


@transaction.atomic
def mark_up_to_date(
    *, page: Page, original: Page | None = None, actor: Any = None, quietly: bool = False
) -> None:
    """Declare that the translation ``page`` says what its original says now.

    Side effects: entry of the audit log (not with ``quietly``: then another entry tells of it already).

    :raises core.Refusal: ``not_a_translation``.
    """
    row = Translation.objects.filter(pk=page.pk).select_related("original").first()
    source = original or (row.original if row else None)
    if source is None:
        raise core.Refusal("not_a_translation", _("This page is not a translation of another one."))
    fresh = Page.objects.get(pk=source.pk)
    revision_id = fresh.live_revision_id or fresh.latest_revision_id
    follows = {"original": fresh, "revision_id": revision_id, "published_at": fresh.last_published_at}
    Translation.objects.update_or_create(page_id=page.pk, defaults=follows)
    if not quietly:
        core.record(actor=actor, instance=page.specific, action=MARKED, data={"note": str(fresh)})


def behind(rows: QuerySet[Translation] | None = None) -> QuerySet[Translation]:
    """Translations whose original was published after the text they follow."""
    rows = Translation.objects.all() if rows is None else rows
    never = Q(published_at=None, original__last_published_at__isnull=False)
    return rows.filter(never | Q(original__last_published_at__gt=F("published_at")), original__live=True)


def note_copy(source_obj: Any, target_obj: Any) -> None:
    """A page was copied to be translated: from now on it follows the page it was copied from."""
    if isinstance(target_obj, HandbookPage | ChapterPage | TopicPage):
        mark_up_to_date(page=target_obj, original=source_obj, quietly=True)
