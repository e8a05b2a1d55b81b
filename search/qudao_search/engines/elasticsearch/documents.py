"""From rows of ``Entry`` to what is sent. No model instances: a rebuild reads a million of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast, Length

from ... import conf
from ...entries.models import Entry
from ...text.rules import analyse_for_cluster

Row = tuple[int, int, int, dict[str, str], list[str], dict[str, str], list[str], float, datetime | None]
COLUMNS = ("pk", "revision", "group_id", "titles", "codes", "texts", "keywords", "boost", "dated_at")


def rows_of(ids: Iterable[int]) -> list[Row]:
    """The rows of these entries; deleted ones are left out. One statement."""
    return list(Entry.objects.filter(pk__in=list(ids)).order_by().values_list(*COLUMNS))


def sizes_of(ids: Iterable[int]) -> dict[int, int]:
    """About how many characters of text these entries hold. One statement."""
    rows = Entry.objects.filter(pk__in=list(ids)).order_by()
    return dict(rows.values_list("pk", Length(Cast("texts", TextField()))))


def rows_after(entry_id: int, number: int) -> list[Row]:
    """The next rows in the order of keys. One statement."""
    return list(Entry.objects.filter(pk__gt=entry_id).order_by("pk").values_list(*COLUMNS)[:number])


def writes(rows: Iterable[Row], unreadable: dict[int, str] | None = None) -> Iterator[dict[str, Any]]:
    """What brings the cluster to the state of these rows, unless it knows a newer one. The index is left open.

    A row that cannot be analysed is left out and noted in ``unreadable``: it must not hold up all others.
    """
    longest = conf.longest_text()
    for row in rows:
        try:
            source = _source(row, longest)
        except (TypeError, ValueError, AttributeError) as error:
            if unreadable is None:
                raise
            unreadable[row[0]] = f"{type(error).__name__}: {error}"
            continue
        yield {
            "_op_type": "index",
            "_id": str(row[0]),
            "version": row[1],
            "version_type": "external",
            "_source": source,
        }


def deletion(entry_id: int, revision: int) -> dict[str, Any]:
    """What takes an entry away, unless the cluster knows something newer."""
    return {
        "_op_type": "delete",
        "_id": str(entry_id),
        "version": revision,
        "version_type": "external_gte",
    }


def _source(row: Row, longest: int) -> dict[str, Any]:
    entry_id, _revision, group, titles, codes, texts, keywords, boost, dated_at = row
    found = analyse_for_cluster(titles=titles, codes=codes, texts=texts, keywords=keywords, longest=longest)
    source: dict[str, Any] = {**found, "entry": entry_id, "group": group, "boost": boost}
    if dated_at is not None:
        source["dated_at"] = round(dated_at.timestamp() * 1000)
    return source
