"""A title that begins with what was asked for is not another class of answer: 灯带控制器 is no 灯带."""

from __future__ import annotations

from qudao_search.querying.parse import read
from qudao_search.querying.ranking import Candidate, Tier, order


def test_a_compound_that_ends_with_the_word_stands_with_one_that_begins_with_it() -> None:
    candidates = [
        Candidate(1, place=0, titles={"zh-hans": "灯带安装与维护"}, boost=0.8),
        Candidate(2, place=1, titles={"zh-hans": "24V 低压灯带"}),
    ]
    ranked = order(read("灯带"), "灯带", candidates, language="zh-hans")
    assert [(each.entry_id, each.tier) for each in ranked] == [(2, Tier.TITLE_PHRASE), (1, Tier.TITLE_PHRASE)]


def test_among_equals_the_title_that_begins_with_it_comes_first() -> None:
    candidates = [
        Candidate(1, place=0, titles={"en": "Extended warranty"}),
        Candidate(2, place=0, titles={"en": "Warranty extended"}),
    ]
    ranked = order(read("warranty"), "warranty", candidates, language="en")
    assert [each.entry_id for each in ranked] == [2, 1]


def test_where_names_decide_every_engine_gives_the_same_order() -> None:
    titles = ("24V 低压灯带 暖白", "24V 低压灯带 正白", "24V 低压灯带 彩光")
    asked = read("灯带")
    orders = [
        [each.entry_id for each in order(asked, "灯带", candidates, language="zh-hans")]
        for candidates in (
            [Candidate(pk, place=pk, titles={"zh-hans": title}) for pk, title in enumerate(titles)],
            [Candidate(pk, place=9 - pk, titles={"zh-hans": title}) for pk, title in enumerate(titles)],
        )
    ]
    assert orders == [[0, 1, 2], [0, 1, 2]]


def test_a_part_of_the_own_number_comes_before_a_stretch_of_a_barcode() -> None:
    candidates = [
        Candidate(1, place=0, titles={"en": "Box"}, codes=("LH-XF18", "2004170006068")),
        Candidate(2, place=1, titles={"en": "Panel"}, codes=("LH-PE-0606", "2004170001384")),
    ]
    ranked = order(read("0606"), "0606", candidates, language="en")
    assert [each.entry_id for each in ranked] == [2, 1]
