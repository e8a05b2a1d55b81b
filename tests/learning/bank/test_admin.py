"""Question banks in Wagtail's admin: who gets in, what is listed, what is retired."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from qudao_learning.bank.models import Bank, Question
from qudao_learning.testing import every_kind, make_bank, make_exam, single
from qudao_partner_portal.testing import make_back_office

pytestmark = pytest.mark.django_db
ADMIN = "/admin/learning/banks"


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def trainer(school: Any) -> Client:
    return client_of(school.trainer)


def page(client: Client, path: str, **query: str) -> str:
    answer = client.get(f"{ADMIN}{path}", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_bank_is_added_listed_and_changed(trainer):
    answer = trainer.post(f"{ADMIN}/new/", {"name": "Lamps", "name_zh": "灯具", "code": "lamps"})
    bank = Bank.objects.get()
    assert answer.url == f"{ADMIN}/questions/{bank.pk}/"
    assert "lamps" in page(trainer, "/")
    assert "no questions yet" in page(trainer, f"/questions/{bank.pk}/")
    trainer.post(f"{ADMIN}/edit/{bank.pk}/", {"name": "All lamps", "code": "other"})
    bank.refresh_from_db()
    assert (bank.name, bank.code) == ("All lamps", "lamps")
    assert "All lamps" in page(trainer, f"/history/{bank.pk}/")


def test_a_taken_code_is_said_beside_its_field(trainer):
    make_bank(code="lamps")
    answer = trainer.post(f"{ADMIN}/new/", {"name": "Lamps", "code": "lamps"})
    assert answer.status_code == 200
    assert answer.context["form"].errors["code"]


def test_strangers_get_in_nowhere(school):
    bank = make_bank([single()])
    paths = ("/", "/new/", f"/edit/{bank.pk}/", f"/questions/{bank.pk}/")
    for stranger in (make_back_office("Clerk", permissions=["wagtailadmin.access_admin"]), school.lin):
        for path in paths:
            assert client_of(stranger).get(f"{ADMIN}{path}").status_code == 302
    assert Client().get(f"{ADMIN}/questions/{bank.pk}/").status_code == 302


def test_who_may_only_look_retires_nothing(school):
    bank = make_bank([single()])
    rights = ["wagtailadmin.access_admin", "qudao_learning.view_bank", "qudao_learning.view_question"]
    reader = client_of(make_back_office("Reader", permissions=rights))
    assert "Retire the selected" not in page(reader, f"/questions/{bank.pk}/")
    reader.post(f"{ADMIN}/questions/{bank.pk}/", {"question": bank.questions.get().pk, "retire": "1"})
    assert not bank.questions.get().is_retired


def test_questions_are_narrowed_down(trainer):
    bank = make_bank(
        [*every_kind(), single("Lamp & co?", topic="Lamps/LED", language="en", difficulty="hard")]
    )
    path = f"/questions/{bank.pk}/"
    assert "Lamp &amp; co?" in page(trainer, path)
    for query in ({"text": "lamp"}, {"topic": "Lamps"}, {"language": "en"}, {"difficulty": "hard"}):
        text = page(trainer, path, **query)
        assert "Lamp &amp; co?" in text
        assert "essay?" not in text
    assert "essay?" in page(trainer, path, kind="essay")
    assert "Lamp &amp; co?" not in page(trainer, path, kind="essay")
    assert "No question matches" in page(trainer, path, state="retired")
    assert "Lamp" in page(trainer, path, kind="nonsense", p="99")


def test_questions_are_retired_and_restored_in_bulk(trainer):
    bank = make_bank(single(f"{number}?") for number in range(3))
    ids = list(bank.questions.values_list("pk", flat=True))
    path = f"{ADMIN}/questions/{bank.pk}/"
    trainer.post(path, {"question": [*ids[:2], "x", "9" * 30], "retire": "1"})
    assert bank.questions.filter(is_retired=True).count() == 2
    trainer.post(path, {"question": ids, "restore": "1"})
    assert not bank.questions.filter(is_retired=True).exists()


def test_what_an_open_exam_needs_is_not_retired(trainer):
    exam = make_exam()
    ids = list(exam.bank.questions.values_list("pk", flat=True))
    path = f"{ADMIN}/questions/{exam.bank.pk}/"
    answer = trainer.post(path, {"question": ids, "retire": "1"}, follow=True)
    assert "cannot fill the exam" in answer.content.decode()
    assert not Question.objects.filter(is_retired=True).exists()


def test_the_list_takes_the_same_statements_for_any_number(trainer):
    small, large = make_bank([single()]), make_bank(single(f"{number}?") for number in range(30))
    page(trainer, f"/questions/{small.pk}/")
    counts = []
    for bank in (small, large):
        with CaptureQueriesContext(
            connection,
        ) as told:
            page(trainer, f"/questions/{bank.pk}/")
        counts.append(len(told))
    assert counts[0] == counts[1]
    assert counts[1] <= 16
