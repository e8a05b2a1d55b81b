"""Write the audit log. It is Wagtail's: what is recorded here stands on the object's history page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils import timezone
from wagtail.log_actions import get_active_log_context, registry
from wagtail.models import ModelLogEntry

#: (record, action, data) – what :func:`record_many` takes.
Entry = tuple[Model, str, dict[str, Any] | None]


def record(*, actor: Any, instance: Model, action: str, data: dict[str, Any] | None = None) -> None:
    """Add one entry to the history of ``instance``: one statement, in the current transaction.

    ``actor`` is a user, a :class:`Viewer`, a user's id, or ``None`` for the system. ``action`` is registered in
    ``hooks.audit_actions`` (``qudao.company.suspended``). ``data`` is JSON; ``note`` and ``changes`` are shown.

    :raises ValueError: nobody registered ``action``, or ``instance`` is not saved.
    """
    record_many(actor=actor, entries=[(instance, action, data)])


def record_many(*, actor: Any, entries: Iterable[Entry]) -> None:
    """Add many entries in one statement per thousand.

    They carry no common id: Wagtail's history shows only the last entry of each id and action, over all records.
    """
    user_id = actor_id(actor) or actor_id(get_active_log_context().user)
    now = timezone.now()
    rows = [_row(entry, user_id=user_id, timestamp=now) for entry in entries]
    ModelLogEntry.objects.bulk_create(rows, batch_size=1000)


def actor_id(actor: Any) -> int | None:
    """The user id of a user, a viewer or an id; ``None`` for guests and the system."""
    if actor is None or isinstance(actor, int):
        return actor
    if hasattr(actor, "user_id"):
        return actor.user_id
    return actor.pk


def _row(entry: Entry, **shared: Any) -> ModelLogEntry:
    instance, action, data = entry
    if not registry.action_exists(action):
        raise ValueError(f"{action!r} is not registered in qudao_core.hooks.audit_actions")
    if instance.pk is None:
        raise ValueError(f"{instance!r} has no primary key to record {action!r} under")
    content_type = ContentType.objects.get_for_model(instance, for_concrete_model=False)
    return ModelLogEntry(
        content_type=content_type,
        object_id=str(instance.pk),
        label=str(instance),
        action=action,
        data=data or {},
        content_changed=True,
        **shared,
    )
