"""The one writer of CSV and XLSX files for people: no cell becomes a formula, no character breaks the file.

Plain Python. What :func:`cell` has escaped, :func:`unescaped` gives back when the file is imported again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Excel takes a file with it for UTF-8; without it Chinese names arrive garbled.
BYTE_ORDER_MARK = "\ufeff"
#: Rows written between two pieces of a streamed file.
CHUNK = 500

#: How a spreadsheet begins a formula (https://owasp.org/www-community/attacks/CSV_Injection); full-width signs count
#: in Chinese and Japanese Excel, and quoted line ends and tabs are skipped over by some programs.
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


def cell(value: object) -> str:
    """``value`` as text that no spreadsheet runs as a formula: where it would, an apostrophe stands before it.

    Plain numbers stay as they are, ``None`` is empty. Control characters, which no spreadsheet can hold, are left out.

    >>> cell("=cmd()"), cell("-3.5"), cell("-x")
    ("'=cmd()", '-3.5', "'-x")
    """
    shown = "" if value is None else writable(str(value))
    if shown[:1] in _FORMULA and not _NUMBER.fullmatch(shown):
        return "'" + shown
    return shown


def writable(text: str) -> str:
    """``text`` without the control characters that no spreadsheet can hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)


def unescaped(text: str) -> str:
    """What stood in a cell before :func:`cell` put its apostrophe before it.

    >>> unescaped("'-X1"), unescaped("'quoted'")
    ('-X1', "'quoted'")
    """
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA else text


class CsvWriter:
    """``csv.writer`` whose cells are safe."""

    def __init__(self, stream: Any) -> None:
        self._writer = csv.writer(stream)

    def row(self, cells: Iterable[object]) -> None:
        self._writer.writerow([cell(each) for each in cells])


def csv_lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """``rows``, the first of them the header, as pieces of a CSV file for a streaming response."""
    buffer = io.StringIO(newline="")
    buffer.write(BYTE_ORDER_MARK)
    writer = CsvWriter(buffer)
    for number, row in enumerate(rows, start=1):
        writer.row(row)
        if number % CHUNK == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def workbook(rows: Iterable[Sequence[object]], *, title: str = "Sheet1") -> bytes:
    """``rows``, the first of them the header, as an XLSX file of one sheet. Numbers and dates stay what they are."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append([as_text(sheet, each) if isinstance(each, str) else each for each in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_text(sheet: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    """A cell that is text, whatever it begins with: in a workbook the type says so, no apostrophe is needed."""
    made = WriteOnlyCell(sheet, writable(text))
    made.data_type = "s"
    return made
