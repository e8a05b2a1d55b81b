"""Tell the workers that something waits, so that nobody waits for the next poll."""

from __future__ import annotations

import logging

from django.conf import settings

log = logging.getLogger(__name__)

#: Sent by name: the web process needs no worker code.
TASK = "qudao_partner_portal.tasks.dispatch_events"


def wake() -> None:
    """Send the dispatch task where Celery has a broker. Without one the dispatcher polls; with one the scheduler
    sends the same task now and then, so a broker that is down delays deliveries and loses none."""
    if not getattr(settings, "CELERY_BROKER_URL", ""):
        return
    try:
        from celery import current_app  # noqa: PLC0415 - an optional part, loaded where it is used
    except ImportError:
        return
    try:
        current_app.send_task(TASK, ignore_result=True, retry=False)
    except Exception as error:
        log.warning("the broker did not take the wake-up: %s", error)
