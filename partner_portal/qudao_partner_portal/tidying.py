"""What the portal does every so often by itself; ``events.periodic`` sees to it that it is done once per period."""

from __future__ import annotations

from datetime import timedelta

from qudao_search import api as search

from .content.publishing import publish_due
from .documents.services import catch_up
from .events.dispatch import prune
from .freshness.services import merge_data_changes
from .headless.services import forget_idempotency_records
from .hooks import Periodic, periodic
from .mail.queue import forget

WORK = {
    "pages": Periodic(timedelta(minutes=1), publish_due),
    "data": Periodic(timedelta(minutes=10), merge_data_changes),
    "mails": Periodic(timedelta(hours=1), forget),
    "events": Periodic(timedelta(days=1), prune),
    "idempotency": Periodic(timedelta(days=1), forget_idempotency_records),
    "searches": Periodic(timedelta(days=1), search.prune_log),
    "documents": Periodic(timedelta(days=1), catch_up),
}


def connect() -> None:
    for name, work in WORK.items():
        periodic.register(f"portal.{name}", work)
