"""Entries as the search reads them: few columns, no model objects, one statement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import orjson
from django.db import connection

from ..entries import sql
from ..entries.models import Entry
from ..hooks import Card, Reader, sources
from ..text.highlight import Needle, excerpt, mark, needles
from ..text.rules import compact
from ..values import Hit, Piece, Query

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
class EntryTexts:
    """What a hit that is shown needs besides."""

    group_id: int
    dated_at: datetime | None
    texts: Mapping[str, str]


def read_rows(entry_ids: Sequence[int]) -> list[Row]:
    """The entries in the order of ``entry_ids``; what is gone by now is left out."""
    found = {
        pk: Row(pk, kind, item, boost, *map(orjson.loads, lists))
        for pk, kind, item, boost, *lists in _read(_NAMED, entry_ids)
    }
    return [found[pk] for pk in entry_ids if pk in found]


def read_items(entry_ids: Sequence[int]) -> dict[str, int]:
    """Item → entry id, for entries of one kind."""
    return {item: pk for pk, item in _read(_ITEMS, entry_ids)}


def read_texts(entry_ids: Sequence[int]) -> dict[int, EntryTexts]:
    """Texts, dates and groups of some entries, by entry id."""
    return {
        pk: EntryTexts(group, _moment(dated_at), orjson.loads(texts))
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


# --- cards and hits ---
# From entries found to hits shown: cards from their sources, what was searched for marked, facets in words.

Cards = Mapping[tuple[str, str], Card]


def cards(reader: Reader, rows: Sequence[Row], http_request: Any = None) -> dict[tuple[str, str], Card]:
    """The cards of these entries by kind and item, each source asked once. What has none is not shown."""
    by_kind: dict[str, list[str]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row.item)
    found: dict[tuple[str, str], Card] = {}
    for kind, items in by_kind.items():
        source = sources.get(kind)
        shown = source.cards(reader, items, http_request) if source else {}
        found |= {(kind, item): card for item, card in shown.items()}
    return found


def hits(
    query: Query,
    asked: str,
    reader: Reader,
    rows: Sequence[Row],
    shown: Cards,
    words: Mapping[int, EntryTexts],
    *,
    first: int,
    scores: Mapping[int, float],
) -> Iterator[Hit]:
    """The hits of ``rows`` that have a card; ``first`` is the position of the first row."""
    wanted = needles(query)
    written = [needle for needle in wanted if needle.kind != "sound"]  # texts are not found by how they sound
    for position, row in enumerate(rows, start=first):
        card = shown.get((row.kind, row.item))
        if card is not None:
            yield _hit(
                row,
                card,
                words.get(row.entry_id),
                wanted,
                written,
                asked,
                reader,
                position,
                scores.get(row.entry_id, 0.0),
            )


def _hit(
    row: Row,
    card: Card,
    words: EntryTexts | None,
    wanted: Sequence[Needle],
    written: Sequence[Needle],
    asked: str,
    reader: Reader,
    position: int,
    score: float,
) -> Hit:
    return Hit(
        kind=row.kind,
        item=row.item,
        position=position,
        title=mark(card.title, wanted),
        excerpt=_excerpt(words.texts if words else {}, written, reader.language),
        url=card.url,
        summary=card.summary,
        path=card.path,
        picture=card.picture,
        icon=card.icon,
        template=card.template,
        context=card.context,
        data=card.data,
        code=code_shown(row.codes, asked),
        score=score,
        dated_at=words.dated_at if words else None,
    )


def _excerpt(texts: Mapping[str, str], wanted: Sequence[Needle], language: str) -> tuple[Piece, ...]:
    """The stretch with what was searched for, of the text in the reader's language if it is there; else nothing."""
    own_first = sorted(texts.items(), key=lambda entry: entry[0] != language)
    for _language, text in own_first:
        pieces = excerpt(text, wanted) if wanted else ()
        if any(piece.marked for piece in pieces):
            return pieces
    return ()


def code_shown(codes: Sequence[str], asked: str) -> str:
    """Of several part numbers the one that was asked for, else the first."""
    if not codes:
        return ""
    wanted = compact(asked)
    return next((code for code in codes if wanted and wanted in compact(code)), codes[0])
