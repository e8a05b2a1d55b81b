"""Cells, headers and the file of rejected rows, without a database."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qudao_partner_portal.imports import rules
from qudao_partner_portal.imports.rules import CellError, Column, FormulaError


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
