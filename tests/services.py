"""The one place that starts servers for tests and benchmarks: PostgreSQL, Redis, Elasticsearch, whatever a test runs.

Each server gets a private folder, a free port on the loopback and, when we are root, an unprivileged account;
it ends with the process that started it, even when that one is killed. From a shell::

    python tests/services.py postgresql redis -- python -m pytest tests/…
    python tests/services.py --missing postgresql redis     # one line for each that cannot run here, and why

The command finds the addresses in ``QUDAO_TEST_DATABASE_URL``, ``QUDAO_TEST_REDIS_URL`` and ``QUDAO_TEST_SEARCH_URL``.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path

if __name__ == "__main__":  # started as a file: imports are those of the checkout, not of this folder
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from tests.elasticsearch_nodes import (
    Cluster,
    elasticsearch,
    elasticsearch_archive,
    elasticsearch_cluster,
    java_home,
    maven_program,
)
from tests.node import node_program, node_tools, npm_program
from tests.processes import (
    LOOPBACK,
    CannotRun,
    Server,
    account,
    free_port,
    listening,
    private_folder,
    running,
    until,
)

__all__ = [
    "LOOPBACK",
    "CannotRun",
    "Cluster",
    "Server",
    "account",
    "elasticsearch",
    "elasticsearch_cluster",
    "free_port",
    "listening",
    "node_tools",
    "private_folder",
    "running",
    "until",
]


# --- PostgreSQL ---


def postgresql_program(name: str) -> Path:
    """The newest installed `name` of PostgreSQL (Debian keeps the server's programs out of PATH)."""
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parent.parent.name)
    )
    program = str(found[-1]) if found else shutil.which(name)
    if not program:
        raise CannotRun(f"PostgreSQL's `{name}` is not installed (Debian package postgresql).")
    return Path(program)


@contextmanager
def postgresql(*, durable: bool = False) -> Iterator[str]:
    """Run a PostgreSQL of our own; yields the URL of its maintenance database.

    Tests give up durability for speed; benchmarks (`durable`) keep the server's defaults.
    """
    initdb, postgres = postgresql_program("initdb"), postgresql_program("postgres")
    owner = account("postgres")
    with private_folder(owner) as folder:
        _initdb(initdb, folder, owner)
        port = free_port()
        command: list[str | Path] = [postgres, "-D", folder / "data", "-p", str(port), "-k", folder]
        settings = {"listen_addresses": LOOPBACK, "max_connections": "150", "shared_buffers": "256MB"}
        if not durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with running(command, folder=folder, port=port, owner=owner, stop=signal.SIGINT):
            _wait_for_postgresql(port)
            yield f"postgresql://qudao@{LOOPBACK}:{port}/postgres"


def _initdb(initdb: Path, folder: Path, owner: str | None) -> None:
    command = [initdb, "-D", folder / "data", "-U", "qudao", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    with running([*command, "--no-sync"], folder=folder, owner=owner) as server:
        if server.process.wait(120):
            raise CannotRun(f"initdb failed:\n{server.log[-2000:]}")


def _wait_for_postgresql(port: int) -> None:
    """The socket opens a moment before the server takes connections."""
    ready = postgresql_program("pg_isready")
    command = [ready, "-q", "-h", LOOPBACK, "-p", str(port)]
    until(lambda: subprocess.run(command, check=False).returncode == 0)


# --- Redis ---


def redis_program() -> str:
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if not program:
        raise CannotRun("`redis-server` is not installed (Debian package redis-server).")
    return program


@contextmanager
def redis() -> Iterator[str]:
    """Run a Redis of our own that keeps nothing on disk; yields its URL."""
    with redis_server() as server:
        yield f"redis://{LOOPBACK}:{server.port}/0"


@contextmanager
def redis_server(port: int = 0) -> Iterator[Server]:
    """The same with the process, for tests that stop it; on `port` when it comes back."""
    program = redis_program()
    owner = account("redis")
    with private_folder(owner) as folder:
        port = port or free_port()
        command = [program, "--port", str(port), "--bind", LOOPBACK, "--save", "", "--appendonly", "no"]
        with running(command, folder=folder, port=port, owner=owner) as server:
            yield server


# --- Programs without a server of ours ---


def chromium_program() -> Path:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return Path(found)
    raise CannotRun("Chromium is not installed (Debian package chromium).")


def nginx_program() -> Path:
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not found:
        raise CannotRun("nginx is not installed (Debian package nginx).")
    return Path(found)


def gettext_program() -> Path:
    found = shutil.which("xgettext")
    if not found:
        raise CannotRun("gettext's programs are not installed (Debian package gettext).")
    return Path(found)


_PROGRAMS = {
    "gettext": gettext_program,
    "postgresql": lambda: postgresql_program("postgres"),
    "redis": redis_program,
    "chromium": chromium_program,
    "nginx": nginx_program,
    "elasticsearch": elasticsearch_archive,
    "java": java_home,
    "maven": maven_program,
    "node": node_program,
    "npm": npm_program,
    "clients": node_tools,
}


def missing(name: str) -> str:
    """Why `name` cannot run on this machine, or an empty string when it can."""
    try:
        _PROGRAMS[name]()
    except CannotRun as reason:
        return str(reason)
    return ""


# --- The command ---

_SERVICES: dict[str, tuple[str, Callable[[], AbstractContextManager[str]]]] = {
    "postgresql": ("QUDAO_TEST_DATABASE_URL", postgresql),
    "postgresql-durable": ("QUDAO_TEST_DATABASE_URL", partial(postgresql, durable=True)),
    "redis": ("QUDAO_TEST_REDIS_URL", redis),
    "elasticsearch": ("QUDAO_TEST_SEARCH_URL", elasticsearch),
}


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--missing"]:
        reasons = [reason for name in arguments[1:] if (reason := missing(name))]
        print("\n".join(reasons), end="\n" if reasons else "")
        return len(reasons)
    split = arguments.index("--")
    with ExitStack() as stack:
        for name in arguments[:split]:
            variable, start = _SERVICES[name]
            os.environ[variable] = stack.enter_context(start())
        process = subprocess.Popen(arguments[split + 1 :])
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda received, _frame: process.send_signal(received))
        return process.wait()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except CannotRun as reason:
        sys.exit(f"Cannot run here: {reason}")
