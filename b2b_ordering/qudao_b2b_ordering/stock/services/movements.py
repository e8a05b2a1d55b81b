"""The stock's journal: append-only rows that say why a quantity changed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from qudao_core import bulk_sql

from ..models import StockMovement


def actor_id(actor: Any) -> int | None:
    """The user id of a user, a viewer or an id; ``None`` for the system."""
    if actor is None or isinstance(actor, int):
        return actor
    return actor.user_id if hasattr(actor, "user_id") else actor.pk


def note(kind: str, changes: Iterable[tuple[int, Decimal]], *, actor: Any, reference: str = "") -> None:
    """One movement per (level id, change) that is not zero, in one statement."""
    rows = [(level_id, change) for level_id, change in changes if change]
    if rows:
        known = [kind, reference[:80], actor_id(actor), bulk_sql.now()]
        bulk_sql.run(_INSERT, rows, (bulk_sql.BIGINT, bulk_sql.NUMERIC), known)


_INSERT = f"""
    INSERT INTO "{StockMovement._meta.db_table}" (kind, reference, by_id, at, level_id, quantity)
    SELECT %s, %s, %s, %s, v.c0, v.c1 FROM {{rows}} WHERE true
"""
