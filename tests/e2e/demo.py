"""Runs `./qudao demo` as a person would, in a folder of its own, with the packages that are already here."""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import services
from tests.e2e.production import descendants

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Demo:
    """A running demo."""

    server: services.Server
    data: Path

    @property
    def url(self) -> str:
        return f"http://{services.LOOPBACK}:{self.server.port}"

    @property
    def said(self) -> str:
        """Everything the command has printed so far."""
        return self.server.log

    def processes(self) -> list[int]:
        """The command and everything it has started."""
        return descendants(self.server.process.pid)


def environment(data: Path) -> dict[str, str]:
    """As little as a shell gives, plus where the packages and the data are."""
    home = os.environ.get("HOME", str(data))
    return {
        "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
        "HOME": home,
        "QUDAO_VENV": sys.prefix,
        "QUDAO_DATA_DIR": str(data),
    }


@contextmanager
def demo(data: Path, *options: str, port: int = 0) -> Iterator[Demo]:
    """Start `./qudao demo` on a free port and wait until it says that it is ready; Ctrl-C at the end."""
    port = port or services.free_port()
    command = [ROOT / "qudao", "demo", "--port", str(port), *options]
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=data.parent))
    with services.running(
        command,
        folder=folder,
        port=port,
        ready="Ready after",
        environment=environment(data),
        cwd=ROOT,
        stop=signal.SIGINT,
    ) as server:
        yield Demo(server, data)
