"""Question banks through the API, for those who keep them."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from qudao_core import api as core
from qudao_core.headless import HeadlessView, entity_tag, idempotent, require_match, versioned
from qudao_core.viewers import require_permission
from rest_framework.request import Request
from rest_framework.response import Response

from . import files, queries, services
from . import schemas as s
from .models import Question

CHANGE_BANK = "qudao_learning.change_bank"


class BankView(HeadlessView):
    tags = ("exams",)


class Banks(BankView):
    ordering = ("name", "pk")

    @extend_schema(responses=s.BankOutput(many=True), operation_id="list_question_banks")
    def get(self, request: Request) -> Response:
        """The question banks."""
        return self.page(queries.banks(self.viewer), lambda rows: [s.describe_bank(row) for row in rows])

    @extend_schema(request=s.NewBankInput, responses={201: s.BankOutput}, operation_id="create_question_bank")
    @idempotent
    def post(self, request: Request) -> Response:
        """Make a question bank."""
        require_permission(self.viewer, "qudao_learning.add_bank")
        made = services.save_bank(actor=self.viewer, **self.read(s.NewBankInput))
        return Response(s.describe_bank(queries.get_bank(self.viewer, made.code)), status=201)


class BankDetail(BankView):
    @extend_schema(responses=s.BankOutput, operation_id="get_question_bank")
    def get(self, request: Request, code: str) -> Response:
        """One question bank."""
        return Response(s.describe_bank(queries.get_bank(self.viewer, code)))

    @extend_schema(request=s.BankInput, responses=s.BankOutput, operation_id="replace_question_bank")
    def put(self, request: Request, code: str) -> Response:
        """Change a question bank's name and description."""
        bank = queries.get_bank(self.viewer, code)
        require_permission(self.viewer, CHANGE_BANK)
        services.save_bank(actor=self.viewer, code=code, bank=bank, **self.read(s.BankInput))
        return Response(s.describe_bank(queries.get_bank(self.viewer, code)))


class Questions(BankView):
    ordering = ("pk",)

    @extend_schema(parameters=[s.QuestionFilters], responses=s.QuestionRow(many=True))
    def get(self, request: Request, code: str) -> Response:
        """The questions of a bank, without their content."""
        given = self.read_query(s.QuestionFilters)
        bank = queries.get_bank(self.viewer, code)
        return self.page_of_changes(
            queries.questions(self.viewer, bank, s.filter_of(given)),
            lambda rows: [s.describe_row(row) for row in rows],
            given.get("updated_since"),
        )

    @extend_schema(
        request=s.QuestionInputSchema, responses={201: s.QuestionOutput}, operation_id="create_question"
    )
    @idempotent
    def post(self, request: Request, code: str) -> Response:
        """Add a question to a bank."""
        bank = queries.get_bank(self.viewer, code)
        require_permission(self.viewer, "qudao_learning.add_question")
        question = services.read_question(self.read(s.QuestionInputSchema))
        made = services.save_question(actor=self.viewer, bank=bank, question=question)
        return Response(describe_question(made), status=201)


class QuestionDetail(BankView):
    @extend_schema(responses=s.QuestionOutput)
    @versioned()
    def get(self, request: Request, code: str, pk: int) -> Response:
        """A question with its newest version."""
        bank = queries.get_bank(self.viewer, code)
        return self._answer(queries.get_question(self.viewer, bank, pk))

    @transaction.atomic
    @extend_schema(request=s.QuestionInputSchema, responses=s.QuestionOutput, operation_id="replace_question")
    @versioned()
    def put(self, request: Request, code: str, pk: int) -> Response:
        """Change a question. What it says becomes a new version; attempts keep the one they were given."""
        bank = queries.get_bank(self.viewer, code)
        found = queries.get_question(self.viewer, bank, pk)
        require_permission(self.viewer, queries.CHANGE)
        row = Question.objects.select_for_update().get(pk=found.pk)
        require_match(request, _etag(row))
        question = services.read_question(self.read(s.QuestionInputSchema))
        services.save_question(actor=self.viewer, bank=bank, question=question, replaces=row)
        return self._answer(row)

    def _answer(self, row: Question) -> Response:
        return self.document(describe_question(row), state=_etag(row))


class QuestionsRetire(BankView):
    @extend_schema(request=s.RetireInput, responses=s.RetireOutput, operation_id="retire_questions")
    @idempotent
    def post(self, request: Request, code: str) -> Response:
        """Retire questions, or take them back. Refused where an open exam could no longer be filled."""
        bank = queries.get_bank(self.viewer, code)
        require_permission(self.viewer, queries.CHANGE)
        given = self.read(s.RetireInput)
        changed = services.set_retired(
            actor=self.viewer, bank=bank, question_ids=given["questions"], retired=given["retired"]
        )
        return Response({"changed": changed})


class QuestionsExport(BankView):
    @extend_schema(
        parameters=[s.FormatFilter],
        responses={(200, "text/plain"): OpenApiTypes.BINARY, (200, "application/xml"): OpenApiTypes.BINARY},
        operation_id="export_questions",
    )
    def get(self, request: Request, code: str) -> HttpResponse:
        """The questions of a bank as a file: GIFT, Aiken or Moodle XML. What a format cannot hold is left out."""
        bank = queries.get_bank(self.viewer, code)
        format_ = self.read_query(s.FormatFilter)["as"]
        written = queries.export(self.viewer, bank, format_)
        _writer, ending, media_type = queries.FORMATS[format_]
        headers = {"Content-Disposition": f'attachment; filename="{bank.code}.{ending}"'}
        return HttpResponse(written.text, content_type=f"{media_type}; charset=utf-8", headers=headers)


class QuestionsImport(BankView):
    @extend_schema(request=s.FileInput, responses=s.FileOutput, operation_id="import_questions")
    @idempotent
    def post(self, request: Request, code: str) -> Response:
        """Bring a file of questions into a bank: GIFT, Aiken or Moodle XML. The same file twice changes nothing."""
        bank = queries.get_bank(self.viewer, code)
        require_permission(self.viewer, "qudao_learning.add_question")
        given = self.read(s.FileInput)
        read = files.read_file(given["name"], given["content"].encode())
        partial = given["partial"] or given["preview"]
        with transaction.atomic():
            saved = files.import_file(actor=self.viewer, bank=bank, read=read, partial=partial)
            if given["preview"]:
                transaction.set_rollback(True)
        excerpts = {entry.line: entry.excerpt for entry in read.entries}
        return Response(
            {
                "format": read.format,
                "questions": len(read.entries),
                "created": saved.created,
                "changed": saved.changed,
                "unchanged": saved.unchanged,
                "problems": [_row_problem(each, excerpts) for each in saved.problems[:1000]],
            }
        )


def describe_question(row: Question) -> dict[str, Any]:
    """A question with its newest version. One statement."""
    value = queries.value_of(row, queries.newest_version(row)).model_dump(mode="json")
    state = {"id": row.pk, "version": row.version, "is_retired": row.is_retired, "updated_at": row.updated_at}
    return {**value, **state}


def _etag(row: Question) -> str:
    return entity_tag("question", row.pk, row.updated_at.isoformat())


def _row_problem(problem: core.Problem, excerpts: dict[int, str]) -> dict[str, Any]:
    line = problem.line or 0
    return {
        "line": line,
        "code": problem.code,
        "message": str(problem.message),
        "excerpt": excerpts.get(line, ""),
    }
