"""Territories are public: everybody fills in addresses."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from .models import Territory


def territories(*, below: str = "", depth: int | None = None, search: str = "") -> QuerySet[Territory]:
    """The territory tree in order; ``below`` a code, of one ``depth`` (1 country, 2 province, 3 city), by name."""
    rows = Territory.objects.order_by("path")
    if below:
        parent = Territory.objects.filter(code=below).first()
        rows = rows.filter(path__startswith=parent.path, depth__gt=parent.depth) if parent else rows.none()
    if depth:
        rows = rows.filter(depth=depth)
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(name_zh__icontains=search) | Q(code__iexact=search))
    return rows
