from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qudao_b2b_ordering.quick_order import rules

from . import judged


@pytest.mark.parametrize("name", ["first", "second"])
def test_pasted_text_is_read_as_a_person_reads_it(name: str) -> None:
    lines = judged.judge(name)
    wrong = [line for line in lines if not line.is_right]
    assert [line for line in lines if line.is_wrong_quantity] == []
    assert len(wrong) <= 0.03 * len(lines), wrong


PIECES = st.sampled_from(
    [
        "LED-7",
        "12",
        "x",
        "×",
        "*",
        "：",
        "3箱",
        "１２",
        "ctn",
        "¥",
        ".",
        ",",
        "-",
        "\t",
        " ",
        "\n",
        "货号",
        "数量",
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=30).map("".join))


@given(TEXTS)
def test_every_line_is_accounted_for(text: str) -> None:
    got = judged.recognised(text)
    given_lines = {number for number, line in enumerate(text.splitlines(), start=1) if line.strip()}
    assert [line.number for line in got] == sorted(given_lines)
    for line in got:
        assert line.kind != rules.ITEM or line.quantity is not None or line.marks
        assert line.quantity is None or line.quantity >= 0


@given(
    st.integers(1, 999_999), st.sampled_from(["LED-7 {}", "{} x LED-7", "LED-7\t{}", "{}箱LED-7", "LED-7*{}"])
)
def test_a_plain_quantity_is_read_in_every_form(quantity: int, form: str) -> None:
    line = judged.recognised(form.format(quantity))[0]
    assert (line.code, line.quantity, line.marks) == ("LED-7", Decimal(quantity), ())


def test_of_several_readings_none_is_chosen_and_all_are_told() -> None:
    line = judged.recognised("LED-7 3箱(36个)")[0]
    assert (line.quantity, line.readings, line.marks) == (None, ("3 箱", "36 个"), ("quantity_several",))


def test_what_is_neither_code_nor_quantity_is_kept() -> None:
    line = judged.recognised("LED-7 蓝色 10个 急")[0]
    assert (line.quantity, line.unit, line.rest) == (Decimal(10), "个", "蓝色 急")


def test_a_code_that_excel_has_rounded_is_told_apart() -> None:
    line = judged.recognised("条码\t数量\n6.90123E+12\t5")[1]
    assert line.marks == ("code_scientific",)


def test_a_line_of_a_megabyte_is_kept_short_and_marked() -> None:
    lines = judged.recognised("LED-7 5\n" + "9" * 900_000)
    assert [line.marks for line in lines] == [(), ("line_too_long",)]
    assert len(lines[1].text) == rules.LONGEST_LINE


@pytest.mark.parametrize(("text", "what"), [("A 1\n" * 5001, "lines"), ("x" * 1_000_001, "characters")])
def test_too_much_is_said_before_anything_is_read(text: str, what: str) -> None:
    with pytest.raises(rules.PasteTooLarge) as refused:
        rules.read_lines(text)
    assert refused.value.what == what


def test_an_empty_text_has_no_lines() -> None:
    assert judged.recognised(" \n\t\n") == []


def test_five_thousand_lines_are_read_in_reasonable_time() -> None:
    lines = judged.recognised("您好 LED-7 球泡灯 9W 4000K 白色 50 个 12.50 元\n" * 5000)
    assert {line.quantity for line in lines} == {Decimal(50)}
