"""Background work for sites with Celery. The rows are the same that ``run_dispatcher`` delivers.

The scheduler sends :func:`dispatch_events` every ten seconds, :func:`publish_pages` every minute and
:func:`prune_records` once a day; every transaction that emits events sends the first one too. What a search cluster
has to learn goes with them. Without Celery this module is empty and ``run_dispatcher`` does the work.
"""

from __future__ import annotations

from qudao_search import api as search

from .content.publishing import publish_due
from .events.dispatch import dispatch
from .tidying import tidy

try:
    from celery import shared_task
except ImportError:
    pass
else:

    @shared_task(name="qudao_partner_portal.tasks.dispatch_events", ignore_result=True)  # type: ignore[untyped-decorator]
    def dispatch_events(rounds: int = 50) -> None:
        """Deliver what is due, at most ``rounds`` batches, so that one task never holds a worker for long."""
        for _round in range(rounds):
            if not dispatch() + search.synchronise():
                return
        dispatch_events.delay(rounds)

    @shared_task(name="qudao_partner_portal.tasks.prune_records", ignore_result=True)  # type: ignore[untyped-decorator]
    def prune_records() -> None:
        """Delete what has had its time, and look for documents nobody noticed."""
        tidy()

    @shared_task(name="qudao_partner_portal.tasks.publish_pages", ignore_result=True)  # type: ignore[untyped-decorator]
    def publish_pages() -> None:
        """Publish pages whose time has come, take down those that have expired."""
        publish_due()
