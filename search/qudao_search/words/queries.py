"""The synonyms in force, kept in the process for as long as nothing changes."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max

from .models import SynonymSet
from .rules import NO_SYNONYMS, Synonyms, SynonymWords, compile_synonyms

#: More sets than editors keep by hand; the rest is not used.
MOST_SETS = 5_000

#: When the last change was, how many sets there are and the newest: differs whenever one was changed, added or deleted.
Stamp = tuple[datetime | None, int, int | None]

_known: tuple[Stamp | None, Synonyms] = (None, NO_SYNONYMS)


def synonyms() -> Synonyms:
    """The active sets, ready for :func:`qudao_search.asking.parsing.read`.

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
    row = SynonymSet.objects.order_by().aggregate(
        changed=Max("changed_at"), count=Count("pk"), last=Max("pk")
    )
    return row["changed"], row["count"], row["last"]


def _active() -> list[SynonymWords]:
    rows = SynonymSet.objects.filter(is_active=True).order_by("pk").values_list("words", "finds")[:MOST_SETS]
    return [SynonymWords(tuple(words.splitlines()), tuple(finds.splitlines())) for words, finds in rows]


def forget() -> None:
    """Read the sets anew next time; for tests, whose databases go back in time."""
    global _known
    _known = (None, NO_SYNONYMS)
