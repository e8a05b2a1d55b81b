"""The stock's journal: append-only rows that say why a quantity changed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from ..models import StockMovement


def actor_id(actor: Any) -> int | None:
    """The user id of a user, a viewer or an id; ``None`` for the system."""
    if actor is None or isinstance(actor, int):
        return actor
    return actor.user_id if hasattr(actor, "user_id") else actor.pk  # type: ignore[no-any-return]


def note(kind: str, changes: Iterable[tuple[int, Decimal]], *, actor: Any, reference: str = "") -> None:
    """One movement per (level id, change); one statement per thousand."""
    user_id = actor_id(actor)
    rows = [
        StockMovement(level_id=level_id, kind=kind, quantity=change, reference=reference[:80], by_id=user_id)
        for level_id, change in changes
        if change
    ]
    StockMovement.objects.bulk_create(rows, batch_size=1000)
