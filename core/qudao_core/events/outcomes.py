"""What a handler raises when it did not deliver and knows why. Anything else that is raised is an unexpected failure,
which is tried again as well and kept with its traceback."""

from __future__ import annotations

from datetime import datetime


class DeliveryFailed(Exception):
    """The other side did not take it now; it is tried again later. The text goes into the log of deliveries."""


class Undeliverable(Exception):
    """The other side will never take this (unknown mailbox, message refused). It is not tried again."""


class DeliverLater(Exception):
    """Somebody else is still at it; ask again at ``at``. This is no failure and does not count as an attempt."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at.isoformat())
        self.at = at
