"""Writes of question banks: banks, questions one by one and by the file, what is retired."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ValidationError
from qudao_core import api as core
from qudao_core.audit.services import actor_id

from ..hooks import pool_guards
from .messages import problem_of
from .models import Bank, Question, QuestionVersion
from .rich_text import sanitised
from .rules.contents import CONTENT
from .rules.contents import Question as QuestionInput

#: So many questions are written at once.
MOST_QUESTIONS = 20_000
#: What of a question lies outside its versions.
_CLASSIFICATION = ("kind", "topic", "difficulty", "language", "external_key")


@dataclass(frozen=True, slots=True)
class Saved:
    """How many questions were new, changed and as before; ``problems`` carry the ``line`` they belong to."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: tuple[core.Problem, ...] = field(default=())


@transaction.atomic
def save_bank(
    *, actor: Any, code: str, name: str, name_zh: str = "", description: str = "", bank: Bank | None = None
) -> Bank:
    """Make a question bank, or change ``bank``. Records ``qudao.bank.saved``.

    :raises core.Refusal: ``code_taken``; ``required``: without a name.
    """
    if not name.strip():
        raise core.Refusal("required", _("A name is needed."), field="name")
    if Bank.objects.filter(code=code).exclude(pk=bank.pk if bank else None).exists():
        raise core.Refusal("code_taken", _("This code is in use already."), field="code")
    bank = bank or Bank()
    bank.code, bank.name, bank.name_zh, bank.description = code, name.strip(), name_zh.strip(), description
    bank.save()
    core.record(actor=actor, instance=bank, action="qudao.bank.saved")
    return bank


def read_question(data: Any) -> QuestionInput:
    """A question from JSON-like values.

    :raises core.Refusal: ``question_invalid`` with a problem for each value that cannot be read.
    """
    try:
        return QuestionInput.model_validate(data)
    except ValidationError as error:
        problems = [
            core.Problem("content_invalid", each["msg"], field=_place(each["loc"]))
            for each in error.errors()[:20]
        ]
        raise core.Refusal(
            "question_invalid", _("The question cannot be used as it is."), problems=problems
        ) from error


@transaction.atomic
def save_question(
    *, actor: Any, bank: Bank, question: QuestionInput, replaces: Question | None = None
) -> Question:
    """Add a question to ``bank``, or change ``replaces``. What it says becomes a new version if it differs.

    Records ``qudao.question.saved``. Attempts keep the version they were given.

    :raises core.Refusal: ``question_invalid`` with its faults as problems; ``question_taken``: the bank has the same
        question, or another one with the same external key; ``bank_too_small``: an exam could no longer be filled.
    """
    clean = _clean(question)
    faults = clean.faults()
    if faults:
        raise core.Refusal(
            "question_invalid",
            _("The question cannot be used as it is."),
            problems=[problem_of(fault) for fault in faults],
        )
    digest = digest_of(clean)
    _refuse_taken(bank, clean, digest, replaces)
    row = replaces or Question(bank=bank, version=0)
    if row.digest != digest:
        row.version += 1
    _classify(row, clean, digest)
    row.save()
    if not row.versions.filter(number=row.version).exists():
        _version(row, clean, actor_id(actor)).save()
    check_pool(bank.pk)
    core.record(actor=actor, instance=row, action="qudao.question.saved", data={"version": row.version})
    return row


@transaction.atomic
def save_questions(
    *, actor: Any, bank: Bank, questions: Sequence[QuestionInput], partial: bool = False
) -> Saved:
    """Write many questions, as a file holds them: by external key where there is one, else by what they say.

    The same question again changes nothing, so a file can be imported twice. Records ``qudao.bank.imported``. A
    constant number of statements per thousand questions.

    :raises core.Refusal: ``too_many``; ``rows_invalid`` with a problem for each question that cannot be used, and
        nothing is written; with ``partial`` the others are, and the problems returned. ``bank_too_small``.
    """
    if len(questions) > MOST_QUESTIONS:
        raise core.Refusal(
            "too_many",
            _("At most %(most)d questions can be written at once.") % {"most": MOST_QUESTIONS},
            params={"most": MOST_QUESTIONS},
        )
    rows, problems = _usable(questions)
    if problems and not partial:
        raise core.Refusal("rows_invalid", _("Some questions cannot be used."), problems=problems[:1000])
    saved = replace(_write(bank, rows, actor_id(actor)), problems=tuple(problems))
    if saved.created or saved.changed:
        core.bump("questions")
        check_pool(bank.pk)
        figures = {"created": saved.created, "changed": saved.changed}
        core.record(actor=actor, instance=bank, action="qudao.bank.imported", data=figures)
    return saved


@transaction.atomic
def set_retired(*, actor: Any, bank: Bank, question_ids: Collection[int], retired: bool) -> int:
    """Retire questions, or take them back. Returns how many changed; records an entry on each.

    :raises core.Refusal: ``bank_too_small``: an exam could no longer be filled.
    """
    rows = list(
        Question.objects.select_for_update()
        .filter(bank=bank, pk__in=question_ids, is_retired=not retired)
        .order_by("pk")
    )
    Question.objects.filter(pk__in=[row.pk for row in rows]).update(
        is_retired=retired, updated_at=timezone.now()
    )
    core.bump("questions")
    if retired:
        check_pool(bank.pk)
    action = "qudao.question.retired" if retired else "qudao.question.restored"
    core.record_many(actor=actor, entries=[(row, action, None) for row in rows])
    return len(rows)


def check_pool(bank_id: int) -> None:
    """:raises core.Refusal: what draws from the bank can no longer be filled."""
    for guard in pool_guards:
        guard(bank_id)


def digest_of(question: QuestionInput) -> str:
    """A checksum of what a question says; its classification does not count."""
    said = [question.name, question.text, question.content.model_dump(mode="json"), question.explanation]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _place(location: Iterable[int | str]) -> str:
    return ".".join(str(each) for each in location)


def _clean(question: QuestionInput) -> QuestionInput:
    """The question with all its rich text sanitised."""
    content = CONTENT.validate_python(_sanitised(question.content))
    texts = {"text": sanitised(question.text), "explanation": sanitised(question.explanation)}
    return question.model_copy(update={**texts, "content": content})


#: Fields of contents that hold rich text, except in accepted answers, which are compared and never shown as markup.
_RICH = frozenset({"text", "feedback", "feedback_true", "feedback_false", "explanation", "guidance"})


def _sanitised(value: BaseModel) -> dict[str, Any]:
    found: dict[str, Any] = {}
    is_answer = type(value).__name__ in ("AcceptedText", "AcceptedNumber")
    for name in type(value).model_fields:
        given = getattr(value, name)
        if isinstance(given, BaseModel):
            found[name] = _sanitised(given)
        elif isinstance(given, tuple):
            found[name] = [_sanitised(each) if isinstance(each, BaseModel) else each for each in given]
        elif name in _RICH and not (is_answer and name == "text"):
            found[name] = sanitised(given)
        else:
            found[name] = given
    return found


def _refuse_taken(bank: Bank, question: QuestionInput, digest: str, replaces: Question | None) -> None:
    others = Question.objects.filter(bank=bank).exclude(pk=replaces.pk if replaces else None)
    if others.filter(digest=digest).exists():
        raise core.Refusal("question_taken", _("The bank has this question already."), field="text")
    if question.external_key and others.filter(external_key=question.external_key).exists():
        raise core.Refusal(
            "question_taken", _("Another question has this external key."), field="external_key"
        )


def _classify(row: Question, question: QuestionInput, digest: str) -> None:
    row.kind, row.topic, row.difficulty = question.content.kind, question.topic, question.difficulty
    row.language, row.external_key, row.digest = question.language, question.external_key, digest


def _version(row: Question, question: QuestionInput, user_id: int | None) -> QuestionVersion:
    return QuestionVersion(
        question=row,
        number=row.version,
        name=question.name,
        text=question.text,
        content=question.content.model_dump(mode="json"),
        explanation=question.explanation,
        created_by_id=user_id,
    )


def _usable(
    questions: Sequence[QuestionInput],
) -> tuple[list[tuple[str, QuestionInput]], list[core.Problem]]:
    """The questions that can be asked with their digests, and the problems of the others and of doubled ones."""
    rows: list[tuple[str, QuestionInput]] = []
    problems: list[core.Problem] = []
    met: dict[str, int] = {}
    for line, question in enumerate(questions, start=1):
        clean = _clean(question)
        faults = clean.faults()
        problems += [problem_of(fault, line=line) for fault in faults]
        if faults:
            continue
        digest = digest_of(clean)
        names = [digest, *([f"key:{clean.external_key}"] if clean.external_key else [])]
        first = next((met[name] for name in names if name in met), None)
        if first is not None:
            message = _("The same question is in line %(line)d already.") % {"line": first}
            problems.append(core.Problem("doubled_question", message, line=line, params={"first": first}))
            continue
        met.update(dict.fromkeys(names, line))
        rows.append((digest, clean))
    return rows, problems


def _write(bank: Bank, rows: Sequence[tuple[str, QuestionInput]], user_id: int | None) -> Saved:
    by_key, by_digest = _existing(bank)
    created, changed, versions = [], [], []
    for digest, question in rows:
        found = (by_key.get(question.external_key) if question.external_key else None) or by_digest.get(
            digest
        )
        if found is None:
            row = Question(bank=bank, version=1)
            _classify(row, question, digest)
            created.append((row, question))
            continue
        before = (found.digest, *(getattr(found, name) for name in _CLASSIFICATION))
        if found.digest != digest:
            found.version += 1
            versions.append(_version(found, question, user_id))
        _classify(found, question, digest)
        if before != (found.digest, *(getattr(found, name) for name in _CLASSIFICATION)):
            changed.append(found)
    now = timezone.now()
    for row in changed:
        row.updated_at = now
    Question.objects.bulk_update(
        changed, ["version", "digest", "updated_at", *_CLASSIFICATION], batch_size=1000
    )
    Question.objects.bulk_create([row for row, _question in created], batch_size=1000)
    versions += [_version(row, question, user_id) for row, question in created]
    QuestionVersion.objects.bulk_create(versions, batch_size=1000)
    return Saved(len(created), len(changed), len(rows) - len(created) - len(changed))


def _existing(bank: Bank) -> tuple[dict[str, Question], dict[str, Question]]:
    """The bank's questions by external key and by digest, locked in the order of their keys."""
    rows = list(Question.objects.select_for_update().filter(bank=bank).order_by("pk"))
    return {row.external_key: row for row in rows if row.external_key}, {row.digest: row for row in rows}
