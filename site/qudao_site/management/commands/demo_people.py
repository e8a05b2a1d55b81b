"""Say who may sign in to the demo channel."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

from ...demo.content.channel import FIRMS, PASSWORD, PEOPLE


class Command(BaseCommand):
    help = "Print the demo people with their password."

    def handle(self, *args: Any, **options: Any) -> None:
        known = set(get_user_model().objects.values_list("email", flat=True))
        if not known.intersection(person.email for person in PEOPLE):
            self.stdout.write("There is no demo channel here. Build it with: manage.py demo_data")
            return
        firms = {firm.code: firm.short for firm in FIRMS}
        for person in PEOPLE:
            if person.email in known:
                firm = firms.get(person.firm, "")
                self.stdout.write(f"  {person.email:<26} {person.who:<40} {firm}".rstrip())
        self.stdout.write(f"  Password for all of them: {PASSWORD}")
