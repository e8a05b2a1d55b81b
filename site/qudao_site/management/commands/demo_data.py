"""Fill an empty database with the demo channel."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from qudao_core import api as core

from ...demo import build, channel
from ...demo.scale import FULL, SCALES


class Command(BaseCommand):
    help = "Build the demo channel: a maker, its dealers, products, prices, stock and a year of orders. Runs once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", choices=sorted(SCALES), default=FULL.name)
        parser.add_argument(
            "--seed", type=int, default=20261122, help="The same seed gives the same channel."
        )
        parser.add_argument(
            "--channel", type=Path, metavar="DIR", help="A directory with a demo of your own trade."
        )

    def handle(self, *args: Any, scale: str, seed: int, channel: Path | None, **options: Any) -> None:
        try:
            self._build(scale, seed, channel)
        except core.Refusal as refusal:
            raise CommandError(str(refusal.message)) from refusal

    def _build(self, scale: str, seed: int, directory: Path | None) -> None:
        wanted = channel.chosen(directory)
        if build.exists(wanted):
            self.stdout.write("The demo channel is there already; nothing to do.")
            return
        started = time.perf_counter()
        build.build(channel=wanted, scale=SCALES[scale], seed=seed, say=self.stdout.write)
        self.stdout.write(f"The demo channel is ready ({time.perf_counter() - started:.0f} s).")
