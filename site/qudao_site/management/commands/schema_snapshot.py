"""Keep the schema snapshot: write it, or say whether it is of the migrations that are here."""

import json
import os
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from qudao_site.snapshot import contents, loading, state


class Command(BaseCommand):
    help = "Write the schema snapshot anew, or check that it is up to date; `./qudao snapshot` has both servers ready."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "--check", action="store_true", help="fail, with the reason, when it has to be written anew"
        )
        what.add_argument(
            "--write", action="store_true", help="migrate new databases from nothing and keep the result"
        )
        what.add_argument(
            "--describe",
            action="store_true",
            help="print schema and rows of this database as JSON; one that is empty is migrated first",
        )
        parser.add_argument(
            "--postgresql",
            default=os.environ.get("QUDAO_TEST_DATABASE_URL", ""),
            metavar="URL",
            help="a PostgreSQL on which --write may create a database; default: $QUDAO_TEST_DATABASE_URL",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check()
        elif options["write"]:
            self._write(options["postgresql"])
        else:
            self._describe()

    def _check(self) -> None:
        kept, here = state.kept(), state.content()
        reasons = state.differences(kept, here) + [
            f"{name} is new" for name in here if kept and name not in kept
        ]
        if reasons:
            raise CommandError(
                f"The schema snapshot is not up to date: {'; '.join(reasons)}. {loading.REMEDY}"
            )

    def _write(self, server: str) -> None:
        from qudao_site.snapshot import writing  # noqa: PLC0415 - needs psycopg, an optional part

        if not server:
            raise CommandError("The snapshot is of SQLite and PostgreSQL: name a server with --postgresql.")
        for path in writing.write(server):
            self.stdout.write(f"{path.name}: {path.stat().st_size / 1024:.0f} KiB")

    def _describe(self) -> None:
        if loading.is_empty():
            call_command("migrate", verbosity=0, interactive=False)
        contents.forget_what_is_made_afterwards()
        found = {"schema": contents.schema(), "rows": contents.rows(), "relations": contents.relations()}
        self.stdout.write(json.dumps(found))
