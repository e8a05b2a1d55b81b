"""Names keep to the glossary: docs/glossary.md lists words that modules, classes and public functions do not use."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, modules, none, place, tree

pytestmark = pytest.mark.no_database

GLOSSARY = ROOT / "docs" / "glossary.md"
#: What is allowed although a word of it is not, and why.
ALLOWED = {
    "not_found": "a code of refusals, and Django's name for the view of a 404",
}
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def unused_words() -> dict[str, set[str]]:
    """Word → what kinds of names it is kept out of, as the glossary's table says."""
    table = GLOSSARY.read_text(encoding="utf-8").partition("## Names in code")[2]
    words: dict[str, set[str]] = {}
    for cell in re.findall(r"^\| (.+?) \|", table, re.MULTILINE)[1:]:
        kinds = {"class"} if "(a class)" in cell else {"module", "class", "function"}
        for word in re.sub(r"\(.*?\)", "", cell).split(","):
            if word.strip().isalpha():
                words[word.strip()] = kinds
    return words


def names(path: Path) -> Iterator[tuple[str, str, int]]:
    """Kind, name and line of everything public that a module defines, and of the module."""
    yield "module", path.stem, 1
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ClassDef):
            yield "class", node.name, node.lineno
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield "function", node.name, node.lineno


def words_of(name: str) -> set[str]:
    """
    >>> sorted(words_of("ProductNotFound"))
    ['not', 'product']
    """
    snake = "_".join(word.lower() for word in _WORDS.findall(name))
    for allowed in ALLOWED:
        snake = snake.replace(allowed, "not")
    return {form for word in snake.split("_") for form in (word, word.removesuffix("s"))}


def test_the_glossary_lists_words_not_to_use() -> None:
    listed = unused_words()
    assert {"door", "found", "promised", "helper"} <= set(listed)
    assert listed["kept"] == {"class"}


def test_no_name_uses_a_word_the_glossary_rules_out() -> None:
    listed = unused_words()
    none(
        f"{place(path, line)}: {kind} {name}"
        for path in modules()
        for kind, name, line in names(path)
        if any(kind in listed.get(word, ()) for word in words_of(name))
    )


def test_parts_of_names_are_read_as_words() -> None:
    assert words_of("ProductNotFound") == {"product", "not"}
    assert "door" in words_of("open_doors") and "door" in words_of("OpenDoors")
