"""The recipes in docs/add build one plugin: its files are written, its commands are run, its tests pass.

The package is installed, as a reader would do it, into an environment of its own, which has the packages of the one
that runs this test besides. Commands run as they stand; only pytest is started once for all recipes.
"""

import os
import shlex
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.architecture.sources import ROOT, none
from tests.docs.documents import files_and_commands, links

pytestmark = [pytest.mark.slow, pytest.mark.any_database]

FOLDER = ROOT / "docs" / "add"
#: In the order in which the plugin grows, which is that of the table.
RECIPES = [
    FOLDER / name
    for name in dict.fromkeys(links(FOLDER / "README.md"))
    if "/" not in name and "#" not in name
]
NEEDS = {"a-translation.md": "msgfmt"}
IN_THE_ENVIRONMENT = {
    "pip": "pip --quiet --no-input",
    "django-admin": "django",
    "pytest": "pytest -q -p no:cacheprovider -p no:randomly",
}


@dataclass
class Reader:
    """Somebody who follows the recipes in an empty directory."""

    folder: Path
    programs: Path
    variables: dict[str, str] = field(default_factory=dict)
    tests: list[str] = field(default_factory=list)

    def follow(self, recipe: Path) -> None:
        for what, name, text in files_and_commands(recipe):
            if what == "run":
                self.run(text)
            else:
                file = self.folder / name
                file.parent.mkdir(parents=True, exist_ok=True)
                before = file.read_text(encoding="utf-8") + "\n" if what == "add" else ""
                file.write_text(before + text, encoding="utf-8")

    def run(self, commands: str) -> None:
        for line in commands.splitlines():
            words = shlex.split(line)
            if words[0] == "export":
                pairs = (word.split("=", 1) for word in words[1:])
                self.variables |= {name: value.replace("$PWD", str(self.folder)) for name, value in pairs}
            elif words[0] == "pytest":
                self.tests += words[1:]
            else:
                self.shell(line)

    def shell(self, line: str) -> None:
        """Run a line; raises AssertionError with what it printed when it fails."""
        path = f"{self.programs}{os.pathsep}{os.environ['PATH']}"
        kept = {name: os.environ[name] for name in ("HOME", "LANG", "TZ") if name in os.environ}
        # Nothing is downloaded: what the plugin needs is there.
        offline = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0"}
        environment = kept | {"PATH": path} | offline
        run = subprocess.run(
            ["sh", "-e", "-c", line],
            cwd=self.folder,
            env=environment | self.variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, f"{line}\n{run.stdout[-6000:]}{run.stderr[-3000:]}"


def environment(folder: Path) -> Path:
    """A virtual environment that knows all packages of ours; returns where its programs are."""
    venv.create(folder, with_pip=False, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    ours = next(path for path in sys.path if path.endswith("site-packages"))
    plugins = [str(path) for path in ROOT.iterdir() if list(path.glob("qudao_*/__init__.py"))]
    (packages / "below.pth").write_text("\n".join([f"import site; site.addsitedir({ours!r})", *plugins]))
    for name, command in IN_THE_ENVIRONMENT.items():
        module, _space, options = command.partition(" ")
        program = folder / "bin" / name
        program.write_text(f'#!/bin/sh\nexec "{folder}/bin/python" -m {module} {options} "$@"\n')
        program.chmod(0o755)
    return folder / "bin"


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """How many tests of each test file passed, after all recipes were followed."""
    folder = tmp_path_factory.mktemp("qudao-warranty")
    reader = Reader(folder, environment(tmp_path_factory.mktemp("environment")))
    for recipe in RECIPES:
        if shutil.which(NEEDS.get(recipe.name, "sh")):
            reader.follow(recipe)
    reader.shell(f"pytest --junitxml=result.xml {' '.join(reader.tests)}")
    passed: dict[str, int] = {}
    for case in ElementTree.parse(folder / "result.xml").iter("testcase"):
        assert len(case) == 0, case.attrib
        name = case.attrib["classname"].split(".")[-1]
        passed[name] = passed.get(name, 0) + 1
    return passed


def test_there_are_recipes_and_each_is_listed() -> None:
    assert len(RECIPES) == 12
    none(
        sorted(path.name for path in FOLDER.glob("*.md") if path not in RECIPES and path.name != "README.md")
    )


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.stem)
def test_a_recipe_does_what_it_says(recipe: Path, outcomes: dict[str, int]) -> None:
    if not shutil.which(NEEDS.get(recipe.name, "sh")):
        pytest.skip(f"{NEEDS[recipe.name]} is not installed")
    written = [name for what, name, _text in files_and_commands(recipe) if what == "write"]
    tests = [Path(name).stem for name in written if Path(name).name.startswith("test_")]
    assert tests
    # What runs under other settings has run by itself: the fixture would have failed.
    run_alone = any("=" in line.split(" pytest")[0] for line in _pytest_lines(recipe))
    assert run_alone or all(outcomes.get(name) for name in tests)


def _pytest_lines(recipe: Path) -> list[str]:
    texts = [text for what, _name, text in files_and_commands(recipe) if what == "run"]
    return [line for text in texts for line in text.splitlines() if " pytest " in f" {line} "]
