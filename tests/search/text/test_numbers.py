"""Other ways to write the same figure."""

from __future__ import annotations

import pytest
from qudao_search.querying.parse import read, relaxed, segments
from qudao_search.synonyms.rules import NO_SYNONYMS, SynonymWords, compile_synonyms
from qudao_search.text.numbers import apart, spellings
from qudao_search.values import Phrase


@pytest.mark.parametrize(
    ("piece", "others"),
    [
        ("9瓦", {"9w", "九瓦"}),
        ("24伏", {"24v"}),
        ("5孔", {"五孔"}),
        ("2开", {"二开", "双开", "两开"}),
        ("1.2米", {"1.2m", "1200毫米", "1200mm"}),
        ("60公分", {"60cm", "600毫米", "600mm"}),
        ("20米", {"20m"}),
        ("3*1.5", {"3x1.5"}),
        ("9w", {"9瓦", "9watt"}),
        ("4ft", {"1200mm", "1200毫米"}),
        ("4foot", {"1200mm"}),
        ("60x60", {"600x600"}),
        ("60*60", {"600x600"}),
        ("2x4ft", {"600x1200", "1200x600"}),
        ("600乘600", {"600x600"}),
        ("8位", {"8gang", "8插位", "8回路"}),
        ("三开", {"3gang", "3开"}),
        ("10平方", {"10mm2"}),
        ("32amp", {"32a"}),
        ("1米2", {"1200mm", "1.2m"}),
        ("单开", {"1开", "1gang"}),
        ("6平", {"6平方", "6mm2"}),
        ("3芯2.5平方", {"3x2.5"}),
        ("3core2.5mm", {"3x2.5"}),
        ("5芯", {"5x"}),
        ("灯带", set()),
        ("qx-2048", set()),
    ],
)
def test_a_figure_is_found_however_it_is_written(piece: str, others: set[str]) -> None:
    assert others <= set(spellings(piece))
    assert others or not spellings(piece)


def test_a_type_and_its_size_are_two_pieces() -> None:
    assert apart("rvv3*1.5") == ("rvv", "3*1.5")
    assert apart("yjv5x6") == ("yjv", "5x6")
    assert apart("qx2048") == ("qx2048",)
    assert apart("600x600") == ("600x600",)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("3 core 2.5mm flex", ["3core2.5mm", "flex"]),
        ("3芯2.5平方护套线", ["3芯2.5平方", "护套线"]),
        ("单开双控", ["单开", "双控"]),
        ("单位换算", ["单位换算"]),
        ("7.5开孔", ["7.5", "开孔"]),
        ("600平板灯", ["600", "平板灯"]),
        ("6平的线", ["6平", "线"]),
    ],
)
def test_a_figure_takes_its_measure_and_nothing_else(text: str, parts: list[str]) -> None:
    assert [part.text for part in segments(text, NO_SYNONYMS)] == parts


def test_measures_stand_beside_their_numbers_in_the_question() -> None:
    figure, word = read("9瓦球泡").clauses
    assert Phrase("words", ("9", "w")) in figure.phrases
    assert word.phrases[0].tokens == ("球泡",)


def test_a_measure_word_is_no_part_of_the_synonym_behind_it() -> None:
    synonyms = compile_synonyms([SynonymWords(("配电箱", "强电箱", "电箱"))])
    figure, box = read("12路配电箱", synonyms=synonyms).clauses
    assert figure.phrases[0].tokens == ("12", "路")
    assert Phrase("words", ("强电", "电箱")) in box.phrases


def test_loosened_keeps_the_letter_of_a_short_code_and_reads_letters_among_figures_as_figures() -> None:
    whole, letter, figure = relaxed(read("C32")).clauses
    assert whole.weight > letter.weight
    assert (letter.phrases[0].tokens, figure.phrases[0].tokens) == (("c",), ("32",))
    whole = relaxed(read("LH-A6O-12")).clauses[0]
    assert Phrase("codes", ("lhbc116",)) in read("LH-BC1-C16").clauses[0].phrases
    assert Phrase("fragments", ("lha6012",), prefix=True) in whole.phrases


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("60 x 60 panel", ["60x60", "panel"]),
        ("4 foot tube", ["4foot", "tube"]),
        ("10 平方 线", ["10平方", "线"]),
        ("4 mm² wire", ["4mm2", "wire"]),
        ("三开单控", ["三开", "单控"]),
        ("600乘600的平板灯", ["600乘600", "平板灯"]),
        ("LH-A60-9 w", ["lh-a60-9", "w"]),
        ("24-150", ["24-150"]),
    ],
)
def test_a_figure_and_its_unit_are_one_piece(text: str, pieces: list[str]) -> None:
    assert [part.text for part in segments(text, NO_SYNONYMS)] == pieces
