"""Entries as the search reads them: few columns, no model objects, one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import orjson
from django.db import connection

from ..index import sql
from ..index.models import Entry

_NAMED = 'SELECT id, kind, item, boost, titles, codes, keywords FROM "{table}" WHERE {condition}'
_WORDS = 'SELECT id, group_id, dated_at, texts FROM "{table}" WHERE {condition}'
_ITEMS = 'SELECT id, item FROM "{table}" WHERE {condition}'


@dataclass(frozen=True, slots=True)
class Row:
    """What the order of hits is worked out from."""

    entry_id: int
    kind: str
    item: str
    boost: float
    titles: Mapping[str, str]
    codes: Sequence[str]
    keywords: Sequence[str]


@dataclass(frozen=True, slots=True)
class Words:
    """What a hit that is shown needs besides."""

    group_id: int
    dated_at: datetime | None
    texts: Mapping[str, str]


def rows(entry_ids: Sequence[int]) -> list[Row]:
    """The entries in the order of ``entry_ids``; what is gone by now is left out."""
    found = {
        pk: Row(pk, kind, item, boost, *map(orjson.loads, lists))
        for pk, kind, item, boost, *lists in _read(_NAMED, entry_ids)
    }
    return [found[pk] for pk in entry_ids if pk in found]


def items(entry_ids: Sequence[int]) -> dict[str, int]:
    """Item → entry id, for entries of one kind."""
    return {item: pk for pk, item in _read(_ITEMS, entry_ids)}


def words(entry_ids: Sequence[int]) -> dict[int, Words]:
    """Texts, dates and groups of some entries, by entry id."""
    return {
        pk: Words(group, _moment(dated_at), orjson.loads(texts))
        for pk, group, dated_at, texts in _read(_WORDS, entry_ids)
    }


def _moment(value: Any) -> datetime | None:
    """A moment as the database gives it: SQLite keeps a text in UTC."""
    if not isinstance(value, str):
        return cast("datetime | None", value)
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def _read(statement: str, entry_ids: Sequence[int]) -> list[tuple[Any, ...]]:
    if not entry_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            statement.format(table=Entry._meta.db_table, condition=sql.one_of("id")), [sql.listed(entry_ids)]
        )
        return list(cursor.fetchall())
