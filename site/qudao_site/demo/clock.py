"""Let the past happen in order: a clock that stands where the demo says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Within the block every service believes it is ``moment`` (aware).

    Services ask ``django.utils.timezone.now``, so that is what is set, for the whole process: only for commands
    that run alone.
    """
    real = timezone.now
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = real
