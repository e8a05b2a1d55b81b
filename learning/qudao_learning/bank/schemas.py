"""Shapes of the API's requests and answers about question banks."""

from __future__ import annotations

from typing import Any

from qudao_core.headless import ChangeFilters
from rest_framework import serializers

from .models import Bank, Question
from .queries import FORMATS, QuestionFilter


class BankInput(serializers.Serializer):  # type: ignore[type-arg]
    name = serializers.CharField(max_length=120)
    name_zh = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    description = serializers.CharField(max_length=5000, required=False, allow_blank=True, default="")


class NewBankInput(BankInput):
    code = serializers.SlugField(max_length=40)


class BankOutput(NewBankInput):
    """A question bank; `size` counts the questions that are not retired."""

    size = serializers.IntegerField()


class QuestionInputSchema(serializers.Serializer):  # type: ignore[type-arg]
    """A question. What `content` holds depends on its `kind`: see “Question banks”."""

    name = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    text = serializers.CharField(max_length=20_000, help_text="HTML.")
    content = serializers.DictField()
    explanation = serializers.CharField(
        max_length=20_000, required=False, allow_blank=True, default="", help_text="HTML."
    )
    topic = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    difficulty = serializers.ChoiceField(choices=Question.Difficulty.choices, default="medium")
    language = serializers.CharField(max_length=12, required=False, allow_blank=True, default="")
    external_key = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")


class QuestionOutput(QuestionInputSchema):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    is_retired = serializers.BooleanField()
    updated_at = serializers.DateTimeField()


class QuestionRow(serializers.Serializer):  # type: ignore[type-arg]
    """A question in a list: without its content."""

    id = serializers.IntegerField()
    external_key = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(choices=Question.Kind.choices)
    topic = serializers.CharField(allow_blank=True)
    difficulty = serializers.ChoiceField(choices=Question.Difficulty.choices)
    language = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()
    is_retired = serializers.BooleanField()
    name = serializers.CharField(allow_blank=True)
    text = serializers.CharField(help_text="HTML.")
    updated_at = serializers.DateTimeField()


class QuestionFilters(ChangeFilters):
    search = serializers.CharField(required=False, max_length=80)
    topic = serializers.CharField(required=False, max_length=300)
    kind = serializers.ChoiceField(required=False, choices=Question.Kind.choices)
    difficulty = serializers.ChoiceField(required=False, choices=Question.Difficulty.choices)
    language = serializers.CharField(required=False, max_length=12)
    retired = serializers.BooleanField(required=False, allow_null=True, default=None)


class RetireInput(serializers.Serializer):  # type: ignore[type-arg]
    questions = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), allow_empty=False, max_length=1000
    )
    retired = serializers.BooleanField(default=True)


class RetireOutput(serializers.Serializer):  # type: ignore[type-arg]
    changed = serializers.IntegerField()


class FormatFilter(serializers.Serializer):  # type: ignore[type-arg]
    def get_fields(self):  # type: ignore[no-untyped-def]  # noqa: ANN201 - "format" would hide DRF's parameter
        return {"as": serializers.ChoiceField(choices=list(FORMATS), default="gift")}


class FileInput(serializers.Serializer):  # type: ignore[type-arg]
    """A file of questions as text. `partial`: the good ones are written though others cannot be."""

    name = serializers.CharField(max_length=200, help_text="Its ending tells Moodle XML from text.")
    content = serializers.CharField(max_length=5_000_000, trim_whitespace=False)
    partial = serializers.BooleanField(default=False)
    preview = serializers.BooleanField(default=False, help_text="Only say what would become of it.")


class RowProblem(serializers.Serializer):  # type: ignore[type-arg]
    line = serializers.IntegerField()
    code = serializers.CharField()
    message = serializers.CharField()
    excerpt = serializers.CharField(allow_blank=True)


class FileOutput(serializers.Serializer):  # type: ignore[type-arg]
    format = serializers.CharField()
    questions = serializers.IntegerField()
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    problems = RowProblem(many=True)


def filter_of(given: dict[str, Any]) -> QuestionFilter:
    """Which questions a request wants."""
    names = ("topic", "kind", "difficulty", "language")
    return QuestionFilter(
        given.get("search", ""), *(given.get(name, "") for name in names), retired=given.get("retired")
    )


def describe_bank(bank: Any) -> dict[str, Any]:
    """A bank with its ``size``."""
    found: Bank = bank
    return {
        "code": found.code,
        "name": found.name,
        "name_zh": found.name_zh,
        "description": found.description,
        "size": bank.size,
    }


def describe_row(row: Any) -> dict[str, Any]:
    """A question as :func:`.queries.questions` gives it."""
    names = ("external_key", "kind", "topic", "difficulty", "language", "version", "is_retired", "updated_at")
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in names},
        "name": row.said_name or "",
        "text": row.said_text or "",
    }
