"""The process that delivers events where no Celery worker does."""

from __future__ import annotations

import logging
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, connection

from ... import conf
from ...events.dispatch import work_round
from ...events.periodic import run_due

log = logging.getLogger(__name__)
#: How often it looks for periodic work that is due.
LOOK_EVERY = 30


class Command(BaseCommand):
    help = (
        "Deliver events (mail, notifications, webhooks), read documents, tell a search cluster what changed and "
        "do what is due every minute, hour or day (publish pages, assume receipts, delete old records), until stopped. "
        "Any number may run at once. "
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
        return work_round(limit=batch, stop=stop.is_set)

    def forever(self, batch: int, stop: threading.Event) -> int:
        handled, looked = 0, 0.0
        while not stop.is_set():
            try:
                count = self.round(batch, stop)
                if not looked or time.monotonic() - looked > LOOK_EVERY:
                    run_due(stop=stop.is_set)
                    looked = time.monotonic()
            except DatabaseError as error:
                log.warning("the database did not answer, trying again: %s", error)
                connection.close()
                count = 0
            handled += count
            if not count:
                stop.wait(conf.event_poll())
        return handled
