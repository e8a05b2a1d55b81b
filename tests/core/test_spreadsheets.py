"""Files for people: nothing in them runs, nothing breaks them, and what goes out comes back."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from qudao_core import spreadsheets

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@given(st.text(max_size=30))
def test_no_cell_starts_a_formula_and_every_one_comes_back(value):
    safe = spreadsheets.cell(value)
    assert not safe.startswith(STARTS) or safe.lstrip("+-").replace(".", "").isdigit()
    assert spreadsheets.unescaped(safe) == spreadsheets.unescaped(spreadsheets.writable(value))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=HYPERLINK(A1)", "'=HYPERLINK(A1)"),
        ("@SUM(1)", "'@SUM(1)"),
        ("＝1+1", "'＝1+1"),
        ("-X1", "'-X1"),
        ("-3.5", "-3.5"),
        ("+4", "+4"),
        (-4, "-4"),
        (None, ""),
        ("a\x00b\x0bc", "abc"),
        ("'quoted'", "'quoted'"),
    ],
)
def test_cells_as_they_are_written(value, shown):
    assert spreadsheets.cell(value) == shown


def test_csv_comes_in_pieces_and_excel_reads_its_chinese():
    rows = [("编号", "备注"), *((str(number), "=1+1") for number in range(1200))]
    pieces = list(spreadsheets.csv_lines(rows))
    assert len(pieces) == 3
    text = "".join(pieces)
    assert text.startswith("\ufeff编号,备注\r\n")
    assert list(csv.reader(io.StringIO(text)))[-1] == ["1199", "'=1+1"]


def test_a_workbook_holds_texts_as_texts_and_numbers_as_numbers():
    content = spreadsheets.workbook(
        [("SKU", "n"), ("=cmd|' /C calc'!A0", 3), ("bell\x07", -2)], title="Prices"
    )
    sheet = load_workbook(io.BytesIO(content))["Prices"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["=cmd|' /C calc'!A0", 3],
        ["bell", -2],
    ]
    assert sheet["A2"].data_type == "s"
