"""Evaluate one engine by a file of judged questions::

    python -m tests.search.relevance.evaluate FILE… [--engine sqlite|postgresql|elasticsearch] [--no-synonyms]

The demo's goods are built in a database of this process alone; servers that are needed are started and ended by
`tests/services.py`. ``FILE`` is one of the ``.csv`` files of this folder, or a ``.jsonl`` file (see :mod:`.judging`).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .channel import Channel

ROOT = Path(__file__).parents[3]
PLUGINS = ("site", "b2b_ordering", "catalog", "partner_portal", "search", "themes")
SERVERS = {
    "sqlite": (),
    "postgresql": ("postgresql",),
    "elasticsearch": ("elasticsearch",),
}


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.search.relevance.evaluate")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--engine", choices=SERVERS, default="sqlite")
    parser.add_argument("--no-synonyms", action="store_true", help="without what the demo's editors keep")
    options = parser.parse_args(arguments)
    _with_servers(SERVERS[options.engine])
    with ExitStack() as afterwards:
        channel = _channel(options.engine, afterwards.callback)
        if options.no_synonyms:
            _drop_synonyms()
        for path in options.files:
            print(_report(channel, path, options.engine), flush=True)


def _with_servers(names: Sequence[str]) -> None:
    """Start this program again beside the servers it needs; nothing when they are there."""
    if not names or os.environ.get("QUDAO_EVALUATE_WITH") == " ".join(names):
        return
    os.environ["QUDAO_EVALUATE_WITH"] = " ".join(names)
    again = (sys.executable, "-m", "tests.search.relevance.evaluate", *sys.argv[1:])
    os.execv(sys.executable, (sys.executable, str(ROOT / "tests" / "services.py"), *names, "--", *again))


def _channel(engine: str, afterwards: Callable[[Callable[[], None]], object]) -> Channel:
    """Django on a database with the demo's goods; with ``elasticsearch`` a cluster knows them as well."""
    sys.path[:0] = [str(ROOT), *(str(ROOT / name) for name in PLUGINS)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qudao_site.settings")
    import django  # noqa: PLC0415

    import tests.environment  # noqa: F401, PLC0415 - names the database, before the settings are read

    django.setup()
    from tests import databases  # noqa: PLC0415 - all of this needs Django

    from .channel import build  # noqa: PLC0415

    databases.create()
    afterwards(databases.drop)
    channel = build()
    if engine == "elasticsearch":
        _fill_the_cluster(afterwards)
    return channel


def _fill_the_cluster(afterwards: Callable[[Callable[[], None]], object]) -> None:
    from django.conf import settings  # noqa: PLC0415
    from qudao_search.engines.elasticsearch.rebuild import rebuild_cluster  # noqa: PLC0415

    from tests.search import cluster  # noqa: PLC0415

    cluster.use(settings, [os.environ["QUDAO_TEST_SEARCH_URL"]])
    afterwards(cluster.remove_indices)
    rebuild_cluster()


def _drop_synonyms() -> None:
    from qudao_search.synonyms import queries  # noqa: PLC0415
    from qudao_search.synonyms.models import SynonymSet  # noqa: PLC0415

    SynonymSet.objects.all().delete()
    queries.forget()


def _report(channel: Channel, path: Path, engine: str) -> str:
    from . import judging  # noqa: PLC0415
    from .querying import ask  # noqa: PLC0415

    judged = judging.judgements(judging.read(path), channel.known)
    return judging.report(f"{path.name} on {engine}", ask(channel, list(judged)))


if __name__ == "__main__":
    main(sys.argv[1:])
