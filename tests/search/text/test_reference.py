"""The worked tables of docs/reference/search.md, as they stand there."""

from pathlib import Path
from typing import Any

import pytest
from qudao_search.synonyms.rules import SynonymWords, compile_synonyms
from qudao_search.text.rules import tokens

from ..matching import document, finds

TEXT = (Path(__file__).parents[3] / "docs/reference/search.md").read_text(encoding="utf-8")
pytestmark = pytest.mark.any_database

SYNONYMS = compile_synonyms(
    [SynonymWords(("投光灯", "floodlight", "flood light")), SynonymWords(("泛光灯",), ("投光灯",))]
)


def cases(heading: str) -> list[Any]:
    """The rows of the table that follows "Worked: " and ``heading``, without its header."""
    _before, mark, after = TEXT.partition(f"Worked: {heading}")
    assert mark, heading
    lines = after[after.index("\n|") + 1 :].split("\n\n", 1)[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
    assert rows
    return [pytest.param(*cells, id=" ".join(cells)) for cells in rows]


@pytest.mark.parametrize(("text", "expected"), cases("tokens"))
def test_tokens(text: str, expected: str) -> None:
    assert tokens(text) == expected.split()


@pytest.mark.parametrize(("asked", "title", "code", "found"), cases("what finds what"))
def test_what_finds_what(asked: str, title: str, code: str, found: str) -> None:
    assert finds(asked, document(title, codes=[code] if code else [])) is (found == "yes")


@pytest.mark.parametrize(("asked", "title", "found"), cases("synonyms"))
def test_synonyms(asked: str, title: str, found: str) -> None:
    assert finds(asked, document(title), synonyms=SYNONYMS) is (found == "yes")
