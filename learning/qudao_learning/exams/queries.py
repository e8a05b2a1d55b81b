"""Reads of exams: those a person may sit, where they stand, the paper of an attempt and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_core.viewers import require_permission

from ..bank.queries import content_of, pool
from ..bank.rules.answers import learner_view, right_answer
from . import rules
from .models import Attempt, Exam, ExamTerms, PaperItem, Section

VIEW, CHANGE, VIEW_ATTEMPTS, GRANT = (
    "qudao_learning.view_exam",
    "qudao_learning.change_exam",
    "qudao_learning.view_attempt",
    "qudao_learning.change_examterms",
)
_pools: core.VersionedCache[tuple[rules.Candidate, ...]] = core.VersionedCache(size=50)


# --- Exams ---


def exams(viewer: core.Viewer) -> QuerySet[Exam]:
    """The exams that are open to the viewer by audience, whatever their window. Guests have none."""
    if viewer.is_guest:
        return Exam.objects.none()
    rows = Exam.objects.filter(status=Exam.Status.OPEN, audiences__audience_key__in=viewer.audience)
    return rows.distinct()


def get_exam(viewer: core.Viewer, code: str) -> Exam:
    """:raises core.NotFound: there is no such exam for the viewer."""
    found = exams(viewer).filter(code=code).first()
    if found is None:
        raise core.NotFound("exam_not_found", _("There is no such exam."))
    return found


def exam_definitions(viewer: core.Viewer) -> QuerySet[Exam]:
    """Every exam, for people of the back office who keep them.

    :raises core.Forbidden: ``permission_required``.
    """
    require_permission(viewer, VIEW)
    return Exam.objects.select_related("bank").prefetch_related("sections", "audiences")


def get_exam_definition(viewer: core.Viewer, code: str) -> Exam:
    """:raises core.NotFound: no such exam. :raises core.Forbidden: ``permission_required``."""
    found = exam_definitions(viewer).filter(code=code).first()
    if found is None:
        raise core.NotFound("exam_not_found", _("There is no such exam."))
    return found


def slots_of(sections: Sequence[Section]) -> list[rules.Slots]:
    """A blueprint as the rules take it."""
    return [rules.Slots(each.count, each.topic, each.difficulty, each.question_id) for each in sections]


def candidates(bank_id: int) -> tuple[rules.Candidate, ...]:
    """The questions of a bank that may be drawn, read anew."""
    return tuple(rules.Candidate(*row) for row in pool(bank_id))


def cached_candidates(bank_id: int) -> tuple[rules.Candidate, ...]:
    """As :func:`candidates`, kept while no question changes: many people start the same exam at once."""
    version = core.Versions.read().of("questions")
    return _pools.get(bank_id, version, lambda: candidates(bank_id))


def seen(user_id: int, bank_id: int) -> dict[int, int]:
    """How often a person had each question of a bank: question id → papers."""
    rows = PaperItem.objects.filter(attempt__user_id=user_id, version__question__bank_id=bank_id)
    return dict(rows.order_by().values_list("version__question_id").annotate(Count("pk")))


# --- Where a person stands ---


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands with an exam. ``left`` is ``None`` for any number of attempts.

    ``refusal`` says why no attempt can be started now; a running one can always be taken up.
    """

    exam: Exam
    attempts: tuple[Attempt, ...]
    left: int | None
    minutes: int | None
    running: Attempt | None = None
    refusal: core.Problem | None = None

    @property
    def passed(self) -> bool:
        """Whether one of the attempts was passed."""
        return any(each.passed for each in self.attempts)

    @property
    def best(self) -> Attempt | None:
        """The graded attempt with the highest share of the points."""
        graded = [each for each in self.attempts if each.percent is not None]
        return max(graded, key=lambda each: (each.percent, -each.number), default=None)


def standings(viewer: core.Viewer, rows: Sequence[Exam], now: datetime | None = None) -> dict[int, Standing]:
    """Where the viewer stands with each of ``rows``: exam id → standing. Two statements."""
    now = now or timezone.now()
    ids = [row.pk for row in rows]
    taken: dict[int, list[Attempt]] = {pk: [] for pk in ids}
    for attempt in Attempt.objects.filter(user_id=viewer.user_id, exam_id__in=ids).order_by("number"):
        taken[attempt.exam_id].append(attempt)
    granted = {
        each.exam_id: each for each in ExamTerms.objects.filter(user_id=viewer.user_id, exam_id__in=ids)
    }
    return {row.pk: _standing(row, taken[row.pk], granted.get(row.pk), now) for row in rows}


def standing(viewer: core.Viewer, exam: Exam, now: datetime | None = None) -> Standing:
    """Where the viewer stands with one exam."""
    return standings(viewer, [exam], now)[exam.pk]


def _standing(exam: Exam, attempts: Sequence[Attempt], granted: ExamTerms | None, now: datetime) -> Standing:
    running = next((each for each in attempts if each.status == Attempt.Status.RUNNING), None)
    extra = granted.extra_attempts if granted else 0
    left = None if exam.attempts is None else max(exam.attempts + extra - len(attempts), 0)
    minutes = exam.minutes and exam.minutes + (granted.extra_minutes if granted else 0)
    refusal = None if running else _why_not(exam, attempts, left, now)
    return Standing(exam, tuple(attempts), left, minutes, running, refusal)


def _why_not(exam: Exam, attempts: Sequence[Attempt], left: int | None, now: datetime) -> core.Problem | None:
    if exam.status != Exam.Status.OPEN:
        return core.Problem("exam_withdrawn", _("The exam has been withdrawn."))
    if exam.closes_at and now >= exam.closes_at:
        return core.Problem("exam_closed", _("The exam has closed."))
    if left == 0:
        return core.Problem(
            "no_attempts_left",
            _("You have used all attempts."),
            remedy=_("Your trainer can grant you another one."),
        )
    ended = max((each.submitted_at for each in attempts if each.submitted_at), default=None)
    start = rules.next_start(ended=ended, wait_hours=exam.wait_hours, opens_at=exam.opens_at)
    if start and now < start:
        return core.Problem(
            "exam_not_open_yet",
            _("You can start from %(start)s.")
            % {"start": timezone.localtime(start).strftime("%Y-%m-%d %H:%M")},
            params={"opens_at": start.isoformat()},
        )
    return None


# --- Attempts ---


def own_attempts(viewer: core.Viewer) -> QuerySet[Attempt]:
    """The viewer's attempts, the newest first."""
    if viewer.is_guest:
        return Attempt.objects.none()
    return (
        Attempt.objects.filter(user_id=viewer.user_id).select_related("exam").order_by("-started_at", "-pk")
    )


def get_attempt(viewer: core.Viewer, key: Any) -> Attempt:
    """An attempt of the viewer. Nobody else's exists, whoever asks.

    :raises core.NotFound: ``attempt_not_found``.
    """
    found = own_attempts(viewer).filter(key=key).first()
    if found is None:
        raise core.NotFound("attempt_not_found", _("There is no such attempt."))
    return found


def exam_attempts(viewer: core.Viewer, exam: Exam) -> QuerySet[Attempt]:
    """Everybody's attempts at an exam, for people of the back office.

    :raises core.Forbidden: ``permission_required``.
    """
    require_permission(viewer, VIEW_ATTEMPTS)
    return Attempt.objects.filter(exam=exam).select_related("user", "company", "exam")


def get_any_attempt(viewer: core.Viewer, key: Any) -> Attempt:
    """Anybody's attempt, for people of the back office.

    :raises core.NotFound: ``attempt_not_found``. :raises core.Forbidden: ``permission_required``.
    """
    require_permission(viewer, VIEW_ATTEMPTS)
    found = Attempt.objects.select_related("user", "company", "exam").filter(key=key).first()
    if found is None:
        raise core.NotFound("attempt_not_found", _("There is no such attempt."))
    return found


def get_examinee(viewer: core.Viewer, user_id: int) -> Any:
    """A person that terms can be granted to, for people of the back office.

    :raises core.NotFound: ``person_not_found``. :raises core.Forbidden: ``permission_required``.
    """
    require_permission(viewer, GRANT)
    found = get_user_model()._default_manager.filter(pk=user_id, is_active=True).first()
    if found is None:
        raise core.NotFound("person_not_found", _("There is no such person."))
    return found


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """A question of a paper as the learner sees it, with the answer as it stands.

    ``content`` holds nothing that tells what is right; ``answer`` and ``sequence`` are the stored ones.
    """

    position: int
    text: str
    content: Mapping[str, Any]
    points: Any
    answer: Any
    sequence: int
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Paper:
    """The paper of an attempt. ``remaining`` is what is left by the server's clock; ``None``: no limit."""

    attempt: Attempt
    questions: tuple[PaperQuestion, ...]
    now: datetime

    @property
    def remaining(self) -> timedelta | None:
        """What is left of the time, never below zero."""
        ends = self.attempt.deadline
        return None if ends is None else max(ends - self.now, timedelta())


def paper(attempt: Attempt, now: datetime | None = None) -> Paper:
    """The questions of an attempt (loaded by :func:`get_attempt`) in their order. One statement."""
    shuffle = bool(attempt.terms.get("shuffle_choices", True))
    questions = tuple(_asked(item, attempt.seed, shuffle) for item in items_of(attempt))
    return Paper(attempt, questions, now or timezone.now())


def items_of(attempt: Attempt) -> list[PaperItem]:
    """The questions of a paper with their words."""
    return list(attempt.items.select_related("version").order_by("position"))


def _asked(item: PaperItem, seed: int, shuffle: bool) -> PaperQuestion:
    content = content_of(item.version)
    may_shuffle = shuffle and getattr(content, "shuffle", True)
    return PaperQuestion(
        item.position,
        item.version.text,
        rules.in_order(learner_view(content), seed, item.position, shuffle=may_shuffle),
        item.points,
        shown_answer(item.answer),
        item.sequence,
        item.answered_at,
    )


def shown_answer(answer: Any) -> Any:
    """An answer as the learner gave it: a stored number is its text again."""
    if isinstance(answer, dict):
        if set(answer) == {"text", "number"}:
            return answer["text"]
        return {key: shown_answer(each) for key, each in answer.items()}
    return answer


# --- Results ---


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A question after the attempt. What the exam does not show is ``None``."""

    question: PaperQuestion
    earned: Any
    is_right: bool | None
    right_answer: Any = None
    explanation: str = ""
    feedback: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Review:
    """What a learner sees of an ended attempt. Empty ``questions``: the exam shows only the score, or not yet."""

    attempt: Attempt
    questions: tuple[Reviewed, ...]
    shown_from: str = ""


def review(viewer: core.Viewer, attempt: Attempt, now: datetime | None = None) -> Review:
    """What came of an attempt, as far as its exam shows it. At most three statements.

    :raises core.Refusal: ``attempt_running``: before it is submitted, nothing is told.
    """
    if attempt.status == Attempt.Status.RUNNING:
        raise core.Refusal("attempt_running", _("The attempt has not been submitted yet."))
    exam = attempt.exam
    if exam.shown == Exam.Shown.NOTHING or not _shown_now(viewer, exam, now or timezone.now()):
        return Review(attempt, (), exam.shown_when if exam.shown != Exam.Shown.NOTHING else "")
    explained = exam.shown == Exam.Shown.EXPLAINED
    shuffle = bool(attempt.terms.get("shuffle_choices", True))
    rows = tuple(_reviewed(item, attempt.seed, shuffle, explained) for item in items_of(attempt))
    return Review(attempt, rows)


def _shown_now(viewer: core.Viewer, exam: Exam, now: datetime) -> bool:
    if exam.shown_when == Exam.ShownWhen.SUBMITTED:
        return True
    if exam.closes_at and now >= exam.closes_at:
        return True
    if exam.shown_when == Exam.ShownWhen.CLOSED:
        return False
    at = standing(viewer, exam, now)
    return at.running is None and (at.passed or at.left == 0)


def _reviewed(item: PaperItem, seed: int, shuffle: bool, explained: bool) -> Reviewed:
    content = content_of(item.version)
    is_right = None if item.share is None else item.share == 1
    shown = _asked(item, seed, shuffle)
    if not explained:
        return Reviewed(shown, item.earned, is_right, feedback=tuple(filter(None, [item.feedback])))
    said = [*_feedback(content, item.chosen), item.feedback]
    return Reviewed(
        shown,
        item.earned,
        is_right,
        right_answer(content),
        item.version.explanation,
        tuple(filter(None, said)),
    )


def _feedback(content: Any, chosen: Sequence[str]) -> list[str]:
    """What the author says to whoever answered so."""
    if content.kind in ("single", "multiple"):
        return [each.feedback for each in content.choices if each.key in chosen]
    if content.kind == "true_false" and chosen:
        return [content.feedback_true if chosen[0] == "true" else content.feedback_false]
    if content.kind == "numeric":
        return [each.feedback for at, each in enumerate(content.accepted) if str(at) in chosen]
    if content.kind == "fill_in":
        pairs = zip(content.blanks, chosen, strict=False)
        return [
            each.feedback
            for blank, number in pairs
            for at, each in enumerate(blank.accepted)
            if str(at) == number
        ]
    return []


def attempts_with_items(ids: Sequence[int]) -> list[Attempt]:
    """Attempts with their papers, for grading many at once. Two statements."""
    items = PaperItem.objects.select_related("version").order_by("position")
    return list(
        Attempt.objects.filter(pk__in=ids).prefetch_related(Prefetch("items", queryset=items)).order_by("pk")
    )
