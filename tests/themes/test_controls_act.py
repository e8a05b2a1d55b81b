"""Every control of every template acts: what htmx listens to is there, and is the field somebody types in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted(path for path in ROOT.glob("*/qudao_*/templates/**/*.html") if ".venv" not in path.parts)
TRIGGER = re.compile(r'hx-trigger="([^"]*)"')
FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)

pytestmark = pytest.mark.any_database


def test_no_trigger_listens_to_whichever_field_comes_first() -> None:
    """The first input of a form is its hidden token: a form listens itself, or to a field it names."""
    first = re.compile(r"from:(?:find|next|previous)\s+(?:input|button)(?![\w\[#.:-])")
    assert TEMPLATES
    wrong = [
        f"{path.relative_to(ROOT)}: {trigger}"
        for path in TEMPLATES
        for trigger in TRIGGER.findall(path.read_text("utf-8"))
        if first.search(trigger)
    ]
    assert wrong == []


def test_a_form_with_a_quantity_saves_on_change_or_has_a_button() -> None:
    wrong = []
    for path in TEMPLATES:
        for form in FORM.findall(path.read_text("utf-8")):
            if '{% component "quantity"' not in form or "hx-post" not in form:
                continue
            live = "data-qd-live" in form and "change" in "".join(TRIGGER.findall(form))
            if not live and "{% button" not in form:
                wrong.append(str(path.relative_to(ROOT)))
    assert wrong == []


def test_no_dialog_or_form_stands_inside_a_form() -> None:
    """A browser drops the inner form: its buttons send the outer one, which ends where the inner one should."""
    parts = re.compile(r"<form\b|</form>|\{% dialog\b")
    wrong = []
    for path in TEMPLATES:
        inside = False
        for part in parts.findall(path.read_text("utf-8")):
            if inside and part != "</form>":
                wrong.append(f"{path.relative_to(ROOT)}: {part}")
            inside = part == "<form" or (inside and part != "</form>")
    assert wrong == []
