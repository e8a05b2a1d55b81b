"""Every icon that a template, a navigation entry or a state of any plugin names exists in the icon set."""

import re
from pathlib import Path
from zipfile import ZipFile

import lucide
import pytest

from tests.architecture.sources import PACKAGES, files, none, place

NAMED = (
    re.compile(r"""{%\s*icon\s+["']([\w-]+)["']"""),
    re.compile(r"""\bicon(?:_end)?\s*=\s*["']([\w-]+)["']"""),
    re.compile(r"""\bicon["']\s*:\s*["']([\w-]+)["']"""),
)


@pytest.fixture(scope="module")
def names() -> set[str]:
    with ZipFile(Path(lucide.__file__).parent / "lucide.zip") as archive:
        return {Path(name).stem for name in archive.namelist()}


@pytest.mark.any_database
def test_every_icon_exists(names: set[str]) -> None:
    missing = [
        f"{place(path)}: {name}"
        for package in PACKAGES.values()
        for path in files(".html", ".py", within=package)
        if "admin" not in str(path) and "wagtail" not in str(path)  # Wagtail has its own icon set
        if path.name not in ("blocks.py", "choosers.py")  # what its editor shows
        for pattern in NAMED
        for name in pattern.findall(path.read_text(encoding="utf-8"))
        if name not in names
    ]
    none(sorted(set(missing)))
