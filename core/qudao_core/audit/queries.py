"""Read the audit log of one record. Loading the record through the viewer is the permission check."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry

from .labels import details_in_words
from .rules import HistoryEntry


def history(instance: Model, limit: int = 50) -> list[HistoryEntry]:
    """What happened to ``instance``, newest first: at most ``limit`` entries, in one statement."""
    content_type = ContentType.objects.get_for_model(instance, for_concrete_model=False)
    rows = (
        ModelLogEntry.objects.filter(content_type=content_type, object_id=str(instance.pk))
        .select_related("user")
        .order_by("-timestamp", "-pk")
    )
    return [_entry(row, type(instance)) for row in rows[:limit]]


def count_recent(instance: Model, actions: Collection[str], *, note: str, since: datetime) -> int:
    """How often one of ``actions`` with this note was recorded on ``instance`` since then. One statement."""
    content_type = ContentType.objects.get_for_model(instance, for_concrete_model=False)
    rows = ModelLogEntry.objects.filter(content_type=content_type, object_id=str(instance.pk))
    return rows.filter(action__in=actions, timestamp__gte=since, data__note=note).count()


def was_recorded(instance: Model, action: str, *, actor_id: int | None, since: datetime) -> bool:
    """Whether somebody did this to ``instance`` since then. One statement."""
    content_type = ContentType.objects.get_for_model(instance, for_concrete_model=False)
    rows = ModelLogEntry.objects.filter(content_type=content_type, object_id=str(instance.pk), action=action)
    return rows.filter(user_id=actor_id, timestamp__gte=since).exists()


def _entry(row: ModelLogEntry, model: type[Model]) -> HistoryEntry:
    formatter = registry.get_formatter(row)
    return HistoryEntry(
        at=row.timestamp,
        actor_name=row.user_display_name if row.user_id else "",
        action=row.action,
        label=str(formatter.label) if formatter else row.action,
        data=row.data or {},
        details=details_in_words(row.data or {}, model),
    )
