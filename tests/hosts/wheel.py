"""Builds the wheel and installs it into an empty environment, without the network.

The environment gets our packages from the wheel only. What they depend on is read from the environment that runs the
tests (its folder of packages, not its links to this checkout), so nothing is downloaded.
"""

import os
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Environment:
    """An environment in which the wheel is installed, and an empty folder to work in."""

    python: Path
    folder: Path

    def run(self, *arguments: str, cwd: Path | None = None, **variables: str) -> str:
        """Run its Python with nothing but `variables` around it; returns what it printed.

        Raises AssertionError with the output when it fails.
        """
        environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONNOUSERSITE": "1"}
        run = subprocess.run(
            [str(self.python), *arguments],
            cwd=cwd or self.folder,
            env=environment | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, f"{' '.join(arguments)}\n{run.stdout[-3000:]}{run.stderr[-3000:]}"
        return run.stdout


def build(folder: Path) -> Path:
    """Build the wheel of what is in the checkout; returns its path."""
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    (wheel,) = folder.glob("qudao-*.whl")
    return wheel


def install(wheel: Path, folder: Path) -> Environment:
    """Install the wheel into a new environment in `folder`."""
    place = folder / "environment"
    venv.create(place, with_pip=False, symlinks=True)
    python = place / "bin" / "python"
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = place / "lib" / version / "site-packages"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile"]
    subprocess.run([*pip, "--target", str(packages), str(wheel)], check=True, env=_quiet())
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    work = folder / "work"
    work.mkdir()
    return Environment(python, work)


def _quiet() -> dict[str, str]:
    return os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}
