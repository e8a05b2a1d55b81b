"""How the index stands, kind by kind, and whether it agrees with its sources. Exits with 1 where it does not."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ... import conf
from ...index.status import Drift, KindState, status


class Command(BaseCommand):
    help = (
        "Counts of the search index for each source, and where index and source disagree (then exits with 1)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--kind", action="append", default=[], help="Only this kind; may be repeated.")
        parser.add_argument("--deep", action="store_true", help="Compare the content of every document, too.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = status(kinds=options["kind"], deep=options["deep"])
        self.stdout.write(f"engine {found.engine}" + (" (the cluster is away)" if found.degraded else ""))
        self.stdout.write(
            f"{'kind':<12} {'source':>9} {'index':>9} {'missing':>8} {'surplus':>8} {'differing':>9}"
        )
        for kind in found.kinds:
            self._write_kind(kind, options["deep"])
        self.stdout.write(
            f"{found.groups:,} groups, {found.access_rules:,} access rules, {found.words:,} words of titles"
        )
        drifts = found.drifts
        if conf.engine() == "elasticsearch":
            self.stdout.write(
                f"{found.waiting:,} changes wait for the cluster, {found.refused:,} were refused"
            )
            drifts = self._write_cluster() or drifts
        if drifts:
            self.stderr.write("Index and sources disagree: search_rebuild brings them together.")
            sys.exit(1)

    def _write_kind(self, kind: KindState, deep: bool) -> None:
        numbers = (
            f"{kind.in_source:>9,} {kind.in_index:>9,} {kind.missing.count:>8,} {kind.surplus.count:>8,}"
        )
        differing = f"{kind.differing.count:>9,}" if deep else f"{'-':>9}"
        self.stdout.write(f"{kind.kind:<12} {numbers} {differing}")
        for name, drift in (
            ("missing", kind.missing),
            ("surplus", kind.surplus),
            ("differing", kind.differing),
        ):
            if drift.count:
                self.stdout.write(f"  {name}: {_named(drift)}")

    def _write_cluster(self) -> bool:
        """What the cluster says; whether it lacks entries that do not wait for it."""
        from ...engines.elasticsearch.state import look  # noqa: PLC0415 - the client is an optional part

        found = look()
        if found.trouble:
            self.stdout.write(f"cluster: {found.trouble}")
            return False
        self.stdout.write(
            f"cluster {found.colour}: {found.documents:,} of {found.entries:,} entries in {found.index}"
        )
        for refusal in found.refused:
            self.stdout.write(f"  refused {refusal.kind}:{refusal.item}: {refusal.reason}")
        return bool(found.drift) and not found.waiting


def _named(drift: Drift) -> str:
    more = drift.count - len(drift.items)
    return ", ".join(drift.items) + (f" and {more:,} more" if more else "")
