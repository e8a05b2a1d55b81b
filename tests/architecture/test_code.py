"""How code is written: size, names, signatures, words."""

import ast
import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import pytest

from tests.architecture.sources import (
    PACKAGES,
    PLUGINS,
    ROOT,
    functions,
    kept_files,
    length,
    modules,
    none,
    place,
    tree,
)

LONGEST_FILE = 600
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
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")

pytestmark = pytest.mark.any_database


def behind_the_door(plugin: str) -> list[tuple[str, Callable[..., object]]]:
    """The functions that a plugin's `api` offers."""
    api = importlib.import_module(f"{plugin}.api")
    return [(name, value) for name in api.__all__ if inspect.isfunction(value := getattr(api, name))]


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


@pytest.mark.parametrize("plugin", sorted(PLUGINS))
def test_services_take_keywords(plugin: str) -> None:
    """A call of a service reads as a sentence: only who does it, and the thing done to, stand unnamed."""
    none(
        f"{plugin}.api.{name}{inspect.signature(function)}"
        for name, function in behind_the_door(plugin)
        if ".services" in function.__module__
        and len(
            [
                parameter
                for parameter in inspect.signature(function).parameters.values()
                if parameter.kind is parameter.POSITIONAL_OR_KEYWORD and parameter.name != "viewer"
            ]
        )
        > 1
    )


@pytest.mark.parametrize("plugin", sorted(PLUGINS))
def test_what_a_plugin_offers_says_what_it_does(plugin: str) -> None:
    none(f"{plugin}.api.{name}" for name, function in behind_the_door(plugin) if not inspect.getdoc(function))


def test_every_module_says_what_it_is() -> None:
    """Modules whose name says it all may be silent."""
    silent = {"__init__.py", "apps.py", "models.py", "urls.py", "wiring.py"}
    none(
        place(path)
        for path in modules()
        if path.name not in silent and tree(path).body and not ast.get_docstring(tree(path))
    )


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
    """A test waits for an event, not for a time; asking again and again until it happens is waiting for an event."""

    def sleeps(node: ast.AST) -> Iterator[int]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.While):
                continue
            if isinstance(child, ast.Call) and ast.unparse(child.func) in {"time.sleep", "sleep"}:
                yield child.lineno
            yield from sleeps(child)

    none(
        place(path, line)
        for path in modules(tests=True)
        if path.is_relative_to(ROOT / "tests")
        for line in sleeps(tree(path))
    )
