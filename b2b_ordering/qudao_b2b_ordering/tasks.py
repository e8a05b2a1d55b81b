"""Background work for sites with Celery; without it, the commands of the same names do the work."""

from __future__ import annotations

from .orders import services as orders

try:
    from celery import shared_task
except ImportError:
    pass
else:

    @shared_task(name="qudao_b2b_ordering.tasks.assume_receipts", ignore_result=True)  # type: ignore[untyped-decorator]
    def assume_receipts() -> None:
        """Take shipments as received that nobody confirmed in time; once a day."""
        orders.assume_receipts()
