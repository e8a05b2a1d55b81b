"""The synonyms in force, kept in the process for as long as nothing changes."""

from __future__ import annotations

from typing import Any

from django.db import connection

from .models import SynonymSet
from .rules import NO_SYNONYMS, Synonyms, SynonymWords, compile_synonyms

#: More sets than editors keep by hand; the rest is not used.
MOST_SETS = 5_000

#: When the last change was, how many sets there are and the newest: differs whenever one was changed, added or deleted.
Stamp = tuple[Any, int, int | None]
#: Every query asks this: composing it would cost more than it.
_STAMP = f'SELECT max(changed_at), count(*), max(id) FROM "{SynonymSet._meta.db_table}"'

_known: tuple[Stamp | None, Synonyms] = (None, NO_SYNONYMS)


def synonyms() -> Synonyms:
    """The active sets, ready for :func:`qudao_search.querying.parse.read`.

    One small statement, two after a change.
    """
    global _known
    stamp = _stamp()
    kept, found = _known
    if stamp != kept:
        found = compile_synonyms(_active())
        _known = (stamp, found)
    return found


def _stamp() -> Stamp:
    with connection.cursor() as cursor:
        cursor.execute(_STAMP)
        changed, count, last = cursor.fetchone()
    return changed, count, last


def _active() -> list[SynonymWords]:
    rows = SynonymSet.objects.filter(is_active=True).order_by("pk").values_list("words", "finds")[:MOST_SETS]
    return [SynonymWords(tuple(words.splitlines()), tuple(finds.splitlines())) for words, finds in rows]


def forget() -> None:
    """Read the sets anew next time; for tests, whose databases go back in time."""
    global _known
    _known = (None, NO_SYNONYMS)
