"""Open a table somebody uploaded: CSV in the encodings of the trade, or XLSX. Decided by content, never by
name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from .table import Table, refuse, refuse_size
from .text import open_text
from .workbook import open_workbook

__all__ = ["Table", "open_table", "open_tables"]

_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")


def open_table(file: BinaryIO, *, max_bytes: int, max_rows: int, sheet: str = "") -> Table:
    """The table in ``file``: of a workbook, the sheet called so or the first that holds a table."""
    return open_tables(file, max_bytes=max_bytes, max_rows=max_rows, sheets=(sheet,) if sheet else ())[0]


def open_tables(
    file: BinaryIO,
    *,
    max_bytes: int,
    max_rows: int,
    sheets: Sequence[str] = (),
    encoding: str = "",
    delimiter: str = "",
) -> list[Table]:
    """The tables in ``file`` (binary, seekable), one per wanted sheet. Rows are read while you iterate; nothing is
    kept in memory for CSV. ``encoding`` and ``delimiter`` are found where they are not given.

    :raises Refusal: ``file_too_large``, ``empty_file``, ``not_a_table``, ``old_excel``, ``encrypted_file``,
        ``unsafe_file``, ``mixed_encodings``, ``unknown_encoding``, ``unknown_sheet`` at once;
        ``too_many_rows`` and ``broken_quotes`` (with the line) while rows are read.
    """
    size = file.seek(0, 2)
    if size > max_bytes:
        raise refuse_size(
            "file_too_large",
            _("The file is %(size)d MB; at most %(max)d MB can be imported.")
            % {"size": -(-size // 1_000_000), "max": max_bytes // 1_000_000},
            _("Split it into several files; each may be imported on its own."),
        )
    file.seek(0)
    head = file.read(8192)
    file.seek(0)
    if not head.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise refuse("empty_file", _("The file is empty."), _("Choose the file that holds the rows."))
    if head.startswith(_ZIP):
        return open_workbook(file, max_rows=max_rows, sheets=sheets)
    _refuse_other_formats(head)
    return [open_text(file, max_rows=max_rows, encoding=encoding, delimiter=delimiter)]


def _refuse_other_formats(head: bytes) -> None:
    if head.startswith(_OLD_EXCEL):
        raise refuse(
            "old_excel",
            _("This is an old Excel file (.xls) or one protected by a password."),
            _("Open it in Excel, remove the password and save it as .xlsx."),
        )
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        raise refuse(
            "not_a_table",
            _("This is a web page or XML that was saved under the name of a table."),
            _("Open it in Excel and save it as .xlsx or as CSV."),
        )
    if head.startswith(_BINARY) or (b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))):
        raise refuse(
            "not_a_table",
            _("This file is not a table."),
            _("Choose a CSV or XLSX file; the template shows how it should look."),
        )
