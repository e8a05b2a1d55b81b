"""What changed since: ``?updated_since=`` in lists that other systems copy, and the horizon of the event feed.

A transaction that is still open may commit a row with a time that a reader has passed already. So nothing is told
that is younger than the oldest write in progress: whoever keeps the latest ``updated_at`` it saw misses nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db import connections, router
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

Row = TypeVar("Row", bound=Model)

#: Times are set by the clocks of several machines; so far apart they may be.
CLOCKS_APART = timedelta(seconds=2)
_OLDEST_WRITE = """
    SELECT min(xact_start) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
      AND (backend_xid IS NOT NULL OR wait_event_type = 'Lock')
"""


class TimestampField(serializers.DateTimeField):
    """A time in a request, with its offset: without one it would be read as another time than the caller's.
    UTC and so a database can say it: the first hours of the year 1 may be none.
    """

    default_error_messages = {
        "offset": _("Add the offset from UTC, as in 2026-11-30T09:00:00Z or 2026-11-30T17:00:00+08:00.")
    }

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            self.fail("offset")
        return value.astimezone(UTC)

    def to_internal_value(self, value: Any) -> datetime:
        try:
            moment: datetime = super().to_internal_value(value)
            moment.astimezone(UTC)
        except OverflowError:
            self.fail("overflow")
        return moment


class ChangeFilters(serializers.Serializer):  # type: ignore[type-arg]
    """For the query string of a list; the list is then in the order of changes."""

    updated_since = TimestampField(
        required=False,
        help_text=_("Only what changed at this time or later, in the order of changes: updated_at, then id."),
    )


def changed_since(
    rows: QuerySet[Row], since: datetime, field: str = "updated_at"
) -> tuple[QuerySet[Row], tuple[str, str]]:
    """The rows that changed at `since` or later and before the horizon, and the ordering to page them by."""
    rows = rows.filter(**{f"{field}__gte": since})
    limit = horizon(rows.model)
    if limit is not None:
        rows = rows.filter(**{f"{field}__lt": limit})
    return rows, (field, "pk")


def horizon(model: type[Model]) -> datetime | None:
    """Before this time nothing can appear any more; ``None`` when nobody else is writing.

    SQLite has one writer at a time, who commits before the next one begins. On PostgreSQL it is the start of the
    oldest transaction that has written or waits to write; the statement needs no privilege, as long as all of the
    application connects as one database user.
    """
    connection = connections[router.db_for_read(model)]
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST_WRITE)
        oldest: datetime | None = cursor.fetchone()[0]
    return None if oldest is None else oldest - CLOCKS_APART


def settled(rows: QuerySet[Row], field: str = "created_at") -> QuerySet[Row]:
    """An append-only log up to where nothing can appear any more: no row before one that is still to come."""
    limit = horizon(rows.model)
    if limit is None:
        return rows
    open_rows: Any = rows.model._default_manager.filter(**{f"{field}__gte": limit}).order_by("pk")
    first = open_rows.values_list("pk", flat=True).first()
    return rows if first is None else rows.filter(pk__lt=first)
