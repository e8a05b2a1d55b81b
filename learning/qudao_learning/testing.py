"""Factories for tests of learning and of what stands on it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from .bank.models import Bank
from .bank.rules.contents import (
    AcceptedNumber,
    AcceptedText,
    Blank,
    Case,
    Essay,
    FillIn,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Part,
    Question,
    SingleChoice,
    TrueFalse,
    Unit,
    choices_of,
)
from .bank.services import save_bank, save_questions
from .exams.models import Exam
from .exams.services import SectionInput, save_exam

_numbers = itertools.count(1)


def single(text: str = "Which one?", **fields: Any) -> Question:
    """A single choice between ``a`` (right), ``b`` and ``c``."""
    rows = [("Right", 100, "Well done."), ("Wrong", 0, "Look again."), ("Also wrong", 0, "")]
    return Question(text=text, content=SingleChoice(choices=choices_of(rows)), **fields)


def every_kind(prefix: str = "") -> list[Question]:
    """A question of each type that is graded by its key, with an explanation each, and an essay."""
    contents: list[Any] = [
        SingleChoice(choices=choices_of([("Right", 100, ""), ("Wrong", 0, "")])),
        MultipleChoice(choices=choices_of([("A", 50, ""), ("B", 50, ""), ("C", 0, "")])),
        TrueFalse(is_true=True),
        FillIn(blanks=(Blank(accepted=(AcceptedText(text="LED灯"),)),)),
        Numeric(
            accepted=(AcceptedNumber(value=Decimal(12), tolerance=Decimal("0.5")),), units=(Unit(name="mm"),)
        ),
        Ordering.of(["first", "second", "third"]),
        Matching.of([("red", "live"), ("blue", "neutral")], ["earth"]),
        Case(parts=(Part(key="p1", text="And this?", content=TrueFalse(is_true=False)),)),
        Essay(guidance="Names the risk."),
    ]
    return [
        Question(
            text=f"{prefix}{content.kind}?",
            content=content,
            explanation=f"Because of {content.kind}.",
            topic=content.kind,
        )
        for content in contents
    ]


def make_bank(questions: Iterable[Question] = (), **fields: Any) -> Bank:
    """A question bank with ``questions``."""
    number = next(_numbers)
    bank = save_bank(actor=None, **({"code": f"bank-{number}", "name": f"Bank {number}"} | fields))
    save_questions(actor=None, bank=bank, questions=list(questions))
    return bank


def make_exam(
    bank: Bank | None = None,
    *,
    sections: Sequence[SectionInput] = (),
    audience_keys: Iterable[str] = ("everyone",),
    **values: Any,
) -> Exam:
    """An open exam; without a bank, of three questions of single choice."""
    number = next(_numbers)
    bank = bank or make_bank(single(f"Question {number}.{at}?") for at in range(3))
    fields = {"code": f"exam-{number}", "title": f"Exam {number}", "bank": bank, "status": "open"} | values
    return save_exam(
        actor=None,
        values=fields,
        sections=sections or [SectionInput(count=bank.questions.count())],
        audience_keys=audience_keys,
    )
