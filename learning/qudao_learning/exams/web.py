"""Pages of exams: which there are, one before it begins, the room it is sat in, and what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from qudao_core import api as core
from qudao_core.pages import Page, show_refusal
from qudao_partner_portal.hooks import NavItem

from . import presenters, queries, services
from .models import Attempt, Exam, ExamAudience

PER_PAGE = 30
FACT = "exams"
_open_to: core.VersionedCache[frozenset[str]] = core.VersionedCache(size=1)


def navigation(viewer: core.Viewer, request: HttpRequest) -> Iterable[NavItem]:
    """Exams, for people who have any. Which audiences have some is kept while no exam changes."""
    if viewer.is_guest:
        return
    version = core.Versions.read().of(FACT)
    keys = _open_to.get("keys", version, _audiences)
    if not keys.isdisjoint(viewer.audience):
        yield NavItem("exams", _("Exams"), reverse("learning:exams"), "graduation-cap")


def _audiences() -> frozenset[str]:
    rows = ExamAudience.objects.filter(exam__status=Exam.Status.OPEN)
    return frozenset(rows.order_by().values_list("audience_key", flat=True).distinct())


class ExamsPage(Page):
    """The exams that are open to the viewer: what is running and what waits first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page = Paginator(queries.exams(self.viewer).order_by("title", "pk"), PER_PAGE).get_page(
            request.GET.get("page")
        )
        rows = list(page.object_list)
        found = queries.standings(self.viewer, rows)
        cards = [_card(found[row.pk], self.viewer.language) for row in rows]
        cards.sort(key=lambda card: card["rank"])
        context = {"page_title": _("Exams"), "page": page, "cards": cards}
        return render(request, "qudao_learning/exams/list.html", context)


class ExamPage(Page):
    """One exam before it begins: what awaits the learner, and the attempts there were."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        exam = queries.get_exam(self.viewer, code)
        at = queries.standing(self.viewer, exam)
        context = {
            **_card(at, self.viewer.language),
            "page_title": exam.title_in(self.viewer.language),
            "introduction": presenters.html(exam.introduction_in(self.viewer.language)),
            "facts": _facts(at),
            "refusal": at.refusal,
            "attempts": [_attempt(each, exam) for each in reversed(at.attempts)],
            "crumbs": [{"label": _("Exams"), "href": reverse("learning:exams")}, {"label": exam}],
        }
        return render(request, "qudao_learning/exams/exam.html", context)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        exam = queries.get_exam(self.viewer, code)
        try:
            attempt = services.start_attempt(viewer=self.viewer, exam=exam)
        except core.Refusal as refusal:
            show_refusal(request, refusal)
            return redirect("learning:exam", code)
        return redirect("learning:attempt", attempt.key)


class AttemptPage(Page):
    """The room an exam is sat in. Scripts save each answer; without them a button saves all of them."""

    def get(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        attempt = services.take_up(queries.get_attempt(self.viewer, key))
        if attempt.status != Attempt.Status.RUNNING:
            return redirect("learning:result", key)
        paper = queries.paper(attempt)
        questions = [presenters.question_view(each) for each in paper.questions]
        left = paper.remaining
        context = {
            "page_title": attempt.exam.title_in(self.viewer.language),
            "attempt": attempt,
            "words": presenters.room_words(),
            "questions": questions,
            "answered": sum(each.answered for each in questions),
            "remaining_ms": None if left is None else int(left.total_seconds() * 1000),
            "answers_url": reverse("learning-api:attempt-answers", args=[key]),
            "attempt_url": reverse("learning-api:attempt", args=[key]),
            "submit_url": reverse("learning:submit", args=[key]),
            "result_url": reverse("learning:result", args=[key]),
        }
        response = render(request, "qudao_learning/exams/room.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def post(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        attempt = queries.get_attempt(self.viewer, key)
        if attempt.status == Attempt.Status.RUNNING:
            self._save(request, attempt)
        return redirect("learning:attempt", key)

    def _save(self, request: HttpRequest, attempt: Attempt) -> None:
        given = presenters.answers_of_form(queries.paper(attempt), request.POST)
        if not given:
            return
        outcomes = services.save_answers(viewer=self.viewer, attempt=attempt, answers=given)
        saved = sum(each.outcome in ("saved", "same") for each in outcomes)
        if saved:
            words = ngettext("%(saved)d answer was saved.", "%(saved)d answers were saved.", saved)
            messages.success(request, words % {"saved": saved})
        for each in outcomes:
            if each.problem:
                say = _("Question %(number)d: %(problem)s")
                messages.error(request, say % {"number": each.position, "problem": each.problem.message})


class SubmitPage(AttemptPage):
    """Hands in an attempt. What the form holds is saved first, so nothing is lost without scripts."""

    def get(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        return redirect("learning:attempt", key)

    def post(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        attempt = queries.get_attempt(self.viewer, key)
        if attempt.status == Attempt.Status.RUNNING and "form" in request.POST:
            self._save(request, attempt)
        services.submit_attempt(viewer=self.viewer, attempt=attempt)
        return redirect("learning:result", key)


class ResultPage(Page):
    """What came of an attempt, as far as the exam shows it."""

    def get(self, request: HttpRequest, key: uuid.UUID) -> HttpResponse:
        attempt = services.take_up(queries.get_attempt(self.viewer, key))
        if attempt.status == Attempt.Status.RUNNING:
            return redirect("learning:attempt", key)
        exam = attempt.exam
        found = queries.review(self.viewer, attempt)
        at = queries.standing(self.viewer, exam)
        state, word = presenters.outcome(attempt)
        context = {
            "page_title": exam.title_in(self.viewer.language),
            "attempt": attempt,
            "state": state,
            "word": word,
            "questions": [presenters.reviewed_view(each) for each in found.questions],
            "later": presenters.shown_later(exam, found.shown_from),
            "again": at.refusal is None and not at.passed and exam.status == Exam.Status.OPEN,
            "exam_url": reverse("learning:exam", args=[exam.code]),
            "score": presenters.score_words(attempt),
            "by_time": attempt.ended_by == Attempt.EndedBy.DEADLINE,
            "crumbs": [
                {"label": _("Exams"), "href": reverse("learning:exams")},
                {"label": exam, "href": reverse("learning:exam", args=[exam.code])},
                {"label": pgettext("exam", "Result")},
            ],
        }
        return render(request, "qudao_learning/exams/result.html", context)


def _card(at: queries.Standing, language: str) -> dict[str, Any]:
    exam = at.exam
    state, word = presenters.state_of(at)
    running = at.running
    rank = 0 if running else 1 if at.refusal is None and not at.passed else 2
    return {
        "exam": exam,
        "title": exam.title_in(language),
        "url": reverse("learning:exam", args=[exam.code]),
        "state": state,
        "word": word,
        "running_url": reverse("learning:attempt", args=[running.key]) if running else "",
        "best": at.best,
        "duration": presenters.duration(at.minutes),
        "left": presenters.attempts_left(at.left),
        "can_start": at.refusal is None,
        "passed": at.passed,
        "rank": rank,
    }


def _facts(at: queries.Standing) -> list[dict[str, Any]]:
    exam = at.exam
    questions = sum(each.count for each in exam.sections.all())
    found = [
        {"label": pgettext("exam", "Questions"), "value": questions},
        {"label": pgettext("exam", "Time"), "value": presenters.duration(at.minutes)},
        {"label": _("Pass mark"), "value": f"{exam.pass_percent.normalize():f} %"},
        {"label": pgettext("exam", "Attempts"), "value": presenters.attempts_left(at.left)},
    ]
    if exam.negative_marking:
        found.append({"label": _("Wrong answers"), "value": _("cost points")})
    if exam.closes_at:
        closes = timezone.localtime(exam.closes_at).strftime("%Y-%m-%d %H:%M")
        found.append({"label": _("Open until"), "value": closes})
    return found


def _attempt(attempt: Attempt, exam: Exam) -> dict[str, Any]:
    state, word = presenters.outcome(attempt)
    is_running = attempt.status == Attempt.Status.RUNNING
    name = "learning:attempt" if is_running else "learning:result"
    return {"attempt": attempt, "state": state, "word": word, "url": reverse(name, args=[attempt.key])}
