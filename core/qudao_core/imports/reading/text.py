"""Tables as text: which encoding, which delimiter, and where it breaks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from .encodings import encoding_of
from .table import NumberedRow, Table, refuse, too_many_rows

#: Where two cut the lines alike, the earlier one: a comma may belong to numbers.
DELIMITERS = (";", "\t", "|", ",")
_CHUNK = 1 << 20
_SAMPLE_LINES = 40


def open_text(file: BinaryIO, *, max_rows: int, encoding: str = "", delimiter: str = "") -> Table:
    found = encoding_of(file, encoding)
    seen, skip = _delimiter(_sample(file, found.name))
    delimiter = delimiter or seen
    lines = _count_lines(file)

    def rows() -> Iterator[NumberedRow]:
        return _rows(file, found.name, delimiter, skip, max_rows)

    return Table(
        "csv",
        rows,
        lines,
        encoding=found.name.removesuffix("-sig").upper(),
        delimiter=delimiter,
        is_sure=found.is_sure,
    )


def _count_lines(file: BinaryIO) -> int:
    file.seek(0)
    return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(_CHUNK), b""))


def _sample(file: BinaryIO, encoding: str) -> list[str]:
    with _text(file, encoding) as stream:
        return stream.text.read(65536).splitlines()[:_SAMPLE_LINES]


def _delimiter(lines: list[str]) -> tuple[str, int]:
    """The delimiter, and how many lines stand before the table (Excel's ``sep=;``)."""
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        return lines[0].strip()[-1], 1
    return max(DELIMITERS, key=lambda mark: (_is_whole(lines, mark), _fit(lines, mark))), 0


def _is_whole(lines: list[str], delimiter: str) -> bool:
    """Whether a delimiter cuts the lines, and every quotation mark that closes stands before one (the last cell of a
    sample may stay open).
    """
    try:
        return any([len(row) > 1 for row in csv.reader(lines, delimiter=delimiter, strict=True)])
    except csv.Error as error:
        return "unexpected end" in str(error)


def _fit(lines: list[str], delimiter: str) -> float:
    """How well a delimiter cuts the lines: many columns, and the same number in every line. A comma that stands
    only in prices cuts fewer lines than the delimiter that stands in all of them.
    """
    try:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return 0
    if not counts:
        return 0
    usual = max(sorted(set(counts)), key=counts.count)
    return (usual - 1) * counts.count(usual) / len(counts)


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
    """Text over a file that stays open afterwards. Several may be read in turns: each knows its own place."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
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
        self._file, self._place = file, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._file.seek(self._place)
        chunk = self._file.read(len(buffer))
        self._place += len(chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)
