"""What the portal does every so often by itself; ``core.events`` sees to it that it is done once per period."""

from __future__ import annotations

from datetime import timedelta

from qudao_core.hooks import Periodic, periodic

from .content.publishing import publish_due
from .documents.services import catch_up

WORK = {
    "pages": Periodic(timedelta(minutes=1), publish_due),
    "documents": Periodic(timedelta(days=1), catch_up),
}


def connect() -> None:
    for name, work in WORK.items():
        periodic.register(f"portal.{name}", work)
