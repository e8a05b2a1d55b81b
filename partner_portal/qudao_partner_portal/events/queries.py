"""What is known of deliveries."""

from __future__ import annotations

from datetime import datetime

from .dispatch import due


def deliveries_wait_since(moment: datetime) -> bool:
    """Whether something that could be delivered has been waiting since before ``moment``. One statement.

    What waits for its next attempt, or for an earlier event of its aggregate, does not count.
    """
    return bool(due(moment).exists())
