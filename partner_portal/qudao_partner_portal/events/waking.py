"""Tell the workers that something waits, so that nobody waits for the next poll."""

from __future__ import annotations

from qudao_search import api as search

#: Sent by name: the web process needs no worker code.
TASK = "qudao_partner_portal.tasks.dispatch_events"


def wake() -> None:
    """Send the dispatch task where Celery has a broker; without one the dispatcher polls."""
    search.send_task(TASK)
