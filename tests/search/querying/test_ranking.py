"""The order of hits: who is first and why, whatever order an engine gave them in."""

from collections.abc import Sequence
from random import Random

import pytest
from qudao_search.querying.parse import read, relaxed
from qudao_search.querying.ranking import Candidate, Ranked, Tier, order
from qudao_search.values import Query

pytestmark = pytest.mark.any_database

SHELF = {
    "switch": Candidate(
        1, 0, {"en": "Industrial switch 8 ports", "zh-hans": "工业交换机 8口"}, ["QX-2048-A"]
    ),
    "bare": Candidate(2, 1, {"en": "Switch", "zh-hans": "交换机"}, ["QX-2048-B"]),
    "manual": Candidate(3, 2, {"en": "Mounting a switch", "zh-hans": "交换机安装手册"}),
    "cable": Candidate(4, 3, {"en": "Cable for QX-2048-A", "zh-hans": "QX-2048-A 连接线"}, ["CB-1"]),
    "page": Candidate(5, 4, {"en": "About us"}),
}
NAMES = {candidate.entry_id: name for name, candidate in SHELF.items()}


def ranked(text: str, *, language: str = "zh-hans", question: Query | None = None) -> list[Ranked]:
    return order(question or read(text), text, list(SHELF.values()), language=language)


def tiers(text: str, **how: str) -> dict[str, Tier]:
    return {NAMES[entry.entry_id]: entry.tier for entry in ranked(text, **how)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "first", "why"),
    [
        ("qx2048a", "switch", Tier.CODE),
        ("QX 2048-B", "bare", Tier.CODE),
        ("qx2048", "switch", Tier.CODE_START),
        ("交换机", "bare", Tier.TITLE),
        ("Switch", "bare", Tier.TITLE),
        ("交换机安装", "manual", Tier.TITLE_PHRASE),
        ("8 ports", "switch", Tier.TITLE_PHRASE),
        ("switch mounting", "manual", Tier.TITLE_WORDS),
        ("switch qx2048b", "bare", Tier.TITLE_WORDS),
        ("手册 orbital", "manual", Tier.SOME_TITLE_WORDS),
        ("048", "switch", Tier.CODE_PART),
        ("about", "page", Tier.TITLE_PHRASE),
    ],
)
def test_who_is_first_and_why(text: str, first: str, why: Tier) -> None:
    best = ranked(text)[0]
    assert (NAMES[best.entry_id], best.tier) == (first, why)


def test_a_part_number_goes_before_the_thing_that_only_names_it() -> None:
    found = tiers("QX-2048-A")
    assert list(found)[:2] == ["switch", "cable"]
    assert found["cable"] == Tier.TITLE_PHRASE


def test_by_sound_a_title_that_begins_so_is_first_and_real_words_go_before() -> None:
    sounding = [SHELF["switch"], SHELF["manual"], SHELF["bare"]]
    for text in ("jhj", "jiaohuanji"):
        found = order(read(text), text, sounding)
        assert [NAMES[entry.entry_id] for entry in found] == ["bare", "manual", "switch"]
        assert {entry.tier for entry in found} == {Tier.SOUND}
        named = Candidate(9, 9, {"en": f"About {text}"})
        assert order(read(text), text, [*sounding, named])[0].entry_id == 9


def test_what_is_called_so_by_its_initials_goes_before_part_numbers_with_these_letters() -> None:
    things = [
        Candidate(1, 0, {"zh-hans": "双管支架 规格书"}, ["LH-TD"]),
        Candidate(2, 1, {"zh-hans": "双管支架 1200 毫米"}, ["LH-TD-12"]),
        Candidate(3, 2, {"zh-hans": "嵌入式筒灯 5W"}, ["LH-DR-5"]),
        Candidate(4, 3, {"zh-hans": "平板灯 5W"}, ["LH-PD-5"]),
    ]
    found = order(read("td"), "td", things, language="zh-hans")
    assert found[0].entry_id == 3
    assert order(read("bd"), "bd", things, language="zh-hans")[0].tier < Tier.TITLE_WORDS  # 板灯 is no word


def test_titles_in_the_readers_language_count_before_others() -> None:
    both = [Candidate(1, 0, {"en": "交换机"}), Candidate(2, 1, {"zh-hans": "交换机"})]
    assert [entry.entry_id for entry in order(read("交换机"), "交换机", both, language="zh-hans")] == [2, 1]
    assert [entry.entry_id for entry in order(read("交换机"), "交换机", both, language="en")] == [1, 2]


def test_a_boost_counts_within_a_tier_only() -> None:
    things = [
        Candidate(1, 0, {"en": "Switch"}),
        Candidate(2, 1, {"en": "Switch cabinet large"}, boost=1.0),
        Candidate(3, 2, {"en": "Switch cabinet small"}, boost=2.0),
        Candidate(4, 3, {"en": "Other"}, boost=10.0),
    ]
    assert [entry.entry_id for entry in order(read("switch"), "switch", things)] == [1, 3, 2, 4]


def test_the_order_does_not_depend_on_the_order_of_the_list() -> None:
    for text in ("交换机", "qx2048a", "switch", "jhj", "!!"):
        expected = ranked(text)
        for seed in range(5):
            shuffled: Sequence[Candidate] = Random(seed).sample(list(SHELF.values()), len(SHELF))
            assert order(read(text), text, shuffled, language="zh-hans") == expected


def test_where_nothing_tells_them_apart_the_engines_order_stays() -> None:
    same = [Candidate(number, 50 - number, {"en": "Nothing of it"}) for number in range(50)]
    found = order(read("switch"), "switch", same)
    assert [entry.entry_id for entry in found] == list(range(49, -1, -1))
    assert {entry.tier for entry in found} == {Tier.ELSEWHERE}


def test_a_loosened_question_ranks_by_how_much_was_found() -> None:
    text = "安装工业交换机"
    found = ranked(text, question=relaxed(read(text)))
    assert [NAMES[entry.entry_id] for entry in found][:2] == ["switch", "manual"]


@pytest.mark.parametrize("text", ["", "😀", "的" * 200, '"AND"'])
def test_strange_questions_are_ordered_too(text: str) -> None:
    assert len(ranked(text)) == len(SHELF)


def test_things_without_titles_or_codes_stand_last() -> None:
    assert order(read("x"), "x", [Candidate(1, 0, {}), Candidate(2, 1, {"en": "x"})])[0].entry_id == 2


@pytest.mark.parametrize("text", [" ", "\n \n", "\n" * 30_000 + "switch"])
def test_a_text_of_blanks_is_read_like_one_that_says_nothing(text: str) -> None:
    asked = "mounting a switch"
    blank = Candidate(1, 0, {"en": "Mounting"}, texts=(text,))
    said = Candidate(2, 1, {"en": "Mounting"}, texts=("how to mount a switch",))
    assert order(relaxed(read(asked)), asked, [blank, said])[0].entry_id == 2
