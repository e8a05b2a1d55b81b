"""Builds the wheel and installs it into an empty environment, without the network.

The environment gets our packages from the wheel only. What they depend on is linked from the environment that runs the
tests, so nothing is downloaded: only what the wheel declares, with the extras asked for.
"""

import os
import subprocess
import sys
import venv
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

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


def install(wheel: Path, folder: Path, *extras: str) -> Environment:
    """Install the wheel with its `extras` into a new environment in `folder`."""
    place = folder / "environment"
    venv.create(place, with_pip=False, symlinks=True)
    python = place / "bin" / "python"
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = place / "lib" / version / "site-packages"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile"]
    subprocess.run([*pip, "--target", str(packages), str(wheel)], check=True, env=_quiet())
    (ours,) = metadata.distributions(name="qudao", path=[str(packages)])
    for each in _needed(ours, extras).values():
        _link(each, packages)
    work = folder / "work"
    work.mkdir()
    return Environment(python, work)


def _needed(
    wanted: metadata.Distribution,
    extras: Iterable[str],
    found: dict[str, metadata.Distribution] | None = None,
) -> dict[str, metadata.Distribution]:
    """What `wanted` depends on with `extras`, and what that depends on."""
    found = {} if found is None else found
    for line in wanted.requires or []:
        needed = Requirement(line)
        if needed.marker and not any(needed.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            continue
        name = canonicalize_name(needed.name)
        key = f"{name}[{','.join(sorted(needed.extras))}]"
        if key in found:
            continue
        found[key] = wanted if name == "qudao" else metadata.distribution(name)
        _needed(found[key], needed.extras, found)
    return found


def distributions_needed(lines: Iterable[str]) -> set[str]:
    """Canonical names of what these requirements install here, and of what that depends on."""
    found: dict[str, metadata.Distribution] = {}
    for line in lines:
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
            name = canonicalize_name(wanted.name)
            found[name] = metadata.distribution(name)
            _needed(found[name], wanted.extras, found)
    return {key.partition("[")[0] for key in found}


def _link(installed: metadata.Distribution, packages: Path) -> None:
    """Make the packages and modules of one distribution importable from `packages`."""
    for name in {file.parts[0] for file in installed.files or ()} - {"..", "__pycache__"}:
        if not name.endswith(".pth") and not (packages / name).exists():
            (packages / name).symlink_to(str(installed.locate_file(name)))


def _quiet() -> dict[str, str]:
    return os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}
