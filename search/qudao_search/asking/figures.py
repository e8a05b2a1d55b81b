"""Other ways to write the same figure: ``9瓦`` is ``9W``, ``5孔`` is ``五孔``, ``1.2米`` is ``1200mm``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

#: Measure words that stay with their number: ``8口``, ``24伏``.
MEASURE = re.compile(
    "毫米|厘米|公分|英寸|英尺|千瓦|千米|公斤|平方|毫升|毫安|千克"
    "|[口路米伏瓦寸芯千层档位孔升斤度级段端槽匹兆万个只台套件箱包盒条根支张片年月天号款代吨克安秒分开联相极型]"
)
_UNITS = {
    "瓦": "w",
    "千瓦": "kw",
    "伏": "v",
    "安": "a",
    "毫安": "ma",
    "毫米": "mm",
    "厘米": "cm",
    "公分": "cm",
    "米": "m",
    "千米": "km",
    "千克": "kg",
    "公斤": "kg",
    "克": "g",
    "升": "l",
    "毫升": "ml",
    "兆": "m",
}
#: Lengths are said in metres and printed in millimetres; from ten metres on both say metres.
_MILLIMETRES = {"米": 1000, "公分": 10, "厘米": 10}
_MOST_MILLIMETRES = 9_999
_NUMERALS = {
    "1": "一单",
    "2": "二双两",
    "3": "三",
    "4": "四",
    "5": "五",
    "6": "六",
    "7": "七",
    "8": "八",
    "9": "九",
    "10": "十",
}
_MEASURED = re.compile(rf"(\d+(?:\.\d+)?)({MEASURE.pattern})")
_TIMES = re.compile(r"(?<=\d)\*(?=\d)")
#: A type with its size run together: ``rvv3*1.5``.
_TYPE_AND_SIZE = re.compile(r"([a-z]{2,})(\d+(?:\.\d+)?[x*]\d[\dx*.]*)")


def spellings(piece: str) -> tuple[str, ...]:
    """Other ways to write ``piece`` (folded); mostly none."""
    return tuple(_spellings(piece)) if piece[:1].isdigit() else ()


def _spellings(piece: str) -> Iterator[str]:
    if _TIMES.search(piece):
        yield _TIMES.sub("x", piece)
    if measured := _MEASURED.fullmatch(piece):
        number, measure = measured.groups()
        if measure in _UNITS:
            yield number + _UNITS[measure]
        yield from _in_millimetres(number, measure)
        yield from (numeral + measure for numeral in _NUMERALS.get(number, ""))


def _in_millimetres(number: str, measure: str) -> Iterator[str]:
    length = Decimal(number) * _MILLIMETRES.get(measure, 0)
    if 0 < length <= _MOST_MILLIMETRES and length == int(length):
        yield f"{int(length)}毫米"
        yield f"{int(length)}mm"


def apart(piece: str) -> tuple[str, ...]:
    """Type and size of a piece that is both, else the piece."""
    found = _TYPE_AND_SIZE.fullmatch(piece)
    return found.groups() if found else (piece,)
