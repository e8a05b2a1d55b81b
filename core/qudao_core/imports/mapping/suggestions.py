"""Which column is which field: by the names and by what stands in the columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from ..importer import Importer
from ..rules import Cell, CellError, Column, Identifier, NumberReader, as_datetime, day, normalise
from .file_contents import Seen
from .rules import Source, Spread
from .vocabulary import break_of

NAMED, HINTED, KNOWN, BARCODES, CODES, NUMBERS, DATES, TEXTS, JOINED = (
    "named",
    "hinted",
    "known",
    "barcodes",
    "codes",
    "numbers",
    "dates",
    "texts",
    "joined",
)
_LEAST = 30.0
#: A column of what the seller paid, or of sums, is not the one to sell at.
_OTHER_NUMBERS = ("进价", "成本", "采购价", "cost", "purchase", "einkauf", "buying") + (
    "total",
    "gesamt",
    "summe",
    "amount",
    "金额",
    "小计",
    "合计",
    "discount",
    "rabatt",
    "折扣",
)
_COST = re.compile(r"ek(?:p|preis|netto|brutto|eur|€)*\d?")
#: Numbers of a product that are no price of it.
_MEASURES = (
    *(
        "库存",
        "重量",
        "长度",
        "宽度",
        "高度",
        "体积",
        "箱规",
        "装箱",
        "税率",
        "stock",
        "bestand",
        "onhand",
        "inventory",
        "наличие",
        "остаток",
        "количество",
        "stok",
        "재고",
    ),
    *(
        "gewicht",
        "weight",
        "length",
        "width",
        "height",
        "depth",
        "volume",
        "tax",
        "vat",
        "mwst",
        "ust",
        "rate",
    ),
    "position",
)
#: Names of columns whose numbers are names.
_CODES = [
    "ean",
    "gtin",
    "upc",
    "barcode",
    "条码",
    "条形码",
    "编码",
    "编号",
    "货号",
    "code",
    "number",
    "nummer",
]
#: Words of columns that hold prices, counts or sums: their numbers are nobody's code, unless the name says so too.
_VALUES = (
    *(
        "price",
        "preis",
        "prix",
        "precio",
        "prezzo",
        "preco",
        "fiyat",
        "harga",
        "цена",
        "стоимость",
        "가격",
        "단가",
    ),
    *("quantity", "qty", "menge", "anzahl", "количество", "наличие", "остаток", "수량", "재고", "数量"),
    *(
        "amount",
        "total",
        "betrag",
        "summe",
        "weight",
        "gewicht",
        "bestand",
        "inventory",
        "onhand",
        "available",
    ),
    *("stock", "stok", "价", "金额", "库存", "结存", "重量"),
)
_VOUCHERS = ("discount", "rabatt", "coupon", "voucher", "promo", "折扣", "优惠券")
#: What lies in a warehouse is no quantity from which a price applies.
_NOT_IN_STOCK = ("preis", "price", "vk", "价", "箱规", "装箱", "重量", "gewicht", "weight", "税率", "tax")
_IN_STOCK = (
    *("库存", "结存", "stock", "bestand", "onhand", "inventory", "available"),
    *("наличие", "остаток", "stok", "재고"),
)
_NOTES = ("备注", "remark", "note", "bemerkung")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A field, the columns it may come from, and what speaks for it (``hits``: values known here)."""

    field: str
    columns: tuple[int, ...]
    why: str
    hits: int = 0


@dataclass(frozen=True, slots=True)
class _Score:
    points: float
    why: str
    hits: int = 0


def suggest(importer: Importer, seen: Sequence[Seen]) -> list[Suggestion]:
    """At most one column for a field and one field for a column, the surest first."""
    scores = [
        (_score(importer, column, each), -place, -each.number, column, each)
        for place, column in enumerate(importer.columns)
        for each in seen
    ]
    found: dict[str, Suggestion] = {}
    used: set[int] = set()
    for score, _place, _number, column, each in sorted(
        scores, key=lambda row: (row[0].points, row[1], row[2]), reverse=True
    ):
        if score.points >= _LEAST and column.name not in found and each.number not in used:
            found[column.name] = Suggestion(column.name, (each.number,), score.why, score.hits)
            used.add(each.number)
    found |= {each.field: each for each in _made(importer, seen, used)}
    _use_barcode(importer, found)
    return _with_whole_key(importer, seen, found)


def _use_barcode(importer: Importer, found: dict[str, Suggestion]) -> None:
    """A file whose only code is the barcode: it is the product's code."""
    barcode = found.get("barcode")
    if barcode and "sku" not in found and "sku" in importer.unique:
        del found["barcode"]
        found["sku"] = Suggestion("sku", barcode.columns, barcode.why)


def _made(importer: Importer, seen: Sequence[Seen], used: set[int]) -> list[Suggestion]:
    """Fields the importer makes of a header itself (``attr:power``)."""
    return [
        Suggestion(each.header, (each.number,), NAMED)
        for each in seen
        if each.number not in used and each.header and importer.extra_column(each.header)
    ]


def _score(importer: Importer, column: Column, seen: Seen) -> _Score:
    if not seen.filled:
        return _Score(0, "")
    header = normalise(seen.name)
    if header and {header, normalise(seen.header)} & column.headers():
        return _Score(100, NAMED)
    if isinstance(column.read, Identifier) and column.required and _is_value(seen):
        return _Score(0, "")
    content = _content(importer, column, seen)
    by_name = _hint(column, seen.name)
    if not _is_readable(column, seen) or (
        column.name == "min_quantity" and any(word in header for word in _IN_STOCK)
    ):
        return _Score(0, "")
    if isinstance(column.read, NumberReader):
        by_name = by_name if seen.number_share >= 0.4 else 0
        if column.required and (_COST.fullmatch(header) or any(word in header for word in _OTHER_NUMBERS)):
            by_name, content = by_name / 3, _Score(content.points / 3, content.why)
    if content.points > by_name:
        return _Score(content.points + by_name * 0.3, content.why, content.hits)
    return _Score(by_name + content.points * 0.3, HINTED, content.hits)


def _is_readable(column: Column, seen: Seen) -> bool:
    """Whether the column can read half of the values; numbers and what is looked up here have tests of their own."""
    if isinstance(column.read, NumberReader):
        return seen.barcode_share < 0.6
    if isinstance(column.read, Identifier) or column.read in (day, as_datetime):
        return True
    return sum(_reads(column, cell) for cell in seen.filled) * 2 >= len(seen.filled)


def _reads(column: Column, cell: Cell) -> bool:
    try:
        column.read(cell)
    except CellError:
        return False
    return True


def _own_names(column: Column, shown: str) -> list[str]:
    """The column's own names that stand in a header as words: "Line" in "Product line", not in "product_online"."""
    words = [normalise(word) for word in re.split(r"[\W_]+", shown) if word]
    joined = {"".join(words[a:b]) for a in range(len(words)) for b in range(a + 1, len(words) + 1)}
    return [name for name in column.headers() if name in joined or not name.isascii()]


def _hint(column: Column, shown: str) -> float:
    """More, the more of the header the word makes up."""
    header = normalise(shown)
    hints = [normalise(hint) for hint in column.hints.split("|") if hint] + _own_names(column, shown)
    found = [
        hint
        for hint in hints
        if hint and hint in header and (len(hint) > 2 or not hint.isascii() or hint == header)
    ]
    return 40 + 40 * max(map(len, found)) / len(header) if found else 0


def _content(importer: Importer, column: Column, seen: Seen) -> _Score:
    texts = seen.texts
    here = importer.known(column.name, set(texts))
    if here:
        hits = sum(text in here for text in texts)
        if hits >= len(texts) * 0.3:
            return _Score(60 + 35 * hits / len(texts), KNOWN, len(here))
    if column.name == "barcode" and seen.barcode_share >= 0.6:
        return _Score(85, BARCODES)
    if isinstance(column.read, NumberReader):
        others = (*_CODES, *(_NOT_IN_STOCK if column.name == "on_hand" else ()))
        is_named = any(word in normalise(seen.header) for word in others)
        return _Score(32 if column.required and seen.number_share >= 0.6 and not is_named else 0, NUMBERS)
    if column.read in (day, as_datetime):
        return _Score(45 if seen.date_share >= 0.8 else 0, DATES)
    if isinstance(column.read, Identifier):
        return _Score(_as_code(column, seen), CODES)
    is_title = column.name in ("title", "name") and seen.number_share < 0.2 and seen.date_share < 0.2
    has_words = is_title and sum(map(len, texts)) >= 2 * len(texts) and seen.code_share < 0.7
    is_note = normalise(seen.header).startswith(_NOTES)
    return _Score(34 if has_words and not is_note else 0, TEXTS)


def _as_code(column: Column, seen: Seen) -> float:
    """A required identifier is looked for in columns of codes that seldom repeat."""
    if not column.required or seen.code_share < 0.8 or seen.date_share > 0.2:
        return 0
    if _hint(column, seen.name) == 0 and _counts(seen):
        return 0
    has_decimals = sum("." in text or "," in text for text in seen.texts) and seen.number_share == 1
    if has_decimals and seen.header:
        return 0
    return 35 + 20 * seen.distinct_share


def _is_value(seen: Seen) -> bool:
    """Whether the header says that these are prices, counts or sums, and not that they are codes."""
    header = normalise(seen.name)
    if any(word in header for word in _VOUCHERS):
        return True
    is_code = any(word in header for word in _CODES) or header.endswith(("no", "nr", "id", "ref"))
    return not is_code and any(word in header for word in _VALUES)


def _counts(seen: Seen) -> bool:
    """Numbers under a header that repeat, are short or of several lengths, count something."""
    if not seen.header or seen.number_share < 0.9 or seen.barcode_share >= 0.6:
        return False
    lengths = {len(text) for text in seen.texts}
    return seen.distinct_share < 0.9 or len(lengths) > 1 or max(lengths) < 4


def _with_whole_key(
    importer: Importer, seen: Sequence[Seen], found: dict[str, Suggestion]
) -> list[Suggestion]:
    """The code joined of two columns where one alone repeats, or where there is no column of codes."""
    key = next((c for c in importer.columns if c.required and isinstance(c.read, Identifier)), None)
    if key is None or key.name not in importer.unique or len(seen) < 3:
        return list(found.values())
    own = found.get(key.name)
    by_number = {each.number: each for each in seen}
    if own and (own.why in (NAMED, KNOWN) or by_number[own.columns[0]].distinct_share >= 0.9):
        return list(found.values())
    others = {number for each in found.values() if each.field != key.name for number in each.columns}
    free = [
        each
        for each in seen
        if each.number not in others
        and each.number_share < 0.5
        and not _is_value(each)
        and not normalise(each.header).startswith(_NOTES)
        and len(each.filled) >= 0.8 * max(len(one.filled) for one in seen)
    ]
    pairs = [pair for pair in combinations(free, 2) if not own or by_number[own.columns[0]] in pair]
    pairs.sort(key=lambda pair: -sum(each.distinct_share for each in pair))
    joined = next((pair for pair in pairs if _is_unique(*pair)), None)
    if joined:
        found[key.name] = Suggestion(key.name, tuple(each.number for each in joined), JOINED)
    return list(found.values())


def _is_unique(one: Seen, two: Seen) -> bool:
    pairs = [(str(a), str(b)) for a, b in zip(one.cells, two.cells, strict=True) if a is not None]
    return len(set(pairs)) == len(pairs) > 0


def suggest_spread(
    importer: Importer, seen: Sequence[Seen], found: Sequence[Suggestion]
) -> tuple[Spread, ...]:
    """Columns that hold the importer's number side by side: for quantities, for what is known here, for grades."""
    name = importer.spread_field
    if not name:
        return ()
    used = {number for each in found if each.field != name for number in each.columns}
    own = next((each for each in found if each.field == name), None)
    columns = [
        each
        for each in seen
        if each.number not in used and each.filled and each.number_share >= 0.6 and not _is_no_price(each)
    ]
    told = [Spread(each.number, sets) for each in columns if (sets := _sets(importer, each))]
    base = [Spread(own.columns[0])] if own and all(own.columns[0] != each.column for each in told) else []
    if len(told) >= (1 if base and own and own.why != NUMBERS else 2):
        return tuple([*(base if own and own.why != NUMBERS else []), *told])
    if (own is None or own.why == NUMBERS) and len(columns) >= 3 and importer.suffixed_field:
        return tuple(Spread(each.number, {importer.suffixed_field: each.header}) for each in columns)
    return ()


def _is_no_price(seen: Seen) -> bool:
    """Barcodes, what the seller paid, sums, sizes."""
    header = normalise(seen.header)
    words = (*_OTHER_NUMBERS, *_MEASURES, *_CODES)
    return seen.barcode_share >= 0.6 or bool(
        _COST.fullmatch(header) or any(normalise(word) in header for word in words)
    )


def _sets(importer: Importer, seen: Seen) -> dict[str, str]:
    """What the header of one such column says: a quantity from which it applies, or something known here."""
    for name in importer.spread_sets:
        column = next(column for column in importer.columns if column.name == name)
        if isinstance(column.read, NumberReader):
            value = break_of(seen.header)
        else:
            here = importer.known(name, {seen.header}) if seen.header else None
            value = next(iter(here or ()), "")
        if value:
            return {name: value}
    return {}


def sources_of(found: Sequence[Suggestion], importer: Importer) -> list[Source]:
    order = {column.name: place for place, column in enumerate(importer.columns)}
    ordered = sorted(found, key=lambda each: order.get(each.field, len(order)))
    return [Source(each.field, each.columns) for each in ordered]
