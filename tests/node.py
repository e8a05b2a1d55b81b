"""Node's tools for tests of the API's document and clients, installed once from the lock in `tests/clients`."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from tests.processes import CannotRun

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "tests" / "clients"
#: What the newest of the tools asks for.
OLDEST = (20, 19)
_LOCKED = ("package.json", "package-lock.json", ".npmrc")


def node_program() -> Path:
    found = shutil.which("node")
    if not found:
        raise CannotRun("Node.js is not installed (Debian package nodejs).")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if tuple(int(part) for part in version.removeprefix("v").split(".")[:2]) < OLDEST:
        raise CannotRun(f"Node.js {version} is too old: the tools need {OLDEST[0]}.{OLDEST[1]}.")
    return Path(found)


def npm_program() -> Path:
    found = shutil.which("npm")
    if not found:
        raise CannotRun("npm is not installed (Debian package npm).")
    return Path(found)


def node_tools() -> Path:
    """A folder with `node_modules` as the lock says; made by `npm ci` the first time."""
    node_program()
    npm = npm_program()
    locked = b"".join((SOURCE / name).read_bytes() for name in _LOCKED)
    folder = ROOT / ".qudao" / "node" / hashlib.sha256(locked).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # test processes beside each other install once
        if not (folder / "installed").exists():
            _install(npm, folder)
    return folder


def _install(npm: Path, folder: Path) -> None:
    for name in _LOCKED:
        shutil.copy(SOURCE / name, folder / name)
    done = subprocess.run([npm, "ci"], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotRun(f"`npm ci` failed (no network?): {(done.stderr or done.stdout).strip()[-300:]}")
    (folder / "installed").touch()


def run_tool(name: str, *arguments: str | Path, cwd: Path) -> "subprocess.CompletedProcess[str]":
    """Run one of the installed tools, such as ``redocly``."""
    program = node_tools() / "node_modules" / ".bin" / name
    return subprocess.run(
        [program, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "REDOCLY_TELEMETRY": "off",
            "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
            "CI": "true",
        },
    )
