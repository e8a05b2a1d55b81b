"""The quantity of a line among all its numbers; where several could be meant, none of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from qudao_core.numbers import rules as numbers

from .reading import CJK
from .values import QUANTITY_MISSING, QUANTITY_SEVERAL, QUANTITY_UNCLEAR

#: Words behind a number that say that it counts something. What they mean is the product's to say.
COUNTED = tuple(
    [
        "pieces",
        "piece",
        "pcs",
        "pce",
        "pc",
        "each",
        "ea",
        "cartons",
        "carton",
        "ctns",
        "ctn",
        "cases",
        "case",
        "boxes",
        "box",
        "bx",
        "packs",
        "pack",
        "pkts",
        "packets",
        "packet",
        "pk",
        "bags",
        "bag",
        "pallets",
        "pallet",
        "plt",
        "rolls",
        "roll",
        "rl",
        "reels",
        "reel",
        "drums",
        "drum",
        "sets",
        "set",
        "pairs",
        "pair",
        "bundles",
        "bundle",
        "units",
        "unit",
        "nos",
        "托盘",
        "个",
        "件",
        "只",
        "支",
        "台",
        "枚",
        "箱",
        "盒",
        "包",
        "袋",
        "托",
        "板",
        "卷",
        "盘",
        "套",
        "组",
        "对",
        "双",
        "捆",
        "扎",
        "根",
        "条",
        "张",
        "片",
        "把",
        "瓶",
        "桶",
        "付",
        "副",
        "颗",
        "粒",
    ]
)
#: Words that may just as well be a dimension (a tube of 1.2 m).
MEASURED = frozenset(
    [
        "metres",
        "metre",
        "meters",
        "meter",
        "mtr",
        "m",
        "kilograms",
        "kilogram",
        "kgs",
        "kg",
        "kilo",
        "litres",
        "litre",
        "liters",
        "liter",
        "l",
        "千克",
        "公斤",
        "米",
        "升",
    ]
)

_CURRENCY = r"(?:[¥￥$€£]|(?:RMB|CNY|USD|EUR|GBP|HKD)(?![A-Za-z]))"
FIGURE = r"\d+(?:,\d+)*(?:\.\d+)?"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
#: Numbers that are no quantities: dates, times, telephone numbers, prices, percentages, dimensions of two sides.
NOT_COUNTED = re.compile(
    rf"""(?ix)
      (?<!\d)\d{{4}}\s?(?:[-/.]\s?\d{{1,2}}\s?[-/.]\s?\d{{1,2}}|年\s?\d{{1,2}}\s?月(?:\s?\d{{1,2}}\s?[日号])?)(?!\d)
    | (?<!\d)\d{{1,2}}\s?月(?:\s?\d{{1,2}}\s?[日号])?
    | (?<![\d.,])\d{{1,2}}([-/.])\d{{1,2}}\1\d{{2,4}}(?![\d])
    | (?<!\d)\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTH}(?:,?\s\d{{4}})?(?![a-z])
    | (?<![a-z]){_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s\d{{4}})?(?!\d)
    | (?<![\d:])\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?![\d:])
    | \+\d[\d\s-]{{7,}}\d
    | (?<!\d)1[3-9]\d[\s-]?\d{{4}}[\s-]?\d{{4}}(?!\d)
    | (?<!\d)0\d{{2,3}}[-\s]\d{{7,8}}(?!\d)
    | (?:单价|价格|售价|金额|总价|(?<![a-z])(?:unit\s)?price|amount)\s?[:=]?\s?{_CURRENCY}?\s?{FIGURE}
    | (?:@|(?<![a-z]){_CURRENCY})\s?{_CURRENCY}?\s?{FIGURE}(?:\s?/\s?[a-z{CJK}]+)?
    | {FIGURE}\s?(?:元|块钱?|{_CURRENCY})(?:\s?/\s?[a-z{CJK}]+)?
    | {FIGURE}\s?%
    """
)
ORDINAL = re.compile(r"[\s>\"'•·*-]*(?:\(\d{1,3}\)|\d{1,3}(?:[.)](?=\s)|\)|;))\s*(?=\S)")
_RANGE = re.compile(rf"{FIGURE}\s?(?:[-~]|至|到|(?:或者?|or)(?![a-z]))\s?{FIGURE}", re.IGNORECASE)
_UNITS = "|".join(sorted(map(re.escape, [*COUNTED, *MEASURED]), key=len, reverse=True))
NUMBER = re.compile(
    rf"(?:(?P<before>(?:(?<![A-Za-z])(?:qty|quantity|x)|数量|\*)\s?[:=.]?\s?)|(?<![A-Za-z\d])(?<!\d[.,/-]))"
    rf"(?P<sign>(?<!\S)-)?(?P<figure>{FIGURE}|\.\d+)"
    rf"(?:\s?(?P<unit>{_UNITS})\.?(?![A-Za-z]))?(?P<behind>\s?[*xX](?![A-Za-z]))?",
    re.IGNORECASE,
)
_PRODUCT = re.compile(rf"(?<![\d.]){FIGURE}\s?[*xX]\s?{FIGURE}\s?(?:{_UNITS})?", re.IGNORECASE)
UNIT_ALONE = re.compile(rf"(?:{_UNITS})\.?", re.IGNORECASE)
_CHINESE_NUMBER = re.compile(r"[一二两三四五六七八九十百千万半几]+\s?(?:[个件只支台箱盒包袋卷盘套根条米])")
TOTAL = re.compile(
    r"合计|共计|总计|小计|总数|(?<![a-z])(?:sub|grand\s)?total(?![a-z])|(?<![a-z])sum(?![a-z])", re.IGNORECASE
)
_STRONG, _WEAK, _BARE = 2, 1, 0


@dataclass(frozen=True, slots=True)
class _Number:
    """A number of a line that could be its quantity."""

    figure: str
    unit: str
    level: int
    start: int
    end: int
    is_negative: bool = False


QuantityRead = tuple[Decimal | None, str, tuple[str, ...], str, list[tuple[int, int]]]


def read_quantity(plain: str, codes: Sequence[tuple[int, int]], marks: numbers.NumberFormat) -> QuantityRead:
    """Quantity, unit, what it could be, what has to be asked (``""``: nothing), and where it stands."""
    work = blank(plain, codes, "\x01")
    work = blank(work, [each.span() for each in NOT_COUNTED.finditer(work)], "\x02")
    work = re.sub(r"\.{2,}", lambda dots: " " * len(dots.group()), work)
    ordinal = ORDINAL.match(work)
    numbered = blank(work, [ordinal.span()], "\x02") if ordinal else work
    if numbered != work and ordinal and ordinal.group().strip().endswith(";") and not _numbers(numbered):
        numbered = work  # ``10;LED-7`` has no other number
    work = numbered
    products = [each.span() for each in (*_PRODUCT.finditer(work), *_RANGE.finditer(work))]
    stretches = tuple([plain[start:end].strip() for start, end in products])
    found = _numbers(blank(work, products, "\x02"))
    if stretches and not any(each.level == _STRONG for each in found):
        return None, "", stretches, QUANTITY_SEVERAL, []
    return _chosen(found, work, marks)


def _chosen(found: list[_Number], work: str, marks: numbers.NumberFormat) -> QuantityRead:
    if not found:
        unclear = _CHINESE_NUMBER.search(work)
        return (
            None,
            "",
            (unclear.group(),) if unclear else (),
            QUANTITY_UNCLEAR if unclear else QUANTITY_MISSING,
            [],
        )
    strong = [each for each in found if each.level == _STRONG]
    likely = strong or found
    readings = tuple([f"{each.figure} {each.unit}".strip() for each in likely])
    if len(likely) > 1:
        return None, "", readings, QUANTITY_SEVERAL, []
    only = likely[0]
    is_price = only.level == _BARE and "." in only.figure
    try:
        quantity = numbers.read_number(only.figure, marks)
    except numbers.NumberError:
        return None, "", readings, QUANTITY_UNCLEAR, []
    if only.is_negative or is_price:
        return None, "", ("-" + readings[0] if only.is_negative else readings[0],), QUANTITY_UNCLEAR, []
    return quantity, only.unit, (), "", [(only.start, only.end)]


def _numbers(work: str) -> list[_Number]:
    return [made for each in NUMBER.finditer(work) if (made := _number(each, work)) is not None]


def _number(found: re.Match[str], work: str) -> _Number | None:
    """``None`` for a dimension (``9W``, ``8寸``), a part of a longer word, or a number nobody orders."""
    unit, figure = found.group("unit") or "", found.group("figure")
    following = work[found.end() : found.end() + 1]
    if not unit and not found.group("behind") and following and re.match(rf"[A-Za-z{CJK}]", following):
        return None
    if len(figure.split(".")[0].replace(",", "")) > 6:
        return None
    if unit.casefold() in MEASURED and not found.group("before"):
        level = _WEAK
    else:
        level = _STRONG if unit or found.group("before") or found.group("behind") else _BARE
    return _Number(figure, unit, level, found.start(), found.end(), bool(found.group("sign")))


def blank(text: str, spans: Iterable[tuple[int, int]], filler: str) -> str:
    for start, end in spans:
        text = text[:start] + filler * (end - start) + text[end:]
    return text
