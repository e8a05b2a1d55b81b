"""Other ways to write the same figure.

``9瓦`` is ``9W``, ``5孔`` is ``五孔``, ``4 ft`` is ``1200mm``, ``60x60`` is ``600x600``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

#: Measure words that stay with their number: ``8口``, ``24伏``.
MEASURE = re.compile(
    "毫米|厘米|公分|英寸|英尺|千瓦|千米|公斤|平方毫米|平方|平米|平(?![板面方米放时均])|毫升|毫安|千克|插位|回路|流明"
    "|开(?!孔)|[口路米伏瓦寸尺芯千层档位孔升斤度级段端槽匹兆万个只台套件箱包盒条根支张片年月天号款代吨克安秒分联相极型]"
)
#: What is said for the same unit, most usual first. Each finds all.
_SAME: tuple[tuple[str, ...], ...] = (
    ("w", "瓦", "watt", "watts"),
    ("kw", "千瓦", "kilowatt", "kilowatts"),
    ("v", "伏", "volt", "volts"),
    ("a", "安", "amp", "amps", "ampere", "amperes"),
    ("ma", "毫安", "milliamp", "milliamps"),
    ("mm", "毫米", "millimetre", "millimetres", "millimeter", "millimeters"),
    ("cm", "厘米", "公分", "centimetre", "centimetres", "centimeter", "centimeters"),
    ("m", "米", "metre", "metres", "meter", "meters"),
    ("km", "千米", "公里"),
    ("kg", "千克", "公斤"),
    ("g", "克"),
    ("l", "升", "litre", "litres", "liter", "liters"),
    ("ml", "毫升"),
    ("m", "兆"),
    ("lm", "流明", "lumen", "lumens"),
    ("mm2", "平方", "平方毫米", "平", "sqmm", "sq mm"),
    ("ft", "英尺", "尺", "foot", "feet"),
    ("inch", "英寸", "寸", "inches"),
    ("k", "kelvin"),
    ("core", "芯", "cores"),
    ("gang", "开", "联", "位", "gangs"),
    ("way", "位", "路", "回路", "ways"),
    ("outlet", "位", "插位", "outlets", "sockets", "way", "gang"),
    ("pole", "p", "极", "poles"),
    ("pin", "孔", "pins"),
)
_UNITS: dict[str, tuple[str, ...]] = {}
for _names in _SAME:
    for _name in _names:
        _UNITS[_name] = tuple(dict.fromkeys((*_UNITS.get(_name, ()), *_names)))
#: Lengths are said in metres, centimetres or feet and printed in millimetres; from ten metres on both say metres.
#: A foot of a lamp is 300 mm: a tube of four feet is one of 1,200.
_MILLIMETRES = {"m": 1000, "米": 1000, "cm": 10, "ft": 300}
_MOST_MILLIMETRES = 9_999
#: Sides that are printed in millimetres; smaller figures that are round in centimetres were meant so.
_LONGEST_IN_CENTIMETRES, _LONGEST_IN_FEET = 200, 6
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
#: As they are said in English, before what is counted only: a double switch is one of two gangs.
_WORDS = {
    "1": ("one", "single"),
    "2": ("two", "double", "twin"),
    "3": ("three", "triple"),
    "4": ("four",),
    "5": ("five",),
}
_FIGURE_OF = {word: figure for figure, words in _WORDS.items() for word in words}
_FIGURES = {numeral: figure for figure, numerals in _NUMERALS.items() for numeral in numerals}
_LATIN_UNITS = "|".join(
    sorted(
        (re.escape(name).replace("\\ ", " ?") for name in _UNITS if name.isascii() and len(name) > 1),
        key=len,
        reverse=True,
    )
)
_NUMBER = r"\d+(?:\.\d+)?"
_MEASURED = re.compile(rf"({_NUMBER})({MEASURE.pattern}|{_LATIN_UNITS}|[wvamklgp])")
_COUNTED = re.compile(r"([一二两双三四五六七八九十]|单(?!位))(开|位|联|芯|极|孔|路|回路|插位)")
_COUNTED_IN_ENGLISH = re.compile(
    rf"({'|'.join(_FIGURE_OF)})[ -]?(gangs?|ways?|poles?|cores?|pins?|outlets?)(?![a-z0-9])"
)
_SIDES = re.compile(rf"({_NUMBER})(?:x|\*|by|乘)({_NUMBER})((?:mm|cm|ft|m|毫米|厘米|公分|米)?)")
#: Cores and the cross-section of each, which is printed like two sides: ``3芯2.5平方``, ``3 core 2.5mm``.
_CORES = re.compile(
    rf"(\d{{1,2}}) ?(?:芯|cores?) ?(?:x|\*|乘)? ?({_NUMBER}) ?(?:平方毫米|平方|平|mm2|sq ?mm|mm)?"
)
_CORES_OF_CABLES = ("2", "3", "4", "5")
#: One metre and two tenths, as it is said.
_METRES = re.compile(r"(\d)米(\d)")
_TIMES = re.compile(r"(?<=\d)\*(?=\d)")
#: A type with its size run together: ``rvv3*1.5``.
_TYPE_AND_SIZE = re.compile(r"([a-z]{2,})(\d+(?:\.\d+)?[x*]\d[\dx*.]*)")
_FOUND = re.compile(
    rf"(?<![\w.*+:#=/'’-])(?:\d米\d(?!\d)"
    rf"|{_CORES.pattern.replace('(', '(?:', 1).replace(f'({_NUMBER})', _NUMBER)}(?![a-z0-9.*-])"
    rf"|{_NUMBER} ?(?:x|\*|by|乘) ?{_NUMBER}"
    rf" ?(?:(?:mm|cm|ft|m|毫米|厘米|公分|米)(?![a-z0-9]))?(?![a-z0-9.*-])"
    rf"|\d+(?:[.*/-]\d+)* ?(?:{MEASURE.pattern})"
    rf"|{_NUMBER} ?(?:{_LATIN_UNITS})(?![a-z0-9])"
    rf"|{_NUMBER} (?:[wvamklgp])(?![a-z0-9]))"
    rf"|{_COUNTED.pattern}"
    rf"|(?<![\w-]){_COUNTED_IN_ENGLISH.pattern}"
)


def measured(text: str) -> Iterator[tuple[int, int]]:
    """Where folded text has a figure with its unit, or two sides: ``4 ft``, ``10 平方``, ``60 x 60``, ``三开``."""
    for found in _FOUND.finditer(text):
        yield found.span()


def joined(found: str) -> str:
    """A measured figure without the blanks in it; between two words one stays."""
    return found if found[0].isalpha() and found.isascii() else "".join(found.split())


def spellings(piece: str) -> tuple[str, ...]:
    """Other ways to write ``piece`` (folded); mostly none."""
    return tuple(dict.fromkeys(each for each in _spellings(piece) if each != piece))


def _spellings(piece: str) -> Iterator[str]:
    if "lite" in piece and piece.isalpha():
        yield piece.replace("lite", "light")
    if _TIMES.search(piece):
        yield _TIMES.sub("x", piece)
    if cores := _CORES.fullmatch(piece):
        yield f"{cores[1]}x{cores[2]}"
    if sides := _SIDES.fullmatch(piece):
        yield from _other_sides(*sides.groups())
    if long := _METRES.fullmatch(piece):
        yield from _spellings(f"{long[1]}.{long[2]}米")
    if counted := _COUNTED.fullmatch(piece):
        numeral, measure = counted.groups()
        yield from _measured_otherwise(_FIGURES[numeral], measure)
    elif said := _COUNTED_IN_ENGLISH.fullmatch(piece):
        yield from _measured_otherwise(_FIGURE_OF[said[1]], said[2])
    elif found := _MEASURED.fullmatch(piece):
        yield from _measured_otherwise(*found.groups())


def _measured_otherwise(number: str, measure: str) -> Iterator[str]:
    units = _UNITS.get(measure, (measure,))
    yield from (f"{number}{unit}" for unit in units)
    yield from _in_millimetres(number, units[0])
    if "芯" in units and number in _CORES_OF_CABLES:
        yield f"{number}x"
    counted = [unit for unit in units if unit.isascii() and len(unit) > 2]
    yield from (f"{word} {unit}" for unit in counted for word in _WORDS.get(number, ()))
    yield from (
        numeral + unit for unit in units if not unit.isascii() for numeral in _NUMERALS.get(number, "")
    )


def _in_millimetres(number: str, unit: str) -> Iterator[str]:
    length = Decimal(number) * _MILLIMETRES.get(unit, 0)
    if 0 < length <= _MOST_MILLIMETRES and length == int(length):
        yield f"{int(length)}毫米"
        yield f"{int(length)}mm"


def _other_sides(one: str, two: str, unit: str) -> Iterator[str]:
    sides = Decimal(one), Decimal(two)
    yield f"{one}x{two}"
    for factor in _factors(sides, unit):
        long = [int(side * factor) for side in sides]
        yield f"{long[0]}x{long[1]}"
        if long[0] != long[1]:
            yield f"{long[1]}x{long[0]}"


def _factors(sides: tuple[Decimal, Decimal], unit: str) -> Iterator[int]:
    if any(side != int(side) for side in sides):
        return
    if unit in ("cm", "厘米", "公分") or (
        not unit and 10 <= min(sides) <= max(sides) <= _LONGEST_IN_CENTIMETRES
    ):
        yield 10
    if unit == "ft" or (not unit and max(sides) <= _LONGEST_IN_FEET):
        yield 300
    if (unit == "mm" or not unit) and min(sides) >= 100:
        yield 1


def apart(piece: str) -> tuple[str, ...]:
    """Type and size of a piece that is both, else the piece."""
    found = _TYPE_AND_SIZE.fullmatch(piece)
    return found.groups() if found else (piece,)
