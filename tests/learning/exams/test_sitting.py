"""An exam from start to result: the stored paper, answers in any order and more than once, time, grades."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from qudao_core import api as core
from qudao_learning import api as learning
from qudao_learning.api import AnswerInput, SectionInput
from qudao_learning.bank.queries import content_of
from qudao_learning.bank.rules.answers import right_answer
from qudao_learning.bank.rules.contents import SingleChoice, choices_of
from qudao_learning.exams.models import Attempt, PaperItem
from qudao_learning.exams.services import submit_overdue
from qudao_learning.signals import attempt_graded
from qudao_learning.testing import every_kind, make_bank, make_exam, single
from qudao_partner_portal import testing as portal

from tests.learning.conftest import School

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def right_answers(attempt: Attempt) -> list[AnswerInput]:
    items = attempt.items.select_related("version")
    answers = [(each, right_answer(content_of(each.version))) for each in items]
    return [AnswerInput(each.position, 1, answer) for each, answer in answers if answer is not None]


def test_a_paper_is_drawn_once_and_stays(school: School) -> None:
    viewer, exam = school.viewer(school.lin), make_exam()
    attempt = learning.start_attempt(viewer=viewer, exam=exam)
    paper = learning.paper(attempt)
    question = attempt.items.first().version.question  # type: ignore[union-attr]
    learning.save_question(actor=None, bank=exam.bank, question=single("Changed?"), replaces=question)
    again = learning.start_attempt(viewer=viewer, exam=exam)
    assert again.pk == attempt.pk and learning.paper(again).questions == paper.questions


def test_no_question_tells_what_is_right(school: School) -> None:
    exam = make_exam(make_bank(every_kind()))
    attempt = learning.start_attempt(viewer=school.viewer(school.lin), exam=exam)
    said = repr([(each.text, each.content) for each in learning.paper(attempt).questions])
    for secret in (
        "weight",
        "feedback",
        "accepted",
        "LED灯",
        "is_true",
        "right_order",
        "pairs",
        "Names the risk",
        "Because",
    ):
        assert secret not in said
    with pytest.raises(core.Refusal) as caught:
        learning.review(school.viewer(school.lin), attempt)
    assert caught.value.code == "attempt_running"


def test_everything_right_is_everything_earned(school: School) -> None:
    viewer = school.viewer(school.lin)
    exam = make_exam(make_bank(each for each in every_kind() if each.content.kind != "essay"))
    attempt = learning.start_attempt(viewer=viewer, exam=exam)
    outcomes = learning.save_answers(viewer=viewer, attempt=attempt, answers=right_answers(attempt))
    assert {each.outcome for each in outcomes} == {"saved"}
    done, _left = learning.submit_attempt(viewer=viewer, attempt=attempt)
    assert (done.status, done.percent, done.passed, done.ended_by) == (
        "graded",
        Decimal(100),
        True,
        "learner",
    )
    review = learning.review(viewer, done)
    assert all(each.is_right and each.explanation for each in review.questions)


def test_an_essay_waits_for_a_person(school: School, django_capture_on_commit_callbacks: Any) -> None:
    told: list[dict[str, Any]] = []

    def hear(sender: Any, **facts: Any) -> None:
        told.append(facts)

    attempt_graded.connect(hear)
    viewer, trainer = school.viewer(school.lin), school.viewer(school.trainer)
    exam = make_exam(make_bank(each for each in every_kind() if each.content.kind in ("essay", "single")))
    attempt = learning.start_attempt(viewer=viewer, exam=exam)
    essay = next(
        each.position for each in learning.paper(attempt).questions if each.content["kind"] == "essay"
    )
    answers = [*right_answers(attempt), AnswerInput(essay, 1, "The risk is heat.")]
    with django_capture_on_commit_callbacks(execute=True):
        done, _outcomes = learning.submit_attempt(viewer=viewer, attempt=attempt, answers=answers)
    assert (done.status, done.passed, told) == ("grading", None, [])
    with pytest.raises(core.Forbidden):
        learning.grade_by_hand(actor=viewer, attempt=done, position=essay, share=Decimal(1))
    for position, share, code in (
        (essay, "1.5", "share_out_of_range"),
        (99, "1", "not_on_paper"),
        (3 - essay, "1", "graded_by_key"),
    ):
        with pytest.raises(core.Refusal) as caught:
            learning.grade_by_hand(actor=trainer, attempt=done, position=position, share=Decimal(share))
        assert caught.value.code == code
    with django_capture_on_commit_callbacks(execute=True):
        learning.grade_by_hand(
            actor=trainer, attempt=done, position=essay, share=Decimal("0.5"), feedback="Say why."
        )
    done.refresh_from_db()
    assert (done.status, done.percent, done.passed) == ("graded", Decimal(75), True)
    assert [each["attempt_id"] for each in told] == [done.pk]
    said = [each.feedback for each in learning.review(viewer, done).questions]
    assert ("Say why.",) in said
    attempt_graded.disconnect(hear)


def test_the_newest_answer_stands_in_whatever_order_they_come(school: School) -> None:
    viewer = school.viewer(school.lin)
    attempt = learning.start_attempt(viewer=viewer, exam=make_exam())

    def send(sequence: int, answer: Any) -> tuple[str, Any, int]:
        (outcome,) = learning.save_answers(
            viewer=viewer, attempt=attempt, answers=[AnswerInput(1, sequence, answer)]
        )
        return outcome.outcome, outcome.answer, outcome.sequence

    assert send(2, "b") == ("saved", "b", 2)
    assert send(2, "b") == ("same", "b", 2)
    assert send(1, "a") == ("outdated", "b", 2)
    assert send(2, "a") == ("outdated", "b", 2)  # another tab
    assert send(3, None) == ("saved", None, 3)
    assert send(4, "z")[:2] == ("refused", None)
    assert PaperItem.objects.get(attempt=attempt, position=1).sequence == 3


def test_a_queue_is_taken_as_a_whole_and_judged_one_by_one(school: School) -> None:
    viewer = school.viewer(school.lin)
    attempt = learning.start_attempt(viewer=viewer, exam=make_exam())
    queue = [
        AnswerInput(1, 1, "a"),
        AnswerInput(1, 2, "b"),
        AnswerInput(2, 1, ["a"]),
        AnswerInput(9, 1, "a"),
        AnswerInput(3, 1, "c"),
    ]
    outcomes = learning.save_answers(viewer=viewer, attempt=attempt, answers=queue)
    assert [each.outcome for each in outcomes] == ["saved", "saved", "refused", "refused", "saved"]
    assert [each.problem and each.problem.code for each in outcomes] == [
        None,
        None,
        "wrong_type",
        "not_on_paper",
        None,
    ]
    assert list(attempt.items.order_by("position").values_list("answer", "sequence")) == [
        ("b", 2),
        (None, 0),
        ("c", 1),
    ]


def test_after_the_deadline_only_what_was_given_before_it_counts(school: School) -> None:
    viewer = school.viewer(school.lin)
    attempt = learning.start_attempt(viewer=viewer, exam=make_exam(minutes=10))
    assert attempt.deadline == attempt.started_at + 10 * MINUTE
    late = attempt.deadline + timedelta(seconds=30)
    with time_machine.travel(late, tick=False):
        answers = [
            AnswerInput(1, 1, "a"),
            AnswerInput(2, 1, "a", waited_ms=31_000),
            AnswerInput(3, 1, "a", waited_ms=10**12),
        ]
        outcomes = learning.save_answers(viewer=viewer, attempt=attempt, answers=answers)
    assert [each.outcome for each in outcomes] == ["too_late", "saved", "saved"]
    with time_machine.travel(attempt.deadline + timedelta(seconds=91), tick=False):
        (outcome,) = learning.save_answers(
            viewer=viewer, attempt=attempt, answers=[AnswerInput(1, 9, "a", waited_ms=10**12)]
        )
    assert outcome.outcome == "too_late"


def test_the_server_submits_when_nobody_is_there(school: School) -> None:
    viewer = school.viewer(school.lin)
    attempt = learning.start_attempt(viewer=viewer, exam=make_exam(minutes=10))
    learning.save_answers(viewer=viewer, attempt=attempt, answers=right_answers(attempt)[:2])
    assert submit_overdue(attempt.deadline + timedelta(seconds=60)) == 0
    assert submit_overdue(attempt.deadline + timedelta(seconds=91)) == 1
    assert submit_overdue(attempt.deadline + timedelta(seconds=92)) == 0
    attempt.refresh_from_db()
    assert (attempt.ended_by, attempt.submitted_at, attempt.percent) == (
        "deadline",
        attempt.deadline,
        Decimal("66.67"),
    )
    with pytest.raises(core.Conflict) as caught:
        learning.save_answers(viewer=viewer, attempt=attempt, answers=[AnswerInput(3, 1, "a")])
    assert caught.value.code == "attempt_over"


def test_submitted_twice_it_is_submitted_once(school: School) -> None:
    viewer = school.viewer(school.lin)
    attempt = learning.start_attempt(viewer=viewer, exam=make_exam())
    first, _outcomes = learning.submit_attempt(viewer=viewer, attempt=attempt, answers=right_answers(attempt))
    again, _outcomes = learning.submit_attempt(
        viewer=viewer, attempt=attempt, answers=[AnswerInput(1, 9, "b")]
    )
    assert (again.percent, again.submitted_at) == (first.percent, first.submitted_at) and first.percent == 100


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"opens_at": timezone.now() + timedelta(days=400)}, "exam_not_open_yet"),
        ({"closes_at": timezone.now() - timedelta(days=1)}, "exam_closed"),
        ({"attempts": 0}, "no_attempts_left"),
    ],
)
def test_why_it_cannot_be_started(school: School, values: dict[str, Any], code: str) -> None:
    with pytest.raises(core.Refusal) as caught:
        learning.start_attempt(viewer=school.viewer(school.lin), exam=make_exam(**values))
    assert caught.value.code == code
    assert not Attempt.objects.exists()


def test_attempts_and_the_time_between_them_are_counted(school: School) -> None:
    viewer, exam = school.viewer(school.lin), make_exam(attempts=2, wait_hours=24)
    attempt = learning.start_attempt(viewer=viewer, exam=exam)
    learning.submit_attempt(viewer=viewer, attempt=attempt)
    with pytest.raises(core.Refusal) as caught:
        learning.start_attempt(viewer=viewer, exam=exam)
    assert caught.value.code == "exam_not_open_yet"
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        second = learning.start_attempt(viewer=viewer, exam=exam)
        learning.submit_attempt(viewer=viewer, attempt=second)
        assert second.number == 2
    with time_machine.travel(timezone.now() + timedelta(hours=60), tick=False):
        assert learning.standing(viewer, exam).left == 0
        learning.grant_terms(
            actor=None,
            exam=exam,
            user_id=school.lin.pk,
            extra_minutes=0,
            extra_attempts=1,
            reason="The power failed.",
        )
        assert learning.start_attempt(viewer=viewer, exam=exam).number == 3


def test_extra_time_reaches_a_running_attempt_and_the_next(school: School) -> None:
    viewer, exam = school.viewer(school.lin), make_exam(minutes=10)
    attempt = learning.start_attempt(viewer=viewer, exam=exam)
    learning.grant_terms(
        actor=None, exam=exam, user_id=school.lin.pk, extra_minutes=5, extra_attempts=0, reason="Dyslexia"
    )
    attempt.refresh_from_db()
    assert attempt.deadline == attempt.started_at + 15 * MINUTE
    learning.submit_attempt(viewer=viewer, attempt=attempt)
    following = learning.start_attempt(viewer=viewer, exam=exam)
    assert following.deadline == following.started_at + 15 * MINUTE


def test_an_exam_is_seen_by_its_audience_and_an_attempt_by_its_person(school: School) -> None:
    exam = make_exam(audience_keys=[f"company:{school.dealer.pk}"])
    stranger = portal.viewer_of(
        portal.make_person(portal.make_company("Other", parent=portal.make_company("Root")))
    )
    attempt = learning.start_attempt(viewer=school.viewer(school.lin), exam=exam)
    for viewer in (stranger, core.Viewer()):
        with pytest.raises(core.NotFound):
            learning.get_exam(viewer, exam.code)
    for viewer in (stranger, core.Viewer(), school.viewer(school.wei), school.viewer(school.trainer)):
        with pytest.raises(core.NotFound):
            learning.get_attempt(viewer, attempt.key)


def test_who_leaves_the_company_still_ends_the_attempt(school: School) -> None:
    exam = make_exam(audience_keys=[f"company:{school.dealer.pk}"])
    attempt = learning.start_attempt(viewer=school.viewer(school.lin), exam=exam)
    school.lin.memberships.all().delete()
    viewer = school.viewer(school.lin)
    learning.save_answers(
        viewer=viewer, attempt=learning.get_attempt(viewer, attempt.key), answers=right_answers(attempt)
    )
    done, _outcomes = learning.submit_attempt(viewer=viewer, attempt=attempt)
    assert done.passed and done.company_id == school.dealer.pk
    with pytest.raises(core.NotFound):
        learning.get_exam(viewer, exam.code)


def test_negative_marking_takes_points_and_never_below_zero(school: School) -> None:
    questions = [
        single(f"{number}?").model_copy(
            update={"content": SingleChoice(choices=choices_of([("Right", 100, ""), ("Wrong", -50, "")]))}
        )
        for number in range(2)
    ]
    viewer = school.viewer(school.lin)
    for negative, percent in ((True, "25.00"), (False, "50.00")):
        exam = make_exam(make_bank(questions), negative_marking=negative)
        attempt = learning.start_attempt(viewer=viewer, exam=exam)
        answers = [AnswerInput(1, 1, "a"), AnswerInput(2, 1, "b")]
        done, _outcomes = learning.submit_attempt(viewer=viewer, attempt=attempt, answers=answers)
        assert str(done.percent) == percent


@pytest.mark.parametrize(
    ("shown", "when", "questions", "explained"),
    [
        ("nothing", "submitted", 0, False),
        ("answers", "submitted", 3, False),
        ("explained", "submitted", 3, True),
        ("explained", "done", 0, False),
        ("explained", "closed", 0, False),
    ],
)
def test_what_is_shown_afterwards(
    school: School, shown: str, when: str, questions: int, explained: bool
) -> None:
    viewer = school.viewer(school.lin)
    attempt = learning.start_attempt(viewer=viewer, exam=make_exam(shown=shown, shown_when=when))
    done, _outcomes = learning.submit_attempt(viewer=viewer, attempt=attempt)
    found = learning.review(viewer, done)
    assert len(found.questions) == questions
    assert all((each.right_answer is not None) is explained for each in found.questions)


def test_all_is_shown_after_passing(school: School) -> None:
    viewer = school.viewer(school.lin)
    attempt = learning.start_attempt(viewer=viewer, exam=make_exam(shown_when="done"))
    done, _outcomes = learning.submit_attempt(viewer=viewer, attempt=attempt, answers=right_answers(attempt))
    assert len(learning.review(viewer, done).questions) == 3


def test_statements_of_start_answer_and_result(school: School) -> None:
    viewer = school.viewer(school.lin)
    for number in (5, 40):
        exam = make_exam(make_bank(single(f"{number}-{each}?") for each in range(number)))
        with CaptureQueriesContext(connection) as started:
            attempt = learning.start_attempt(viewer=viewer, exam=exam)
        answer = AnswerInput(1, 1, "a")
        with CaptureQueriesContext(connection) as saved:
            learning.save_answers(viewer=viewer, attempt=attempt, answers=[answer])
        many = [AnswerInput(at + 1, 2, "a") for at in range(number)]
        with CaptureQueriesContext(connection) as queue:
            learning.save_answers(viewer=viewer, attempt=attempt, answers=many)
        with CaptureQueriesContext(connection) as submitted:
            learning.submit_attempt(viewer=viewer, attempt=attempt)
        assert [len(started), len(saved), len(queue), len(submitted)] == [12, 5, 5, 14]


def test_blueprints_that_cannot_be_filled_are_refused_when_they_are_made() -> None:
    bank = make_bank(single(f"{number}?", topic="Lamps") for number in range(2))
    with pytest.raises(core.Refusal) as caught:
        make_exam(bank, sections=[SectionInput(count=1), SectionInput(count=2, topic="Lamps")])
    assert caught.value.code == "bank_too_small" and len(caught.value.problems) == 1


@pytest.mark.parametrize(
    ("values", "sections", "keys", "code"),
    [
        (
            {"opens_at": timezone.now(), "closes_at": timezone.now() - MINUTE},
            None,
            ["everyone"],
            "dates_reversed",
        ),
        ({}, [SectionInput(count=201)], ["everyone"], "too_many"),
        ({}, None, ["nobody:7"], "unknown_audience"),
        ({"pass_percent": Decimal(101)}, None, ["everyone"], "invalid"),
        ({"minutes": 0}, None, ["everyone"], "invalid"),
        ({"shown": "everything"}, None, ["everyone"], "invalid"),
        ({}, [SectionInput(question=10**9)], ["everyone"], "unknown_question"),
        ({}, [SectionInput(difficulty="fiendish")], ["everyone"], "not_a_choice"),
    ],
)
def test_exams_that_make_no_sense_are_refused(values: Any, sections: Any, keys: list[str], code: str) -> None:
    with pytest.raises(core.Refusal) as caught:
        make_exam(sections=sections or (), audience_keys=keys, **values)
    assert caught.value.code == code


@pytest.mark.parametrize("kind", ["single", "fill_in", "numeric", "ordering", "matching", "case"])
def test_what_has_a_key_and_no_answer_is_not_graded_by_hand(school: School, kind: str) -> None:
    exam = make_exam(make_bank(each for each in every_kind() if each.content.kind == kind))
    viewer = school.viewer(school.lin)
    done, _outcomes = learning.submit_attempt(
        viewer=viewer, attempt=learning.start_attempt(viewer=viewer, exam=exam)
    )
    with pytest.raises(core.Refusal) as caught:
        learning.grade_by_hand(
            actor=school.viewer(school.trainer), attempt=done, position=1, share=Decimal(1)
        )
    assert caught.value.code == "graded_by_key"
