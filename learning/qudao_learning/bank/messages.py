"""What is said about questions and answers that cannot be taken, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from qudao_core import api as core

from .rules.contents import Fault

#: Code of a fault of a question → message.
FAULTS: Mapping[str, Any] = {
    "empty_text": _("The text is missing."),
    "empty_answer": _("An accepted answer is empty."),
    "no_right_choice": _("No choice earns the full points."),
    "no_right_answer": _("No accepted answer earns the full points."),
    "weights_not_full": _("The weights of the right choices do not add up to 100 %."),
    "no_blank": _("There is no blank to fill in."),
    "no_unit": _("A unit is required, but none is given."),
    "first_unit_factor": _("The first unit is the one that is asked for: its factor is 1."),
    "too_few_choices": _("At least two choices are needed."),
    "too_few_items": _("At least two items are needed."),
    "too_few_pairs": _("At least two pairs are needed."),
    "order_incomplete": _("The right order does not name every item once."),
    "pairs_incomplete": _("Not every item on the left has a match on the right."),
    "no_part": _("A case needs at least one part."),
    "doubled": _("The same text appears here twice."),
    "doubled_key": _("The same key appears here twice."),
    "content_invalid": _("This is not the content of a question."),
    "answer_missing": _("The line with the right answer is missing."),
    "answer_unknown": _("The right answer is none of the choices."),
    "not_accepted": _("A text is too long, or a number too large."),
    "unbalanced_braces": _("A brace is opened and not closed."),
    "several_answers_sections": _("There are two sections with answers in braces."),
    "no_answer_sign": _("No answer begins with = or ~."),
    "weight_unreadable": _("A weight cannot be read."),
    "number_unreadable": _("A number cannot be read."),
    "dangerous_xml": _("The file declares entities, which are not read."),
    "not_xml": _("The file is not XML, or is cut off."),
    "not_a_quiz": _("The file is no export of questions from Moodle."),
    "not_text": _("The file is no text in a known encoding."),
    "unknown_format": _("Files of this format cannot be read: GIFT, Aiken or Moodle XML is needed."),
    "nothing_in_it": _("The file has no question."),
    "unknown_type": _("Questions of this type cannot be read."),
}
#: Code of an answer that was not taken → message.
ANSWERS: Mapping[str, Any] = {
    "wrong_type": _("This is not an answer to this type of question."),
    "unknown_choice": _("“%(choice)s” is not among the choices."),
    "doubled_choice": _("The same choice is named twice."),
    "too_long": _("The answer is longer than %(most)s characters."),
    "too_many": _("There are only %(most)s blanks."),
    "unknown_unit": _("The unit “%(unit)s” cannot be used here."),
    "unit_missing": _("Add the unit, for example %(unit)s."),
}


def problem_of(fault: Fault, *, line: int | None = None) -> core.Problem:
    """A fault as a problem for people and programs."""
    message = FAULTS.get(fault.code, FAULTS["content_invalid"])
    return core.Problem(fault.code, message, field=fault.field or None, line=line)


def answer_message(code: str, params: Mapping[str, object]) -> Any:
    """What is said about an answer that cannot be read."""
    return ANSWERS.get(code, _("This number cannot be read.")) % params
