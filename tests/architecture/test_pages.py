"""What pages may contain: nothing from outside, no colour and no style but the theme's."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.architecture.sources import PACKAGES, files, none, place

THEME = PACKAGES["qudao_themes"]
# Addresses that name something and fetch nothing.
NAMES = (
    "http://www.w3.org/",
    "https://www.w3.org/",
    "https://schema.org",
    "http://127.0.0.1",
    "https://github.com/",
    "https://example.com",
    "https://channel.example.com",
    "https://erp.example.com",
    "https://www.example.com",
)
FETCHES = re.compile(
    r"""(?:src|href|action|poster|data-src)\s*=\s*["'](?:https?:)?//[^"']*|url\(\s*["']?(?:https?:)?//[^)]*"""
    r"""|@import\s+["'](?:https?:)?//[^"']*|\b(?:fetch|import)\(\s*["'](?:https?:)?//[^"']*"""
)
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b(?![^<>]*</?script)|\b(?:rgb|hsl|oklch)a?\(")
STYLE = re.compile(r"\sstyle\s*=\s*[\"']|<style\b")
PDF_PAGES = "/pdf/"  # a printed page carries its own style sheet: there is no theme beside it

pytestmark = pytest.mark.any_database


def page_files(*suffixes: str) -> list[Path]:
    return [path for package in PACKAGES.values() for path in files(*suffixes, within=package)]


def lines(path: Path) -> list[tuple[int, str]]:
    return list(enumerate(path.read_text(encoding="utf-8").splitlines(), 1))


def test_nothing_is_fetched_from_outside() -> None:
    found = [
        f"{place(path, number)}: {match.group()}"
        for path in page_files(".html", ".css", ".js", ".svg")
        for number, line in lines(path)
        for match in FETCHES.finditer(line)
        if not any(name in match.group() for name in NAMES)
    ]
    none(found)


@pytest.mark.parametrize("pattern", [COLOUR, STYLE], ids=["colour", "style"])
def test_only_the_theme_carries(pattern: re.Pattern[str]) -> None:
    found = [
        place(path, number)
        for path in page_files(".html")
        if not path.is_relative_to(THEME) and PDF_PAGES not in str(path)
        for number, line in lines(path)
        if pattern.search(
            re.sub(r"href=\"#[^\"]*\"|&#\d+;|hx-target=\"#[^\"]*\"|hx-select=\"#[^\"]*\"", "", line)
        )
    ]
    none(found)


def test_style_sheets_stand_in_the_theme() -> None:
    assert [
        place(p) for p in page_files(".css") if not p.is_relative_to(THEME) and PDF_PAGES not in str(p)
    ] == []


def test_every_setting_that_opens_a_door_is_closed() -> None:
    assert settings.DEBUG is False
    assert settings.WAGTAILDOCS_SERVE_METHOD == "serve_view", "a private document would get a public address"


def test_templates_are_named_under_their_package() -> None:
    """A host's template of the same name must never win by accident."""
    own = {
        place(path)
        for name, package in PACKAGES.items()
        for path in files(".html", ".txt", within=package / "templates")
        if name not in path.relative_to(package / "templates").parts[0]
    }
    overridden = {"404.html", "403.html", "500.html", "400.html", "403_csrf.html"}
    foreign = (
        "allauth",
        "account",
        "mfa",
        "wagtailadmin",
        "oscar",
        "django",
        "usersessions",
        "wagtaildocs",
        "wagtailusers",
    )
    unexpected = {
        p for p in own if Path(p).name not in overridden and not any(f"/templates/{f}/" in p for f in foreign)
    }
    none(sorted(unexpected))


def test_no_page_and_no_printed_page_styles_an_element_on_the_spot() -> None:
    on_the_spot = re.compile(r"\sstyle\s*=\s*[\"'](?!--)")
    found = [
        place(path, number)
        for path in page_files(".html")
        if not path.is_relative_to(
            THEME / "templates" / "qudao_themes" / "mail"
        )  # no style sheet reaches a mail
        for number, line in lines(path)
        if on_the_spot.search(line)
    ]
    none(found)
