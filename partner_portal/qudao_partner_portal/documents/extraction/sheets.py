"""XLSX, by openpyxl as it streams: a sheet of a million rows is read as far as text is kept, never as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.reader import excel
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from .rules import Limits, Pieces


class _Unmeasured(ReadOnlyWorksheet):  # type: ignore[misc]
    """A sheet whose size is not asked for: where a file does not state it, openpyxl would read all rows for it."""

    def _get_size(self) -> None:
        return None


excel.ReadOnlyWorksheet = _Unmeasured


def read(file: BinaryIO, limits: Limits, pieces: Pieces) -> None:
    """Collect names and cells of the sheets."""
    file.seek(0)
    book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    pieces.pages = len(book.worksheets)
    for number, sheet in enumerate(book.worksheets):
        if number:
            pieces.page()
        pieces.add(sheet.title)
        for row in sheet.iter_rows(values_only=True):
            pieces.add("\t".join(_words(row)))


def _words(row: tuple[Any, ...]) -> Iterator[str]:
    for value in row:
        if value is not None and value != "":
            yield str(value)
