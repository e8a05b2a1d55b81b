"""The process that delivers events where no Celery worker does."""

from __future__ import annotations

import logging
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connection
from qudao_search import api as search

from ... import conf
from ...content.publishing import publish_due
from ...events.dispatch import dispatch
from ...tidying import tidy

log = logging.getLogger(__name__)
PRUNE_EVERY = 24 * 3600
PUBLISH_EVERY = 60


class Command(BaseCommand):
    help = (
        "Deliver events (mail, notifications, webhooks), read documents, tell a search cluster what changed and "
        "publish pages at their times, until stopped. Any number may run at once. "
        "SIGTERM and Ctrl-C finish the delivery at hand and give back the others."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Deliver what is due now, then stop.")
        parser.add_argument(
            "--batch", type=int, default=20, help="Deliveries claimed at a time (default 20)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        handled = (
            self.once(options["batch"], stop) if options["once"] else self.forever(options["batch"], stop)
        )
        if options["once"]:
            self.stdout.write(f"{handled} delivered")

    def once(self, batch: int, stop: threading.Event) -> int:
        handled = 0
        while not stop.is_set() and (count := self.round(batch, stop)):
            handled += count
        return handled

    @staticmethod
    def round(batch: int, stop: threading.Event) -> int:
        """What is due, and what a search cluster has to learn; the latter costs nothing where there is none."""
        return dispatch(limit=batch, stop=stop.is_set) + search.synchronise()

    def forever(self, batch: int, stop: threading.Event) -> int:
        handled, pruned, published = 0, 0.0, 0.0
        while not stop.is_set():
            try:
                count = self.round(batch, stop)
                if time.monotonic() - published > PUBLISH_EVERY or not published:
                    publish_due()
                    published = time.monotonic()
                if time.monotonic() - pruned > PRUNE_EVERY or not pruned:
                    tidy()
                    pruned = time.monotonic()
            except DatabaseError as error:
                log.warning("the database did not answer, trying again: %s", error)
                connection.close()
                count = 0
            handled += count
            if not count:
                stop.wait(conf.event_poll())
        return handled
