"""Take shipments as received that nobody confirmed in the days their order flow allows."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from ...orders.services import assume_receipts


class Command(BaseCommand):
    help = (
        "Receive shipments that the buyer did not confirm within the days of the order's flow. Run it daily."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{assume_receipts()} orders received")
