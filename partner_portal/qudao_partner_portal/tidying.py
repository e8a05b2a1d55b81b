"""What is done once a day, by the scheduler's task or by ``run_dispatcher``."""

from __future__ import annotations

from qudao_search import api as search

from .documents.services import catch_up
from .events.dispatch import prune
from .headless.services import forget_idempotency_records


def tidy() -> None:
    """Delete events, idempotency records and logged searches that have had their time; enqueue forgotten documents."""
    prune()
    forget_idempotency_records()
    search.prune_log()
    catch_up()
