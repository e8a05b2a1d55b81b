"""Quantities: what people type, what may be ordered, and the nearest quantity that may."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal as D

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from qudao_catalog.measures import UnitName
from qudao_catalog.products.rules import (
    ProductFacts,
    UnreadableQuantity,
    check_quantity,
    highest_quantity,
    lowest_quantity,
    orderable_part,
    pack_count,
    parse_quantity,
    plain_number,
    snap_quantity,
    sort_key,
)
from qudao_core.numbers.rules import COMMA, POINT, PROGRAM, NumberFormat

pytestmark = pytest.mark.any_database

LAMP = ProductFacts(
    1, "A", "Lamp", unit="piece", unit_zh="个", unit_code="pcs", pack_unit="carton", pack_unit_zh="箱",
    pack_unit_code="ctn", pack_size=D(12), sold_in_packs=True,
)  # fmt: skip
CABLE = ProductFacts(
    2, "B", "Cable", unit="metre", unit_zh="米", unit_code="m", unit_decimals=1, pack_unit="roll",
    pack_unit_zh="卷", pack_unit_code="roll", pack_size=D(100), min_quantity=D(5), max_quantity=D(500),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("36", "36"),
        (" 36 ", "36"),
        ("３６", "36"),
        ("1,200", "1200"),
        ("1 200", "1200"),
        ("36pcs", "36"),
        ("36 pieces", "36"),
        ("36个", "36"),
        ("36件", "36"),
        ("3箱", "36"),
        ("３箱", "36"),
        ("3 ctn", "36"),
        ("3 cartons", "36"),
        ("3 CTNS.", "36"),
        ("0.5箱", "6"),
        ("0", "0"),
        ("-3", "-3"),
        ("+3", "3"),
    ],
)
def test_a_quantity_is_read_as_people_write_it(text: str, quantity: str) -> None:
    assert parse_quantity(text, LAMP) == D(quantity)


@pytest.mark.parametrize(
    ("text", "quantity"), [("12.5", "12.5"), ("2卷", "200"), ("7 metres", "7"), ("7公尺", None)]
)
def test_units_belong_to_the_product(text: str, quantity: str | None) -> None:
    if quantity is None:
        with pytest.raises(UnreadableQuantity) as caught:
            parse_quantity(text, CABLE)
        assert caught.value.issue.code == "quantity_unit_unknown"
        assert caught.value.issue.params["unit"] == "metre"
    else:
        assert parse_quantity(text, CABLE) == D(quantity)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "quantity_unreadable"),
        ("many", "quantity_unreadable"),
        ("3 4 5 x y 6", "quantity_unreadable"),
        ("1e9", "quantity_unreadable"),
        ("1/2", "quantity_unreadable"),
        ("1½", "quantity_unit_unknown"),
        ("3²", "quantity_unit_unknown"),
        ("NaN", "quantity_unreadable"),
        ("3 pallets", "quantity_unit_unknown"),
        ("999999999999999", "quantity_too_large"),
        ("99999999999箱", "quantity_too_large"),
    ],
)
def test_what_is_no_quantity_says_why(text: str, code: str) -> None:
    with pytest.raises(UnreadableQuantity) as caught:
        parse_quantity(text, LAMP)
    assert caught.value.issue.code == code


@given(st.text(max_size=60))
def test_any_text_is_a_finite_number_or_refused(text: str) -> None:
    try:
        quantity = parse_quantity(text, LAMP)
    except UnreadableQuantity as refused:
        assert refused.issue.code.startswith("quantity_")
    else:
        assert quantity.is_finite()


@pytest.mark.parametrize(
    ("facts", "quantity", "codes"),
    [
        (LAMP, "24", []),
        (LAMP, "0", ["quantity_not_positive"]),
        (LAMP, "-12", ["quantity_not_positive"]),
        (LAMP, "NaN", ["quantity_not_positive"]),
        (LAMP, "1", ["off_pack"]),
        (LAMP, "12.5", ["quantity_fractional", "off_pack"]),
        (CABLE, "7.5", []),
        (CABLE, "7.55", ["quantity_fractional"]),
        (CABLE, "4", ["below_minimum"]),
        (CABLE, "500", []),
        (CABLE, "501", ["above_maximum"]),
    ],
)
def test_everything_wrong_with_a_quantity_is_said(
    facts: ProductFacts, quantity: str, codes: list[str]
) -> None:
    assert [issue.code for issue in check_quantity(facts, D(quantity))] == codes


def test_off_the_pack_names_the_next_possible_quantity() -> None:
    (issue,) = check_quantity(LAMP, D(30))
    assert issue.params == {"pack": D(12), "nearest": D(36)}


def test_packs_are_counted_where_they_are_whole() -> None:
    assert pack_count(LAMP, D(36)) == 3
    assert pack_count(LAMP, D(37)) is None
    assert pack_count(ProductFacts(3, "C", "Bare"), D(36)) is None


@pytest.mark.parametrize(("number", "text"), [("36.000", "36"), ("1200.500", "1200.5"), ("1E+3", "1000")])
def test_numbers_are_shown_without_idle_zeros(number: str, text: str) -> None:
    assert str(plain_number(D(number))) == text


def test_chinese_titles_sort_by_sound() -> None:
    assert sorted(["网络交换机", "插座", "LED 灯", "Äpfel"], key=sort_key) == [
        "Äpfel",
        "插座",
        "LED 灯",
        "网络交换机",
    ]


@st.composite
def products(draw: st.DrawFn) -> ProductFacts:
    decimals = draw(st.integers(0, 3))
    smallest = D(1).scaleb(-decimals)
    pack = draw(st.integers(1, 500)) * smallest
    minimum = draw(st.integers(1, 2000)) * smallest
    maximum = draw(st.none() | st.integers(1, 100_000).map(lambda n: n * smallest))
    facts = ProductFacts(
        1,
        "X",
        "X",
        unit_decimals=decimals,
        pack_size=pack,
        sold_in_packs=draw(st.booleans()),
        min_quantity=minimum,
        max_quantity=maximum,
    )
    highest = highest_quantity(facts)
    assume(highest is None or highest >= lowest_quantity(facts))
    return facts


quantities = st.decimals(
    min_value=D("-1000"), max_value=D("1000000"), allow_nan=False, allow_infinity=False, places=3
)


@given(products(), quantities)
def test_a_snapped_quantity_may_be_ordered(facts: ProductFacts, quantity: D) -> None:
    assert check_quantity(facts, snap_quantity(facts, quantity)) == ()


@given(products(), quantities)
def test_snapping_changes_nothing_that_may_be_ordered(facts: ProductFacts, quantity: D) -> None:
    snapped = snap_quantity(facts, quantity)
    assert snap_quantity(facts, snapped) == snapped
    if not check_quantity(facts, quantity):
        assert snapped == quantity


@given(products(), quantities)
def test_snapping_goes_up_unless_the_maximum_forbids(facts: ProductFacts, quantity: D) -> None:
    snapped = snap_quantity(facts, quantity)
    assert snapped >= quantity or snapped == highest_quantity(facts)
    assert snapped - max(quantity, lowest_quantity(facts)) < facts.step


@given(products(), quantities, quantities)
def test_more_never_snaps_to_less(facts: ProductFacts, one: D, other: D) -> None:
    low, high = sorted((one, other))
    assert snap_quantity(facts, low) <= snap_quantity(facts, high)


@pytest.mark.parametrize(
    ("facts", "available", "part"),
    [
        (LAMP, "30", "24"),
        (LAMP, "24", "24"),
        (LAMP, "11", None),
        (LAMP, "0", None),
        (LAMP, "-5", None),
        (CABLE, "7.55", "7.5"),
        (CABLE, "5", "5"),
        (CABLE, "4.9", None),
        (CABLE, "9999", "500"),
    ],
)
def test_of_what_is_there_whole_packs_can_be_ordered(
    facts: ProductFacts, available: str, part: str | None
) -> None:
    assert orderable_part(facts, D(available)) == (None if part is None else D(part))


@pytest.mark.parametrize(
    ("text", "marks", "quantity"),
    [
        ("1,5", COMMA, "1.5"),
        ("1.250", COMMA, "1250"),
        ("1,250", POINT, "1250"),
        ("1,5 卷", COMMA, "150"),
        ("0.5卷", POINT, "50"),
        ("12。5", POINT, "12.5"),
        ("1'000", POINT, "1000"),
        ("12.5", PROGRAM, "12.5"),
        ("2 roll", PROGRAM, "200"),
    ],
)
def test_separators_are_read_as_the_person_writes_them(text: str, marks: NumberFormat, quantity: str) -> None:
    assert parse_quantity(text, CABLE, marks) == D(quantity)


@pytest.mark.parametrize(
    ("text", "marks", "one", "other"),
    [("1,5", POINT, "1.5", "15"), ("12,5 m", POINT, "12.5", "125"), ("0,125", POINT, "0.125", "125")]
    + [("1.5", COMMA, "1.5", "15"), ("1,250", PROGRAM, "1.25", "1250"), ("3,5箱", POINT, "3.5", "35")],
)
def test_a_separator_of_two_meanings_is_asked_back(
    text: str, marks: NumberFormat, one: str, other: str
) -> None:
    with pytest.raises(UnreadableQuantity) as caught:
        parse_quantity(text, LAMP, marks)
    assert caught.value.issue.code == "quantity_ambiguous"
    assert (caught.value.issue.params["one"], caught.value.issue.params["other"]) == (one, other)


def test_a_plural_of_the_unit_is_its_unit() -> None:
    torch = replace(LAMP, unit=UnitName.of("torch", "torches"), pack_unit=UnitName.of("shelf", "shelves"))
    assert parse_quantity("3 torches", torch) == 3 and parse_quantity("2 shelves", torch) == 24


def test_more_than_a_column_holds_is_no_quantity_to_order() -> None:
    assert [each.code for each in check_quantity(LAMP, D("100000000000"))] == ["quantity_too_large"]
    assert check_quantity(replace(LAMP, sold_in_packs=False), D("99999999999")) == ()


@pytest.mark.parametrize(
    "text", ["x" * 99, "9" * 45, "9" * 39, "1" * 45 + ",5", "1.2.3," + "4" * 30 + "5" * 20, "1." + "0" * 45]
)
def test_a_message_repeats_the_beginning_of_a_long_quantity(text: str) -> None:
    with pytest.raises(UnreadableQuantity) as caught:
        parse_quantity(text, LAMP)
    assert caught.value.issue.params["text"] == text[:40]
