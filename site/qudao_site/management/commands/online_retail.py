"""The recipe of docs/how-to/import-a-wholesalers-history.md in one command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from qudao_core import api as core

from ...online_retail import bring_in, convert, reconcile, reorder


class Command(BaseCommand):
    help = "Import the UCI Online Retail file as a wholesaler's history, compare it, and order carts again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, help="The file, CSV or CSV.gz.")
        parser.add_argument(
            "--folder",
            type=Path,
            default=settings.DATA_DIR / "online-retail",
            help="For the converted files (default: online-retail in the data directory).",
        )
        parser.add_argument("--convert-only", action="store_true", help="Write the files; import nothing.")
        parser.add_argument(
            "--reorder", type=int, default=200, help="How many carts to order again (0: none)."
        )

    def handle(self, *args: Any, source: Path, folder: Path, convert_only: bool, **options: Any) -> None:
        if not source.is_file():
            raise CommandError(f"There is no file {source}.")
        try:
            done = convert.convert(source, folder)
        except convert.Unreadable as error:
            raise CommandError(str(error)) from error
        self._tell(done, folder)
        if convert_only:
            return
        system = core.system_viewer("en")
        try:
            with transaction.atomic():  # all of the history, or nothing of it
                seller = bring_in.prepare(system)
                bring_in.bring_in(system, folder, self.stdout.write)
                self._reconcile(seller, done)
        except bring_in.Refused as refused:
            raise CommandError(f"{refused} Nothing was imported.") from refused
        if options["reorder"]:
            self._reorder(system, seller, options["reorder"])

    def _tell(self, done: convert.Converted, folder: Path) -> None:
        say = self.stdout.write
        say(f"{done.source.rows:,} rows, {done.source.total:,.2f} GBP")
        invoices, others = len(done.orders.invoice), folder / "not-order-lines.csv"
        say(f"  {done.orders.rows:,} order lines, {done.orders.total:,.2f} GBP, on {invoices:,} invoices")
        say(f"  {done.others.rows:,} other rows, {done.others.total:,.2f} GBP, in {others}:")
        for reason, count in done.reasons.most_common():
            say(f"    {count:>6,} {reason}")
        say(f"  kept, with a note in {folder / 'notes.csv'}:")
        for note, count in done.notes.most_common():
            say(f"    {count:>6,} {note}")

    def _reconcile(self, seller: Any, done: convert.Converted) -> None:
        differences = reconcile.reconcile(seller, done)
        for each in differences[:20]:
            self.stderr.write(f"{each.by} {each.name}: file {each.source}, imported {each.imported}")
        if differences:
            raise CommandError(f"{len(differences)} totals differ. Nothing was imported.")
        counts = f"{len(done.source.invoice):,} invoices, {len(done.source.customer):,} customers"
        self.stdout.write(f"  {counts}, {len(done.source.month)} month(s): all totals agree to the penny")

    def _reorder(self, system: core.Viewer, seller: Any, count: int) -> None:
        result = reorder.reorder(system, seller, count)
        if result.wrong:
            raise CommandError(f"Wrong totals: {', '.join(result.wrong)}")
        self.stdout.write(
            f"  {result.orders} carts with {result.lines:,} lines ordered again through the API in "
            f"{result.seconds:.1f} s: {result.net:,.2f} GBP, every total right"
        )
