"""A message says what is wrong, its remedy what to do: neither repeats the other, and both join as sentences do."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).resolve().parent.parent.parent
PLUGINS = ("b2b_ordering", "catalog", "core", "learning", "partner_portal", "search", "site", "themes")
#: Words that say nothing of their own.
FILLING = set(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "can",
        "choose",
        "do",
        "enter",
        "for",
        "from",
        "has",
        "have",
        "in",
        "is",
        "it",
        "its",
        "least",
        "most",
        "no",
        "not",
        "of",
        "on",
        "one",
        "only",
        "or",
        "please",
        "pick",
        "send",
        "than",
        "that",
        "the",
        "their",
        "them",
        "there",
        "this",
        "to",
        "use",
        "was",
        "were",
        "with",
        "write",
        "you",
        "your",
    ]
)


def pairs() -> Iterator[tuple[str, str, str]]:
    """(place, message, remedy) of every call that has both as literals, and of every pair in a table of both."""
    for plugin in PLUGINS:
        for path in sorted((ROOT / plugin).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                yield from _of(node, f"{path.name}:{getattr(node, 'lineno', 0)}")


def _of(node: ast.AST, place: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(node, ast.Call):
        remedy = next((keyword.value for keyword in node.keywords if keyword.arg == "remedy"), None)
        for said in node.args if remedy is not None else ():
            for message in _texts(said):
                for advice in _texts(remedy):  # type: ignore[arg-type]
                    yield place, message, advice
    elif isinstance(node, ast.Tuple) and len(node.elts) == 2:
        first, second = (list(_texts(each)) if isinstance(each, ast.Call) else [] for each in node.elts)
        if first and second:
            yield place, first[0], second[0]


def _texts(node: ast.AST) -> Iterator[str]:
    """The translated literals in an expression."""
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and getattr(each.func, "id", "") in {"_", "gettext", "gettext_lazy"}:
            yield from (part.value for part in each.args if isinstance(part, ast.Constant))


def stems(text: str) -> set[str]:
    """What a text speaks of: its words without endings, and its placeholders."""
    found = re.findall(r"%\(\w+\)|\{\w+\}|[a-z]+", text.lower())
    return {re.sub(r"(s|ed|ing)$", "", word) for word in found if word not in FILLING}


def test_there_are_pairs_to_look_at() -> None:
    assert len(list(pairs())) > 80


def test_no_remedy_repeats_its_message() -> None:
    doubled = [
        f"{place}: {message} {remedy}"
        for place, message, remedy in pairs()
        if stems(remedy) and stems(remedy) <= stems(message) and "another" not in remedy
    ]
    assert doubled == []


def test_sentences_are_joined_as_the_language_joins_them() -> None:
    """``sentences`` does; a typed space shows between two Chinese sentences."""
    joined = [
        f"{path.name}:{number}"
        for plugin in PLUGINS
        for path in sorted((ROOT / plugin).rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if re.search(r"""" "\.join\(.*(message|remedy|told)""", line)
    ]
    assert joined == []
