"""Templates can be read: lines, includes, running text. Their format is checked by ``./qudao lint``."""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGES, files, none, place

pytestmark = pytest.mark.any_database

COLUMNS = 120
COMPONENTS = PACKAGES["qudao_themes"] / "templates/qudao_themes/components"
TIGHT = re.compile(r"{% tight %}.*?{% endtight %}", re.DOTALL)


def templates() -> list[Path]:
    return [path for path in files(".html", ".txt") if "templates" in path.parts]


def test_no_line_of_a_template_is_over_120_columns() -> None:
    assert len(templates()) > 250
    none(
        place(path, number)
        for path in templates()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > COLUMNS
    )


def test_a_component_that_sees_only_its_arguments_is_written_with_the_tag() -> None:
    """``{% component "name" … %}``: a tag of Django cannot go over two lines, so the short form is the readable one."""
    include = re.compile(r'{% include "qudao_themes/components/\w+\.html"(?: with [^%]*)? only %}')
    none(place(path) for path in templates() if include.search(path.read_text("utf-8")))


def test_every_component_that_is_named_exists() -> None:
    named = re.compile(r'{% component "(\w+)"')
    none(
        f"{place(path)}: {name}"
        for path in templates()
        for name in named.findall(path.read_text("utf-8"))
        if not (COMPONENTS / f"{name}.html").is_file()
    )


def test_sentences_one_after_another_stand_in_tight() -> None:
    """The formatter breaks lines between tags; outside ``{% tight %}`` a break is a space between Chinese sentences."""
    none(place(path) for path in templates() if "|gap }}" in TIGHT.sub("", path.read_text("utf-8")))
