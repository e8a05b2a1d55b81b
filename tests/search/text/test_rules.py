"""Tokens, folding, part numbers and sounds, for any text there is."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from qudao_core.folding import origins
from qudao_search.text.rules import (
    BOUNDARY,
    LONGEST_SOUND,
    LONGEST_TOKEN,
    MOST_FRAGMENTS,
    analyse,
    analyse_for_cluster,
    cluster_runs,
    cluster_text,
    code_words,
    compact,
    fold,
    fragments,
    is_han,
    query_tokens,
    sounds,
    tokens,
    vocabulary,
)

pytestmark = pytest.mark.any_database

anything = st.text(st.characters(codec=None), max_size=80)
mixed = st.text(
    st.sampled_from("工业交换機機口 ABcd12.-_/é\u0301Ａ９，。\n×ßİ々カﾞ가😀\x00\u200b"), max_size=40
)
han = st.text(st.sampled_from("工业交换机械口灯"), min_size=1, max_size=12)


@given(anything | mixed)
@example("\ud800")
@example("ﷺ½İßŉǰΐ")
def test_folding_again_changes_nothing(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert not any(unicodedata.category(c) == "Cc" for c in folded)


@given(mixed, mixed)
def test_the_fold_of_a_part_is_a_part_of_the_fold(one: str, two: str) -> None:
    assert fold(one + two) == fold(one) + fold(two)


@given(anything | mixed)
def test_every_folded_character_has_an_origin(text: str) -> None:
    found = list(origins(text))
    assert len(found) == len(fold(text))
    assert "".join(fold(text[at]) for at in dict.fromkeys(found)) == fold(text)


@pytest.mark.parametrize(
    "pair", ["ＡＢＣ abc", "網絡 网络", "Straße STRASSE", "é e\u0301", "İ i", "㎜ mm", "ﾊﾟ パ", "10×20 10x20"]
)
def test_spellings_that_are_one(pair: str) -> None:
    one, other = pair.split(" ")
    assert fold(one) == fold(other)


@given(anything | mixed)
def test_tokens_hold_nothing_but_letters_digits_and_characters(text: str) -> None:
    for token in tokens(text):
        assert 1 <= len(token) <= LONGEST_TOKEN
        assert not token.isspace() and (is_han(token) or token.isalnum())


@given(han, han, han)
def test_a_piece_of_a_han_run_is_found_in_it(before: str, piece: str, after: str) -> None:
    whole, wanted = tokens(before + piece + after), query_tokens(piece)
    found = [whole[at : at + len(wanted)] for at in range(len(whole))]
    assert any(
        each[:-1] == wanted[:-1] and each[-1].startswith(wanted[-1])
        for each in found
        if len(each) == len(wanted)
    )


@given(han, han)
def test_no_phrase_crosses_the_end_of_a_run(one: str, two: str) -> None:
    """Pairs within a run, never across a blank; a cluster's text keeps runs apart by a letter."""
    assert tokens(f"{one} {two}") == tokens(one) + tokens(two)
    assert cluster_text(f"{one} {two}") == f"{one} {BOUNDARY} {two}"


@given(mixed)
def test_a_clusters_text_has_the_runs_of_the_text(text: str) -> None:
    runs = cluster_runs(tokens(text))
    assert cluster_text(tokens(text)) == cluster_text(text)
    assert [run for run in cluster_text(text).split() if run != BOUNDARY] == runs


@given(st.lists(anything | mixed | han, max_size=4), st.lists(mixed, max_size=2))
@example(["x" * 50, "交换", "机"], [])
def test_what_a_cluster_gets_is_what_the_embedded_index_keeps(texts: list[str], codes: list[str]) -> None:
    document = {
        "titles": dict(enumerate(texts)),
        "codes": codes,
        "texts": {"en": " ".join(texts)},
        "keywords": texts[:1],
        "longest": 100,
    }
    kept, sent = analyse(**document), analyse_for_cluster(**document)
    assert sent == {
        "titles": cluster_text(kept.titles),
        "words": cluster_text(kept.words),
        "codes": " ".join(kept.codes),
        "fragments": list(kept.fragments),
        "sounds": list(kept.sounds),
    }


def test_a_clusters_text_of_a_phrase_stands_in_that_of_the_text() -> None:
    assert cluster_text(query_tokens("换机8")) in cluster_text("工业交换机8口")
    assert cluster_text("QX-2048 交换机") == "qx 2048 交换机"


def test_part_numbers_are_found_by_any_part() -> None:
    ends = fragments(["QX-2048-A", "ＡＢ/1"])
    assert ends == ["qx2048a", "x2048a", "2048a", "048a", "48a", "8a", "ab1", "b1"]
    assert code_words("QX-2048-A") == ["qx2048a", "qx", "2048", "a"]
    assert (compact("国标 12-é"), code_words("--")) == ("国标12e", [])


def test_what_is_kept_is_bounded() -> None:
    assert max(map(len, fragments(["x" * 5_000]))) == LONGEST_TOKEN
    assert len(fragments(f"{number:030}" for number in range(1_000))) == MOST_FRAGMENTS
    assert max(map(len, sounds(["工业交换机" * 500]))) == LONGEST_SOUND
    assert len(sounds(["工业交换机" * 500])) < 300


def test_sounds_are_pinyin_and_initials_from_every_character_on() -> None:
    found = sounds(["8口 工业机"])
    assert found == ["kou", "k", "gongyeji", "yeji", "ji", "gyj", "yj", "j"]
    assert "chongqing" in sounds(["重庆"]) and "yinhang" in sounds(["银行"])
    assert sounds(["Switch 8"]) == []


@given(st.lists(anything | mixed, max_size=3))
def test_sounds_and_vocabulary_never_fail(titles: list[str]) -> None:
    assert all(sound.isalpha() for sound in sounds(titles))
    assert all(2 <= len(word) <= LONGEST_TOKEN for word in vocabulary(titles))


def test_vocabulary_has_words_of_three_letters_and_up_to_four_characters_together() -> None:
    assert vocabulary(["LED tube T8 工业机器"]) == {
        "led",
        "tube",
        "工业",
        "业机",
        "机器",
        "工业机",
        "业机器",
        "工业机器",
    }


def test_a_document_is_read_field_by_field_and_no_further_than_allowed() -> None:
    found = analyse(
        titles={"en": "Switch", "zh-hans": "交换机"},
        codes=["QX-1"],
        texts={"en": "abc def", "zh-hans": "工业"},
        keywords=["Lighting"],
        longest=5,
    )
    assert found.titles == ("switch", "交换", "换机", "机")
    assert found.words == ("lighting", "abc", "d")
    assert found.codes == ("qx1", "qx", "1")
    assert found.fragments == ("qx1", "x1")
    assert found.sounds[0] == "jiaohuanji"


def test_the_same_title_in_two_languages_counts_once() -> None:
    found = analyse(titles={"en": "Lamp", "zh-hans": "Lamp"}, codes=[], texts={}, keywords=[], longest=10)
    assert found.titles == ("lamp",)
