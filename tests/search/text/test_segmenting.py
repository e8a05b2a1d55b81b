"""Words of Han runs and forms of English words."""

import pytest
from qudao_search.text.forms import forms
from qudao_search.text.segmenting import segmented

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("厨房灯", ["厨房", "灯"]),
        ("空调用多大的线", ["空调", "用", "多", "大", "的", "线"]),
        ("射登", ["射登"]),  # no word of the dictionary: it stays together
        ("灯", ["灯"]),
        ("灯带能剪", ["灯带", "能", "剪"]),  # 带 is also a function word
        ("插座带开关", ["插座", "带", "开关"]),
        ("过道筒灯", ["过道", "筒灯"]),
        ("总闸", ["总闸"]),
        ("要不要接地线", ["要不要", "接地线"]),
    ],
)
def test_a_run_is_taken_apart_into_words(run: str, words: list[str]) -> None:
    assert list(segmented(run)) == words


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("wiring", "wire"),
        ("tripping", "trips"),
        ("installation", "install"),
        ("batteries", "battery"),
        ("dimming", "dimmed"),
    ],
)
def test_a_word_is_found_in_its_other_forms(word: str, other: str) -> None:
    assert other in forms(word)
    assert word in forms(other)


def test_other_words_are_no_forms() -> None:
    assert "wired" not in forms("wireless")
    assert forms("led2") == ("led2",)
