"""Reads of question banks: for their keepers, and the pool that exams draw from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_core.viewers import require_permission

from .models import Bank, Question, QuestionVersion
from .rules import aiken, gift, moodle_xml
from .rules.contents import CONTENT, Content
from .rules.contents import Question as QuestionValue
from .rules.files import Written

VIEW, CHANGE = "qudao_learning.view_question", "qudao_learning.change_question"
#: How a file of questions may be written: name → writer, ending, media type.
FORMATS: dict[str, tuple[Any, str, str]] = {
    "gift": (gift.write, "gift.txt", "text/plain"),
    "aiken": (aiken.write, "aiken.txt", "text/plain"),
    "moodle": (moodle_xml.write, "xml", "application/xml"),
}


@dataclass(frozen=True, slots=True)
class QuestionFilter:
    """Which questions of a bank are wanted; empty values mean any."""

    text: str = ""
    topic: str = ""
    kind: str = ""
    difficulty: str = ""
    language: str = ""
    retired: bool | None = None


def banks(viewer: core.Viewer) -> QuerySet[Bank]:
    """The question banks, for people of the back office who keep them; ``size`` counts the questions in use.

    :raises core.Forbidden: ``permission_required``.
    """
    require_permission(viewer, VIEW)
    in_use = Count("questions", filter=Q(questions__is_retired=False))
    return Bank.objects.annotate(size=in_use).order_by("name", "pk")


def get_bank(viewer: core.Viewer, code: str) -> Bank:
    """:raises core.NotFound: no such bank. :raises core.Forbidden: ``permission_required``."""
    found = banks(viewer).filter(code=code).first()
    if found is None:
        raise core.NotFound("bank_not_found", _("There is no such question bank."))
    return found


def questions(
    viewer: core.Viewer,
    bank: Bank,
    wanted: QuestionFilter = QuestionFilter(),  # noqa: B008 - frozen
) -> QuerySet[Question]:
    """The questions of a bank with their newest words as ``said_text``, ``said_name``.

    :raises core.Forbidden: ``permission_required``.
    """
    require_permission(viewer, VIEW)
    newest = QuestionVersion.objects.filter(question=OuterRef("pk"), number=OuterRef("version"))
    rows = bank.questions.annotate(
        said_text=Subquery(newest.values("text")), said_name=Subquery(newest.values("name"))
    )
    if wanted.text:
        words = Q(said_text__icontains=wanted.text) | Q(said_name__icontains=wanted.text)
        rows = rows.filter(words | Q(external_key__icontains=wanted.text))
    if wanted.topic:
        rows = rows.filter(Q(topic=wanted.topic) | Q(topic__startswith=f"{wanted.topic}/"))
    same = {"kind": wanted.kind, "difficulty": wanted.difficulty, "language": wanted.language}
    rows = rows.filter(**{name: value for name, value in same.items() if value})
    return rows if wanted.retired is None else rows.filter(is_retired=wanted.retired)


def get_question(viewer: core.Viewer, bank: Bank, pk: int) -> Question:
    """:raises core.NotFound: the bank has no such question. :raises core.Forbidden: ``permission_required``."""
    found = questions(viewer, bank).filter(pk=pk).first()
    if found is None:
        raise core.NotFound("question_not_found", _("There is no such question."))
    return found


def newest_version(question: Question) -> QuestionVersion:
    """What a question says now."""
    return question.versions.get(number=question.version)


def value_of(question: Question, version: QuestionVersion) -> QuestionValue:
    """A stored question as the value that rules and files take."""
    return QuestionValue(
        name=version.name,
        text=version.text,
        content=content_of(version),
        explanation=version.explanation,
        topic=question.topic,
        difficulty=question.difficulty,
        language=question.language,
        external_key=question.external_key,
    )


def export(viewer: core.Viewer, bank: Bank, format_: str) -> Written:
    """All questions in use of a bank as a file; what the format cannot hold is named in ``left_out``.

    :raises core.Refusal: ``unknown_format``. :raises core.Forbidden: ``permission_required``.
    """
    require_permission(viewer, VIEW)
    core.require_choice(format_, list(FORMATS), field="format")
    rows = QuestionVersion.objects.filter(
        question__bank=bank, question__is_retired=False, number=F("question__version")
    ).select_related("question")
    values = [value_of(row.question, row) for row in rows.order_by("question__topic", "question_id")]
    written: Written = FORMATS[format_][0](values)
    return written


#: Contents by version: versions never change, so each is read once per process. The time tells apart what a restored
#: backup numbers anew.
_contents: core.VersionedCache[Content] = core.VersionedCache(size=5000)


def content_of(version: QuestionVersion) -> Content:
    """The content of a version as a value."""
    written = int(version.created_at.timestamp() * 1_000_000)
    return _contents.get(version.pk, (written,), lambda: CONTENT.validate_python(version.content))


def pool(bank_id: int) -> list[tuple[int, int, str, str]]:
    """Every question that may be drawn: its id, its newest version's, topic, difficulty. One statement."""
    rows = QuestionVersion.objects.filter(
        question__bank_id=bank_id, question__is_retired=False, number=F("question__version")
    ).exclude(question__kind=Question.Kind.DESCRIPTION)
    names = ("question_id", "pk", "question__topic", "question__difficulty")
    return list(rows.order_by("question_id").values_list(*names))


#: So many topics and languages are suggested while somebody types.
MOST_SUGGESTED = 500


def topics(bank: Bank) -> list[str]:
    """The topics that questions of a bank have, in order, for suggestions."""
    rows = bank.questions.exclude(topic="").order_by("topic").values_list("topic", flat=True).distinct()
    return list(rows[:MOST_SUGGESTED])


def languages(bank: Bank) -> list[str]:
    """The languages that questions of a bank have, in order, for suggestions."""
    rows = bank.questions.exclude(language="").order_by("language")
    return list(rows.values_list("language", flat=True).distinct()[:MOST_SUGGESTED])


def get_bank_by_id(viewer: core.Viewer, pk: int) -> Bank:
    """:raises core.NotFound: no such bank. :raises core.Forbidden: ``permission_required``."""
    found = banks(viewer).filter(pk=pk).first()
    if found is None:
        raise core.NotFound("bank_not_found", _("There is no such question bank."))
    return found
