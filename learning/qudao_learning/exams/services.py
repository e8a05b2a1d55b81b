"""Writes of exams: blueprints, attempts from start to result, answers one by one as they are given."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from qudao_core import api as core
from qudao_core import bulk_sql
from qudao_core.viewers import require_permission
from qudao_partner_portal import api as portal

from ..bank.messages import answer_message
from ..bank.models import Question
from ..bank.queries import content_of
from ..bank.rich_text import sanitised
from ..bank.rules.answers import AnswerError, grade, is_graded_by_hand, points_for, read_answer
from ..signals import attempt_graded
from . import queries, rules
from .models import Attempt, Exam, ExamAudience, ExamTerms, PaperItem, Section

#: So many overdue attempts are submitted at once; the dispatcher goes on in its next round.
PORTION = 100


@dataclass(frozen=True, slots=True)
class SectionInput:
    """A row of a blueprint. ``question`` is the id of a fixed question; then topic and difficulty do not count."""

    count: int = 1
    topic: str = ""
    difficulty: str = ""
    points: Decimal = Decimal(1)
    question: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerInput:
    """An answer to the question at ``position`` of the paper.

    ``sequence`` grows with each change the learner makes; ``waited_ms``: how long it lay in the browser's queue,
    which counts for what was given before the deadline and could not be sent.
    """

    position: int
    sequence: int
    answer: Any
    waited_ms: int = 0


@dataclass(frozen=True, slots=True)
class AnswerOutcome:
    """What became of an answer: ``saved``, ``same``, ``outdated``, ``too_late`` or ``refused`` with a problem.

    ``answer`` and ``sequence`` are what is stored now.
    """

    position: int
    outcome: str
    answer: Any
    sequence: int
    problem: core.Problem | None = None


# --- Keeping exams ---


@transaction.atomic
def save_exam(
    *,
    actor: Any,
    values: Mapping[str, Any],
    sections: Sequence[SectionInput],
    audience_keys: Iterable[str],
    exam: Exam | None = None,
) -> Exam:
    """Make an exam, or change ``exam``: ``values`` are its fields, ``sections`` its whole blueprint.

    Attempts that have begun keep their paper and their rules. Records ``qudao.exam.saved``.

    :raises core.Refusal: ``code_taken``, ``dates_reversed``, ``unknown_audience``, ``no_sections``, ``too_many``;
        ``bank_too_small`` with a problem for each section that lacks questions; ``values_invalid``.
    """
    row = exam or Exam()
    for name, value in values.items():
        setattr(row, name, value)
    row.introduction, row.introduction_zh = sanitised(row.introduction), sanitised(row.introduction_zh)
    _refuse_values(row, sections)
    keys = sorted(set(audience_keys))
    unknown = portal.unknown_keys(keys)
    if unknown:
        raise core.Refusal(
            "unknown_audience",
            _("There is no audience %(keys)s.") % {"keys": core.join_list(sorted(unknown)[:10])},
            field="audience_keys",
        )
    row.save()
    row.sections.all().delete()
    Section.objects.bulk_create(_section(row, at, each) for at, each in enumerate(sections))
    row.audiences.all().delete()
    ExamAudience.objects.bulk_create(ExamAudience(exam=row, audience_key=key) for key in keys)
    core.bump("exams")
    problems = _shortfalls(row, queries.candidates(row.bank_id))
    if problems:
        raise _too_small(problems)
    core.record(actor=actor, instance=row, action="qudao.exam.saved")
    return row


@transaction.atomic
def set_status(*, actor: Any, exam: Exam, status: str) -> Exam:
    """Open an exam, withdraw it, or make it a draft again. Running attempts go on.

    :raises core.Refusal: ``not_a_choice``; ``bank_too_small``: it cannot be opened.
    """
    core.require_choice(status, Exam.Status.values, field="status")
    if status == Exam.Status.OPEN:
        problems = _shortfalls(exam, queries.candidates(exam.bank_id))
        if problems:
            raise _too_small(problems)
    if exam.status != status:
        before, exam.status = exam.status, status
        exam.save(update_fields=["status", "updated_at"])
        data = {"changes": {"status": [before, status]}}
        core.record(actor=actor, instance=exam, action="qudao.exam.status", data=data)
    return exam


@transaction.atomic
def grant_terms(
    *, actor: Any, exam: Exam, user_id: int, extra_minutes: int, extra_attempts: int, reason: str
) -> ExamTerms:
    """Grant a person more time or attempts than an exam gives; the same again replaces what was granted.

    A running attempt gets the time at once. Records ``qudao.exam.terms``.

    :raises core.Refusal: ``required``: without a reason.
    """
    if not reason.strip():
        raise core.Refusal("required", _("A reason is needed."), field="reason")
    values = {"extra_minutes": extra_minutes, "extra_attempts": extra_attempts, "reason": reason.strip()}
    row, _created = ExamTerms.objects.update_or_create(exam=exam, user_id=user_id, defaults=values)
    running = Attempt.objects.select_for_update().filter(
        exam=exam, user_id=user_id, status=Attempt.Status.RUNNING
    )
    for attempt in running:
        attempt.deadline = _deadline(exam, attempt.started_at, extra_minutes)
        attempt.save(update_fields=["deadline"])
    core.record(actor=actor, instance=exam, action="qudao.exam.terms", data={"user": user_id, **values})
    return row


def refuse_unfillable(bank_id: int) -> None:
    """:raises core.Refusal: ``bank_too_small``: an open exam could no longer fill its papers from the bank."""
    pool = queries.candidates(bank_id)
    rows = Exam.objects.filter(bank_id=bank_id, status=Exam.Status.OPEN).prefetch_related("sections")
    problems = [problem for exam in rows for problem in _shortfalls(exam, pool)]
    if problems:
        raise _too_small(problems)


def _refuse_values(row: Exam, sections: Sequence[SectionInput]) -> None:
    if row.opens_at and row.closes_at and row.opens_at >= row.closes_at:
        raise core.Refusal("dates_reversed", _("The exam closes before it opens."), field="closes_at")
    if not sections:
        raise core.Refusal("no_sections", _("The exam needs at least one section."), field="sections")
    if sum(each.count for each in sections) > rules.MOST_ITEMS:
        raise core.Refusal(
            "too_many",
            _("A paper has at most %(most)d questions.") % {"most": rules.MOST_ITEMS},
            field="sections",
            params={"most": rules.MOST_ITEMS},
        )
    if Exam.objects.filter(code=row.code).exclude(pk=row.pk).exists():
        raise core.Refusal("code_taken", _("This code is in use already."), field="code")
    fixed = {each.question for each in sections if each.question}
    known = set(Question.objects.filter(bank_id=row.bank_id, pk__in=fixed).values_list("pk", flat=True))
    for at, each in enumerate(sections):
        core.require_choice(
            each.difficulty, ["", *Question.Difficulty.values], field=f"sections.{at}.difficulty"
        )
        if each.question and each.question not in known:
            raise core.Refusal(
                "unknown_question", _("The bank has no such question."), field=f"sections.{at}.question"
            )
    try:
        row.clean_fields(exclude=["bank"])
    except ValidationError as error:
        problems = [
            core.Problem("invalid", core.join_sentences(*said), field=name)
            for name, said in error.message_dict.items()
        ]
        raise core.refusal_of(problems) from error


def _section(exam: Exam, at: int, given: SectionInput) -> Section:
    if given.question:
        return Section(exam=exam, position=at, question_id=given.question, points=given.points)
    return Section(
        exam=exam,
        position=at,
        topic=given.topic,
        difficulty=given.difficulty,
        count=given.count,
        points=given.points,
    )


def _shortfalls(exam: Exam, pool: Sequence[rules.Candidate]) -> list[core.Problem]:
    sections = list(exam.sections.all())
    _drawn, short = rules.draw(queries.slots_of(sections), pool)
    return [_lacks(exam, each) for each in short]


def _lacks(exam: Exam, short: rules.Shortfall) -> core.Problem:
    message = ngettext_lazy(
        "“%(exam)s”, section %(section)d: %(missing)d question is missing in the bank.",
        "“%(exam)s”, section %(section)d: %(missing)d questions are missing in the bank.",
        "missing",
    )
    params = {"exam": str(exam), "section": short.row + 1, "missing": short.missing}
    return core.Problem(
        "bank_too_small", message % params, field=f"sections.{short.row}.count", params=params
    )


def _too_small(problems: Sequence[core.Problem]) -> core.Refusal:
    return core.Refusal(
        "bank_too_small",
        _("The question bank cannot fill the exam."),
        remedy=_("Add questions, or ask for fewer."),
        problems=problems,
    )


# --- Sitting an exam ---


def start_attempt(*, viewer: core.Viewer, exam: Exam) -> Attempt:
    """Begin an attempt: the paper is drawn and stored, the clock starts. A running attempt is taken up instead.

    Records ``qudao.attempt.started``.

    :raises core.Refusal: ``exam_not_open_yet``, ``exam_closed``, ``exam_withdrawn``, ``no_attempts_left``;
        ``bank_too_small``.
    """
    now = timezone.now()
    at = queries.standing(viewer, exam, now)
    if at.running is not None:
        return _unless_over(at.running, now)
    if at.refusal is not None:
        raise core.refusal_of([at.refusal])
    try:
        with transaction.atomic():
            return _begin(viewer, at, now)
    except IntegrityError:  # the same person, at the same moment, in another tab
        return Attempt.objects.get(exam=exam, user_id=viewer.user_id, status=Attempt.Status.RUNNING)


@transaction.atomic
def save_answers(
    *, viewer: core.Viewer, attempt: Attempt, answers: Sequence[AnswerInput], now: datetime | None = None
) -> list[AnswerOutcome]:
    """Store answers as they are given; each is judged by itself, and the outcome says what is stored now.

    Safe to repeat, in any order: a larger ``sequence`` wins. An answer is late when it arrives after the deadline,
    unless it was given before it and arrives within :data:`.rules.GRACE`. Three statements for any number.

    :raises core.Refusal: ``too_many``; ``attempt_over``: it has been submitted, and nothing is taken any more.
    """
    if len(answers) > rules.MOST_ITEMS * 5:
        raise core.Refusal("too_many", _("Too many answers at once."), params={"most": rules.MOST_ITEMS * 5})
    now = now or timezone.now()
    locked = Attempt.objects.select_for_update().only("status", "deadline").get(pk=attempt.pk)
    if locked.status != Attempt.Status.RUNNING:
        raise core.Conflict(
            "attempt_over",
            _("The attempt has been submitted. Nothing can be changed any more."),
            remedy=_("Open the result."),
        )
    wanted = {each.position for each in answers}
    rows = attempt.items.filter(position__in=wanted).select_related("version")
    items = {item.position: item for item in rows}
    changed: dict[int, PaperItem] = {}
    outcomes = [_take(viewer, items, changed, each, locked.deadline, now) for each in answers]
    _store(list(changed.values()), now)
    return outcomes


def submit_attempt(
    *, viewer: core.Viewer, attempt: Attempt, answers: Sequence[AnswerInput] = ()
) -> tuple[Attempt, list[AnswerOutcome]]:
    """Hand in an attempt, with the answers that still wait to be sent. Submitted twice, it is submitted once.

    What can be graded by a program is graded at once; the attempt waits for a person where an essay was asked.
    Records ``qudao.attempt.submitted``, emits ``attempt.graded`` and sends :data:`..signals.attempt_graded`.
    """
    outcomes: list[AnswerOutcome] = []
    with transaction.atomic():
        if answers and attempt.status == Attempt.Status.RUNNING:
            try:
                outcomes = save_answers(viewer=viewer, attempt=attempt, answers=answers)
            except core.Conflict:
                outcomes = []
        _finish([attempt.pk], timezone.now(), Attempt.EndedBy.LEARNER)
    return queries.get_attempt(viewer, attempt.key), outcomes


def submit_overdue(now: datetime | None = None) -> int:
    """Submit attempts whose time and grace are over, whether anybody is there or not. Returns how many.

    The dispatcher calls it in each round; a bounded portion, safe to run in several processes.
    """
    now = now or timezone.now()
    done = 0
    with transaction.atomic():
        overdue = Attempt.objects.select_for_update(skip_locked=True).filter(
            status=Attempt.Status.RUNNING, deadline__lt=now - rules.GRACE
        )
        ids = list(overdue.order_by("pk").values_list("pk", flat=True)[:PORTION])
        if ids:
            done = _finish(ids, now, Attempt.EndedBy.DEADLINE)
    return done


def _unless_over(attempt: Attempt, now: datetime) -> Attempt:
    """A running attempt, submitted first when its time is over."""
    if attempt.deadline and now > attempt.deadline + rules.GRACE:
        with transaction.atomic():
            _finish([attempt.pk], now, Attempt.EndedBy.DEADLINE)
        attempt.refresh_from_db()
    return attempt


def take_up(attempt: Attempt) -> Attempt:
    """An attempt as it stands now: submitted by the server when its time is over and nobody has done so yet."""
    running = attempt.status == Attempt.Status.RUNNING
    return _unless_over(attempt, timezone.now()) if running else attempt


def _begin(viewer: core.Viewer, at: queries.Standing, now: datetime) -> Attempt:
    exam = at.exam
    assert viewer.user_id is not None
    sections = list(exam.sections.order_by("position", "pk"))
    seed = secrets.randbits(53)
    drawn, short = rules.draw(
        queries.slots_of(sections),
        queries.cached_candidates(exam.bank_id),
        seen=queries.seen(viewer.user_id, exam.bank_id),
        seed=seed,
    )
    if short:
        raise _too_small([_lacks(exam, each) for each in short])
    if exam.shuffle_questions:
        order = rules.shuffled([str(number) for number in range(len(drawn))], seed, 0)
        drawn = [drawn[int(number)] for number in order]
    extra = (at.minutes or 0) - (exam.minutes or 0)
    attempt = Attempt(
        exam=exam,
        user_id=viewer.user_id,
        company_id=viewer.company_id,
        number=max((each.number for each in at.attempts), default=0) + 1,
        terms=_terms(exam, extra),
        seed=seed,
        started_at=now,
        deadline=_deadline(exam, now, extra),
        possible=sum((sections[row].points for row, _candidate in drawn), Decimal(0)),
    )
    attempt.save(force_insert=True)
    PaperItem.objects.bulk_create(
        PaperItem(
            attempt=attempt, position=position, version_id=candidate.version_id, points=sections[row].points
        )
        for position, (row, candidate) in enumerate(drawn, start=1)
    )
    core.record(actor=viewer, instance=attempt, action="qudao.attempt.started")
    return attempt


def _terms(exam: Exam, extra_minutes: int) -> dict[str, Any]:
    return {
        "pass_percent": str(exam.pass_percent),
        "minutes": exam.minutes,
        "extra_minutes": extra_minutes,
        "negative_marking": exam.negative_marking,
        "shuffle_choices": exam.shuffle_choices,
    }


def _deadline(exam: Exam, started: datetime, extra_minutes: int) -> datetime | None:
    return rules.deadline(
        started, minutes=exam.minutes, extra_minutes=extra_minutes, closes_at=exam.closes_at
    )


def _take(
    viewer: core.Viewer,
    items: Mapping[int, PaperItem],
    changed: dict[int, PaperItem],
    given: AnswerInput,
    ends: datetime | None,
    now: datetime,
) -> AnswerOutcome:
    item = items.get(given.position)
    if item is None:
        problem = core.Problem("not_on_paper", _("Your paper has no such question."), field="position")
        return AnswerOutcome(given.position, "refused", None, 0, problem)
    try:
        read = read_answer(content_of(item.version), given.answer, viewer.language)
    except AnswerError as error:
        field = f"answer.{error.part}" if error.part else "answer"
        problem = core.Problem(
            error.code, answer_message(error.code, error.params), field=field, params=dict(error.params)
        )
        return _outcome(item, "refused", problem)
    outcome = rules.compare_answer(item.answer, item.sequence, read, given.sequence)
    if outcome == rules.SAVED and not rules.is_in_time(now, ends, waited_ms=given.waited_ms):
        problem = core.Problem("too_late", _("The time was up before this answer arrived."), field="answer")
        return _outcome(item, "too_late", problem)
    if outcome == rules.SAVED:
        item.answer, item.sequence = read, given.sequence
        changed[item.pk] = item
    return _outcome(item, outcome)


def _outcome(item: PaperItem, outcome: str, problem: core.Problem | None = None) -> AnswerOutcome:
    return AnswerOutcome(item.position, outcome, queries.shown_answer(item.answer), item.sequence, problem)


def _store(items: Sequence[PaperItem], now: datetime) -> None:
    """One statement for all; the sequence is compared again where it is written."""
    if items:
        rows = [(item.pk, item.sequence, json.dumps(item.answer)) for item in items]
        bulk_sql.run(_STORE, rows, (bulk_sql.BIGINT, bulk_sql.BIGINT, bulk_sql.JSON), [bulk_sql.now()])


_STORE = f"""
    UPDATE "{PaperItem._meta.db_table}" SET answered_at = %s, sequence = v.c1, answer = v.c2
    FROM {{rows}} WHERE "{PaperItem._meta.db_table}".id = v.c0 AND "{PaperItem._meta.db_table}".sequence < v.c1
"""


# --- Grading ---


def _finish(ids: Sequence[int], now: datetime, ended_by: str) -> int:
    """Submit and grade running attempts in a fixed number of statements. In a transaction."""
    locked = Attempt.objects.select_for_update().filter(pk__in=ids, status=Attempt.Status.RUNNING)
    running = list(locked.order_by("pk").values_list("pk", flat=True))
    if not running:
        return 0
    attempts = queries.attempts_with_items(running)
    for attempt in attempts:
        ends = attempt.deadline
        attempt.submitted_at = min(now, ends) if ends else now
        attempt.ended_by = Attempt.EndedBy.DEADLINE if ends and now > ends + rules.GRACE else ended_by
        for item in attempt.items.all():
            _grade(item, negative=bool(attempt.terms.get("negative_marking")))
        settle(attempt, now)
    _write_grades(attempts)
    core.record_many(
        actor=None, entries=[(each, "qudao.attempt.submitted", {"by": each.ended_by}) for each in attempts]
    )
    announce([each for each in attempts if each.status == Attempt.Status.GRADED])
    return len(attempts)


def _grade(item: PaperItem, *, negative: bool) -> None:
    found = grade(content_of(item.version), item.answer)
    item.share, item.chosen = found.share, list(found.chosen)
    item.earned = points_for(found, item.points, negative=negative)


def settle(attempt: Attempt, now: datetime) -> None:
    """Put the result of a graded paper on its attempt: graded, or waiting for what a person has to grade."""
    rows = [(item.points, item.earned) for item in attempt.items.all()]
    found = rules.result_of(rows, Decimal(attempt.terms["pass_percent"]))
    is_open = any(earned is None for _points, earned in rows)
    attempt.status = Attempt.Status.GRADING if is_open else Attempt.Status.GRADED
    attempt.graded_at = None if is_open else now
    attempt.earned, attempt.percent, attempt.passed = found.earned, found.percent, found.passed


def _write_grades(attempts: Sequence[Attempt]) -> None:
    items = [item for attempt in attempts for item in attempt.items.all()]
    rows = [(item.pk, item.share, item.earned, json.dumps(item.chosen)) for item in items]
    kinds = (bulk_sql.BIGINT, bulk_sql.NUMERIC, bulk_sql.NUMERIC, bulk_sql.JSON)
    bulk_sql.run(_GRADES, rows, kinds)
    Attempt.objects.bulk_update(attempts, _RESULT)


_RESULT = ["status", "submitted_at", "ended_by", "graded_at", "earned", "percent", "passed"]
_GRADES = f"""
    UPDATE "{PaperItem._meta.db_table}" SET share = v.c1, earned = v.c2, chosen = v.c3
    FROM {{rows}} WHERE "{PaperItem._meta.db_table}".id = v.c0
"""


def announce(attempts: Sequence[Attempt]) -> None:
    """Tell that attempts have their result: an event each, and a signal after the commit."""
    facts = [
        {
            "attempt_id": each.pk,
            "exam_id": each.exam_id,
            "user_id": each.user_id,
            "company_id": each.company_id,
            "passed": bool(each.passed),
        }
        for each in attempts
    ]
    core.emit_many(core.Event("attempt.graded", f"attempt:{each['attempt_id']}", each) for each in facts)
    for each in facts:
        transaction.on_commit(lambda told=each: attempt_graded.send(Attempt, **told), robust=True)


@transaction.atomic
def grade_by_hand(
    *, actor: core.Viewer, attempt: Attempt, position: int, share: Decimal, feedback: str = ""
) -> Attempt:
    """Grade an answer that no program can: ``share`` of its points (0 … 1), with words for the learner.

    When nothing waits any more, the attempt has its result. May be changed afterwards. Records
    ``qudao.attempt.graded``.

    :raises core.Forbidden: ``permission_required``. :raises core.Refusal: ``attempt_running``, ``not_on_paper``,
        ``share_out_of_range``, ``graded_by_key``: the question has a key.
    """
    require_permission(actor, "qudao_learning.change_attempt")
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    if locked.status == Attempt.Status.RUNNING:
        raise core.Refusal("attempt_running", _("The attempt has not been submitted yet."))
    if not 0 <= share <= 1:
        raise core.Refusal("share_out_of_range", _("The share lies between 0 and 1."), field="share")
    (full,) = queries.attempts_with_items([locked.pk])
    item = next((each for each in full.items.all() if each.position == position), None)
    if item is None:
        raise core.Refusal("not_on_paper", _("This paper has no such question."), field="position")
    if not is_graded_by_hand(content_of(item.version)):
        raise core.Refusal("graded_by_key", _("This question is graded by its key."), field="position")
    return _settle_by_hand(actor, full, item, share, feedback)


def _settle_by_hand(
    actor: core.Viewer, attempt: Attempt, item: PaperItem, share: Decimal, feedback: str
) -> Attempt:
    was_graded = attempt.status == Attempt.Status.GRADED
    before = attempt.passed
    item.share, item.feedback, item.graded_by_id = share, feedback, actor.user_id
    item.earned = (share * item.points).quantize(rules.CENT)
    item.save(update_fields=["share", "feedback", "graded_by", "earned"])
    settle(attempt, timezone.now())
    attempt.save(update_fields=_RESULT)
    data = {"position": item.position, "share": str(share)}
    core.record(actor=actor, instance=attempt, action="qudao.attempt.graded", data=data)
    if attempt.status == Attempt.Status.GRADED and (not was_graded or before != attempt.passed):
        announce([attempt])
    return attempt
