"""Did you mean: near words of titles, and nothing for what is right already."""

import pytest
from hypothesis import given
from qudao_search.querying.spelling import Vocabulary, corrections
from qudao_search.text.rules import vocabulary

from ..text.test_rules import anything, mixed

pytestmark = pytest.mark.any_database

TITLES = [
    "工业以太网交换机",
    "Industrial Ethernet switch",
    "LED floodlight",
    "电动机保护壳",
    "flood light mounting bracket",
]


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    found = Vocabulary()
    found.add(sorted(vocabulary(TITLES)))
    return found


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("swtich", "switch"),
        ("zwitch", "switch"),
        ("Industrail SWICH 8", "industrial switch 8"),
        ("eternet", "ethernet"),
        ("floodlite", "floodlight"),
        ("mounting-braket", "mounting-bracket"),
        ("ledfloodlight", "led floodlight"),
        ("ether net", "ethernet"),
        ("交换鸡", "交换机"),
        ("工业交环机", "工业交换机"),
        ("点动机", "电动机"),
        ("工业太以网", "工业以太网"),
        ("保护客 100W", "保护壳 100W"),
        ("ｓｗｔｉｃｈ", "switch"),
    ],
)
def test_what_was_meant(words: Vocabulary, typed: str, meant: str) -> None:
    assert corrections(typed, words)[0] == meant


@pytest.mark.parametrize("typed", ["switch", "交换机", "QX-2048-A", "12", "", "😀", "xqzvw", "的" * 200])
def test_nothing_is_offered_for_what_is_right_or_unlike_anything(words: Vocabulary, typed: str) -> None:
    assert corrections(typed, words) == []


def test_as_many_as_wanted_the_nearest_first(words: Vocabulary) -> None:
    assert corrections("工业太以网", words, limit=1) == ["工业以太网"]
    assert len(corrections("工业太以网", words, limit=3)) == 3


@given(mixed | anything)
def test_any_text_is_corrected_or_left(text: str) -> None:
    found = Vocabulary()
    found.add(sorted(vocabulary(TITLES)))
    assert len(corrections(text, found)) <= 3
    assert corrections(text, Vocabulary()) == []
