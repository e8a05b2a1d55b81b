"""The files of the house, as the architecture tests read them."""

import ast
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = {
    path.name: path
    for path in sorted(ROOT.glob("*/qudao_*"))
    if path.is_dir() and (path / "__init__.py").exists()
}
PLUGINS = {name: path for name, path in PACKAGES.items() if name not in {"qudao_site", "qudao_themes"}}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def kept_files() -> tuple[Path, ...]:
    """Every file that belongs to the repository: kept, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def files(*suffixes: str, within: Path = ROOT) -> list[Path]:
    return [path for path in kept_files() if path.suffix in suffixes and path.is_relative_to(within)]


def modules(*, tests: bool = False) -> list[Path]:
    """Our own Python modules, without migrations; with `tests`, the tests too."""
    return [
        path
        for path in files(".py")
        if "migrations" not in path.parts and (tests or not path.is_relative_to(ROOT / "tests"))
    ]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(tree(path)):
        if isinstance(node, Function):
            yield node


def length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def none(found: Iterable[object]) -> None:
    """Fail with every finding on its own line."""
    listed = "\n".join(f"  {finding}" for finding in found)
    if listed:
        pytest.fail(f"found:\n{listed}", pytrace=False)


def place(path: Path, line: int = 0) -> str:
    """The place as an editor opens it: path:line."""
    return f"{path.relative_to(ROOT)}:{line}" if line else str(path.relative_to(ROOT))
