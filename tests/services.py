"""The one place that starts servers for tests and benchmarks: PostgreSQL, Redis, and what else a test runs.

Each server gets a private folder, a free port on the loopback and, when we are root, an unprivileged account;
it ends with the process that started it, even when that one is killed. From a shell::

    python tests/services.py postgresql redis -- python -m pytest tests/…
    python tests/services.py --missing postgresql redis     # one line for each that cannot run here, and why

The command finds the addresses in ``QUDAO_TEST_DATABASE_URL`` and ``QUDAO_TEST_REDIS_URL``.
"""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import IO

LOOPBACK = "127.0.0.1"
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class CannotRun(Exception):
    """A server that cannot be started here; the message says why and what to install."""


class Server:
    """A running child process with the folder it lives in and the port it listens on."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, port: int) -> None:
        self.process = process
        self.folder = folder
        self.port = port

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def until(condition: Callable[[], object], *, seconds: float = 30) -> None:
    """Wait for something that another process does. Raises TimeoutError when it does not come true."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"did not happen within {seconds:.0f} s")
        time.sleep(0.1)


def account(*names: str) -> str | None:
    """The account servers run under when we are root (PostgreSQL refuses root), else None."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in (*names, "nobody") if name in known), None)


@contextmanager
def private_folder(owner: str | None) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="qudao-service-"))
    if owner:
        shutil.chown(folder, owner)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(
    command: Sequence[str | Path],
    *,
    folder: Path,
    port: int = 0,
    ready: str = "",
    owner: str | None = None,
    environment: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stop: signal.Signals = signal.SIGTERM,
    seconds: float = 60,
) -> Iterator[Server]:
    """Start `command`, wait until it listens on `port` or logs `ready`, and stop it when the block ends.

    Raises CannotRun with the end of its log when it ends early or does not answer within `seconds`.
    """
    with (folder / "log").open("ab") as log:
        process = _start(command, log, owner=owner, environment=environment, cwd=cwd or folder, stop=stop)
    server = Server(process, folder, port)
    try:
        if port or ready:
            _wait(server, command, ready, seconds)
        yield server
    finally:
        _end(process, stop)


def _start(
    command: Sequence[str | Path],
    log: IO[bytes],
    *,
    owner: str | None,
    environment: Mapping[str, str] | None,
    cwd: Path,
    stop: signal.Signals,
) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        env=environment,
        user=owner,
        group=pwd.getpwnam(owner).pw_gid if owner else None,
        extra_groups=[] if owner else None,
        start_new_session=True,
        preexec_fn=partial(_before_exec, stop),
    )


def _before_exec(stop: signal.Signals) -> None:
    """The child ends with us, and hears SIGINT although a shell that put us in the background ignores it."""
    _libc.prctl(PR_SET_PDEATHSIG, int(stop))
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _wait(server: Server, command: Sequence[str | Path], ready: str, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not (ready in server.log if ready else listening(server.port)):
        if server.process.poll() is not None:
            raise CannotRun(f"{command[0]} ended at once:\n{server.log[-2000:]}")
        if time.monotonic() > end:
            raise CannotRun(f"{command[0]} does not answer after {seconds:.0f} s:\n{server.log[-2000:]}")
        time.sleep(0.05)


def _end(process: "subprocess.Popen[bytes]", stop: signal.Signals) -> None:
    """Ask the process to stop, then end whatever is left of its group."""
    if process.poll() is None:
        process.send_signal(stop)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


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
    program = redis_program()
    owner = account("redis")
    with private_folder(owner) as folder:
        port = free_port()
        command = [program, "--port", str(port), "--bind", LOOPBACK, "--save", "", "--appendonly", "no"]
        with running(command, folder=folder, port=port, owner=owner):
            yield f"redis://{LOOPBACK}:{port}/0"


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
