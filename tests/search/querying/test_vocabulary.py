"""The words of titles, kept in the process: new ones are read, all ones are not read again."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from qudao_search.entries.models import Word
from qudao_search.querying import spelling

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    spelling.forget()
    yield
    spelling.forget()


def learn(*words: str) -> None:
    Word.objects.bulk_create([Word(text=word) for word in words])


def test_words_are_learnt_as_they_come_in_one_statement(django_assert_num_queries: Any) -> None:
    assert spelling.nearest_queries("swtich") == []
    learn("switch")
    with django_assert_num_queries(1):
        assert spelling.nearest_queries("swtich") == ["switch"]
    learn("switches")
    assert spelling.nearest_queries("swtiches") == ["switches"]


def test_only_new_words_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spelling, "LOOK_BACK", 1)
    learn(*(f"word{chr(97 + n)}" for n in range(20)))
    spelling.nearest_queries("x")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        spelling.nearest_queries("x")
    assert f"> {Word.objects.order_by('-pk')[0].pk - 1}" in captured[0]["sql"]


def test_a_process_keeps_no_more_than_it_should(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spelling, "MOST_WORDS", 2)
    monkeypatch.setattr(spelling, "LOOK_BACK", 0)
    learn("switch", "cable", "lamp")
    assert spelling.nearest_queries("cabel") == ["cable"]
    assert spelling.nearest_queries("lanp") == []
