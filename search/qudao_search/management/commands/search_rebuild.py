"""Read every source anew and write the index again, in place: the site searches and writes meanwhile."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ... import conf
from ...hooks import sources
from ...index import services
from ...index.progress import Bar


class Command(BaseCommand):
    help = "Read every source anew and write the search index again. The site goes on meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--kind", action="append", default=[], help="Only this kind; may be repeated.")

    def handle(self, *args: Any, **options: Any) -> None:
        kinds = options["kind"] or [kind for kind, _source in sources.items()]
        unknown = [kind for kind in kinds if sources.get(kind) is None]
        if unknown:
            known = ", ".join(kind for kind, _source in sources.items())
            raise CommandError(f"There is no kind {unknown[0]!r}. Kinds: {known}")
        started = time.perf_counter()
        bar = Bar(self.stdout)
        done = services.rebuild(kinds=options["kind"], progress=bar)
        bar.close()
        seconds = time.perf_counter() - started
        self.stdout.write(f"{done:,} items in {seconds:.1f} s ({done / max(seconds, 0.001):,.0f} a second)")
        if conf.engine() == "elasticsearch":
            self._rebuild_cluster()

    def _rebuild_cluster(self) -> None:
        from ...engines.elasticsearch import rebuild  # noqa: PLC0415 - the client is an optional part

        bar = Bar(self.stdout)
        try:
            sent = rebuild.rebuild_cluster(lambda done, total: bar("cluster", done, total))
        except rebuild.RebuildFailed as failed:
            raise CommandError(f"The cluster's index was not rebuilt: {failed}") from failed
        finally:
            bar.close()
        self.stdout.write(f"{sent:,} entries sent to the cluster, which now serves them")
