"""What stands in the columns of a file, looked at without knowing what they mean. Plain Python."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from ...numbers import rules as numbers
from ..rules import Cell, CellError, as_decimal, as_text, is_empty
from .vocabulary import means_nothing

#: Rows looked at below the header.
LOOKED_AT = 300

EXAMPLES = 3

_CODE = re.compile(r"(?=.*\d)[^\s]{2,40}|[A-Z0-9][A-Z0-9._/-]{2,}|\d[\d ]{2,20}")

_DATE = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}.*|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}(?: .*)?")

#: A list and its column; not a price and what it is for (``Net price/piece``).
_PATH = re.compile(
    r"(?!.*\b(?:price|preis|prix|precio|prezzo|cost)\b.*/)([^\W\d]\w*(?:[ _]\w+)+)/([^\W\d].{3,})",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Seen:
    """One column: its header, and the cells of the first rows below it."""

    number: int
    header: str
    cells: list[Cell] = field(default_factory=list)
    #: What the header says of the column itself: of ``Items/Fixed Price`` beside ``Items/Product``, ``Fixed Price``.
    name: str = ""

    @property
    def letter(self) -> str:
        """As a spreadsheet calls it.

        >>> Seen(1, "").letter, Seen(28, "").letter
        ('A', 'AB')
        """
        letters, left = "", self.number
        while left:
            left, place = divmod(left - 1, 26)
            letters = chr(65 + place) + letters
        return letters

    @property
    def filled(self) -> list[Cell]:
        return [cell for cell in self.cells if not is_empty(cell)]

    @property
    def texts(self) -> list[str]:
        return [shown(cell) for cell in self.filled]

    @property
    def examples(self) -> list[str]:
        return [text[:80] for text in dict.fromkeys(self.texts)][:EXAMPLES]

    @property
    def number_share(self) -> float:
        """How many of the cells are numbers; words for "no price" do not count."""
        told = [cell for cell in self.filled if not (isinstance(cell, str) and means_nothing(cell))]
        return sum(map(is_number, told)) / len(told) if told else 0

    @property
    def date_share(self) -> float:
        return _share(self.filled, lambda cell: isinstance(cell, date) or bool(_DATE.fullmatch(shown(cell))))

    @property
    def code_share(self) -> float:
        return _share(self.texts, lambda text: bool(_CODE.fullmatch(text)))

    @property
    def barcode_share(self) -> float:
        return _share(self.texts, is_barcode)

    @property
    def distinct_share(self) -> float:
        texts = self.texts
        return len(set(texts)) / len(texts) if texts else 0


def _share(items: Sequence[object], test: object) -> float:
    return sum(bool(test(item)) for item in items) / len(items) if items else 0  # type: ignore[operator]


def shown(cell: Cell) -> str:
    try:
        return as_text(cell)
    except CellError:
        return str(getattr(cell, "shown", ""))


def is_number(cell: Cell) -> bool:
    if isinstance(cell, date | datetime | bool):
        return False
    try:
        as_decimal(cell)
    except CellError as error:
        return error.code == numbers.AMBIGUOUS
    return True


def is_barcode(text: str) -> bool:
    """Whether the check digit of a GTIN is right.

    >>> is_barcode("4006381333931"), is_barcode("4006381333932")
    (True, False)
    """
    if not re.fullmatch(r"\d{8}|\d{12,14}", text):
        return False
    digits = [int(digit) for digit in text.zfill(14)]
    return sum(digit * (1 if place % 2 else 3) for place, digit in enumerate(digits)) % 10 == 0


def columns_of(header: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> list[Seen]:
    width = max([len(header), *(len(row) for row in rows)], default=0)
    seen = [
        Seen(number + 1, shown(header[number]).strip() if number < len(header) else "")
        for number in range(width)
    ]
    for row in rows:
        for column in seen:
            column.cells.append(row[column.number - 1] if column.number <= len(row) else None)
    while seen and not seen[-1].header and not seen[-1].filled:
        seen.pop()
    _name(seen)
    return seen


def _name(seen: Sequence[Seen]) -> None:
    """Exports of lists within lists write the list before each of its columns: ``Pricelist Items/Fixed Price``."""
    paths = {each.number: _PATH.fullmatch(each.header) for each in seen}
    lists = Counter(path[1] for path in paths.values() if path)
    for each in seen:
        path = paths[each.number]
        each.name = path[2] if path and lists[path[1]] > 1 else each.header
