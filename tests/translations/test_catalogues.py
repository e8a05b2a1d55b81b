"""Simplified Chinese is complete: nothing missing, nothing uncertain, nothing stale, placeholders kept."""

import re
import shutil
from pathlib import Path

import polib
import pytest

from tests.translations import messages

pytestmark = pytest.mark.any_database

PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|\{[a-z_]+\}")
CATALOGUES = messages.catalogues()


def identity(path: Path) -> str:
    return path.relative_to(messages.ROOT).parts[0]


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the packages in which the texts have just been collected."""
    if not shutil.which("xgettext"):
        pytest.skip("gettext's programs are not installed (Debian package gettext)")
    folder = tmp_path_factory.mktemp("collected")
    for package in messages.packages():
        copy = folder / package.parent.name / package.name
        shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__", "static"))
        messages.collect(copy)
    return folder


def test_there_is_a_catalogue_for_every_package_with_texts(collected: Path) -> None:
    with_texts = {
        path.relative_to(collected).parts[0]
        for path in collected.glob("*/*/locale/zh_Hans/LC_MESSAGES/django.po")
        if len(polib.pofile(str(path)))
    }
    assert with_texts == {identity(path) for path in CATALOGUES}


@pytest.mark.parametrize("path", CATALOGUES, ids=identity)
def test_every_text_is_translated(path: Path) -> None:
    catalogue = polib.pofile(str(path))
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=identity)
def test_the_catalogue_knows_every_text_and_no_other(path: Path, collected: Path) -> None:
    fresh = polib.pofile(str(collected / path.relative_to(messages.ROOT)))
    kept = polib.pofile(str(path))

    def texts(catalogue: polib.POFile) -> set[tuple[str, str]]:
        return {(entry.msgid, entry.msgctxt or "") for entry in catalogue if not entry.obsolete}

    assert texts(fresh) == texts(kept), "run ./qudao messages"


@pytest.mark.parametrize("path", CATALOGUES, ids=identity)
def test_placeholders_are_kept(path: Path) -> None:
    def names(text: str) -> set[str]:
        return set(PLACEHOLDER.findall(text))

    wrong = [
        entry.msgid
        for entry in polib.pofile(str(path))
        for text in ([entry.msgstr] if entry.msgstr else list(entry.msgstr_plural.values()))
        if names(text) != names(entry.msgid) and names(text) != names(entry.msgid_plural)
    ]
    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES, ids=identity)
def test_the_compiled_catalogue_is_up_to_date(path: Path) -> None:
    def texts(
        entries: list[polib.MOEntry] | list[polib.POEntry],
    ) -> dict[tuple[str, str], tuple[str, object]]:
        return {(entry.msgctxt or "", entry.msgid): (entry.msgstr, entry.msgstr_plural) for entry in entries}

    compiled = polib.mofile(str(path.with_suffix(".mo")))
    assert texts(compiled) == texts(polib.pofile(str(path)).translated_entries())


def test_a_text_has_one_translation_in_all_packages() -> None:
    """Django takes the first answer of the packages: what another one means needs a context of its own."""
    said: dict[tuple[str, str, str], set[str]] = {}
    for path in CATALOGUES:
        language = path.parent.parent.name
        for entry in polib.pofile(str(path)).translated_entries():
            text = entry.msgstr or str(entry.msgstr_plural)
            said.setdefault((language, entry.msgctxt or "", entry.msgid), set()).add(text)
    assert {key: texts for key, texts in said.items() if len(texts) > 1} == {}
