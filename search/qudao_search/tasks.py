"""Background work for sites with Celery and a cluster: what was changed is sent as soon as it is committed.

Without Celery this module is empty; whoever calls ``search.synchronise()`` from time to time sends the same rows.
"""

from __future__ import annotations

from .index.services import synchronise

try:
    from celery import shared_task
except ImportError:
    pass
else:

    @shared_task(name="qudao_search.tasks.send_changes", ignore_result=True)  # type: ignore[untyped-decorator]
    def send_changes() -> None:
        """Tell the cluster what it has not heard of yet."""
        while synchronise():
            pass
