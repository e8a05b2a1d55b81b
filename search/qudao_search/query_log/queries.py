"""Recent and popular queries, and what editors read about searches. Nobody's name is in any of it but one's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Avg, Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from .models import Click, QueryLog

#: Of a person's log so many of the newest rows are looked at for recent searches.
LOOKED_AT = 60
#: Rows of a report at most.
MOST_ROWS = 1_000
#: A query is popular when so many different people asked it: one person's query is nobody else's business.
FEWEST_PEOPLE = 3
POPULAR_DAYS = 30
#: Who opens nothing and asks something else within this time has given the query up.
GIVEN_UP_WITHIN = timedelta(minutes=10)

#: A query in a report: folded, shown, asked, most_hits, near_hits, instead, clicked, abandoned, position,
#: last_asked.
ALL = QueryLog.Matched.ALL
Rows = QuerySet[QueryLog, Any]


def recents(*, user_id: int | None, limit: int = 8) -> list[str]:
    """A person's own queries, newest first, each once, in the spelling last used; without those taken out."""
    if user_id is None:
        return []
    rows = QueryLog.objects.filter(user_id=user_id, forgotten=False).order_by("-asked_at")
    newest = dict[str, str]()
    for folded, text in rows.values_list("folded", "text")[:LOOKED_AT]:
        newest.setdefault(folded, text)
    return list(newest.values())[:limit]


def popular(*, begins: str, language: str, limit: int = 8) -> list[str]:
    """Queries that begin like ``begins`` (folded), had hits and were asked by several people, most asked first.

    They had hits for those who asked; show only what this reader finds something by.
    """
    since = timezone.now() - timedelta(days=POPULAR_DAYS)
    rows = QueryLog.objects.filter(asked_at__gte=since, language=language, matched=ALL)
    rows = rows.filter(folded__startswith=begins).order_by()
    counted = rows.values("folded").annotate(people=Count("user", distinct=True), asked=Count("pk"))
    often = counted.filter(people__gte=FEWEST_PEOPLE).order_by("-people", "-asked", "folded")
    return list(often.values_list("folded", flat=True)[:limit])


def most_searched(*, days: int, language: str = "") -> Rows:
    """Queries by how often they were asked, with hits, clicks and the mean position of what was clicked."""
    return _ordered(_counted(_asked(days, language)))


def without_hits(*, days: int, language: str = "") -> Rows:
    """Queries nobody got a hit for, most asked first.

    Those answered by a correction or by hits that have only some of the words are among them, and say so.
    """
    return _ordered(_counted(_asked(days, language)).filter(most_hits=0))


def partly(*, days: int, language: str = "") -> Rows:
    """Of those without hits the ones for which something else was shown: a correction, or some of the words."""
    return _ordered(_counted(_asked(days, language)).filter(most_hits=0, near_hits__gt=0))


def never_clicked(*, days: int, language: str = "") -> Rows:
    """Queries that had hits of which nobody opened one."""
    return _ordered(_counted(_asked(days, language)).filter(most_hits__gt=0, clicked=0))


def abandoned(*, days: int, language: str = "") -> Rows:
    """Queries that were given up: something was shown, nothing opened, and the same person soon asked otherwise."""
    counted = _counted(_asked(days, language)).filter(abandoned__gt=0)
    return counted.order_by("-abandoned", "-last_asked", "folded")


def _asked(days: int, language: str) -> QuerySet[QueryLog]:
    rows = QueryLog.objects.filter(asked_at__gte=timezone.now() - timedelta(days=days)).order_by()
    return rows.filter(language=language) if language else rows


def _counted(rows: QuerySet[QueryLog]) -> Rows:
    clicks = Click.objects.filter(query=OuterRef("pk"))
    counted: Rows = (
        rows.annotate(was_clicked=Exists(clicks), was_followed=Exists(_followed()))
        .values("folded")
        .annotate(
            shown=Min("text"),
            asked=Count("pk", distinct=True),
            most_hits=Max("total", filter=Q(matched=ALL), default=0),
            near_hits=Max("total", filter=~Q(matched=ALL), default=0),
            instead=Max("corrected"),
            clicked=Count("pk", filter=Q(was_clicked=True), distinct=True),
            abandoned=Count("pk", filter=Q(was_clicked=False, was_followed=True, total__gt=0), distinct=True),
            position=Avg("clicks__position"),
            last_asked=Max("asked_at"),
        )
    )
    return counted


def _followed() -> QuerySet[QueryLog]:
    """What the same person asked soon after a query, other than the query. Of guests nothing is known."""
    later = QueryLog.objects.filter(
        user=OuterRef("user"),
        asked_at__gt=OuterRef("asked_at"),
        asked_at__lte=OuterRef("asked_at") + GIVEN_UP_WITHIN,
    )
    return later.exclude(folded=OuterRef("folded")).order_by()


def _ordered(rows: Rows) -> Rows:
    return rows.order_by("-asked", "-last_asked", "folded")
