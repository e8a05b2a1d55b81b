"""Exams through the API: sitting one, and keeping them."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from qudao_core import api as core
from qudao_core.headless import HeadlessView, entity_tag, idempotent, require_match, versioned
from qudao_core.viewers import require_permission
from rest_framework.request import Request
from rest_framework.response import Response

from ..bank.queries import get_bank
from . import queries, services
from . import schemas as s
from .models import Attempt, Exam


class ExamView(HeadlessView):
    tags = ("exams",)


class Exams(ExamView):
    ordering = ("title", "pk")

    @extend_schema(responses=s.ExamOutput(many=True))
    def get(self, request: Request) -> Response:
        """The exams that are open to you, with where you stand in each."""
        return self.page(queries.exams(self.viewer), self._describe)

    def _describe(self, rows: list[Exam]) -> list[dict[str, Any]]:
        found = queries.standings(self.viewer, rows)
        return [s.describe_standing(found[row.pk], self.viewer.language) for row in rows]


class ExamDetail(ExamView):
    @extend_schema(responses=s.ExamOutput)
    def get(self, request: Request, code: str) -> Response:
        """One exam, and where you stand with it."""
        at = queries.standing(self.viewer, queries.get_exam(self.viewer, code))
        return Response(s.describe_standing(at, self.viewer.language))


class ExamAttempts(ExamView):
    @extend_schema(request=None, responses={201: s.PaperOutput}, operation_id="start_attempt")
    @idempotent
    def post(self, request: Request, code: str) -> Response:
        """Begin an attempt, or take up the one that is running: the paper is drawn and the clock starts."""
        exam = queries.get_exam(self.viewer, code)
        attempt = services.start_attempt(viewer=self.viewer, exam=exam)
        paper = queries.paper(queries.get_attempt(self.viewer, attempt.key))
        return Response(s.describe_paper(paper, self.viewer.language), status=201)


class Attempts(ExamView):
    ordering = ("-started_at", "-pk")

    @extend_schema(responses=s.AttemptSummary(many=True))
    def get(self, request: Request) -> Response:
        """Your attempts, the newest first."""
        language = self.viewer.language
        return self.page(
            queries.own_attempts(self.viewer),
            lambda rows: [s.describe_attempt(row, language) for row in rows],
        )


class AttemptDetail(ExamView):
    @extend_schema(responses=s.PaperOutput)
    def get(self, request: Request, key: uuid.UUID) -> Response:
        """An attempt of yours: its paper with your answers as they are stored, and the time that is left."""
        attempt = services.take_up(queries.get_attempt(self.viewer, key))
        return Response(s.describe_paper(queries.paper(attempt), self.viewer.language))


class AttemptAnswers(ExamView):
    @extend_schema(request=s.AnswersInput, responses=s.AnswersOutput, operation_id="save_answers")
    def put(self, request: Request, key: uuid.UUID) -> Response:
        """Store answers as they are given. Safe to repeat, in any order: a larger `sequence` wins.

        Each answer is judged by itself. After the deadline only what was given before it counts, for a short grace.
        """
        attempt = queries.get_attempt(self.viewer, key)
        given = s.answers_in(self.read(s.AnswersInput)["answers"])
        outcomes = services.save_answers(viewer=self.viewer, attempt=attempt, answers=given)
        paper = queries.Paper(attempt, (), timezone.now())
        return Response(
            {
                "now": paper.now,
                "remaining_ms": s.remaining_ms(paper),
                "answers": [s.describe_outcome(each) for each in outcomes],
            }
        )


class AttemptSubmit(ExamView):
    @extend_schema(request=s.SubmitInput, responses=s.SubmittedOutput, operation_id="submit_attempt")
    @idempotent
    def post(self, request: Request, key: uuid.UUID) -> Response:
        """Hand in an attempt, with the answers that still wait to be sent. Submitted twice, it is submitted once."""
        attempt = queries.get_attempt(self.viewer, key)
        given = s.answers_in(self.read(s.SubmitInput)["answers"])
        done, outcomes = services.submit_attempt(viewer=self.viewer, attempt=attempt, answers=given)
        return Response(
            {
                **s.describe_attempt(done, self.viewer.language),
                "answers": [s.describe_outcome(each) for each in outcomes],
            }
        )


class AttemptReview(ExamView):
    @extend_schema(responses=s.ReviewOutput)
    def get(self, request: Request, key: uuid.UUID) -> Response:
        """What came of an attempt of yours, as far as the exam shows it."""
        attempt = services.take_up(queries.get_attempt(self.viewer, key))
        return Response(s.describe_review(queries.review(self.viewer, attempt), self.viewer.language))


# --- For those who keep exams ---


class ExamDefinitions(ExamView):
    ordering = ("title", "pk")

    @extend_schema(responses=s.ExamDefinitionOutput(many=True), operation_id="list_exam_definitions")
    def get(self, request: Request) -> Response:
        """Every exam with its blueprint, for people of the back office."""
        return self.page(
            queries.exam_definitions(self.viewer), lambda rows: [s.describe_exam(row) for row in rows]
        )

    @extend_schema(
        request=s.NewExamInput, responses={201: s.ExamDefinitionOutput}, operation_id="create_exam"
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Make an exam, as a draft. A blueprint that its bank cannot fill is refused."""
        given = self.read(s.NewExamInput)
        made = save(self.viewer, given, None)
        return Response(s.describe_exam(queries.get_exam_definition(self.viewer, made.code)), status=201)


class ExamDefinitionDetail(ExamView):
    @extend_schema(responses=s.ExamDefinitionOutput, operation_id="get_exam_definition")
    @versioned()
    def get(self, request: Request, code: str) -> Response:
        """One exam with its blueprint."""
        return self._answer(code)

    @transaction.atomic
    @extend_schema(request=s.ExamInput, responses=s.ExamDefinitionOutput, operation_id="replace_exam")
    @versioned()
    def put(self, request: Request, code: str) -> Response:
        """Replace an exam. Attempts that have begun keep their paper and their rules."""
        exam = queries.get_exam_definition(self.viewer, code)
        require_match(request, _etag(Exam.objects.select_for_update().get(pk=exam.pk)))
        save(self.viewer, {**self.read(s.ExamInput), "code": code}, exam)
        return self._answer(code)

    def _answer(self, code: str) -> Response:
        exam = queries.get_exam_definition(self.viewer, code)
        return self.document(s.describe_exam(exam), state=_etag(exam))


class ExamDefinitionStatus(ExamView):
    @extend_schema(request=s.StatusInput, responses=s.ExamDefinitionOutput, operation_id="set_exam_status")
    @idempotent
    def post(self, request: Request, code: str) -> Response:
        """Open an exam to its audience, withdraw it, or make it a draft again. Running attempts go on."""
        exam = queries.get_exam_definition(self.viewer, code)
        require_permission(self.viewer, queries.CHANGE)
        status = self.read(s.StatusInput)["status"]
        services.set_status(actor=self.viewer, exam=exam, status=status)
        return Response(s.describe_exam(queries.get_exam_definition(self.viewer, code)))


class ExamTermsGrants(ExamView):
    @extend_schema(request=s.TermsInput, responses=s.TermsInput, operation_id="grant_exam_terms")
    @idempotent
    def post(self, request: Request, code: str) -> Response:
        """Grant a person more time or attempts. A running attempt gets the time at once."""
        exam = queries.get_exam_definition(self.viewer, code)
        given = self.read(s.TermsInput)
        person = queries.get_examinee(self.viewer, given.pop("person"))
        row = services.grant_terms(actor=self.viewer, exam=exam, user_id=person.pk, **given)
        return Response(
            {
                "person": row.user_id,
                "extra_minutes": row.extra_minutes,
                "extra_attempts": row.extra_attempts,
                "reason": row.reason,
            }
        )


class ExamDefinitionAttempts(ExamView):
    ordering = ("-started_at", "-pk")

    @extend_schema(responses=s.AttemptRow(many=True), operation_id="list_exam_attempts")
    def get(self, request: Request, code: str) -> Response:
        """Everybody's attempts at an exam, the newest first."""
        language = self.viewer.language
        rows = queries.exam_attempts(self.viewer, queries.get_exam_definition(self.viewer, code))
        return self.page(rows, lambda found: [s.describe_row(row, language) for row in found])


class AttemptGrades(ExamView):
    @extend_schema(request=s.GradeInput, responses=s.AttemptRow, operation_id="grade_answer")
    @idempotent
    def post(self, request: Request, key: uuid.UUID) -> Response:
        """Grade an answer that no key can, such as an essay. May be changed afterwards."""
        attempt = queries.get_any_attempt(self.viewer, key)
        given = self.read(s.GradeInput)
        done: Attempt = services.grade_by_hand(actor=self.viewer, attempt=attempt, **given)
        done = queries.get_any_attempt(self.viewer, done.key)
        return Response(s.describe_row(done, self.viewer.language))


def save(viewer: core.Viewer, given: dict[str, Any], exam: Exam | None) -> Exam:
    """An exam from what a request says."""
    values = dict(given)
    sections = [services.SectionInput(**row) for row in values.pop("sections")]
    keys = values.pop("audience_keys")
    values["bank"] = get_bank(viewer, values["bank"])
    require_permission(viewer, queries.CHANGE)
    return services.save_exam(actor=viewer, values=values, sections=sections, audience_keys=keys, exam=exam)


def _etag(exam: Exam) -> str:
    return entity_tag("exam", exam.pk, exam.updated_at.isoformat())
