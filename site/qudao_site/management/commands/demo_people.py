"""Say who may sign in to the demo channel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandParser

from ...demo.channel import chosen


class Command(BaseCommand):
    help = "Print the demo people with their password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--channel", type=Path, metavar="DIR", help="As given to demo_data.")

    def handle(self, *args: Any, channel: Path | None, **options: Any) -> None:
        wanted = chosen(channel)
        known = set(get_user_model().objects.values_list("email", flat=True))
        if not known.intersection(person.email for person in wanted.people.people):
            self.stdout.write("There is no demo channel here. Build it with: manage.py demo_data")
            return
        firms = {firm.code: firm.short for firm in wanted.firms}
        for person in wanted.people.people:
            if person.email in known:
                firm = firms.get(person.firm, "")
                self.stdout.write(f"  {person.email:<26} {person.who:<40} {firm}".rstrip())
        self.stdout.write(f"  Password for all of them: {wanted.people.password}")
