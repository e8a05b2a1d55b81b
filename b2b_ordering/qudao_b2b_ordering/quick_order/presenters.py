"""Quick order as its page shows it."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from qudao_catalog import api as catalog
from qudao_core import api as core

from ..cart.presenters import problem_text
from . import queries, rules

#: Rows of one page; each has two fields.
PAGE = 100
#: Status → state of the badge and its word.
WORDS: dict[str, tuple[str, str | Promise]] = {
    rules.READY: ("ok", pgettext_lazy("quick order", "Ready")),
    rules.ROUNDED: ("info", gettext_lazy("Rounded")),
    rules.PART: ("low", gettext_lazy("Not all in stock")),
    rules.MERGED: ("neutral", gettext_lazy("Counted above")),
    rules.NO_PRICE: ("out", gettext_lazy("No price")),
    rules.DISCONTINUED: ("out", gettext_lazy("Discontinued")),
    rules.UNKNOWN: ("out", gettext_lazy("Not found")),
    rules.AMBIGUOUS: ("low", gettext_lazy("Which product?")),
    rules.QUESTION: ("low", gettext_lazy("How many?")),
    rules.NOT_ALLOWED: ("out", gettext_lazy("Cannot be ordered")),
    rules.NOT_A_LINE: ("neutral", gettext_lazy("No product")),
}


def status_word(status: str) -> str:
    """What people call a status."""
    return str(WORDS[status][1])


def page_context(viewer: core.Viewer, sheet: queries.Sheet, page: str = "") -> dict[str, Any]:
    """The kept lines, of a long list a page of them, with how many are ready and how many have to be looked at."""
    window = Paginator(sheet.lines, PAGE).get_page(page)
    return {
        "rows": [_row(viewer, line) for line in window.object_list],
        "window": window,
        "line_count": len(sheet.lines),
        "ready": len(sheet.good),
        "summary": _summary(len(sheet.good), len(sheet.open)),
        "currency": viewer.currency,
        "file_url": reverse("ordering:quick-order-file"),
    }


def _summary(ready: int, open_lines: int) -> str:
    parts = [ngettext("%(count)d line is ready.", "%(count)d lines are ready.", ready) % {"count": ready}]
    if open_lines:
        words = ngettext(
            "%(count)d line needs your attention.", "%(count)d lines need your attention.", open_lines
        )
        parts.append(words % {"count": open_lines})
    return core.join_sentences(*parts)


def _row(viewer: core.Viewer, line: queries.SheetLine) -> dict[str, Any]:
    state, word = WORDS[line.status]
    facts = line.facts
    is_bare = line.status == rules.NOT_A_LINE
    return {
        "id": line.wanted.id,
        "number": line.wanted.number,
        "text": line.wanted.text,
        "name": facts.name(viewer.language) if facts else "",
        "sku": facts.sku if facts else "",
        "own_number": line.own_number,
        "code": line.wanted.code,
        "quantity": line.wanted.quantity,
        "counted": _counted(viewer, line),
        "unit_price": line.unit_price if line.is_good else None,
        "state": state,
        "word": word,
        "is_wrong": not is_bare and not line.is_good and line.status != rules.MERGED,
        "says": [problem_text(problem) for problem in line.problems],
        "candidates": [
            {
                "value": f"choose-{line.wanted.id}-{each.sku}",
                "label": f"{each.sku} {each.name(viewer.language)}",
            }
            for each in line.candidates[:6]
        ],
        "replacement": _replacement(line),
        "remove": f"remove-{line.wanted.id}",
    }


def _replacement(line: queries.SheetLine) -> dict[str, str] | None:
    """The button that orders what stands in for a discontinued product."""
    if line.replacement is None or line.status != rules.DISCONTINUED:
        return None
    return {"value": f"choose-{line.wanted.id}-{line.replacement.sku}", "label": line.replacement.sku}


def _counted(viewer: core.Viewer, line: queries.SheetLine) -> str:
    """What will be ordered, where it is not simply what stands in the field."""
    if line.facts is None or line.quantity is None or not line.is_good:
        return ""
    return catalog.quantity_text(line.quantity, line.facts.unit_name(viewer.language))
