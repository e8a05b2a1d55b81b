"""Starting programs for tests: in a private folder, under an unprivileged account, ended with whoever started them."""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

LOOPBACK = "127.0.0.1"
#: Seconds after which something that another process does will not come true. Long, because a machine may be loaded
#: many times over; nothing waits that long that works. No test says how fast something has to be.
PATIENCE = 600.0
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


def until(condition: Callable[[], object], *, seconds: float = PATIENCE) -> None:
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
    seconds: float = PATIENCE,
) -> Iterator[Server]:
    """Start `command`, wait until it listens on `port` or logs `ready`, and stop it when the block ends.

    Raises CannotRun with the end of its log when it ends early or does not answer within `seconds`.
    """
    with (folder / "log").open("ab") as log:
        process = _start(command, log, owner=owner, environment=environment, cwd=cwd or folder, stop=stop)
    server = Server(process, folder, port)
    try:
        if port or ready:
            wait_until_it_answers(server, command[0], ready=ready, seconds=seconds)
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


def wait_until_it_answers(
    server: Server, name: str | Path, *, ready: str = "", seconds: float = PATIENCE
) -> None:
    """Until the server logs `ready`, or else listens. Raises CannotRun with the end of its log when it does not."""
    end = time.monotonic() + seconds
    while not (ready in server.log if ready else listening(server.port)):
        if server.process.poll() is not None:
            raise CannotRun(f"{name} ended at once:\n{server.log[-2000:]}")
        if time.monotonic() > end:
            raise CannotRun(f"{name} does not answer after {seconds:.0f} s:\n{server.log[-2000:]}")
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
