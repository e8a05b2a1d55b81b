"""Tables as text: which encoding, which delimiter, and where it breaks."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from .table import NumberedRow, Table, refuse, too_many_rows

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = (",", ";", "\t", "|")
_CHUNK = 1 << 20


def open_text(file: BinaryIO, *, max_rows: int) -> Table:
    encoding = detect_encoding(file)
    delimiter, skip = _delimiter(_sample(file, encoding))
    lines = _count_lines(file)

    def rows() -> Iterator[NumberedRow]:
        return _rows(file, encoding, delimiter, skip, max_rows)

    return Table("csv", rows, lines, encoding=encoding.removesuffix("-sig").upper(), delimiter=delimiter)


def detect_encoding(file: BinaryIO) -> str:
    """The encoding of the whole file: a byte order mark decides, then UTF-8, then GB18030 (which includes
    GBK).

    :raises Refusal: ``mixed_encodings`` or ``unknown_encoding``, naming the first line that does not fit.
    """
    file.seek(0)
    head = file.read(4)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            if not _decodes(file, encoding):
                raise _misfit(file, encoding)
            return encoding
    for encoding in ("utf-8", "gb18030"):
        if _decodes(file, encoding):
            if encoding == "gb18030":
                _refuse_mixture(file)
            return encoding
    _refuse_mixture(file)
    raise _misfit(file, "gb18030")


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _refuse_mixture(file: BinaryIO) -> None:
    """Lines of both encodings mean that somebody glued two files together; either reading would spoil
    names.
    """
    utf8: list[int] = []
    other: list[int] = []
    for number, line in _foreign_lines(file):
        (utf8 if _surely_utf8(line) else other).append(number)
    if not utf8 or not other:
        return
    wrong, is_utf8 = (other[0], False) if len(utf8) >= len(other) else (utf8[0], True)
    raise refuse(
        "mixed_encodings",
        _("Line %(line)d uses a different encoding (%(encoding)s) from the rest of the file.")
        % {"line": wrong, "encoding": "UTF-8" if is_utf8 else "GB18030"},
        _("Open the file in Excel or an editor, repair that line, and save everything as CSV UTF-8."),
        line=wrong,
    )


def _foreign_lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Numbered lines that hold more than ASCII."""
    file.seek(0)
    for number, line in enumerate(file, start=1):
        if not line.isascii():
            yield number, line


def _surely_utf8(line: bytes) -> bool:
    """Valid UTF-8 with a character of three bytes or more: short GBK words can pass for two-byte UTF-8 by
    chance.
    """
    try:
        return any(ord(letter) >= 0x800 for letter in line.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _misfit(file: BinaryIO, encoding: str) -> Exception:
    number = _first_misfit(file, encoding)
    return refuse(
        "unknown_encoding",
        _("Line %(line)d is neither UTF-8 nor GB18030.") % {"line": number},
        _("Save the file again as “CSV UTF-8”, or as .xlsx."),
        line=number,
    )


def _first_misfit(file: BinaryIO, encoding: str) -> int:
    if encoding.startswith("utf-16"):
        return 1
    for number, line in _foreign_lines(file):
        try:
            line.decode(encoding)
        except UnicodeDecodeError:
            return number
    return 1


def _count_lines(file: BinaryIO) -> int:
    file.seek(0)
    return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(_CHUNK), b""))


def _sample(file: BinaryIO, encoding: str) -> list[str]:
    with _text(file, encoding) as stream:
        return stream.text.read(65536).splitlines()[:40]


def _delimiter(lines: list[str]) -> tuple[str, int]:
    """The delimiter, and how many lines stand before the table (Excel's ``sep=;``)."""
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        return lines[0].strip()[-1], 1
    return max(_DELIMITERS, key=lambda mark: _columns(lines[:20], mark)), 0


def _columns(lines: list[str], delimiter: str) -> int:
    """Most frequent number of columns; one column counts as none."""
    try:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return 0
    usual = max(set(counts), key=counts.count, default=1)
    return usual if usual > 1 else 0


def _rows(file: BinaryIO, encoding: str, delimiter: str, skip: int, max_rows: int) -> Iterator[NumberedRow]:
    with _text(file, encoding) as stream:
        for _line in range(skip):
            stream.text.readline()
        reader = csv.reader(stream.text, delimiter=delimiter, strict=True)
        yield from _numbered(reader, skip, max_rows)


def _numbered(reader: csv._reader, skip: int, max_rows: int) -> Iterator[NumberedRow]:  # type: ignore[name-defined]
    seen, start = 0, skip + 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise refuse(
                "broken_quotes",
                _("The quotation marks of line %(line)d do not match (%(error)s).")
                % {"line": start, "error": error},
                _("Double any quotation mark inside a cell, or save the table as .xlsx."),
                line=start,
            ) from error
        if row and (row[0] or any(row)) and (row[0].strip() or any(cell.strip() for cell in row)):
            seen += 1
            if seen > max_rows + 1:
                raise too_many_rows(max_rows)
            yield start, row
        start = skip + reader.line_num + 1


class _text:
    """Text over a file that stays open afterwards."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        file.seek(0)
        self.text = io.TextIOWrapper(_Open(file), encoding=encoding, newline="")  # type: ignore[arg-type]

    def __enter__(self) -> _text:
        return self

    def __exit__(self, *exc: object) -> None:
        self.text.detach()


class _Open(io.BufferedReader):
    """Reads another file without owning it."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(_Raw(file), buffer_size=1 << 16)


class _Raw(io.RawIOBase):
    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self._file.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)
