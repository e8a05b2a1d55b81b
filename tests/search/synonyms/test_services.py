"""Sets of synonyms: what can be kept, and when it works."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from qudao_search.synonyms import queries
from qudao_search.synonyms.models import SynonymSet
from qudao_search.synonyms.rules import LONGEST_WORD, MOST_WORDS
from qudao_search.synonyms.services import delete_synonyms, save_synonyms
from wagtail.models import ModelLogEntry

from ..matching import document, finds

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_known() -> None:
    queries.forget()


def codes(**given: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        save_synonyms(**given)
    return {field: [error.code for error in errors] for field, errors in caught.value.error_dict.items()}


def test_a_set_is_kept_tidied() -> None:
    entry = save_synonyms(words=["  flood   light ", "", "投光灯"], note=" said so ")
    assert (entry.words, entry.finds, entry.note) == ("flood light\n投光灯", "", "said so")
    assert entry.direction == SynonymSet.Direction.TWO_WAY
    changed = save_synonyms(words=["泛光灯"], finds=["投光灯"], synonym_id=entry.pk, is_active=False)
    assert (changed.pk, changed.direction, changed.is_active) == (
        entry.pk,
        SynonymSet.Direction.ONE_WAY,
        False,
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"words": []}, {"words": ["empty"]}),
        ({"words": ["", " "], "finds": ["x"]}, {"words": ["empty"]}),
        ({"words": ["lamp"]}, {"words": ["one_word"]}),
        ({"words": ["lamp", "Lamps"]}, {"words": ["repeated"]}),
        ({"words": ["網絡", "网络"]}, {"words": ["repeated"]}),
        ({"words": ["lamp", "!!"]}, {"words": ["no_letters"]}),
        ({"words": ["lamp", "x" * (LONGEST_WORD + 1)]}, {"words": ["too_long"]}),
        ({"words": [f"w{n}w" for n in range(MOST_WORDS + 1)]}, {"words": ["too_many"]}),
        ({"words": ["lamp"], "finds": ["LAMP"]}, {"finds": ["finds_itself"]}),
        ({"words": ["lamp"], "finds": ["light", "lights"]}, {"finds": ["repeated"]}),
        ({"words": ["?"], "finds": ["!"]}, {"words": ["no_letters"], "finds": ["no_letters"]}),
    ],
)
def test_what_cannot_be_kept_and_why(given: dict[str, Any], expected: dict[str, list[str]]) -> None:
    found = codes(**given)
    assert {field: errors[:1] for field, errors in found.items()} == expected
    assert not SynonymSet.objects.exists()


def test_a_word_stands_in_one_set_only() -> None:
    entry = save_synonyms(words=["lamp", "灯"])
    assert codes(words=["Lamps", "light"]) == {"words": ["word_taken"]}
    assert codes(words=["LAMP"], finds=["light"]) == {"words": ["word_taken"]}
    save_synonyms(words=["lanp"], finds=["lamp"])
    save_synonyms(words=["lamp", "灯", "light"], synonym_id=entry.pk)


def test_a_set_works_at_the_next_question_and_stops_when_it_is_gone() -> None:
    lamp = document("户外投光灯")
    assert not finds("floodlight", lamp, synonyms=queries.synonyms())
    entry = save_synonyms(words=["floodlight", "投光灯"])
    assert finds("floodlight", lamp, synonyms=queries.synonyms())
    save_synonyms(words=["floodlight", "投光灯"], is_active=False, synonym_id=entry.pk)
    assert not finds("floodlight", lamp, synonyms=queries.synonyms())
    save_synonyms(words=["floodlight", "投光灯"], synonym_id=entry.pk)
    assert finds("floodlight", lamp, synonyms=queries.synonyms())
    assert delete_synonyms(synonym_ids=[entry.pk]) == 1
    assert not finds("floodlight", lamp, synonyms=queries.synonyms())


def test_sets_are_read_again_only_after_a_change(django_assert_num_queries: Any) -> None:
    for number in range(3):
        save_synonyms(words=[f"w{number}a", f"w{number}b"])
    with django_assert_num_queries(2):
        queries.synonyms()
    with django_assert_num_queries(1):
        assert len(queries.synonyms().alternatives) == 6


def test_one_way_does_not_go_back() -> None:
    save_synonyms(words=["泛光灯", "flodlight"], finds=["投光灯"])
    found = queries.synonyms()
    assert finds("flodlight", document("投光灯"), synonyms=found)
    assert not finds("投光灯", document("泛光灯"), synonyms=found)
    assert not finds("flodlight", document("泛光灯"), synonyms=found)


def test_the_history_keeps_that_a_set_was_deleted() -> None:
    kept, entry = save_synonyms(words=["cable", "电缆"]), save_synonyms(words=["lamp", "灯"])
    assert delete_synonyms(synonym_ids=[entry.pk, entry.pk + 1]) == 1
    assert list(type(kept).objects.all()) == [kept]
    log = ModelLogEntry.objects.filter(content_type__model="synonymset", object_id=str(entry.pk))
    assert sorted(log.values_list("action", flat=True)) == ["wagtail.create", "wagtail.delete"]
