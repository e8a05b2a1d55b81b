"""Bring the database to the present schema the shortest way."""

from typing import Any

from django.core.management.base import BaseCommand

from qudao_site.snapshot import loading


class Command(BaseCommand):
    help = (
        "Fill an empty database from the schema snapshot, apply the migrations that are missing, or do nothing. "
        "The result is that of `migrate`."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for line in loading.prepare():
            self.stdout.write(line)
