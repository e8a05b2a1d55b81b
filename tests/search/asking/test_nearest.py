"""The words of titles, kept in the process: new ones are read, all ones are not read again."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from qudao_search.asking import nearest
from qudao_search.index.models import Word

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    nearest.forget()
    yield
    nearest.forget()


def learn(*words: str) -> None:
    Word.objects.bulk_create([Word(text=word) for word in words])


def test_words_are_learnt_as_they_come_in_one_statement(django_assert_num_queries: Any) -> None:
    assert nearest.candidates("swtich") == []
    learn("switch")
    with django_assert_num_queries(1):
        assert nearest.candidates("swtich") == ["switch"]
    learn("switches")
    assert nearest.candidates("swtiches") == ["switches"]


def test_only_new_words_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "LOOK_BACK", 1)
    learn(*(f"word{chr(97 + n)}" for n in range(20)))
    nearest.candidates("x")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        nearest.candidates("x")
    assert f"> {Word.objects.order_by('-pk')[0].pk - 1}" in captured[0]["sql"]


def test_a_process_keeps_no_more_than_it_should(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "MOST_WORDS", 2)
    monkeypatch.setattr(nearest, "LOOK_BACK", 0)
    learn("switch", "cable", "lamp")
    assert nearest.candidates("cabel") == ["cable"]
    assert nearest.candidates("lanp") == []
