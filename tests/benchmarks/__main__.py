"""`./qudao bench`: every work on PostgreSQL and on SQLite, ratios within one run, beside what each must reach.

The search is measured in Elasticsearch as well, with PostgreSQL below it.

Options: --engine postgresql|sqlite|elasticsearch, --only pages|ordering|imports|search|first-import|http|memory,
--small (a tenth of the data, to try it out). `--only http` measures pages and API as deployed, with 1,000 products and
100 price lists, or with as many as `--products` and `--lists` say, several times if wanted: --products 10000
--products 50000.
Exit code 1 when something is not reached.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import services
from tests.benchmarks.measure import Figure

ROOT = Path(__file__).resolve().parent.parent.parent
ENGINES = ("postgresql", "sqlite", "elasticsearch")
#: Works that share a data set stand together; each group gets a database of its own.
GROUPS = (("pages", "ordering", "imports"), ("search",), ("first-import",))
WORKS = tuple(name for group in GROUPS for name in group)


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    _install_wrk()
    missed = 0
    for engine in options.engine or ENGINES:
        for group in filter(None, _chosen(options, engine)):
            print(f"\n{engine}: {', '.join(group)}", flush=True)
            try:
                with _site(engine) as environment:
                    missed += _works(environment, group, options.small)
            except services.CannotRun as reason:
                print(f"  not measured: {reason}", flush=True)
    if not options.only or "memory" in options.only:
        print("\nproduction shape", flush=True)
        missed += _memory()
    if not options.only or "http" in options.only:
        print("\npages and API over HTTP, as deployed", flush=True)
        missed += _deployed(options)
    print(f"\n{missed} of the figures were not reached." if missed else "\nEverything was reached.")
    return 1 if missed else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="qudao bench", description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, action="append")
    parser.add_argument("--only", choices=(*WORKS, "memory", "http"), action="append")
    parser.add_argument("--products", type=int, action="append", default=[])
    parser.add_argument("--lists", type=int, action="append", default=[])
    parser.add_argument("--small", action="store_true")
    return parser.parse_args(arguments)


def _chosen(options: argparse.Namespace, engine: str) -> list[list[str]]:
    if engine == "elasticsearch":
        return [["cluster"] if not options.only or "search" in options.only else []]
    return [[name for name in group if not options.only or name in options.only] for group in GROUPS]


def _install_wrk() -> None:
    if shutil.which("wrk") is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-q", "wrk"], stdout=subprocess.DEVNULL, check=False)


@contextmanager
def _site(engine: str) -> Iterator[dict[str, str]]:
    """The environment of a site on this engine, whose servers run meanwhile."""
    if engine != "elasticsearch":
        with _database(engine) as url:
            yield _environment(url)
        return
    with services.elasticsearch(heap="2g") as address, _database("postgresql") as url:
        yield _environment(url) | {
            "QUDAO_SEARCH_ENGINE": "elasticsearch",
            "QUDAO_SEARCH_URL": address,
            "QUDAO_SEARCH_TIMEOUT": "60",
        }


@contextmanager
def _database(engine: str) -> Iterator[str]:
    """A migrated, empty database of this engine, with the server's own durability; yields its URL."""
    with tempfile.TemporaryDirectory(prefix="qudao-bench-") as folder:
        os.environ["QUDAO_DATA_DIR"] = folder
        if engine == "sqlite":
            url = f"sqlite:///{folder}/bench.sqlite3"
            _manage("prepare_database", url=url)
            yield url
            return
        with services.postgresql(durable=True) as server:
            url = server.rpartition("/")[0] + "/bench"
            subprocess.run(
                [services.postgresql_program("createdb"), f"--maintenance-db={server}", "bench"], check=True
            )
            _manage("prepare_database", url=url)
            yield url


def _environment(url: str) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "qudao_site.settings",
        "QUDAO_ENV": "demo",
        "QUDAO_ALLOWED_HOSTS": "127.0.0.1,testserver",
    }


def _manage(*arguments: str, url: str) -> None:
    command = [sys.executable, str(ROOT / "site" / "manage.py"), *arguments]
    subprocess.run(command, env=_environment(url), check=True)


def _works(environment: dict[str, str], names: list[str], small: bool) -> int:
    command = [sys.executable, "-m", "tests.benchmarks.run", *(["--small"] if small else [])]
    for name in names:
        command += ["--only", name]
    return _told(command, environment)


def _deployed(options: argparse.Namespace) -> int:
    """A process with Django beside the site: it knows the migrated databases that tests have left."""
    command = [sys.executable, "-m", "tests.benchmarks.deployed"]
    for name in ("products", "lists"):
        for number in getattr(options, name):
            command += [f"--{name}", str(number)]
    with tempfile.TemporaryDirectory(prefix="qudao-bench-") as folder:
        return _told(command, _environment(f"sqlite:///{folder}/none.sqlite3") | {"QUDAO_DATA_DIR": folder})


def _told(command: list[str], environment: dict[str, str]) -> int:
    """Show each figure that a process prints; how many were not reached."""
    missed = 0
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("{"):
                missed += _show(Figure(**json.loads(line)))
    if process.returncode:
        raise SystemExit(f"the works ended with code {process.returncode}")
    return missed


def _memory() -> int:
    from tests.benchmarks import memory  # noqa: PLC0415 - starts servers; only when asked for

    return sum(_show(figure) for figure in memory.figures())


def _show(figure: Figure) -> int:
    """Print one line; 1 when the figure was not reached."""
    sign = "≥" if figure.at_least else "≤"
    aim = f"{sign} {figure.limit:g}" if figure.limit is not None else ""
    mark = " " if figure.reached else "✗"
    print(
        f"{mark} {figure.work:<62} {figure.value:>9.2f} {figure.unit:<5} {aim:<8} {figure.note}", flush=True
    )
    return 0 if figure.reached else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
