"""Background work for sites with Celery. The rows are the same that ``run_dispatcher`` delivers.

The scheduler sends :func:`dispatch_events` every ten seconds and :func:`run_periodic_work` every minute; every
transaction that emits events sends the first one too. What plugins do in each round (``hooks.dispatcher_work``) goes
with them. Without Celery this module is empty and ``run_dispatcher`` does the work.
"""

from __future__ import annotations

from .events.dispatch import work_round
from .events.periodic import run_due

try:
    from celery import shared_task
except ImportError:
    pass
else:

    @shared_task(name="qudao_core.tasks.dispatch_events", ignore_result=True)  # type: ignore[untyped-decorator]
    def dispatch_events(rounds: int = 50) -> None:
        """Deliver what is due, at most ``rounds`` batches, so that one task never holds a worker for long."""
        for _round in range(rounds):
            if not work_round():
                return
        dispatch_events.delay(rounds)

    @shared_task(name="qudao_core.tasks.run_periodic_work", ignore_result=True)  # type: ignore[untyped-decorator]
    def run_periodic_work() -> None:
        """Do the periodic work that is due: publish pages, delete old records, what plugins have registered."""
        run_due()
