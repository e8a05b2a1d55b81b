"""Which encoding a text file has: said by its bytes where they say it, else the likeliest, marked as unsure."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import charset_normalizer
from django.utils.translation import gettext_lazy as _

from .table import NumberedRow, Table, refuse, too_many_rows

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

#: What a person may choose, by the name Python has for it.
CHOICES = {
    "utf-8": _("Unicode (UTF-8)"),
    "gb18030": _("Chinese, simplified (GB18030, GBK)"),
    "big5": _("Chinese, traditional (Big5)"),
    "cp1252": _("Western European (Windows-1252)"),
    "cp1250": _("Central European (Windows-1250)"),
    "cp1251": _("Cyrillic (Windows-1251)"),
    "cp932": _("Japanese (Shift-JIS)"),
    "cp949": _("Korean (EUC-KR)"),
    "utf-16": _("Unicode (UTF-16)"),
}

_OTHERS = ("gb18030", "big5", "cp1252", "cp1250", "cp1251", "cp932", "cp949")

_CHUNK = 1 << 20

_JUDGED = 65536

#: So many of the characters of a Chinese text are among the 3,755 common ones.
_COMMON_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Encoding:
    name: str
    #: Whether the bytes show it; otherwise a person is asked.
    is_sure: bool = True


def encoding_of(file: BinaryIO, chosen: str = "") -> Encoding:
    """The encoding of the whole file: the chosen one, else a byte order mark, then UTF-8, then GB18030 (which
    includes GBK) where the characters are those of Chinese texts, then what the letters suggest.

    :raises Refusal: ``mixed_encodings`` or ``unknown_encoding``, naming the first line that does not fit.
    """
    file.seek(0)
    head = file.read(4)
    marked = next((encoding for mark, encoding in _BOMS if head.startswith(mark)), "")
    if marked and chosen in ("", "utf-8", "utf-16"):
        chosen = marked
    if chosen:
        if not _decodes(file, chosen):
            raise _misfit(file, chosen)
        return Encoding(chosen)
    if _decodes(file, "utf-8"):
        return Encoding("utf-8")
    _refuse_mixture(file)
    if _decodes(file, "gb18030") and _is_chinese(file):
        return Encoding("gb18030")
    return _likeliest(file)


def _likeliest(file: BinaryIO) -> Encoding:
    sample = b"".join(_foreign_sample(file))
    best = charset_normalizer.from_bytes(sample, cp_isolation=list(_OTHERS)).best()
    name = best.encoding if best else ""
    if name == "cp1250" and _is_western(sample):
        name = "cp1252"
    if not name or not _decodes(file, name) or not _has_letters(sample, name):
        raise _misfit(file, "gb18030")
    return Encoding(name, is_sure=False)


def _is_western(sample: bytes) -> bool:
    """Whether the Western reading has letters only: in it, Polish and Czech letters become signs."""
    try:
        foreign = [letter for letter in sample.decode("cp1252") if not letter.isascii()]
    except UnicodeDecodeError:
        return False
    return sum(letter.isalpha() for letter in foreign) >= len(foreign) * 0.9


def _has_letters(sample: bytes, encoding: str) -> bool:
    """Whether the bytes beyond ASCII are mostly letters, as in words, and not control codes of other systems."""
    if encoding.startswith("cp125") and sum(0x80 <= byte < 0xA0 for byte in sample) * 2 > sum(
        byte >= 0x80 for byte in sample
    ):
        return False
    foreign = [
        letter for letter in sample.decode(encoding, "replace") if not letter.isascii() and letter != "\ufffd"
    ]
    return sum(letter.isalpha() for letter in foreign) * 2 > len(foreign)


def _is_chinese(file: BinaryIO) -> bool:
    """Whether most characters are common ones (GB 2312, first level), punctuation or full-width signs."""
    common = seen = 0
    for line in _foreign_sample(file):
        for letter in line.decode("gb18030", "replace"):
            if not letter.isascii():
                code = letter.encode("gb18030", "replace")
                seen += 1
                common += len(code) == 2 and code[1] >= 0xA1 and 0xA1 <= code[0] <= 0xD7
    return seen > 0 and common >= seen * _COMMON_SHARE


def _foreign_sample(file: BinaryIO) -> Iterator[bytes]:
    """The first lines that hold more than ASCII, up to a size."""
    left = _JUDGED
    for _number, line in _foreign_lines(file):
        yield line
        left -= len(line)
        if left < 0:
            return


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
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
    if encoding == "gb18030":
        message = _("Line %(line)d is neither UTF-8 nor GB18030.") % {"line": number}
    else:
        message = _("Line %(line)d cannot be read as %(encoding)s.") % {"line": number, "encoding": encoding}
    return refuse(
        "unknown_encoding",
        message,
        _("Choose another encoding, or save the file again as “CSV UTF-8” or as .xlsx."),
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


#: Where two cut the lines alike, the earlier one: a comma may belong to numbers.
DELIMITERS = (";", "\t", "|", ",")

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
