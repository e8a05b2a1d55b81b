"""Cells, headers and the file of rejected rows, without a database."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qudao_core.imports import messages, rules
from qudao_core.imports.rules import CellError, Column, FormulaError


def code(reader, cell) -> str:
    with pytest.raises(CellError) as caught:
        reader(cell)
    return caught.value.code


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("12.50 元", "12.50"),
        ("１２．５", "12.5"),
        (" ¥3.2 ", "3.2"),
        ("£2.55", "2.55"),
        (0.1 + 0.2, "0.3"),
        (12.0, "12"),
        ("-4", "-4"),
        ("+.5", "0.5"),
    ],
)
def test_numbers_are_read_as_they_are_written(cell, number):
    assert rules.as_decimal(cell) == Decimal(number)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1,5", "ambiguous_number"),
        ("1,250", "ambiguous_number"),
        ("12 pcs", "not_a_number"),
        ("", "not_a_number"),
        (True, "not_a_number"),
        (date(2026, 1, 2), "not_a_number"),
        (float("inf"), "not_a_number"),
        (FormulaError("#REF!"), "formula"),
        ("1e5", "not_a_number"),
    ],
)
def test_what_is_no_number_says_why(cell, expected):
    assert code(rules.as_decimal, cell) == expected


def test_a_number_keeps_to_its_places_and_limits():
    price = rules.decimal(places=4, minimum=Decimal(0))
    assert price("2.5500") == Decimal("2.55")
    assert code(price, "0.00001") == "too_many_decimals"
    assert code(price, "-1") == "too_small"
    assert code(price, "10000000000") == "too_large"
    assert code(rules.decimal(places=3, above=Decimal(0)), "0") == "not_above"
    assert code(rules.integer(minimum=1), "1.5") == "not_whole"


@given(st.decimals(min_value=0, max_value=999999, places=4))
def test_every_price_survives_being_written_and_read(number):
    assert rules.decimal(places=4)(f"{number:,}") == number
    assert rules.decimal(places=4)(float(number)) == number


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-11-22", datetime(2026, 11, 22)),
        ("2026/1/2", datetime(2026, 1, 2)),
        ("2026年11月22日", datetime(2026, 11, 22)),
        ("20261122", datetime(2026, 11, 22)),
        ("2010-12-01 08:26:00", datetime(2010, 12, 1, 8, 26)),
        ("2010-12-01T08:26", datetime(2010, 12, 1, 8, 26)),
        ("2026-11-22T10:00:00Z", datetime(2026, 11, 22, 10, tzinfo=UTC)),
        ("2026-11-22T10:00:00+08:00", datetime(2026, 11, 22, 2, tzinfo=UTC)),
        ("2026-11-22T10:00:00-03:30", datetime(2026, 11, 22, 13, 30, tzinfo=UTC)),
        (46024, datetime(2026, 1, 2)),
        (46024.5, datetime(2026, 1, 2, 12)),
        (date(2026, 1, 2), datetime(2026, 1, 2)),
    ],
)
def test_dates(cell, moment):
    assert rules.as_datetime(cell) == moment


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("12/1/2010", "ambiguous_date"),
        ("2026-13-01", "not_a_date"),
        ("soon", "not_a_date"),
        ("2026-01-01 25:00", "not_a_date"),
        (3, "not_a_date"),
    ],
)
def test_what_is_no_date_says_why(cell, expected):
    assert code(rules.as_datetime, cell) == expected


def test_text_numbers_words_and_shares():
    assert rules.text(10)(85123.0) == "85123"
    assert code(rules.text(3), "four") == "too_long"
    assert code(rules.text(9), "a\x00b") == "control_character"
    assert rules.flag("是") is True
    assert rules.flag("No") is False
    assert code(rules.flag, "maybe") == "not_yes_or_no"
    assert rules.percentage("13%") == rules.percentage("0.13") == Decimal("0.13")
    assert code(rules.percentage, "13") == "not_a_share"
    status = rules.choice({"active": ("在售",), "discontinued": ("停产",)})
    assert (status("Active"), status("停产")) == ("active", "discontinued")
    assert code(status, "gone") == "not_a_choice"
    assert rules.listing("a; b，c") == ("a", "b", "c")


SKU = Column("sku", "SKU", "商品编号", rules.text(64), aliases=("货号",), required=True)
PRICE = Column("price", "Unit price", "单价", rules.as_decimal, required=True)
COLUMNS = (SKU, PRICE)


@pytest.mark.parametrize(
    "header", [["SKU", "unit_price"], ["货号", "单价"], [" sku * ", "UNIT PRICE"], ["商品编号", "price"]]
)
def test_headers_in_both_languages_and_any_case(header):
    found = rules.match_header(header, COLUMNS)
    assert found.is_good
    assert found.columns == {0: SKU, 1: PRICE}


def test_headers_tell_what_is_missing_unused_and_named_twice():
    found = rules.match_header(["SKU", "Colour", "货号", "Reason"], COLUMNS)
    assert found.missing == (PRICE,)
    assert found.unused == ("Colour",)
    assert found.twice == ("货号",)


def test_a_text_may_be_as_long_as_its_column_and_no_longer():
    read = rules.text(3)
    assert read("abc") == "abc"
    with pytest.raises(CellError) as error:
        read("abcd")
    assert (error.value.code, error.value.params) == ("too_long", {"max": 3, "length": 4})


def test_a_byte_order_mark_is_no_part_of_a_text():
    assert rules.as_text("\ufeffSKU ") == "SKU"
    assert rules.normalise("\ufeffSKU") == "sku"


def test_a_serial_is_rounded_to_the_second_it_stands_for():
    """45366.6 is 14:24:00 less a millionth of a second in binary; cut off it would be 14:23:59."""
    for serial, moment in ((45366.6, "2024-03-15 14:24:00"), (45366.123456, "2024-03-15 02:57:47")):
        assert str(rules.as_datetime(serial)) == moment
    assert rules.as_datetime(19999.5 + 0.5) == datetime(1954, 10, 3)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (None, ""),
        ("", ""),
        (0, "0"),
        (0.0, "0"),
        (1.5, "1.5"),
        (85123.0, "85123"),
        (999_999_999_999_999.0, "999999999999999"),
        (1e15, "1000000000000000.0"),
        (True, "TRUE"),
        (False, "FALSE"),
        (datetime(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 12, 30), "2026-03-01 12:30:00"),
    ],
)
def test_a_cell_is_shown_as_a_person_sees_it(cell, shown):
    assert rules.as_text(cell) == shown


@pytest.mark.parametrize(
    ("cell", "expected"),
    [(0, "too_small"), (1, None), (9, None), (10, "too_large"), (1.5, "not_whole"), ("2", None)],
)
def test_a_whole_number_keeps_to_its_limits(cell, expected):
    read = rules.integer(minimum=1, maximum=9)
    assert (code(read, cell) if expected else read(cell)) == (expected or int(cell))
    assert rules.integer()(-5) == -5
    assert rules.integer(maximum=9)(-5) == -5


LONG = "x" * 200


@pytest.mark.parametrize(
    ("read", "cell", "length"),
    [
        (rules.as_decimal, LONG, 80),
        (rules.as_decimal, "1,234" + " " * 100, 80),
        (rules.as_datetime, LONG, 40),
        (rules.as_datetime, "1/2/2026" + LONG, 40),
        (rules.as_datetime, "2026-01-02" + LONG, 40),
        (rules.flag, LONG, 40),
        (rules.choice({"active": ()}), LONG, 40),
    ],
)
def test_a_message_repeats_the_beginning_of_a_long_cell(read, cell, length):
    with pytest.raises(CellError) as error:
        read(cell)
    assert error.value.params["value"] == str(cell).strip()[:length]


@pytest.mark.parametrize(
    ("serial", "moment"),
    [(20000, datetime(1954, 10, 3)), (79999, datetime(2119, 1, 10)), (80000, None), (19999, None)],
)
def test_a_number_is_a_date_within_two_centuries(serial, moment):
    if moment is None:
        assert code(rules.as_datetime, serial) == "not_a_date"
    else:
        assert rules.as_datetime(serial) == moment


def test_a_share_may_be_nothing_and_all():
    for written in ("0", "1", "0%", "100%"):
        assert 0 <= rules.percentage(written) <= 1
    assert code(rules.percentage, "101%") == code(rules.percentage, "-1%") == "not_a_share"


def test_limits_of_a_number_belong_to_it_or_do_not():
    read = rules.decimal(places=2, minimum=Decimal(1))
    assert read("1") == 1 and code(read, "0.99") == "too_small"
    above = rules.decimal(places=2, above=Decimal(1))
    assert above("1.01") == Decimal("1.01") and code(above, "1") == "not_above"


def test_a_plugin_says_in_its_own_words_why_a_cell_cannot_be_read():
    error = CellError(
        "serial_invalid", message="“%(value)s” is no serial number.", remedy="See label.", value="?"
    )
    problem = messages.cell_problem(error, line=3, header="Serial")
    assert (problem.code, problem.message) == ("serial_invalid", "“?” is no serial number.")
    assert (problem.line, problem.field, problem.remedy) == (3, "Serial", "See label.")
    known = messages.cell_problem(CellError("not_a_date", value="?"), line=3, header="Sold on")
    assert known.remedy == "Use the format 2026-11-22."
