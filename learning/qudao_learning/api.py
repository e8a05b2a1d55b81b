"""The public API of learning: what other plugins and hosts may call.

>>> from qudao_learning import api as learning
"""

from __future__ import annotations

from .bank.queries import banks, content_of, export, get_bank, get_question, questions
from .bank.rules.answers import right_answer
from .bank.rules.contents import Question as QuestionInput
from .bank.services import read_question, save_bank, save_question, save_questions, set_retired
from .exams.queries import exams, get_attempt, get_exam, own_attempts, paper, review, standing, standings
from .exams.services import (
    AnswerInput,
    SectionInput,
    grade_by_hand,
    grant_terms,
    save_answers,
    save_exam,
    set_status,
    start_attempt,
    submit_attempt,
)

__all__ = [
    "AnswerInput",
    "QuestionInput",
    "SectionInput",
    "banks",
    "content_of",
    "exams",
    "export",
    "get_attempt",
    "get_bank",
    "get_exam",
    "get_question",
    "grade_by_hand",
    "grant_terms",
    "own_attempts",
    "paper",
    "questions",
    "read_question",
    "review",
    "right_answer",
    "save_answers",
    "save_bank",
    "save_exam",
    "save_question",
    "save_questions",
    "set_retired",
    "set_status",
    "standing",
    "standings",
    "start_attempt",
    "submit_attempt",
]
