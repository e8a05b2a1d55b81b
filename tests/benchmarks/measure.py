"""What every work of the benchmark reports, and how statements and time are taken."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


@dataclass(frozen=True)
class Figure:
    """One measured figure beside what it must reach. ``limit`` ``None``: told, not judged."""

    work: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def reached(self) -> bool:
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def statements(work: Callable[[], Any]) -> int:
    """How many SQL statements ``work`` takes, transaction control included."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def seconds(work: Callable[[], Any], *, times: int = 1) -> float:
    """The median of ``times`` runs, in seconds."""
    taken = []
    for _run in range(times):
        with stopwatch() as watch:
            work()
        taken.append(watch[0])
    return statistics.median(taken)


@contextmanager
def stopwatch() -> Iterator[list[float]]:
    """Yields a list that holds the seconds when the block ends."""
    taken: list[float] = []
    start = time.perf_counter()
    yield taken
    taken.append(time.perf_counter() - start)
