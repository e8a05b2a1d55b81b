"""What is connected once at start: telling a search cluster what changed, forgetting old queries."""

from __future__ import annotations

from datetime import timedelta

from qudao_core.hooks import Periodic, dispatcher_work, periodic

from .index.services import synchronise
from .query_log.services import prune


def connect() -> None:
    dispatcher_work.register("search", synchronise)
    periodic.register("search.queries", Periodic(timedelta(days=1), prune))
