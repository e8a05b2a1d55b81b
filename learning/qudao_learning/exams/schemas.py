"""Shapes of the API's requests and answers about exams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema_field
from qudao_core.errors import Problem
from qudao_core.numbers.serializers import DecimalField
from rest_framework import serializers

from . import queries, rules
from .models import Attempt, Exam
from .services import AnswerInput, AnswerOutcome


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string"},
            {"type": "number"},
            {"type": "boolean"},
            {"type": "array", "items": {}},
            {"type": "object", "additionalProperties": {}},
        ]
    }
)
class AnswerField(serializers.JSONField):
    """An answer: any JSON value."""


class ProblemSchema(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.CharField()
    message = serializers.CharField()
    remedy = serializers.CharField(required=False)
    params = serializers.DictField(required=False)

    def get_fields(self):  # type: ignore[no-untyped-def]  # noqa: ANN201 - "field" would hide DRF's attribute
        return {**super().get_fields(), "field": serializers.CharField(required=False)}


class AttemptSummary(serializers.Serializer):  # type: ignore[type-arg]
    """An attempt without its questions. `percent` and `passed` are null while a grade is open."""

    id = serializers.UUIDField()
    exam = serializers.CharField()
    title = serializers.CharField()
    number = serializers.IntegerField()
    status = serializers.ChoiceField(choices=Attempt.Status.choices)
    started_at = serializers.DateTimeField()
    deadline = serializers.DateTimeField(allow_null=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    ended_by = serializers.CharField(allow_blank=True)
    earned = serializers.DecimalField(8, 2, allow_null=True)
    possible = serializers.DecimalField(8, 2)
    percent = serializers.DecimalField(5, 2, allow_null=True)
    passed = serializers.BooleanField(allow_null=True)


class ExamOutput(serializers.Serializer):  # type: ignore[type-arg]
    """An exam and where you stand with it. `refusal` says why no attempt can be started now."""

    code = serializers.CharField()
    title = serializers.CharField()
    introduction = serializers.CharField(allow_blank=True, help_text="HTML.")
    minutes = serializers.IntegerField(allow_null=True, help_text="Your time, with what you are granted.")
    pass_percent = serializers.DecimalField(5, 2)
    negative_marking = serializers.BooleanField()
    opens_at = serializers.DateTimeField(allow_null=True)
    closes_at = serializers.DateTimeField(allow_null=True)
    attempts_left = serializers.IntegerField(allow_null=True, help_text="Null: any number.")
    passed = serializers.BooleanField()
    running = serializers.UUIDField(allow_null=True)
    attempts = AttemptSummary(many=True)
    refusal = ProblemSchema(allow_null=True)


class PaperQuestionOutput(serializers.Serializer):  # type: ignore[type-arg]
    """A question as it is asked. What `content` holds depends on its `kind`: see “Sit an exam through the API”."""

    position = serializers.IntegerField()
    text = serializers.CharField(help_text="HTML.")
    content = serializers.DictField()
    points = serializers.DecimalField(8, 2)
    answer = AnswerField(allow_null=True)
    sequence = serializers.IntegerField()
    answered_at = serializers.DateTimeField(allow_null=True)


class PaperOutput(AttemptSummary):
    """An attempt with its paper. `remaining_ms` counts by the server's clock at `now`."""

    now = serializers.DateTimeField()
    remaining_ms = serializers.IntegerField(allow_null=True)
    questions = PaperQuestionOutput(many=True)


class AnswerRow(serializers.Serializer):  # type: ignore[type-arg]
    """An answer to the question at `position`. `sequence` grows with each change that the learner makes."""

    position = serializers.IntegerField(min_value=1, max_value=rules.MOST_ITEMS)
    sequence = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    answer = AnswerField(allow_null=True)
    waited_ms = serializers.IntegerField(
        min_value=0, max_value=2**53, default=0, help_text="How long it waited to be sent."
    )


class AnswersInput(serializers.Serializer):  # type: ignore[type-arg]
    answers = AnswerRow(many=True, allow_empty=False, max_length=rules.MOST_ITEMS * 5)


class SubmitInput(serializers.Serializer):  # type: ignore[type-arg]
    answers = AnswerRow(many=True, required=False, default=list, max_length=rules.MOST_ITEMS * 5)


class OutcomeOutput(serializers.Serializer):  # type: ignore[type-arg]
    """What became of an answer, and what is stored now."""

    position = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=["saved", "same", "outdated", "too_late", "refused"])
    answer = AnswerField(allow_null=True)
    sequence = serializers.IntegerField()
    problem = ProblemSchema(allow_null=True)


class AnswersOutput(serializers.Serializer):  # type: ignore[type-arg]
    now = serializers.DateTimeField()
    remaining_ms = serializers.IntegerField(allow_null=True)
    answers = OutcomeOutput(many=True)


class SubmittedOutput(AttemptSummary):
    answers = OutcomeOutput(many=True)


class ReviewedOutput(PaperQuestionOutput):
    """A question after the attempt. `right_answer` and `explanation` only where the exam shows them."""

    earned = serializers.DecimalField(8, 2, allow_null=True)
    is_right = serializers.BooleanField(allow_null=True)
    right_answer = AnswerField(allow_null=True)
    explanation = serializers.CharField(allow_blank=True, help_text="HTML.")
    feedback = serializers.ListField(child=serializers.CharField(), help_text="HTML.")


class ReviewOutput(AttemptSummary):
    """What came of an attempt. Without `questions`, `shown_when` says when they are shown; empty: never."""

    shown_when = serializers.CharField(allow_blank=True)
    questions = ReviewedOutput(many=True)


class AttemptRow(AttemptSummary):
    """An attempt as the back office sees it."""

    person = serializers.CharField()
    person_id = serializers.IntegerField()
    company = serializers.CharField(allow_blank=True)


class GradeInput(serializers.Serializer):  # type: ignore[type-arg]
    position = serializers.IntegerField(min_value=1, max_value=rules.MOST_ITEMS)
    share = DecimalField(6, 5, min_value=0, max_value=1, help_text="The share of the points, 0 to 1.")
    feedback = serializers.CharField(max_length=5000, required=False, allow_blank=True, default="")


class SectionRow(serializers.Serializer):  # type: ignore[type-arg]
    """So many questions of a topic and a difficulty, or one fixed question (its id)."""

    count = serializers.IntegerField(min_value=1, max_value=rules.MOST_ITEMS, default=1)
    topic = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    difficulty = serializers.ChoiceField(
        choices=["easy", "medium", "hard"], required=False, allow_blank=True, default=""
    )
    points = DecimalField(8, 2, min_value=0, default=1)
    question = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, required=False, allow_null=True, default=None
    )


class ExamInput(serializers.Serializer):  # type: ignore[type-arg]
    """A whole exam: what is left out is at its default."""

    bank = serializers.SlugField(max_length=40, help_text="The question bank's code.")
    title = serializers.CharField(max_length=160)
    title_zh = serializers.CharField(max_length=160, required=False, allow_blank=True, default="")
    introduction = serializers.CharField(max_length=20_000, required=False, allow_blank=True, default="")
    introduction_zh = serializers.CharField(max_length=20_000, required=False, allow_blank=True, default="")
    pass_percent = DecimalField(5, 2, min_value=0, max_value=100, default=60)
    minutes = serializers.IntegerField(min_value=1, max_value=1440, allow_null=True, default=None)
    attempts = serializers.IntegerField(min_value=1, max_value=1000, allow_null=True, default=3)
    wait_hours = serializers.IntegerField(min_value=0, max_value=8760, default=0)
    opens_at = serializers.DateTimeField(allow_null=True, default=None)
    closes_at = serializers.DateTimeField(allow_null=True, default=None)
    negative_marking = serializers.BooleanField(default=False)
    shuffle_questions = serializers.BooleanField(default=True)
    shuffle_choices = serializers.BooleanField(default=True)
    shown = serializers.ChoiceField(choices=Exam.Shown.choices, default=Exam.Shown.EXPLAINED)
    shown_when = serializers.ChoiceField(choices=Exam.ShownWhen.choices, default=Exam.ShownWhen.SUBMITTED)
    sections = SectionRow(many=True, allow_empty=False, max_length=rules.MOST_ITEMS)
    audience_keys = serializers.ListField(
        child=serializers.CharField(max_length=80), max_length=200, default=list
    )


class NewExamInput(ExamInput):
    code = serializers.SlugField(max_length=40)


class ExamDefinitionOutput(NewExamInput):
    """An exam as its keepers see it."""

    status = serializers.ChoiceField(choices=Exam.Status.choices)
    updated_at = serializers.DateTimeField()


class StatusInput(serializers.Serializer):  # type: ignore[type-arg]
    status = serializers.ChoiceField(choices=Exam.Status.choices)


class TermsInput(serializers.Serializer):  # type: ignore[type-arg]
    person = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    extra_minutes = serializers.IntegerField(min_value=0, max_value=1440, default=0)
    extra_attempts = serializers.IntegerField(min_value=0, max_value=1000, default=0)
    reason = serializers.CharField(max_length=200)


def answers_in(rows: Sequence[dict[str, Any]]) -> list[AnswerInput]:
    """The answers of a request."""
    return [
        AnswerInput(each["position"], each["sequence"], each["answer"], each["waited_ms"]) for each in rows
    ]


def describe_attempt(attempt: Attempt, language: str) -> dict[str, Any]:
    return {
        "id": attempt.key,
        "exam": attempt.exam.code,
        "title": attempt.exam.title_in(language),
        "number": attempt.number,
        "status": attempt.status,
        "started_at": attempt.started_at,
        "deadline": attempt.deadline,
        "submitted_at": attempt.submitted_at,
        "ended_by": attempt.ended_by,
        "earned": _figure(attempt.earned),
        "possible": _figure(attempt.possible),
        "percent": _figure(attempt.percent),
        "passed": attempt.passed,
    }


def describe_standing(at: queries.Standing, language: str) -> dict[str, Any]:
    exam = at.exam
    for each in at.attempts:
        each.exam = exam
    return {
        "code": exam.code,
        "title": exam.title_in(language),
        "introduction": exam.introduction_in(language),
        "minutes": at.minutes,
        "pass_percent": _figure(exam.pass_percent),
        "negative_marking": exam.negative_marking,
        "opens_at": exam.opens_at,
        "closes_at": exam.closes_at,
        "attempts_left": at.left,
        "passed": at.passed,
        "running": at.running.key if at.running else None,
        "attempts": [describe_attempt(each, language) for each in at.attempts],
        "refusal": _problem(at.refusal),
    }


def describe_paper(paper: queries.Paper, language: str) -> dict[str, Any]:
    return {
        **describe_attempt(paper.attempt, language),
        "now": paper.now,
        "remaining_ms": remaining_ms(paper),
        "questions": [_asked(each) for each in paper.questions],
    }


def remaining_ms(paper: queries.Paper) -> int | None:
    """Milliseconds that are left, by the server's clock."""
    left = paper.remaining
    return None if left is None else int(left.total_seconds() * 1000)


def describe_outcome(found: AnswerOutcome) -> dict[str, Any]:
    return {
        "position": found.position,
        "outcome": found.outcome,
        "answer": found.answer,
        "sequence": found.sequence,
        "problem": _problem(found.problem),
    }


def describe_review(found: queries.Review, language: str) -> dict[str, Any]:
    return {
        **describe_attempt(found.attempt, language),
        "shown_when": found.shown_from,
        "questions": [
            {
                **_asked(each.question),
                "earned": _figure(each.earned),
                "is_right": each.is_right,
                "right_answer": each.right_answer,
                "explanation": each.explanation,
                "feedback": list(each.feedback),
            }
            for each in found.questions
        ],
    }


def describe_row(attempt: Attempt, language: str) -> dict[str, Any]:
    return {
        **describe_attempt(attempt, language),
        "person": attempt.user.get_full_name() or attempt.user.email,
        "person_id": attempt.user_id,
        "company": str(attempt.company or ""),
    }


def describe_exam(exam: Exam) -> dict[str, Any]:
    """An exam as its keepers see it."""
    own = (
        "code",
        "title",
        "title_zh",
        "introduction",
        "introduction_zh",
        "minutes",
        "attempts",
        "wait_hours",
    )
    flags = ("opens_at", "closes_at", "negative_marking", "shuffle_questions", "shuffle_choices")
    shown = ("shown", "shown_when", "status", "updated_at")
    return {
        "bank": exam.bank.code,
        "pass_percent": _figure(exam.pass_percent),
        **{name: getattr(exam, name) for name in (*own, *flags, *shown)},
        "sections": [
            {
                "count": each.count,
                "topic": each.topic,
                "difficulty": each.difficulty,
                "points": _figure(each.points),
                "question": each.question_id,
            }
            for each in exam.sections.all()
        ],
        "audience_keys": [each.audience_key for each in exam.audiences.all()],
    }


def _asked(each: queries.PaperQuestion) -> dict[str, Any]:
    return {
        "position": each.position,
        "text": each.text,
        "content": each.content,
        "points": _figure(each.points),
        "answer": each.answer,
        "sequence": each.sequence,
        "answered_at": each.answered_at,
    }


def _figure(value: Any) -> str | None:
    return None if value is None else f"{value:.2f}"


def _problem(problem: Problem | None) -> dict[str, Any] | None:
    if problem is None:
        return None
    told = {
        "code": problem.code,
        "message": str(problem.message),
        "field": problem.field,
        "remedy": str(problem.remedy) if problem.remedy else None,
        "params": dict(problem.params) or None,
    }
    return {name: value for name, value in told.items() if value is not None}
