"""Run once when the database has been restored from a backup, before workers and dispatchers start."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ...events.restore import settle_after_restore


class Command(BaseCommand):
    help = (
        "Run once after restoring a backup, before workers and dispatchers start: sets aside mails and other messages "
        "that were waiting when the backup was made and may have been sent since, and continues events with new ids."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--send-again", action="store_true", help="Send them all, although some may arrive twice."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        aside, event_id = settle_after_restore(send_again=options["send_again"])
        self.stdout.write(f"{aside} deliveries set aside; events continue after {event_id}")
