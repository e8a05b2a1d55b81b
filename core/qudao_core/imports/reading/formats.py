"""Number formats of a workbook that change what a person sees of a whole number: ``000000`` shows 123 as 000123."""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import BinaryIO
from xml.etree import ElementTree

from ... import archives

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
