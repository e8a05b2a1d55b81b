"""Tables in XLSX workbooks, read by calamine after the archive has been looked over."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO
from xml.etree import ElementTree

import python_calamine as calamine
from django.utils.translation import gettext_lazy as _

from ... import archives
from ...wording import join_list
from ..rules import Cell, FormulaError, ShownNumber, is_empty
from .formats import padded_styles, shown
from .table import NumberedRow, Table, refuse, too_many_rows

#: An honest workbook of 50 MB stays far below these; an archive made to fill the memory does not.
MAX_UNPACKED = 400_000_000
MAX_ENTRIES = 5_000
MAX_CELLS = 6_000_000
MAX_TEXTS = 3_000_000
_CHUNK = 1 << 20
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
#: The place of a cell or the number of a row, as the reader will take it.
_POSITION = re.compile(
    rb"""<(?:\w+:)?(?:c|row)(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*?\s+r\s*=\s*(?:"([^"]*)"|'([^']*)')"""
)
_SANE_POSITION = re.compile(rb"([A-Z]{0,3})([1-9][0-9]{0,6})")
_REFERENCE = re.compile(rb"""\sr=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_CELL = re.compile(rb"<c\b([^>]*[^/>])>(.*?)</c>", re.DOTALL)
_OPENING = re.compile(rb"<c\b([^>]*)>")
_STYLE = re.compile(rb"""\ss=["']([0-9]+)["']""")
_NAMES = {
    "m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "r": "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
}

Place = tuple[int, int]
#: An error, or the format that shows a number in a form of its own.
Replaced = FormulaError | str


def open_workbook(file: BinaryIO, *, max_rows: int, sheets: Sequence[str] = ()) -> list[Table]:
    """One table per wanted sheet; without a wish, the first visible one that holds a table."""
    parts = _inspect(file)
    book = _load(file)
    visible = _visible(book)
    for name in sheets:
        _check_name(book, name)
    with _reading():
        names = list(sheets) or [_first(book, visible)]
        found = [(name, book.get_sheet_by_name(name)) for name in names]
    return [
        _table(name, worksheet, parts.get(_sheet_path(file, name), {}), max_rows, visible)
        for name, worksheet in found
    ]


def _table(
    name: str,
    worksheet: calamine.CalamineSheet,
    odd: dict[Place, Replaced],
    max_rows: int,
    visible: list[str],
) -> Table:
    merged = worksheet.merged_cell_ranges or ()

    def rows() -> Iterator[NumberedRow]:
        return _rows(worksheet, odd, _Merged(merged), max_rows)

    return Table("xlsx", rows, worksheet.total_height, sheet=name, sheets=tuple(visible))


def _first(book: calamine.CalamineWorkbook, visible: list[str]) -> str:
    """A cover sheet of one column is passed over when another sheet holds a table."""
    for name in visible:
        if book.get_sheet_by_name(name).width > 1:
            return name
    return visible[0]


class _Merged:
    """Cells merged down the rows: each row of the range has its value. (Across columns it is a title.)"""

    def __init__(self, ranges: Iterable[tuple[Place, Place]]) -> None:
        self.starts: dict[int, list[tuple[int, int]]] = {}
        for (top, left), (bottom, _right) in ranges:
            if bottom > top:
                self.starts.setdefault(top + 1, []).append((left, bottom + 1))
        self.open: list[tuple[int, int, Cell]] = []

    def fill(self, line: int, row: list[Cell]) -> None:
        """Values of the ranges that reach ``line``. Lines come in order, line 1 begins anew."""
        self.open = [] if line == 1 else [each for each in self.open if each[1] >= line]
        for column, _bottom, value in self.open:
            if column < len(row) and is_empty(row[column]):
                row[column] = value
        for column, bottom in self.starts.get(line, ()):
            self.open.append((column, bottom, row[column] if column < len(row) else None))


def _load(file: BinaryIO) -> calamine.CalamineWorkbook:
    file.seek(0)
    with _reading():
        return calamine.load_workbook(file)


@contextmanager
def _reading() -> Iterator[None]:
    """calamine opens a workbook and reads its sheets one by one, and may find either damaged."""
    try:
        yield
    except calamine.PasswordError as error:
        raise _unreadable("encrypted_file") from error
    except (calamine.CalamineError, OSError) as error:
        raise _unreadable("not_a_table") from error
    except BaseException as error:
        if (
            type(error).__name__ != "PanicException"
        ):  # what calamine raises where it did not expect the contents
            raise
        raise _unreadable("not_a_table") from error


def _unreadable(code: str) -> Exception:
    if code == "encrypted_file":
        return refuse(
            "encrypted_file",
            _("The workbook is protected by a password."),
            _("Remove the password and save it again."),
        )
    return refuse(
        "not_a_table",
        _("This is not an Excel workbook (.xlsx), or it is damaged."),
        _("Open it in Excel and save it again as .xlsx, or export CSV UTF-8."),
    )


def _visible(book: calamine.CalamineWorkbook) -> list[str]:
    names = [
        sheet.name for sheet in book.sheets_metadata if sheet.visible == calamine.SheetVisibleEnum.Visible
    ] or book.sheet_names
    if not names:
        raise refuse("empty_file", _("The workbook has no sheet."), _("Choose the file that holds the rows."))
    return names


def _check_name(book: calamine.CalamineWorkbook, wanted: str) -> None:
    if wanted not in book.sheet_names:
        raise refuse(
            "unknown_sheet",
            _("There is no sheet called “%(name)s”.") % {"name": wanted},
            _("The sheets are: %(names)s.") % {"names": join_list(book.sheet_names)},
        )


def _rows(
    worksheet: calamine.CalamineSheet, odd: dict[Place, Replaced], merged: _Merged, max_rows: int
) -> Iterator[NumberedRow]:
    left = worksheet.start[1] if worksheet.start else 0
    odd_lines = {line for line, _column in odd}
    seen = 0
    for line, cells in enumerate(_all_rows(worksheet), start=1):
        row: list[Cell] = [*([None] * left), *cells]
        if line in odd_lines:
            row = [_replaced(cell, odd.get((line, position))) for position, cell in enumerate(row)]
        if merged.starts:
            merged.fill(line, row)
        if all(is_empty(cell) for cell in row):
            continue
        seen += 1
        if seen > max_rows + 1:
            raise too_many_rows(max_rows)
        yield line, row


def _all_rows(worksheet: calamine.CalamineSheet) -> Iterator[list[Cell]]:
    with _reading():
        rows = worksheet.iter_rows()
    while True:
        with _reading():
            row = next(rows, None)
        if row is None:
            return
        yield row


def _replaced(cell: Cell, replaced: Replaced | None) -> Cell:
    """What stands in an odd cell: an error, or a number in the form its format gives it."""
    if isinstance(replaced, FormulaError):
        return replaced if is_empty(cell) else cell
    if replaced and isinstance(cell, float) and cell.is_integer():
        return ShownNumber.of(cell, shown(cell, replaced))
    return cell


# --- The archive ---


def _inspect(file: BinaryIO) -> dict[str, dict[Place, Replaced]]:
    """Unpack every part once, keeping nothing: sizes, extents of the sheets, cells without a usable value.

    Sizes in the directory of an archive may lie, so what really comes out is counted.
    """
    try:
        entries = archives.entries(file)
        if len(entries) > MAX_ENTRIES:
            raise _unsafe()
        if not any(_SHEET.fullmatch(entry.filename) for entry in entries):
            raise _other_format({entry.filename for entry in entries})
        return _inspect_entries(file, entries, padded_styles(file))
    except archives.DamagedArchive as error:
        raise _unreadable("not_a_table") from error


def _inspect_entries(
    file: BinaryIO, entries: list[zipfile.ZipInfo], styles: dict[int, str]
) -> dict[str, dict[Place, Replaced]]:
    left = MAX_UNPACKED
    odd: dict[str, dict[Place, Replaced]] = {}
    for entry in entries:
        if entry.flag_bits & 1:
            raise _unreadable("encrypted_file")
        scan = _Scan(styles) if _SHEET.fullmatch(entry.filename) else None
        declared = _Declarations() if entry.filename.endswith((".xml", ".rels")) else None
        for chunk in archives.unpack(file, entry):
            left -= len(chunk)
            if left < 0:
                raise _unsafe()
            if declared:
                declared.feed(chunk)
            if scan:
                scan.feed(chunk)
        if scan:
            odd[entry.filename] = scan.finish()
    return odd


def _unsafe() -> Exception:
    return refuse(
        "unsafe_file",
        _("The workbook unpacks to far more than its rows need."),
        _("Copy the rows into a new workbook and save that one, or export CSV UTF-8."),
    )


def _other_format(names: set[str]) -> Exception:
    if "content.xml" in names:
        kind = _("This is an OpenDocument file (.ods).")
    elif any(name.endswith(".bin") for name in names):
        kind = _("This is a binary Excel workbook (.xlsb).")
    else:
        return _unreadable("not_a_table")
    return refuse("not_a_table", kind, _("Save it as an Excel workbook (.xlsx) or as CSV UTF-8."))


class _Declarations:
    """Refuses XML that declares entities, or whose encoding hides what it declares."""

    def __init__(self) -> None:
        self._rest = b""
        self._texts = 0

    def feed(self, chunk: bytes) -> None:
        data = self._rest + chunk
        self._texts += chunk.count(b"<si")
        if self._texts > MAX_TEXTS:
            raise _unsafe()
        if b"\x00" in chunk or data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise _unreadable("not_a_table")
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise refuse(
                "unsafe_file",
                _("The workbook contains XML entities, which no spreadsheet program writes."),
                _("Copy the rows into a new workbook and save that one, or export CSV UTF-8."),
            )
        self._rest = data[-16:]


class _Scan:
    """Watches the XML of one sheet go by: how far it reaches, and which cells have no value to read."""

    def __init__(self, styles: dict[int, str]) -> None:
        self._rest = self._tag = b""
        self._rows = self._columns = 1
        self._odd: dict[Place, Replaced] = {}
        self._styles = {str(number).encode(): code for number, code in styles.items()}

    def feed(self, chunk: bytes) -> None:
        data = self._rest + chunk
        self._measure(chunk)
        end = max(data.rfind(b"</c>") + 4, data.rfind(b"/>") + 2, len(data) - _CHUNK)
        self._rest = data[end:]
        self._look(data[:end])

    def finish(self) -> dict[Place, Replaced]:
        self._measure(b"<")
        self._look(self._rest)
        return self._odd

    def _look(self, data: bytes) -> None:
        if b"<f" in data or b't="e"' in data:
            self._keep_odd(data)
        if self._styles:
            self._keep_padded(data)

    def _measure(self, chunk: bytes) -> None:
        """How far the sheet reaches. A place the reader might take otherwise is refused: it reserves memory by it."""
        data = self._tag + chunk
        whole = max(data.rfind(b"<"), 0)
        data, self._tag = data[:whole], data[whole:]
        if len(self._tag) > _CHUNK:
            raise _unsafe()
        letters: set[bytes] = set()
        for quoted, single in set(_POSITION.findall(data)):
            place = _SANE_POSITION.fullmatch(quoted or single)
            if place is None:
                raise _unreadable("not_a_table")
            letters.add(place[1])
            self._rows = max(self._rows, int(place[2]))
        self._columns = max(self._columns, *map(_column, letters)) if letters else self._columns
        if self._rows * self._columns > MAX_CELLS:
            raise _unsafe()

    def _keep_odd(self, data: bytes) -> None:
        for found in _CELL.finditer(data):
            attributes, inner = found.groups()
            place = _REFERENCE.search(b" " + attributes)
            if place and (text := _shown(attributes, inner)):
                self._odd[_place(place)] = FormulaError(text)

    def _keep_padded(self, data: bytes) -> None:
        for attributes in _OPENING.findall(data):
            style = _STYLE.search(attributes)
            if style and style[1] in self._styles and (place := _REFERENCE.search(b" " + attributes)):
                self._odd.setdefault(_place(place), self._styles[style[1]])


def _place(found: re.Match[bytes]) -> Place:
    return int(found[2]), _column(found[1]) - 1


def _shown(attributes: bytes, inner: bytes) -> str:
    """What a cell without a usable value shows: its error, or its uncalculated formula."""
    value = re.search(rb"<v[^>]*>([^<]*)</v>", inner)
    if b't="e"' in attributes:
        return value[1].decode("utf-8", "replace") if value else "#ERROR"
    formula = re.search(rb"<f\b[^>]*>([^<]*)</f>", inner) or re.search(rb"<f\b[^>]*(/)>", inner)
    return (
        "=" + formula[1].decode("utf-8", "replace").strip("/")[:60]
        if formula and not (value and value[1])
        else ""
    )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _sheet_path(file: BinaryIO, name: str) -> str:
    """The part of the archive that holds the sheet ``name``; empty when the workbook hides it."""
    try:
        with zipfile.ZipFile(file) as archive:
            book = ElementTree.fromstring(archive.read("xl/workbook.xml")[:_CHUNK])
            links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels")[:_CHUNK])
    except KeyError:
        return ""
    except (
        ElementTree.ParseError,
        zipfile.BadZipFile,
        NotImplementedError,
        EOFError,
        zlib.error,
        LookupError,
        ValueError,
    ) as error:
        raise _unreadable("not_a_table") from error  # a checksum, a flag or an encoding that nobody knows
    wanted = {
        sheet.get(_NAMES["r"])
        for sheet in book.iterfind("m:sheets/m:sheet", _NAMES)
        if sheet.get("name") == name
    }
    for link in links:
        if link.get("Id") in wanted:
            return "xl/" + str(link.get("Target")).removeprefix("/xl/").removeprefix("./")
    return ""
