"""Delete old events that are delivered, and other records that have had their time."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ...events.dispatch import prune
from ...headless.services import forget_idempotency_records


class Command(BaseCommand):
    help = "Delete delivered events after QUDAO_EVENT_DAYS and idempotency records after QUDAO_IDEMPOTENCY_HOURS."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=None, help="Instead of QUDAO_EVENT_DAYS.")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{prune(days=options['days'])} events deleted")
        self.stdout.write(f"{forget_idempotency_records()} idempotency records deleted")
