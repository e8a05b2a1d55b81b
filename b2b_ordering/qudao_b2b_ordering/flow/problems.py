"""What a flow that cannot be walked says to the person who edits it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from qudao_core.errors import Problem

from .models import FlowStep
from .rules import FlowIssue

MESSAGES: dict[str, Promise] = {
    "too_many_steps": _("A flow has at most 30 steps."),
    "unknown_cancel_point": _("The buyer may cancel until the first approval, release or shipment."),
    "unknown_allocation": _("Stock is allocated on submission or on approval."),
    "code_missing": _("Give the step a code."),
    "name_missing": _("Give the step a name."),
    "unknown_kind": _("A step is an approval, a release, a shipment or a receipt."),
    "unknown_side": _("A step is done by the seller or by the buyer."),
    "wrong_side": _("This kind of step is done by the {side}."),
    "wrong_role": _("This side cannot do that. Choose one of: {roles}."),
    "negative_amount": _("The amount must be zero or more."),
    "no_time": _("The time limit must be at least one hour, or empty."),
    "code_twice": _("Another step has this code."),
    "kind_twice": _("A flow has one step of this kind. Switch the other one off."),
    "wrong_order": _("This step comes too late: it must come before “{before}”."),
}
#: Values inside the messages that have a name of their own.
_WORDS: dict[str, dict[str, Promise]] = {
    "side": {choice.value: choice.label for choice in FlowStep.Side},
    "before": {choice.value: choice.label for choice in FlowStep.Kind},
}


def flow_problem(issue: FlowIssue) -> Problem:
    """``issue`` in the reader's words; ``field`` is ``steps.2.role`` (from 0), ``line`` the step counted from 1."""
    words = {name: _WORDS.get(name, {}).get(value, value) for name, value in issue.params}
    field = issue.field if issue.step is None else f"steps.{issue.step}.{issue.field}"
    return Problem(
        issue.code,
        format_lazy(MESSAGES[issue.code], **words),
        field=field or None,
        line=None if issue.step is None else issue.step + 1,
        params=dict(issue.params),
    )
