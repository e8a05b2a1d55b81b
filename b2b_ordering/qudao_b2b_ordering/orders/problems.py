"""What an order's rules say to people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core

from ..flow.rules import Step
from .rules import LineIssue

MESSAGES: dict[str, Promise] = {
    "unknown_line": _("Line {number} does not exist."),
    "line_twice": _("Line {number} is listed twice."),
    "quantity_not_positive": _("Enter a quantity greater than zero."),
    "quantity_fractional": _("A quantity of this unit has at most {decimals} decimal places."),
    "quantity_negative": _("Short and damaged cannot be negative."),
    "more_than_ordered": _("Only {open} left to ship."),
    "more_than_shipped": _("Only {shipped} shipped, so short and damaged together cannot be more."),
}


#: The same where the figure is nought, which nobody says: no decimals, nothing left.
WITHOUT: dict[str, tuple[str, Promise]] = {
    "quantity_fractional": ("decimals", _("Enter a whole number: this unit has no fractions.")),
    "more_than_ordered": ("open", _("Everything on this line has been shipped.")),
}


def line_problem(issue: LineIssue) -> core.Problem:
    figures = {
        name: format(value, "f") if hasattr(value, "normalize") else value
        for name, value in issue.params.items()
    }
    words = {name: _plain(value) for name, value in figures.items()} | {"number": issue.number}
    return core.Problem(
        issue.code,
        format_lazy(_sentence(issue), **words),
        field="number" if issue.code == "unknown_line" else "quantity",
        line=issue.number,
        params=figures,
    )


def _sentence(issue: LineIssue) -> Promise:
    figure, plain = WITHOUT.get(issue.code, ("", MESSAGES[issue.code]))
    return plain if figure and not issue.params.get(figure) else MESSAGES[issue.code]


def lines_refusal(code: str, message: str | Promise, issues: Iterable[LineIssue]) -> core.Refusal:
    return core.Refusal(
        code, message, remedy=_("See the marked lines."), problems=[line_problem(issue) for issue in issues]
    )


def on_order_lines(refusal: core.Refusal, numbers: Sequence[int]) -> core.Refusal:
    """A refusal whose problems count what was handed over (from 1), told by the order's own line numbers."""
    problems = [
        replace(problem, line=numbers[problem.line - 1]) if problem.line else problem
        for problem in refusal.problems
    ]
    own = refusal.problem
    return core.Refusal(
        own.code, own.message, remedy=own.remedy, params=own.params, problems=problems, status=refusal.status
    )


def not_your_step(step: Step) -> core.Forbidden:
    return core.Forbidden(
        "not_your_step",
        _("This step is for someone else."),
        params={"step": step.code, "side": step.side, "role": step.role},
    )


def reason_required() -> core.Refusal:
    return core.Refusal("reason_required", _("Enter a reason; the other company can read it."), field="note")


def _plain(value: object) -> object:
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
