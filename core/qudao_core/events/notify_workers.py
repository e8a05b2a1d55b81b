"""Tell the workers that something waits, so that nobody waits for the next poll."""

from __future__ import annotations

import logging
import time

from django.conf import settings

log = logging.getLogger(__name__)
#: Sent by name: the web process needs no worker code.
TASK = "qudao_core.tasks.dispatch_events"
#: So long a broker that did not answer is left alone, in seconds.
BROKER_PAUSE = 15.0
_silent = {"until": 0.0}


def wake() -> None:
    """Send the dispatch task where Celery has a broker; without one the dispatcher polls."""
    send_task(TASK)


def send_task(name: str) -> bool:
    """Wake a worker through the broker, if there is one; whether it took the message.

    A broker that is down or silent delays background work and loses none: the scheduler sends the same task, and a
    dispatcher looks by itself. It is then left alone for a while, so that it costs one wait and not one per request.
    """
    if not getattr(settings, "CELERY_BROKER_URL", "") or time.monotonic() < _silent["until"]:
        return False
    try:
        from celery import current_app  # noqa: PLC0415 - an optional part, loaded where it is used
    except ImportError:
        return False
    try:
        current_app.send_task(name, ignore_result=True, retry=False)
    except Exception as error:
        _silent["until"] = time.monotonic() + BROKER_PAUSE
        log.warning("the broker did not take the wake-up: %s", error)
        return False
    return True
