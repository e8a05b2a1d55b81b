"""What every reader returns, and how it refuses."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO
from xml.etree import ElementTree

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ... import archives
from ...errors import Refusal
from ..rules import Cell, Heading

#: The number of the row in the file, as a person counts it in an editor or in Excel, and its cells.
NumberedRow = tuple[int, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Table:
    """An opened table. ``rows`` starts anew at every call; empty rows are left out.

    ``format`` is ``csv`` or ``xlsx``; ``encoding`` and ``delimiter`` are empty for workbooks, ``sheet`` for
    CSV. ``estimate`` is the number of rows before it is known exactly, for progress.
    """

    format: str
    rows: Callable[[], Iterator[NumberedRow]]
    estimate: int
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    #: The visible sheets of the workbook.
    sheets: tuple[str, ...] = ()
    #: Whether the encoding is shown by the bytes, and not only likely.
    is_sure: bool = True
    #: Where the columns are, when a mapping says it; otherwise the header row is looked for.
    heading: Heading | None = None
    #: The rows a mapping leaves out, after they have been read.
    left_out: Callable[[], Any] = lambda: None


def refuse(code: str, message: str | Promise, remedy: str | Promise, *, line: int | None = None) -> Refusal:
    """The refusal of a whole file: nothing of it is read further."""
    return Refusal(code, message, line=line, remedy=remedy)


def refuse_size(code: str, message: str | Promise, remedy: str | Promise) -> Refusal:
    """The refusal of a file that is larger than what is read at once."""
    return Refusal(code, message, remedy=remedy, status=413)


def too_many_rows(max_rows: int) -> Refusal:
    return refuse_size(
        "too_many_rows",
        _("The file has more than %(max)d rows.") % {"max": max_rows},
        _("Split it into several files; each may be imported on its own."),
    )


_LIMIT = 1 << 22

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

#: Digits and literal signs only: no separator of thousands, decimals, exponent, percent, date or colour.
_PARTS = re.compile(r'"([^"]*)"|\\(.)|_.|([0#?])|([-/ ()+])|\*.')


def padded_styles(file: BinaryIO) -> dict[int, str]:
    """The number format by style, for the styles whose format pads numbers or writes signs between digits.

    :raises Damaged: what should be the styles is not XML.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            data = archive.open("xl/styles.xml").read(_LIMIT + 1)
        if len(data) > _LIMIT or b"<!DOCTYPE" in data:
            return {}  # what declares entities is refused when the archive is looked over
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise archives.DamagedArchive from error
    except (
        KeyError,
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        ValueError,
        LookupError,
    ):
        return {}
    except (NotImplementedError, EOFError, RuntimeError):
        return {}
    codes = {
        each.get("numFmtId"): each.get("formatCode", "")
        for each in root.iterfind(f"{_MAIN}numFmts/{_MAIN}numFmt")
    }
    styles = root.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf")
    found = {number: codes.get(style.get("numFmtId"), "") for number, style in enumerate(styles)}
    return {number: code for number, code in found.items() if _is_padded(code)}


def _is_padded(code: str) -> bool:
    section = code.split(";")[0]
    places = [found for found in _PARTS.finditer(section) if found[3]]
    whole = _PARTS.sub("", section) == ""
    written = any(found[1] or found[2] or (found[4] or "").strip() for found in _PARTS.finditer(section))
    zeros = sum(found[3] == "0" for found in places)
    return whole and (zeros > 1 or (written and bool(places)))


def shown(value: float, code: str) -> str:
    """A whole number as ``code`` shows it.

    >>> shown(123, "000000"), shown(12345678, "0000-0000"), shown(7, '"A-"000')
    ('000123', '1234-5678', 'A-007')
    """
    digits = str(int(abs(value)))
    made: list[str] = []
    parts = list(_PARTS.finditer(code.split(";")[0]))
    first = next((place for place, part in enumerate(parts) if part[3]), 0)
    for place in range(len(parts) - 1, -1, -1):
        part = parts[place]
        if part[3]:
            made.append(digits[-1:] or ("0" if part[3] == "0" else ""))
            digits = digits[:-1]
            if place == first:
                made.append(digits[::-1])
        else:
            made.append((part[1] or part[2] or part[4] or "")[::-1])
    return ("-" if value < 0 else "") + "".join(made)[::-1]
