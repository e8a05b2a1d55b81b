"""What a page of the theme weighs before its own content; what style sheets and brands may contain."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.test import RequestFactory

from .tokens import BRANDS, STATIC

LINK = re.compile(r'<link rel="stylesheet" href="/static/([^"]+)"')
SCRIPT = re.compile(r'<script[^>]* src="/static/([^"]+)"')

pytestmark = pytest.mark.any_database


def _page() -> str:
    return get_template("qudao_themes/document.html").render({"brand": None}, RequestFactory().get("/"))


def _weight(paths: list[str]) -> int:
    found = [finders.find(path) for path in paths]
    assert paths and all(found), paths
    return sum(len(gzip.compress(Path(str(path)).read_bytes(), 9)) for path in found)


def test_styles_stay_below_30_kilobytes() -> None:
    styles = LINK.findall(_page())
    assert "qudao_themes/css/components.css" in styles
    assert _weight(styles) < 30_000


def test_scripts_stay_below_40_kilobytes_htmx_included() -> None:
    scripts = SCRIPT.findall(_page())
    assert any("htmx" in script for script in scripts)
    assert _weight(scripts) < 40_000


def test_every_stylesheet_of_ours_is_linked_or_named_for_one_purpose() -> None:
    linked = {Path(path).name for path in LINK.findall(_page())}
    assert {path.name for path in (STATIC / "css").glob("*.css")} - linked == {
        "imports.css",
        "office.css",
        "reading.css",
        "styleguide.css",
    }


@pytest.mark.parametrize("brand", BRANDS)
def test_a_brand_is_tokens_and_a_logo(brand: str) -> None:
    folder = STATIC / "brands" / brand
    assert sorted(path.name for path in folder.iterdir()) == ["logo.svg", "tokens.css"]
    without_comments = re.sub(r"/\*.*?\*/", "", (folder / "tokens.css").read_text("utf-8"), flags=re.S)
    rules = re.findall(r"([^{}]+)\{", without_comments)
    expected = [] if brand == "plain" else [":root"]  # the neutral values are the theme's own
    assert [rule.strip() for rule in rules] == expected, "a brand gives values and no rules of its own"
    assert set(re.findall(r"(--[\w-]+)\s*:", without_comments)) <= _defined_tokens()


def _defined_tokens() -> set[str]:
    return set(re.findall(r"(--qd-[\w-]+)\s*:", (STATIC / "css" / "tokens.css").read_text("utf-8")))


def test_styles_use_only_tokens_that_exist() -> None:
    used = {
        name
        for path in (STATIC / "css").glob("*.css")
        for name in re.findall(r"var\((--qd-[\w-]+)", path.read_text("utf-8"))
    }
    assert used - _defined_tokens() == set()


@pytest.mark.parametrize("name", ["base", "layout", "components", "ordering", "desk"])
def test_no_colour_stands_outside_the_tokens(name: str) -> None:
    text = (STATIC / "css" / f"{name}.css").read_text("utf-8")
    assert re.findall(r"#[0-9a-f]{3,8}\b(?=[^{]*;)", text) == []


@pytest.mark.parametrize("name", ["base", "layout", "components", "ordering", "desk"])
def test_sides_are_logical_so_that_right_to_left_works(name: str) -> None:
    text = (STATIC / "css" / f"{name}.css").read_text("utf-8")
    physical = r"(?<![\w-])(?:margin|padding|border)-(?:left|right)\b|(?<![\w-])(?:left|right)\s*:"
    assert re.findall(physical, text) == []
