"""A person's own searches, by who looks: the log knows only numbers of users."""

from __future__ import annotations

from ..hooks import Reader
from ..log import queries, services


def recent(reader: Reader, *, limit: int = 8) -> list[str]:
    """The reader's own recent searches, newest first. One statement; none for a guest."""
    return queries.recents(user_id=reader.user_id, limit=limit)


def forget(reader: Reader, *, text: str | None = None) -> int:
    """Take one search, or all, out of the reader's recent searches; how many were taken out."""
    return 0 if reader.user_id is None else services.forget(user_id=reader.user_id, text=text)


def clicked(reader: Reader, *, query_id: int, kind: str, item: str, position: int) -> None:
    """Note that the reader opened a hit of a query. What is not their query is passed over in silence."""
    services.click(query_id=query_id, user_id=reader.user_id, kind=kind, item=item, position=position)
