"""Banks and their questions: versions, files twice, and exams that a bank has to fill."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from qudao_core import api as core
from qudao_learning import api as learning
from qudao_learning.bank.models import Question, QuestionVersion
from qudao_learning.bank.queries import QuestionFilter, newest_version
from qudao_learning.bank.rules import gift, moodle_xml
from qudao_learning.testing import every_kind, make_bank, make_exam, single

from tests.learning.conftest import School

pytestmark = pytest.mark.django_db


def test_an_edit_makes_a_version_and_a_new_topic_does_not() -> None:
    bank = make_bank()
    row = learning.save_question(actor=None, bank=bank, question=single("Before?"))
    learning.save_question(actor=None, bank=bank, question=single("Before?", topic="Lamps"), replaces=row)
    assert row.version == 1 and row.topic == "Lamps"
    learning.save_question(actor=None, bank=bank, question=single("After?", topic="Lamps"), replaces=row)
    assert list(row.versions.values_list("number", "text")) == [(1, "Before?"), (2, "After?")]
    assert newest_version(row).text == "After?"


def test_going_back_to_earlier_words_is_a_version_too() -> None:
    bank = make_bank()
    row = learning.save_question(actor=None, bank=bank, question=single("One?"))
    for text in ("Two?", "One?"):
        learning.save_question(actor=None, bank=bank, question=single(text), replaces=row)
    assert list(row.versions.values_list("text", flat=True)) == ["One?", "Two?", "One?"]


def test_what_cannot_be_asked_is_refused_by_its_field() -> None:
    wrong = single("").model_copy(update={"text": " "})
    with pytest.raises(core.Refusal) as caught:
        learning.save_question(actor=None, bank=make_bank(), question=wrong)
    assert caught.value.code == "question_invalid"
    assert [(each.code, each.field) for each in caught.value.problems] == [("empty_text", "text")]


@pytest.mark.parametrize(
    "data", [None, [], {"text": "x"}, {"text": "x", "content": {"kind": "riddle"}}, {"text": 5}]
)
def test_what_is_no_question_is_refused(data: object) -> None:
    with pytest.raises(core.Refusal) as caught:
        learning.read_question(data)
    assert caught.value.code == "question_invalid" and caught.value.problems


def test_the_same_question_and_the_same_key_are_in_a_bank_once() -> None:
    bank = make_bank([single("One?", external_key="Q1")])
    for other in (single("One?"), single("Other?", external_key="Q1")):
        with pytest.raises(core.Refusal) as caught:
            learning.save_question(actor=None, bank=bank, question=other)
        assert caught.value.code == "question_taken" and caught.value.status == 409
    assert make_bank([single("One?", external_key="Q1")]).questions.count() == 1  # another bank


def test_rich_text_is_sanitised_and_accepted_answers_are_not_markup() -> None:
    question = every_kind()[3]
    evil = question.model_copy(
        update={"text": "<b>x</b><script>alert(1)</script>", "explanation": "<img src=x onerror=y>"}
    )
    row = learning.save_question(actor=None, bank=make_bank(), question=evil)
    version = newest_version(row)
    assert version.text == "<b>x</b>" and "onerror" not in version.explanation
    assert version.content["blanks"][0]["accepted"][0]["text"] == "LED灯"


def test_a_file_twice_changes_nothing_and_a_corrected_one_only_what_differs() -> None:
    bank = make_bank()
    rows = [single(f"Question {number}?", external_key=f"Q{number}") for number in range(5)]
    assert learning.save_questions(actor=None, bank=bank, questions=rows).created == 5
    again = learning.save_questions(actor=None, bank=bank, questions=rows)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 5)
    rows[2] = single("Corrected?", external_key="Q2")
    rows[3] = single("Question 3?", external_key="Q3", topic="Lamps")
    third = learning.save_questions(actor=None, bank=bank, questions=rows)
    assert (third.created, third.changed, third.unchanged) == (0, 2, 3)
    assert QuestionVersion.objects.filter(question__bank=bank).count() == 6


def test_one_bad_row_stops_a_file_unless_the_others_are_wanted() -> None:
    bank, rows = make_bank(), [single("Good?"), single(""), single("Good?")]
    with pytest.raises(core.Refusal) as caught:
        learning.save_questions(actor=None, bank=bank, questions=rows)
    assert [(each.code, each.line) for each in caught.value.problems] == [
        ("empty_text", 2),
        ("doubled_question", 3),
    ]
    assert not bank.questions.exists()
    saved = learning.save_questions(actor=None, bank=bank, questions=rows, partial=True)
    assert saved.created == 1 and [each.line for each in saved.problems] == [2, 3]


def test_as_many_statements_for_three_questions_as_for_three_hundred() -> None:
    counts = []
    for number in (3, 300):
        bank = make_bank()
        with CaptureQueriesContext(
            connection,
        ) as seen:
            learning.save_questions(
                actor=None, bank=bank, questions=[single(f"{bank.pk} {each}?") for each in range(number)]
            )
        counts.append(len(seen))
    assert counts[0] == 15 and counts[1] <= 15 + 6  # SQLite splits what has more than 999 values


def test_a_bank_keeps_what_an_open_exam_needs() -> None:
    bank = make_bank(single(f"{number}?", topic="Lamps") for number in range(3))
    make_exam(bank, sections=[learning.SectionInput(count=3, topic="Lamps")], title="Lamps")
    first = bank.questions.first()
    assert first is not None
    with pytest.raises(core.Refusal) as caught:
        learning.set_retired(actor=None, bank=bank, question_ids=[first.pk], retired=True)
    assert caught.value.code == "bank_too_small"
    assert caught.value.problems[0].params == {"exam": "Lamps", "section": 1, "missing": 1}
    with pytest.raises(core.Refusal):
        learning.save_question(
            actor=None,
            bank=bank,
            question=single("0?", topic="Elsewhere"),
            replaces=Question.objects.get(pk=first.pk),
        )
    learning.save_question(actor=None, bank=bank, question=single("Another?", topic="Lamps/LED"))
    assert learning.set_retired(actor=None, bank=bank, question_ids=[first.pk], retired=True) == 1
    assert learning.set_retired(actor=None, bank=bank, question_ids=[first.pk], retired=True) == 0


def test_only_the_back_office_reads_a_bank(school: School) -> None:
    bank = make_bank(every_kind(), code="lamps")
    for person in (school.lin, school.wei):
        with pytest.raises(core.Forbidden):
            learning.get_bank(school.viewer(person), "lamps")
    viewer = school.viewer(school.trainer)
    assert learning.get_bank(viewer, "lamps").size == 9
    found = learning.questions(viewer, bank, QuestionFilter(text="single"))
    assert [row.kind for row in found] == ["single"]


READERS = {"gift": lambda text: gift.read(text), "moodle": lambda text: moodle_xml.read(text.encode())}


@pytest.mark.parametrize("format_", ["gift", "moodle"])
def test_what_is_exported_and_imported_again_changes_nothing(school: School, format_: str) -> None:
    bank = make_bank(every_kind())
    written = learning.export(school.viewer(school.trainer), bank, format_)
    read = [each.question for each in READERS[format_](written.text) if each.question]
    assert len(read) + len(written.left_out) == 9
    saved = learning.save_questions(actor=None, bank=bank, questions=read)
    assert (saved.created, saved.changed) == (0, 0), (format_, [each.content.kind for each in read])
