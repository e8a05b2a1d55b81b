"""Bring the territory table up to the file that is shipped."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from ...territories.services import load_territories


class Command(BaseCommand):
    help = "Add provinces and cities that are missing and rename those that changed. Removes nothing. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = load_territories()
        self.stdout.write(f"{counts['added']} added, {counts['renamed']} renamed")
