"""Fill an empty database with the demo channel."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ...demo import build
from ...demo.scale import FULL, SCALES


class Command(BaseCommand):
    help = "Build the demo channel: a maker, its dealers, products, prices, stock and a year of orders. Runs once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", choices=sorted(SCALES), default=FULL.name)
        parser.add_argument(
            "--seed", type=int, default=20261122, help="The same seed gives the same channel."
        )

    def handle(self, *args: Any, scale: str, seed: int, **options: Any) -> None:
        if build.exists():
            self.stdout.write("The demo channel is there already; nothing to do.")
            return
        started = time.perf_counter()
        build.build(scale=SCALES[scale], seed=seed, say=self.stdout.write)
        self.stdout.write(f"The demo channel is ready ({time.perf_counter() - started:.0f} s).")
