"""What the pages of exams show: questions as fields of a form, results in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from html import unescape
from typing import Any

from django.utils.formats import number_format
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import queries
from .models import Attempt, Exam
from .services import AnswerInput


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose; ``is_right`` is ``None`` where nothing is told."""

    value: str
    text: SafeString
    chosen: bool = False
    is_right: bool | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A field with a label: an item to be given a place, a left side to be matched, a blank."""

    name: str
    label: SafeString
    value: str = ""
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question as a form: ``kind`` names its template, ``name`` begins the names of its fields."""

    kind: str
    name: str
    text: SafeString
    options: tuple[Option, ...] = ()
    entries: tuple[Entry, ...] = ()
    value: str = ""
    units: str = ""
    most: int = 0
    parts: tuple[QuestionView, ...] = ()
    position: int = 0
    sequence: int = 0
    points: Any = None
    answered: bool = False
    key: str = ""

    @property
    def worth(self) -> str:
        """The points in words."""
        words = ngettext("%(points)s point", "%(points)s points", 1 if self.points == 1 else 2)
        return words % {"points": number_format(self.points.normalize() + 0)}


@dataclass(frozen=True, slots=True)
class ReviewedView:
    """A question after the attempt, with what was answered and, where it is shown, what would have been right."""

    question: QuestionView
    earned: Any
    is_right: bool | None
    given: tuple[str, ...]
    right: tuple[str, ...]
    explanation: SafeString
    feedback: tuple[SafeString, ...] = field(default=())


def html(text: str) -> SafeString:
    """Rich text of a question, which was sanitised when it was stored."""
    return mark_safe(text)  # noqa: S308 - bank.rich_text


def question_view(question: queries.PaperQuestion) -> QuestionView:
    """A question of a paper as a form."""
    shown = _view(question.content, f"q{question.position}", question.text, question.answer)
    return QuestionView(
        shown.kind,
        shown.name,
        shown.text,
        shown.options,
        shown.entries,
        shown.value,
        shown.units,
        shown.most,
        shown.parts,
        question.position,
        question.sequence,
        question.points,
        question.answer is not None,
    )


def _view(content: Mapping[str, Any], name: str, text: str, answer: Any, key: str = "") -> QuestionView:
    kind = content["kind"]
    said = html(text)
    if kind in ("single", "multiple"):
        chosen = answer if isinstance(answer, list) else [answer]
        options = tuple(
            Option(each["key"], html(each["text"]), each["key"] in chosen) for each in content["choices"]
        )
        return QuestionView(kind, name, said, options, key=key)
    if kind == "true_false":
        pairs = (("true", _("True"), True), ("false", _("False"), False))
        return QuestionView(
            kind, name, said, tuple(Option(v, html(t), answer is b) for v, t, b in pairs), key=key
        )
    if kind == "fill_in":
        return QuestionView(
            kind, name, said, entries=tuple(_blanks(content["blanks"], name, answer)), key=key
        )
    if kind == "ordering":
        return QuestionView(kind, name, said, entries=tuple(_places(content["items"], name, answer)), key=key)
    if kind == "matching":
        return QuestionView(kind, name, said, entries=tuple(_pairs(content, name, answer)), key=key)
    if kind == "case":
        answers = answer or {}
        parts = tuple(
            _view(
                each["content"], f"{name}-{each['key']}", each["text"], answers.get(each["key"]), each["key"]
            )
            for each in content["parts"]
        )
        return QuestionView(kind, name, said, parts=parts)
    units = ", ".join(each["name"] for each in content.get("units", ()))
    return QuestionView(
        kind, name, said, value=answer or "", units=units, most=content.get("most_characters", 500), key=key
    )


def _blanks(count: int, name: str, answer: Any) -> Iterator[Entry]:
    given = answer or [""] * count
    for number in range(count):
        label = _("Blank %(number)d") % {"number": number + 1} if count > 1 else _("Your answer")
        yield Entry(f"{name}-{number}", html(label), given[number])


def _places(items: list[Mapping[str, Any]], name: str, answer: Any) -> Iterator[Entry]:
    given = {key: str(number) for number, key in enumerate(answer or (), start=1)}
    for item in items:
        at = given.get(item["key"], "")
        places = tuple(
            Option(str(number), html(str(number)), at == str(number)) for number in range(1, len(items) + 1)
        )
        yield Entry(f"{name}-{item['key']}", html(item["text"]), at, places)


def _pairs(content: Mapping[str, Any], name: str, answer: Any) -> Iterator[Entry]:
    given = answer or {}
    for left in content["left"]:
        at = given.get(left["key"], "")
        options = tuple(
            Option(right["key"], html(_plain(right["text"])), right["key"] == at)
            for right in content["right"]
        )
        yield Entry(f"{name}-{left['key']}", html(left["text"]), at, options)


def answers_of_form(paper: queries.Paper, data: Any) -> list[AnswerInput]:
    """What a form without scripts sends: the answers that differ from what is stored."""
    found = []
    for question in paper.questions:
        answer = _answer(question.content, f"q{question.position}", data)
        if answer != (question.answer or None):
            found.append(AnswerInput(question.position, question.sequence + 1, answer))
    return found


def _answer(content: Mapping[str, Any], name: str, data: Any) -> Any:
    kind = content["kind"]
    if kind == "multiple":
        return sorted(data.getlist(name)) or None
    if kind == "true_false":
        return {"true": True, "false": False}.get(data.get(name, ""))
    if kind == "fill_in":
        texts = [data.get(f"{name}-{number}", "") for number in range(content["blanks"])]
        return texts if any(texts) else None
    if kind == "ordering":
        places = [(data.get(f"{name}-{each['key']}", ""), each["key"]) for each in content["items"]]
        return [key for place, key in sorted(places) if place] or None
    if kind == "matching":
        pairs = {each["key"]: data.get(f"{name}-{each['key']}", "") for each in content["left"]}
        return {left: right for left, right in pairs.items() if right} or None
    if kind == "case":
        parts = {
            each["key"]: _answer(each["content"], f"{name}-{each['key']}", data) for each in content["parts"]
        }
        return {key: each for key, each in parts.items() if each is not None} or None
    return data.get(name, "") or None


# --- Results ---


def reviewed_view(each: queries.Reviewed) -> ReviewedView:
    """A question of a review, with answers in words."""
    content = each.question.content
    return ReviewedView(
        question_view(each.question),
        each.earned,
        each.is_right,
        tuple(_words(content, each.question.answer)),
        tuple(_words(content, each.right_answer)) if each.right_answer is not None else (),
        html(each.explanation),
        tuple(html(said) for said in each.feedback),
    )


def _words(content: Mapping[str, Any], answer: Any) -> Iterator[str]:
    """An answer as people read it, a line for each thing it says."""
    kind = content["kind"]
    if answer is None:
        return
    if kind in ("single", "multiple"):
        keys = answer if isinstance(answer, list) else [answer]
        yield from (_plain(each["text"]) for each in content["choices"] if each["key"] in keys)
    elif kind == "true_false":
        yield _("True") if answer else _("False")
    elif kind == "ordering":
        texts = {each["key"]: _plain(each["text"]) for each in content["items"]}
        yield from (f"{number}. {texts[key]}" for number, key in enumerate(answer, start=1))
    elif kind == "matching":
        rights = {each["key"]: _plain(each["text"]) for each in content["right"]}
        for left in content["left"]:
            if answer.get(left["key"]):
                yield f"{_plain(left['text'])} → {rights[answer[left['key']]]}"
    elif kind == "case":
        for part in content["parts"]:
            for said in _words(part["content"], answer.get(part["key"])):
                yield f"{_plain(part['text'])} – {said}"
    elif isinstance(answer, list):
        yield from (each or "–" for each in answer)
    else:
        yield str(answer)


def _plain(text: str) -> str:
    return " ".join(unescape(strip_tags(text)).split())


# --- Exams and attempts in words ---


def duration(minutes: int | None) -> str:
    """``30 minutes``; without a limit ``No time limit``."""
    if not minutes:
        return _("No time limit")
    return ngettext("%(minutes)d minute", "%(minutes)d minutes", minutes) % {"minutes": minutes}


def attempts_left(left: int | None) -> str:
    """How many attempts are left, in words."""
    if left is None:
        return _("Any number of attempts")
    return ngettext("%(left)d attempt left", "%(left)d attempts left", left) % {"left": left}


def outcome(attempt: Attempt) -> tuple[str, str]:
    """The state of an attempt as a badge: (state, word)."""
    if attempt.status == Attempt.Status.RUNNING:
        return "waiting", _("Running")
    if attempt.passed:
        return "ok", _("Passed")
    if attempt.passed is False:
        return "out", _("Not passed")
    return "waiting", _("Being graded")


def state_of(at: queries.Standing) -> tuple[str, str]:
    """Where a person stands with an exam as a badge: (state, word)."""
    if at.running:
        return "waiting", _("Running")
    if at.passed:
        return "ok", _("Passed")
    if at.attempts:
        return outcome(at.attempts[-1])
    return "neutral", _("Not begun")


def shown_later(exam: Exam, shown_from: str) -> str:
    """When the answers are shown, in words; empty: never."""
    return {
        Exam.ShownWhen.DONE.value: _(
            "The answers are shown when you have passed, or after your last attempt."
        ),
        Exam.ShownWhen.CLOSED.value: _("The answers are shown when the exam has closed."),
    }.get(shown_from, "")


def score_words(attempt: Attempt) -> str:
    """What was earned, of how much, and what passing takes, in words."""
    figures = {
        "earned": attempt.earned or Decimal(0),
        "possible": attempt.possible,
        "needed": Decimal(attempt.terms["pass_percent"]),
    }
    words = {name: number_format(each.normalize() + 0) for name, each in figures.items()}
    return _("%(earned)s of %(possible)s points; %(needed)s %% are needed to pass.") % words


def room_words() -> dict[str, str]:
    """What the room's script says that is longer than a line of its template."""
    return {
        "elsewhere": _(
            "This question was answered in another window or on another device. That answer is the valid one."
        ),
        "session": _(
            "You are signed out. Your answers wait on this device: sign in again in another window."
        ),
    }
