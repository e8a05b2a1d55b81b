"""How code is written: size, names, signatures, words."""

import ast
import re
from pathlib import Path
from statistics import median

import pytest

from tests.architecture.sources import (
    PACKAGES,
    PLUGINS,
    ROOT,
    files,
    functions,
    kept_files,
    length,
    modules,
    none,
    place,
    public_functions,
    tree,
)

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
MEDIAN_FUNCTION = 12
TRANSLATORS = {
    "_",
    "gettext",
    "gettext_lazy",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "gettext_noop",
}
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b|raise NotImplemented" r"Error\b")

pytestmark = pytest.mark.any_database


def subject_files(name: str) -> list[Path]:
    """The files of one kind (`services`) in every subject of every plugin, also when grown to a package."""
    return [
        path
        for package in PLUGINS.values()
        for path in files(".py", within=package)
        if path.stem == name or path.parent.name == name
    ]


def test_no_file_outgrows_a_screenful_of_screens() -> None:
    long = {
        place(path): count
        for path in modules()
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    none(f"{where}: {count} lines" for where, count in long.items())


def test_no_function_is_long() -> None:
    long = {
        place(path, function.lineno): length(function)
        for path in modules()
        for function in functions(path)
        if length(function) > LONGEST_FUNCTION
    }
    none(f"{where}: {count} lines" for where, count in long.items())


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_the_usual_function_is_short(package: str) -> None:
    lengths = [
        length(f) for path in modules() if path.is_relative_to(PACKAGES[package]) for f in functions(path)
    ]
    assert not lengths or median(lengths) <= MEDIAN_FUNCTION


def test_nothing_is_marked_unfinished() -> None:
    found = [
        place(path, number)
        for path in modules(tests=True)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UNFINISHED.search(line) and path != Path(__file__)
    ]
    none(found)


def test_services_take_keywords() -> None:
    """A call of a service reads as a sentence: only who does it, and the thing done to, stand unnamed."""
    none(
        place(path, function.lineno)
        for path in subject_files("services")
        for function in public_functions(path)
        if len([a for a in function.args.args if a.arg != "viewer"]) > 1
    )


@pytest.mark.parametrize("kind", ["services", "queries"])
def test_public_functions_say_what_they_do(kind: str) -> None:
    found = [
        place(path, function.lineno)
        for path in subject_files(kind)
        for function in public_functions(path)
        if not ast.get_docstring(function)
    ]
    none(found)


def test_every_module_says_what_it_is() -> None:
    """Modules whose name says it all (models of a subject, its addresses) may be silent."""
    found = [
        place(path)
        for path in modules(tests=True)
        if path.name not in {"__init__.py", "apps.py", "models.py", "urls.py"}
        and tree(path).body
        and not ast.get_docstring(tree(path))
    ]
    none(found)


def test_translated_texts_are_literal() -> None:
    """An f-string inside gettext is never found in a catalogue."""
    found = [
        place(path, node.lineno)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in TRANSLATORS
        and any(isinstance(argument, ast.JoinedStr) for argument in node.args)
    ]
    none(found)


def test_no_package_registry_is_named() -> None:
    """Where packages come from is the business of the machine's pip configuration."""
    hosts = re.compile(
        "|".join(
            ["py" r"pi\.(org|python)", "files\\.pythonhosted", "npm" r"js\.(com|org)", "tuna\\.tsinghua"]
        )
    )
    found = [
        place(path)
        for path in kept_files()
        if path.suffix not in {".png", ".jpg", ".webp", ".mo", ".gz", ".woff2"}
        and hosts.search(path.read_text(encoding="utf-8", errors="ignore"))
    ]
    none(found)


def test_tests_do_not_sleep() -> None:
    """A test waits for an event, not for a time (services.py polls servers that are starting)."""
    found = [
        place(path, node.lineno)
        for path in modules(tests=True)
        if path.is_relative_to(ROOT / "tests") and path.name != "services.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"time.sleep", "sleep"}
    ]
    none(found)
