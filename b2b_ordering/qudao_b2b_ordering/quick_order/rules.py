"""What pasted text orders: lines with a code and a quantity, in plain Python.

Two passes, because only the catalogue knows which of several tokens is the code: :func:`read_lines` gives every line
with the texts that could be its code; the caller looks all of them up at once; :func:`recognise` then decides.
A quantity that could be read in two ways is never chosen: the line gets a mark and a person is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from qudao_core.numbers import rules as numbers

#: Lines that are not empty, and characters, of one text.
MOST_LINES, MOST_TEXT = 5000, 1_000_000
#: Characters of a line that are read, and of a code.
LONGEST_LINE, LONGEST_CODE = 1000, 64
#: Texts of a line that are looked up as its code.
MOST_CANDIDATES = 16

ITEM, HEADER, OTHER = "item", "header", "other"
CODE_UNKNOWN, CODE_SEVERAL, CODE_SCIENTIFIC = "code_unknown", "code_several", "code_scientific"
QUANTITY_MISSING, QUANTITY_SEVERAL, QUANTITY_UNCLEAR = (
    "quantity_missing",
    "quantity_several",
    "quantity_unclear",
)
LINE_TOO_LONG = "line_too_long"

#: Words behind a number that say that it counts something. What they mean is the product's to say.
COUNTED = (
    "pieces piece pcs pce pc each ea cartons carton ctns ctn cases case boxes box bx packs pack pkts packets packet pk bags"
    " bag pallets pallet plt rolls roll rl reels reel drums drum sets set pairs pair bundles bundle units unit nos"
    " 托盘 个 件 只 支 台 枚 箱 盒 包 袋 托 板 卷 盘 套 组 对 双 捆 扎 根 条 张 片 把 瓶 桶 付 副 颗 粒"
).split()
#: Words that may just as well be a dimension (a tube of 1.2 m).
MEASURED = "metres metre meters meter mtr m kilograms kilogram kgs kg kilo litres litre liters liter l 千克 公斤 米 升".split()


class PasteTooLarge(ValueError):
    """The text has too many ``lines`` or ``characters``; ``most`` of them are taken."""

    def __init__(self, what: str, given: int, most: int) -> None:
        super().__init__(what)
        self.what, self.given, self.most = what, given, most


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch of a line that could be its code."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PastedLine:
    """A line that is not empty. ``number`` counts all lines of the text from 1; ``plain`` is ``text`` with ASCII digits,
    letters and signs in the place of full-width ones.
    """

    number: int
    text: str
    plain: str
    candidates: tuple[Candidate, ...] = ()
    is_too_long: bool = False


@dataclass(frozen=True, slots=True)
class CodeMatch:
    """The products that a code names; ``exact``: as it stands there, not only without its hyphens or zeros."""

    products: tuple[int, ...]
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a line says. ``kind`` ``other``: no order line (a greeting, a total), kept all the same.

    ``quantity`` is ``None`` where it has to be asked; ``readings`` are the numbers it could be. ``rest`` is what is
    neither code nor quantity. ``marks`` say what has to be asked.
    """

    number: int
    text: str
    kind: str
    code: str = ""
    products: tuple[int, ...] = ()
    quantity: Decimal | None = None
    unit: str = ""
    rest: str = ""
    readings: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


# --- First pass: lines and what could be their codes -----------------------------------------------------------------

_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
#: One character for one, so that places in the plain line are places in the text.
_ALIKE = _WIDTHS | {
    **dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2007\u2009\u202f\u200b\ufeff"), " "),
    **dict.fromkeys(map(ord, "×✕✖＊∗"), "*"),
    **dict.fromkeys(map(ord, "、。"), ";"),
    **dict.fromkeys(map(ord, "‐‑‒–—−"), "-"),
    **dict.fromkeys(map(ord, "“”„「」『』＂"), '"'),
    **dict.fromkeys(map(ord, "【〔［"), "["),
    **dict.fromkeys(map(ord, "】〕］"), "]"),
    **dict.fromkeys(range(0x2460, 0x2474), "•"),
}
_CJK = "\u3400-\u9fff\uf900-\ufaff"
_CHUNK = re.compile(r"[^\s;|\[\]()\"'<>•·]+")
_EDGES = ",.:;=!?#~_*/-"
_PARTS = re.compile(rf"[{_CJK}]+|[^{_CJK},:=*]+")
_TIMES_BEFORE, _TIMES_BEHIND = re.compile(r"\d{1,6}[xX*](.+)"), re.compile(r"(.+)[xX*]\d{1,6}")
_TIMES_BOTH = re.compile(r"\d{1,6}[xX*](.+)[xX*]\d{1,6}")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+\d{1,2}", re.IGNORECASE)
_CODE = re.compile(r"(?=.*\d)(?=.*[A-Za-z\-_/.]).{3,}|\d{5,}|[A-Za-z]{3,}")


def read_lines(text: str) -> list[PastedLine]:
    """The lines of a text that are not empty, each with the texts that could be its code.

    :raises PasteTooLarge: above 5,000 lines or 1,000,000 characters.
    """
    if len(text) > MOST_TEXT:
        raise PasteTooLarge("characters", len(text), MOST_TEXT)
    given = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(given) > MOST_LINES:
        raise PasteTooLarge("lines", len(given), MOST_LINES)
    return [_read_line(number, line) for number, line in given]


def _read_line(number: int, text: str) -> PastedLine:
    kept = text[:LONGEST_LINE]
    plain = kept.translate(_ALIKE)
    if len(text) > LONGEST_LINE:
        return PastedLine(number, kept, plain, is_too_long=True)
    found = {(each.start, each.end): each for each in _candidates(plain)}
    ordered = sorted(found.values(), key=lambda each: (-_weight(each.text), each.start - each.end))
    return PastedLine(number, kept, plain, tuple(ordered[:MOST_CANDIDATES]))


def codes_of(lines: Iterable[PastedLine]) -> list[str]:
    """Every text that has to be looked up for these lines, once."""
    return list(dict.fromkeys(each.text for line in lines for each in line.candidates))


def _candidates(plain: str) -> Iterator[Candidate]:
    chunks = [(found.start(), found.end()) for found in _CHUNK.finditer(plain)]
    for place, (start, end) in enumerate(chunks):
        yield from _stripped(plain, start, end)
        for part in _PARTS.finditer(plain, start, end):
            yield from _stripped(plain, part.start(), part.end())
        if place and plain[chunks[place - 1][1] : start] == " ":
            yield from _stripped(plain, chunks[place - 1][0], end)
    yield from _cells(plain)


def _cells(plain: str) -> Iterator[Candidate]:
    """Cells of a spreadsheet's range may hold codes of several words."""
    start = 0
    for cell in plain.split("\t") if "\t" in plain else ():
        yield from _stripped(plain, start, start + len(cell))
        start += len(cell) + 1


def _stripped(plain: str, start: int, end: int) -> Iterator[Candidate]:
    """The stretch without signs at its ends; and without ``10x`` before it or ``x10`` behind it."""
    while start < end and (plain[start] in _EDGES or plain[start].isspace()):
        start += 1
    while end > start and (plain[end - 1] in _EDGES or plain[end - 1].isspace()):
        end -= 1
    text = plain[start:end]
    if not 1 <= len(text) <= LONGEST_CODE or not re.search(r"[A-Za-z0-9]", text):
        return
    yield Candidate(text, start, end)
    for times in (_TIMES_BEFORE.fullmatch(text), _TIMES_BEHIND.fullmatch(text), _TIMES_BOTH.fullmatch(text)):
        if times:
            yield Candidate(times.group(1), start + times.start(1), start + times.end(1))


def _weight(text: str) -> int:
    """How much a text looks like a code: letters and digits, then long numbers, words, short numbers."""
    if text.isdigit():
        return 3 if len(text) > 4 else 1
    if text.isascii() and text.isalpha():
        return 2
    if re.fullmatch(r"[\d.,]+", text):
        return 1
    return 3 if any(letter.isdigit() for letter in text) else 2


# --- Second pass -----------------------------------------------------------------------------------------------------

_CURRENCY = r"(?:[¥￥$€£]|(?:RMB|CNY|USD|EUR|GBP|HKD)(?![A-Za-z]))"
_FIGURE = r"\d+(?:,\d+)*(?:\.\d+)?"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
#: Numbers that are no quantities: dates, times, telephone numbers, prices, percentages, dimensions of two sides.
_NOT_COUNTED = re.compile(
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
    | (?:单价|价格|售价|金额|总价|(?<![a-z])(?:unit\s)?price|amount)\s?[:=]?\s?{_CURRENCY}?\s?{_FIGURE}
    | (?:@|(?<![a-z]){_CURRENCY})\s?{_CURRENCY}?\s?{_FIGURE}(?:\s?/\s?[a-z{_CJK}]+)?
    | {_FIGURE}\s?(?:元|块钱?|{_CURRENCY})(?:\s?/\s?[a-z{_CJK}]+)?
    | {_FIGURE}\s?%
    """
)
_ORDINAL = re.compile(r"[\s>\"'•·*-]*(?:\(\d{1,3}\)|\d{1,3}(?:[.)](?=\s)|\)|;))\s*(?=\S)")
_RANGE = re.compile(rf"{_FIGURE}\s?(?:[-~]|至|到|(?:或者?|or)(?![a-z]))\s?{_FIGURE}", re.IGNORECASE)
_UNITS = "|".join(sorted(map(re.escape, [*COUNTED, *MEASURED]), key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?:(?P<before>(?:(?<![A-Za-z])(?:qty|quantity|x)|数量|\*)\s?[:=.]?\s?)|(?<![A-Za-z\d])(?<!\d[.,/-]))"
    rf"(?P<sign>(?<!\S)-)?(?P<figure>{_FIGURE}|\.\d+)"
    rf"(?:\s?(?P<unit>{_UNITS})\.?(?![A-Za-z]))?(?P<behind>\s?[*xX](?![A-Za-z]))?",
    re.IGNORECASE,
)
_PRODUCT = re.compile(rf"(?<![\d.]){_FIGURE}\s?[*xX]\s?{_FIGURE}\s?(?:{_UNITS})?", re.IGNORECASE)
_UNIT_ALONE = re.compile(rf"(?:{_UNITS})\.?", re.IGNORECASE)
_CHINESE_NUMBER = re.compile(r"[一二两三四五六七八九十百千万半几]+\s?(?:[个件只支台箱盒包袋卷盘套根条米])")
_TOTAL = re.compile(
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


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the columns of a range stand, by its header."""

    separator: str
    code: int
    quantity: int
    unit: int | None = None

    def cells(self, plain: str) -> list[str]:
        return _split(plain, self.separator)


def recognise(
    lines: Sequence[PastedLine],
    known: Mapping[str, CodeMatch],
    marks: numbers.NumberFormat = numbers.POINT,
) -> list[Recognised]:
    """Every line with what it says; one for each of ``lines``, in their order.

    :param known: the texts of :func:`codes_of` that name products.
    :param marks: how the person writes numbers.
    """
    found, columns = [], None
    for line in lines:
        header = None if line.is_too_long else _header(line, known)
        if header is not None:
            columns = header
            found.append(Recognised(line.number, line.text, HEADER, rest=line.text.strip()))
            continue
        row = _by_columns(line, columns, known, marks) if columns and not line.is_too_long else None
        found.append(row or _by_words(line, known, marks))
    return found


def _by_words(line: PastedLine, known: Mapping[str, CodeMatch], marks: numbers.NumberFormat) -> Recognised:
    if line.is_too_long:
        return Recognised(line.number, line.text, OTHER, rest=line.text, marks=(LINE_TOO_LONG,))
    named = _named(line, known)
    products = tuple(sorted({product for each in named for product in known[each.text].products}))
    if not named:
        return _without_product(line, marks)
    first = named[0]
    spans = [(each.start, each.end) for each in named]
    quantity, unit, readings, asked, used = _quantity(line.plain, spans, marks)
    problems = ([CODE_SEVERAL] if len(products) > 1 else []) + ([asked] if asked else [])
    return Recognised(
        line.number,
        line.text,
        ITEM,
        first.text,
        products,
        quantity,
        unit,
        _rest(line.text, [*spans[:1], *used]),
        readings,
        tuple(problems),
    )


def _named(line: PastedLine, known: Mapping[str, CodeMatch]) -> list[Candidate]:
    """The candidates that name something, reduced to those that say most: usually one."""
    found = [each for each in line.candidates if each.text in known]
    special = _blocked(line.plain) if found else []
    found = [each for each in found if _weight(each.text) > 1 or not _touches(each, special)]
    if not found:
        return []
    if _TOTAL.search(line.plain):
        found = [each for each in found if _weight(each.text) > 1]
    best = max(((known[each.text].exact, _weight(each.text)) for each in found), default=None)
    found = [each for each in found if (known[each.text].exact, _weight(each.text)) == best]
    kept: list[Candidate] = []
    for each in sorted(found, key=lambda each: (each.start - each.end, each.start)):
        if not _touches(each, [(other.start, other.end) for other in kept]):
            kept.append(each)
    if best and best[1] == 1:
        kept = _short_number(line.plain, kept)
    same = len({known[each.text].products for each in kept}) == 1
    return kept[:1] if same else sorted(kept, key=lambda each: each.start)


def _short_number(plain: str, kept: list[Candidate]) -> list[Candidate]:
    """``12 5``: a short number is taken for a code only where the line begins with it and holds figures only."""
    first = min(kept, key=lambda each: each.start)
    words = re.sub(_UNIT_ALONE, "", plain)
    alone = not re.search(rf"[A-Wa-wYyZz{_CJK}]", words) and not plain[: first.start].strip()
    return [first] if alone and len(re.findall(_FIGURE, plain)) <= 2 else []


def _blocked(plain: str) -> list[tuple[int, int]]:
    found = [each.span() for each in _NOT_COUNTED.finditer(plain)]
    ordinal = _ORDINAL.match(plain)
    if ordinal:
        found.append(ordinal.span())
    return found + [
        each.span() for each in _NUMBER.finditer(plain) if each.group("unit") or each.group("before")
    ]


def _touches(candidate: Candidate, spans: Iterable[tuple[int, int]]) -> bool:
    return any(candidate.start < end and start < candidate.end for start, end in spans)


def _without_product(line: PastedLine, marks: numbers.NumberFormat) -> Recognised:
    """A line none of whose words is known: a wrong code if one of them looks like a code beside a quantity."""
    rest = line.text.strip()
    if _TOTAL.search(line.plain):
        return Recognised(line.number, line.text, OTHER, rest=rest)
    blocked = _blocked(line.plain)
    likely = [
        each
        for each in line.candidates
        if _CODE.fullmatch(each.text) and " " not in each.text and not _touches(each, blocked)
    ]
    alone = next((each for each in likely if each.text == line.plain.strip()), None)
    coded = [each for each in likely if _weight(each.text) > 2]
    likely = coded or ([alone] if alone else _single_word(line.plain, likely))
    if not likely:
        return Recognised(line.number, line.text, OTHER, rest=rest)
    code = _without_times(likely)
    quantity, unit, readings, asked, used = _quantity(line.plain, [(code.start, code.end)], marks)
    if quantity is None and not readings and line.plain.strip() != code.text:
        return Recognised(line.number, line.text, OTHER, rest=rest)
    problems = [CODE_SCIENTIFIC if _SCIENTIFIC.fullmatch(code.text) else CODE_UNKNOWN]
    return Recognised(
        line.number,
        line.text,
        ITEM,
        code.text,
        (),
        quantity,
        unit,
        _rest(line.text, [(code.start, code.end), *used]),
        readings,
        (*problems, *([asked] if asked else [])),
    )


def _single_word(plain: str, likely: Sequence[Candidate]) -> list[Candidate]:
    """``LAMB 5``: one word and a number is meant as a code."""
    words = re.findall(r"[^\W\d_]+", plain)
    return [each for each in likely if each.text.isalpha() and words == [each.text]]


def _without_times(likely: Sequence[Candidate]) -> Candidate:
    """The first of them, the longest one there, but not with the ``x5`` behind it."""
    starts = {(each.start, each.text) for each in likely}
    plain = []
    for each in likely:
        times = re.fullmatch(r"(.+)[xX*]\d{1,6}", each.text)
        if not times or (each.start, times.group(1)) not in starts:
            plain.append(each)
    return min(plain, key=lambda each: (each.start, -each.end))


# --- Quantities ------------------------------------------------------------------------------------------------------

_Quantity = tuple[Decimal | None, str, tuple[str, ...], str, list[tuple[int, int]]]


def _quantity(plain: str, codes: Sequence[tuple[int, int]], marks: numbers.NumberFormat) -> _Quantity:
    """Quantity, unit, what it could be, what has to be asked (``""``: nothing), and where it stands."""
    work = _blank(plain, codes, "\x01")
    work = _blank(work, [each.span() for each in _NOT_COUNTED.finditer(work)], "\x02")
    work = re.sub(r"\.{2,}", lambda dots: " " * len(dots.group()), work)
    ordinal = _ORDINAL.match(work)
    numbered = _blank(work, [ordinal.span()], "\x02") if ordinal else work
    if numbered != work and ordinal and ordinal.group().strip().endswith(";") and not _numbers(numbered):
        numbered = work  # ``10;LED-7`` has no other number
    work = numbered
    products = [each.span() for each in (*_PRODUCT.finditer(work), *_RANGE.finditer(work))]
    stretches = tuple([plain[start:end].strip() for start, end in products])
    found = _numbers(_blank(work, products, "\x02"))
    if stretches and not any(each.level == _STRONG for each in found):
        return None, "", stretches, QUANTITY_SEVERAL, []
    return _chosen(found, work, marks)


def _chosen(found: list[_Number], work: str, marks: numbers.NumberFormat) -> _Quantity:
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
    return [made for each in _NUMBER.finditer(work) if (made := _number(each, work)) is not None]


def _number(found: re.Match[str], work: str) -> _Number | None:
    """``None`` for a dimension (``9W``, ``8寸``), a part of a longer word, or a number nobody orders."""
    unit, figure = found.group("unit") or "", found.group("figure")
    following = work[found.end() : found.end() + 1]
    if not unit and not found.group("behind") and following and re.match(rf"[A-Za-z{_CJK}]", following):
        return None
    if len(figure.split(".")[0].replace(",", "")) > 6:
        return None
    if unit.casefold() in MEASURED and not found.group("before"):
        level = _WEAK
    else:
        level = _STRONG if unit or found.group("before") or found.group("behind") else _BARE
    return _Number(figure, unit, level, found.start(), found.end(), bool(found.group("sign")))


def _blank(text: str, spans: Iterable[tuple[int, int]], filler: str) -> str:
    for start, end in spans:
        text = text[:start] + filler * (end - start) + text[end:]
    return text


def _rest(text: str, spans: Sequence[tuple[int, int]]) -> str:
    left = _blank(text, spans, "\x01").replace("\x01", " ")
    return " ".join(left.split()).strip(" ,;:，；：|*×xX=\"'")


# --- Ranges with a header --------------------------------------------------------------------------------------------

_CODE_HEADERS = frozenset(
    "sku code item itemno itemnumber itemcode partno partnumber part article articleno productcode product model modelno"
    " barcode ean upc 货号 型号 编码 编号 条码 条形码 商品编码 商品编号 商品货号 产品编码 产品编号 产品型号 物料 物料编码 物料号"
    " 料号 规格型号".split()
)
_QUANTITY_HEADERS = frozenset(
    "qty quantity orderqty orderquantity pcs 数量 订货数量 采购数量 订购数量 下单数量 订货量 需求数量".split()
)
_UNIT_HEADERS = frozenset("unit uom units 单位".split())
_CELL_QUANTITY = re.compile(r"\s*(-?[\d.,]+)\s*([^\d\s.,-]\D*)?", re.ASCII)


def _header(line: PastedLine, known: Mapping[str, CodeMatch]) -> _Columns | None:
    """The columns, where this line is the header of a range."""
    for separator in ("\t", "|", ";", ",", "  "):
        cells = [re.sub(r"[\s.:#()\"'_-]", "", each).casefold() for each in _split(line.plain, separator)]
        code = next((place for place, each in enumerate(cells) if each in _CODE_HEADERS), None)
        quantity = next((place for place, each in enumerate(cells) if each in _QUANTITY_HEADERS), None)
        if (
            code is not None
            and quantity is not None
            and not any(each.text in known for each in line.candidates)
        ):
            unit = next((place for place, each in enumerate(cells) if each in _UNIT_HEADERS), None)
            return _Columns(separator, code, quantity, unit)
    return None


def _split(plain: str, separator: str) -> list[str]:
    return re.split(r"\s{2,}", plain.strip()) if separator == "  " else plain.split(separator)


def _by_columns(
    line: PastedLine, columns: _Columns, known: Mapping[str, CodeMatch], marks: numbers.NumberFormat
) -> Recognised | None:
    """A row of a range; ``None`` where it is none, so that it is read by its words."""
    cells = [each.strip().strip("\"'").strip() for each in columns.cells(line.plain)]
    if len(cells) <= max(columns.code, columns.quantity):
        return None
    code, named = cells[columns.code], _named(line, known)
    if code in known:
        match: CodeMatch | None = known[code]
    else:
        match = known[named[0].text] if len(named) == 1 else None
        code = named[0].text if match else code
    if match is None and (named or not code or _TOTAL.search(line.plain)):
        return None if named else Recognised(line.number, line.text, OTHER, rest=line.text.strip())
    quantity, unit, asked = _cell_quantity(cells[columns.quantity], marks)
    if columns.unit is not None and columns.unit < len(cells) and not unit:
        unit = cells[columns.unit] if _UNIT_ALONE.fullmatch(cells[columns.unit]) else ""
    unknown = CODE_SCIENTIFIC if _SCIENTIFIC.fullmatch(code) else CODE_UNKNOWN
    several = [CODE_SEVERAL] if match and len(match.products) > 1 else []
    others = [
        each
        for place, each in enumerate(cells)
        if place not in (columns.code, columns.quantity, columns.unit)
    ]
    return Recognised(
        line.number,
        line.text,
        ITEM,
        code[:LONGEST_CODE],
        match.products if match else (),
        quantity,
        unit,
        " ".join(filter(None, others)),
        (cells[columns.quantity],) if asked == QUANTITY_UNCLEAR else (),
        tuple((several if match else [unknown]) + ([asked] if asked else [])),
    )


def _cell_quantity(cell: str, marks: numbers.NumberFormat) -> tuple[Decimal | None, str, str]:
    """Quantity, unit and what has to be asked of a cell of the column of quantities."""
    if not cell:
        return None, "", QUANTITY_MISSING
    found = _CELL_QUANTITY.fullmatch(cell[: numbers.LONGEST])
    try:
        number = numbers.read_number(found.group(1), marks) if found else None
    except numbers.NumberError:
        number = None
    if found is None or number is None or number < 0:
        return None, "", QUANTITY_UNCLEAR
    return number, (found.group(2) or "").strip(), ""
