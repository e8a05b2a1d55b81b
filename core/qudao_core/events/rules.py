"""Which handler wants which event, and when a failed delivery is tried again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

FIRST_WAIT = 10
LONGEST_WAIT = 6 * 3600


def wants(topics: Iterable[str], topic: str) -> bool:
    """Whether one of ``topics`` names ``topic``; a trailing ``*`` stands for any ending.

    >>> wants(["order.*"], "order.submitted"), wants(["order"], "order.submitted"), wants(["*"], "x")
    (True, False, True)
    """
    return any(
        [topic.startswith(wanted[:-1]) if wanted.endswith("*") else topic == wanted for wanted in topics]
    )


def back_off(attempts: int) -> timedelta:
    """How long to wait after the ``attempts``-th failure: 10 s, 40 s, 160 s … at most six hours.

    >>> [int(back_off(n).total_seconds()) for n in (1, 2, 3, 20)]
    [10, 40, 160, 21600]
    """
    return timedelta(seconds=min(FIRST_WAIT * 4 ** min(attempts - 1, 10), LONGEST_WAIT))
