"""Start the child that reads a file, watch it, and make of its end whatever it was."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict
from typing import IO, Any

from .rules import CRASHED, OUT_OF_MEMORY, TIMED_OUT, TOO_LARGE, UNREADABLE, Extracted, Limits

_COPIED = 1 << 20


def extract(file: Any, limits: Limits) -> Extracted:
    """The text of ``file`` (Django's or Python's, open for reading). Blocks for at most ``limits.seconds``.

    Whatever the file holds, this returns: a child that hangs is killed with all it started, one that the kernel
    killed is told by how it ended. Raises only what opening and copying the file raises.
    """
    with tempfile.TemporaryFile() as source:
        if not _copy(file, source, limits.size):
            return Extracted(UNREADABLE, TOO_LARGE)
        source.seek(0)
        return _run(source, limits)


def _copy(file: Any, to: IO[bytes], most: int) -> bool:
    """Whether the whole file went over; storages need not have files of the operating system."""
    left = most
    while chunk := file.read(min(_COPIED, left + 1)):
        left -= len(chunk)
        if left < 0:
            return False
        to.write(chunk)
    return True


def _run(source: IO[bytes], limits: Limits) -> Extracted:
    with tempfile.TemporaryFile() as answer:
        child = subprocess.Popen(
            [sys.executable, "-P", "-s", "-m", __package__, json.dumps(asdict(limits))],
            stdin=source,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,
        )
        try:
            code = child.wait(timeout=limits.seconds)
        except subprocess.TimeoutExpired:
            return Extracted(UNREADABLE, TIMED_OUT)
        finally:
            _end(child)
        answer.seek(0)
        return _result(code, answer.read())


def _environment() -> dict[str, str]:
    """Nothing but where modules are: a file that takes over the child finds no password there."""
    return {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"}


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill the child and whatever it started, if it still runs."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _result(code: int, answer: bytes) -> Extracted:
    if code == 0:
        try:
            return Extracted(**json.loads(answer))
        except (ValueError, TypeError):
            return Extracted(UNREADABLE, CRASHED)
    reasons = {-signal.SIGXCPU: TIMED_OUT, -signal.SIGABRT: OUT_OF_MEMORY}
    return Extracted(UNREADABLE, reasons.get(code, CRASHED))
