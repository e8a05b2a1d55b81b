"""Second pass: what each line orders, now that it is known which texts name products."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from qudao_core.numbers import rules as numbers

from .quantities import FIGURE, NOT_COUNTED, NUMBER, ORDINAL, TOTAL, UNIT_ALONE, blank, read_quantity
from .reading import CJK, CODE, SCIENTIFIC, weight
from .values import (
    CODE_SCIENTIFIC,
    CODE_SEVERAL,
    CODE_UNKNOWN,
    HEADER,
    ITEM,
    LINE_TOO_LONG,
    LONGEST_CODE,
    OTHER,
    QUANTITY_MISSING,
    QUANTITY_UNCLEAR,
    Candidate,
    CodeMatch,
    PastedLine,
    Recognised,
)


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
    quantity, unit, readings, asked, used = read_quantity(line.plain, spans, marks)
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
    found = [each for each in found if weight(each.text) > 1 or not _touches(each, special)]
    if not found:
        return []
    if TOTAL.search(line.plain):
        found = [each for each in found if weight(each.text) > 1]
    best = max(((known[each.text].exact, weight(each.text)) for each in found), default=None)
    found = [each for each in found if (known[each.text].exact, weight(each.text)) == best]
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
    words = re.sub(UNIT_ALONE, "", plain)
    alone = not re.search(rf"[A-Wa-wYyZz{CJK}]", words) and not plain[: first.start].strip()
    return [first] if alone and len(re.findall(FIGURE, plain)) <= 2 else []


def _blocked(plain: str) -> list[tuple[int, int]]:
    found = [each.span() for each in NOT_COUNTED.finditer(plain)]
    ordinal = ORDINAL.match(plain)
    if ordinal:
        found.append(ordinal.span())
    return found + [
        each.span() for each in NUMBER.finditer(plain) if each.group("unit") or each.group("before")
    ]


def _touches(candidate: Candidate, spans: Iterable[tuple[int, int]]) -> bool:
    return any(candidate.start < end and start < candidate.end for start, end in spans)


def _without_product(line: PastedLine, marks: numbers.NumberFormat) -> Recognised:
    """A line none of whose words is known: a wrong code if one of them looks like a code beside a quantity."""
    rest = line.text.strip()
    if TOTAL.search(line.plain):
        return Recognised(line.number, line.text, OTHER, rest=rest)
    blocked = _blocked(line.plain)
    likely = [
        each
        for each in line.candidates
        if CODE.fullmatch(each.text) and " " not in each.text and not _touches(each, blocked)
    ]
    alone = next((each for each in likely if each.text == line.plain.strip()), None)
    coded = [each for each in likely if weight(each.text) > 2]
    likely = coded or ([alone] if alone else _single_word(line.plain, likely))
    if not likely:
        return Recognised(line.number, line.text, OTHER, rest=rest)
    code = _without_times(likely)
    quantity, unit, readings, asked, used = read_quantity(line.plain, [(code.start, code.end)], marks)
    if quantity is None and not readings and line.plain.strip() != code.text:
        return Recognised(line.number, line.text, OTHER, rest=rest)
    problems = [CODE_SCIENTIFIC if SCIENTIFIC.fullmatch(code.text) else CODE_UNKNOWN]
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


def _rest(text: str, spans: Sequence[tuple[int, int]]) -> str:
    left = blank(text, spans, "\x01").replace("\x01", " ")
    return " ".join(left.split()).strip(" ,;:，；：|*×xX=\"'")


_CODE_HEADERS = frozenset(
    [
        "sku",
        "code",
        "item",
        "itemno",
        "itemnumber",
        "itemcode",
        "partno",
        "partnumber",
        "part",
        "article",
        "articleno",
        "productcode",
        "product",
        "model",
        "modelno",
        "barcode",
        "ean",
        "upc",
        "货号",
        "型号",
        "编码",
        "编号",
        "条码",
        "条形码",
        "商品编码",
        "商品编号",
        "商品货号",
        "产品编码",
        "产品编号",
        "产品型号",
        "物料",
        "物料编码",
        "物料号",
        "料号",
        "规格型号",
    ]
)
_QUANTITY_HEADERS = frozenset(
    [
        "qty",
        "quantity",
        "orderqty",
        "orderquantity",
        "pcs",
        "数量",
        "订货数量",
        "采购数量",
        "订购数量",
        "下单数量",
        "订货量",
        "需求数量",
    ]
)
_UNIT_HEADERS = frozenset(("unit", "uom", "units", "单位"))
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
    if match is None and (named or not code or TOTAL.search(line.plain)):
        return None if named else Recognised(line.number, line.text, OTHER, rest=line.text.strip())
    quantity, unit, asked = _cell_quantity(cells[columns.quantity], marks)
    if columns.unit is not None and columns.unit < len(cells) and not unit:
        unit = cells[columns.unit] if UNIT_ALONE.fullmatch(cells[columns.unit]) else ""
    unknown = CODE_SCIENTIFIC if SCIENTIFIC.fullmatch(code) else CODE_UNKNOWN
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
