"""The demo's questions and exams."""

from collections import Counter
from pathlib import Path

import pytest
from qudao_learning import api as learning
from qudao_learning.bank.models import Question, QuestionVersion
from qudao_learning.exams import queries, rules
from qudao_learning.exams.models import Attempt, Exam
from qudao_site.demo import exams
from qudao_site.demo.channel import LANGUAGES, SHIPPED, load
from qudao_site.models import User

CHANNEL = load(SHIPPED)
BANKS = sorted(CHANNEL.banks)
KINDS = {"single", "multiple", "true_false", "fill_in", "numeric", "ordering", "matching", "essay", "case"}


def read(bank: str, language: str) -> list[learning.QuestionInput]:
    return [learning.read_question(row) for row in CHANNEL.banks[bank].rows(language)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("bank", BANKS)
def test_every_question_can_be_asked_and_teaches(bank, language):
    faults = {each.external_key: each.faults() for each in read(bank, language) if each.faults()}
    assert faults == {}
    assert [each.external_key for each in read(bank, language) if not each.explanation] == []


@pytest.mark.parametrize("bank", BANKS)
def test_both_languages_have_the_same_keys_types_and_difficulties(bank):
    def shape(language):
        return {
            each.external_key.removesuffix(f"-{language}"): (each.content.kind, each.difficulty)
            for each in read(bank, language)
        }

    assert shape("en") == shape("zh-hans")
    assert len(shape("en")) == len(CHANNEL.banks[bank].questions)


@pytest.mark.parametrize("bank", BANKS)
def test_each_bank_has_every_type_and_difficulty(bank):
    questions = CHANNEL.banks[bank].questions
    assert {each.kind for each in questions} == KINDS
    assert min(Counter(each.difficulty for each in questions).values()) >= 5


def test_no_two_questions_have_the_same_key():
    keys = Counter(each.key for bank in CHANNEL.banks.values() for each in bank.questions)
    assert [key for key, count in keys.items() if count > 1] == []


def test_an_unknown_topic_is_named(tmp_path: Path):
    entry = CHANNEL.banks[BANKS[0]].questions[0].model_copy(update={"topic": "nowhere"})
    with pytest.raises(KeyError, match="nowhere"):
        CHANNEL.banks[BANKS[0]].model_copy(update={"questions": (entry,)}).rows("en")


@pytest.mark.django_db
def test_every_exam_can_be_filled_and_everything_can_be_loaded_again(django_user_model):
    author = django_user_model.objects.create(email="author@example.com")
    banks = exams.make_banks(author, CHANNEL)
    made = exams.make_exams(author, CHANNEL, banks)
    assert {row.code for row in made.values()} == {
        f"{entry.code}-{language}" for entry in CHANNEL.learning.exams for language in LANGUAGES
    }
    for exam in made.values():
        drawn, short = rules.draw(queries.slots_of(exam.sections.all()), queries.candidates(exam.bank_id))
        assert not short
        assert len(drawn) == sum(row.count for row in exam.sections.all())
    assert exams.make_exams(author, CHANNEL, exams.make_banks(author, CHANNEL)).keys() == made.keys()
    written = sum(len(bank.questions) for bank in CHANNEL.banks.values()) * len(LANGUAGES)
    assert Question.objects.count() == QuestionVersion.objects.count() == written
    assert Exam.objects.count() == len(made)


@pytest.mark.slow
def test_people_have_passed_and_failed_in_the_past(channel):
    graded = Attempt.objects.filter(status=Attempt.Status.GRADED)
    assert set(graded.values_list("passed", flat=True)) == {True, False}
    assert all(row.submitted_at < channel for row in Attempt.objects.all())
    assert Attempt.objects.count() == len(CHANNEL.learning.sittings)
    users = {user.email: user for user in User.objects.all()}
    made = exams.make_exams(None, CHANNEL, exams.make_banks(None, CHANNEL))
    assert exams.sit_exams(users, CHANNEL, made, channel) == 0
