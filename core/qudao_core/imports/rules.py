"""What a cell may hold, which header names which column, and how a result is counted. Plain Python."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any

from ..numbers import rules as numbers
from ..numbers.rules import NumberFormat

#: Columns that the file of rejected rows adds; a corrected file may keep them.
REASON_COLUMNS = ("Line in file", "Reason", "原文件行号", "原因")
EXCEL_EPOCH = datetime(1899, 12, 30)
MAX_TEXT = 5000


class Outcome(StrEnum):
    """What an import did, or would do, with a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class UpsertResult:
    """What a set-based write did.

    ``problems`` are refused rows (:class:`~qudao_core.errors.Problem` with ``line`` counted from 1
    in the order they were passed); nothing of a refused row was written. ``outcomes`` maps the same line
    numbers to what happened, and ``ids`` to the records' ids, where the service knows it.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: tuple[Any, ...] = ()
    outcomes: Mapping[int, Outcome] = field(default_factory=dict)
    ids: Mapping[int, int] = field(default_factory=dict)


class CellError(ValueError):
    """A cell cannot be read. ``code`` names the reason, ``params`` the figures in its message.

    A plugin that reads cells in its own way gives ``message`` and ``remedy``, translatable; the codes of this module
    have theirs.
    """

    def __init__(self, code: str, *, message: Any = "", remedy: Any = "", **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.message, self.remedy = message, remedy
        self.params = params


@dataclass(frozen=True, slots=True)
class FormulaError:
    """A cell that holds an error or a formula nobody has calculated; ``shown`` is what the spreadsheet
    shows.
    """

    shown: str


class ShownNumber(float):
    """A number whose cell shows it in a form of its own: 123 that stands as ``000123``."""

    shown: str = ""

    @classmethod
    def of(cls, value: float, shown: str) -> ShownNumber:
        found = cls(value)
        found.shown = shown
        return found


Cell = str | int | float | Decimal | bool | date | datetime | time | timedelta | FormulaError | None
Reader = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One thing an importer reads from a row.

    ``read`` turns a cell into a value or raises :class:`CellError`; an empty cell is ``default`` and is never
    passed to it. Headers are part of the file format, so ``label`` and ``label_zh`` stand here in both
    languages and not in translation files; ``aliases`` are further headers. Letter case, spaces and
    punctuation do not count. ``example`` stands in the template; ``help`` says in a sentence what belongs
    here. ``hints`` are words between bars that suggest the column when a header holds one.
    """

    name: str
    label: str
    label_zh: str
    read: Reader
    aliases: tuple[str, ...] = ()
    required: bool = False
    default: Any = None
    example: str = ""
    help: Any = ""
    hints: str = ""

    def headers(self) -> set[str]:
        return {normalise(header) for header in (self.name, self.label, self.label_zh, *self.aliases)}

    def title(self, language: str) -> str:
        return self.label_zh if language.startswith("zh") else self.label


def normalise(header: object) -> str:
    """A header without letter case, width, spaces, punctuation and a mark for "required".

    >>> normalise(" Unit Price (net) *"), normalise("单价（元）")
    ('unitpricenet', '单价元')
    """
    text = unicodedata.normalize("NFKC", str(header if header is not None else "")).casefold()
    return "".join(letter for letter in text if letter.isalnum() or letter == ":")


# --- Cells ---


def is_empty(cell: Cell) -> bool:
    return cell is None or cell == "" or (isinstance(cell, str) and not cell.strip())


def as_text(cell: Cell) -> str:
    """A cell as a person sees it: a whole number without ``.0``, a date as ISO.

    :raises CellError: ``formula`` for an error value.

    >>> as_text(85123.0), as_text(" A "), as_text(True)
    ('85123', 'A', 'TRUE')
    """
    if isinstance(cell, str):
        return cell.strip().lstrip("\ufeff")
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, ShownNumber):
        return cell.shown
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, FormulaError):
        raise CellError("formula", shown=cell.shown)
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return "" if cell is None else str(cell)


def text(max_length: int = MAX_TEXT, *, upper: bool = False) -> Reader:
    """Free text of at most ``max_length`` characters."""

    def read(cell: Cell) -> str:
        value = as_text(cell)
        if len(value) > max_length:
            raise CellError("too_long", max=max_length, length=len(value))
        if "\x00" in value:
            raise CellError("control_character")
        return value.upper() if upper else value

    return read


_SCIENTIFIC = re.compile(r"[+-]?\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Identifier:
    """Reads a SKU, a barcode or a key as the text a person sees; a cell whose type has changed it is refused.

    >>> Identifier(20)("6901234567892"), Identifier(20)(85123.0), Identifier(20)(ShownNumber.of(123, "000123"))
    ('6901234567892', '85123', '000123')
    """

    max_length: int

    def __call__(self, cell: Cell) -> str:
        if isinstance(cell, date | time | timedelta):
            raise CellError("date_in_identifier", value=as_text(cell))
        if isinstance(cell, float | int) and not isinstance(cell, bool | ShownNumber) and abs(cell) >= 1e15:
            raise CellError("digits_lost", value=f"{cell:.15g}")
        value = text(self.max_length)(cell)
        if _SCIENTIFIC.fullmatch(value):
            raise CellError("scientific", value=value)
        return str(value)


def identifier(max_length: int) -> Identifier:
    return Identifier(max_length)


class NumberReader:
    """Reads a number cell. ``marks``: what the file shows of its separators (:func:`numbers.evidence`).
    ``places``: how many decimals are kept, where the column knows it.
    """

    def __init__(
        self,
        check: Callable[[Decimal, Cell], Any],
        read: Callable[[Cell, NumberFormat], Decimal],
        places: int | None = None,
    ) -> None:
        self._check, self._read, self.places = check, read, places

    def __call__(self, cell: Cell, marks: NumberFormat = numbers.UNKNOWN) -> Any:
        return self._check(self._read(cell, marks), cell)


class WrittenReader:
    """Reads a cell whose type is known later: a text that keeps what the file shows of its separators."""

    def __call__(self, cell: Cell, marks: NumberFormat = numbers.UNKNOWN) -> str:
        return numbers.TextWithFormat.of(as_text(cell), marks)


def as_decimal(cell: Cell, marks: NumberFormat = numbers.UNKNOWN) -> Decimal:
    """A number, from a number cell or from text such as ``1,234.50``, ``１２``, ``¥3.2``.

    :raises CellError: ``not_a_number``; ``ambiguous_number`` with both readings where a separator has two meanings.
    """
    if isinstance(cell, bool | date | time | timedelta):
        raise CellError("not_a_number", value=str(cell))
    if isinstance(cell, int | Decimal):
        return Decimal(cell)
    if isinstance(cell, float):
        return _from_float(cell)
    shown = as_text(cell)
    try:
        return numbers.read_amount(shown, marks)
    except numbers.NumberError as error:
        if error.code == numbers.AMBIGUOUS:
            one, other = error.readings
            raise CellError(error.code, value=shown[:80], one=one, other=other) from error
        raise CellError(error.code, value=shown[:80]) from error


def _from_float(value: float) -> Decimal:
    """The decimal a person typed: binary noise beyond the 12th digit is dropped."""
    number = Decimal(f"{value:.12g}")
    if not number.is_finite():
        raise CellError("not_a_number", value=str(value))
    return number


def decimal(
    *, places: int, digits: int = 14, minimum: Decimal | None = None, above: Decimal | None = None
) -> NumberReader:
    """A number with at most ``places`` decimals and ``digits`` digits in all, not below ``minimum``, over
    ``above``.
    """

    def check(number: Decimal, cell: Cell) -> Decimal:
        try:
            numbers.bounded(number, places=places, digits=digits)
        except numbers.NumberError as error:
            raise CellError(error.code, **error.params) from error
        if minimum is not None and number < minimum:
            raise CellError("too_small", minimum=str(minimum))
        if above is not None and number <= above:
            raise CellError("not_above", above=str(above))
        return number

    return NumberReader(check, as_decimal, places)


def integer(*, minimum: int | None = None, maximum: int | None = None) -> NumberReader:
    def check(number: Decimal, cell: Cell) -> int:
        if number != number.to_integral_value():
            raise CellError("not_whole", value=as_text(cell))
        if minimum is not None and number < minimum:
            raise CellError("too_small", minimum=str(minimum))
        if maximum is not None and number > maximum:
            raise CellError("too_large", max=str(maximum))
        return int(number)

    return NumberReader(check, as_decimal)


def _share(number: Decimal, cell: Cell) -> Decimal:
    if not 0 <= number <= 1:
        raise CellError("not_a_share", value=as_text(cell))
    return number


def _as_share(cell: Cell, marks: NumberFormat) -> Decimal:
    shown = as_text(cell).replace("％", "%")
    if shown.endswith("%"):
        return as_decimal(shown.removesuffix("%").rstrip(), marks) / 100
    return as_decimal(cell, marks)


#: A fraction from 0 to 1, written ``0.13``, ``13%`` or ``13 %``.
percentage = NumberReader(_share, _as_share)


_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")
_ZONE = re.compile(r"\s*(?:Z|UTC|([+-])(\d{2}):?(\d{2})?)$")


def as_datetime(cell: Cell) -> datetime:
    """A local date with or without a time: a date cell, an Excel serial, or text with the year first. A text with a
    zone (``2026-02-20T10:00:00Z``, as the API writes it) is returned in that zone.

    :raises CellError: ``not_a_date``; ``ambiguous_date`` when the year does not come first.
    """
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 20000 <= cell < 80000:
        return _rounded(EXCEL_EPOCH + timedelta(days=float(cell)))
    shown = unicodedata.normalize("NFKC", as_text(cell))
    return _parse_datetime(shown)


def _parse_datetime(shown: str) -> datetime:
    found = _DATE.match(shown)
    if not found:
        code = "ambiguous_date" if re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}.*", shown) else "not_a_date"
        raise CellError(code, value=shown[:40])
    year, month, day = (int(part) for part in found.groups() if part)
    rest = shown[found.end() :].strip(" T")
    zone = _ZONE.search(rest) if ":" in rest else None
    rest = rest[: zone.start()] if zone else rest
    clock = _CLOCK.fullmatch(rest) if rest else None
    if rest and not clock:
        raise CellError("not_a_date", value=shown[:40])
    hour, minute, second = (int(part or 0) for part in clock.groups()) if clock else (0, 0, 0)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=_offset(zone) if zone else None)
    except ValueError as error:
        raise CellError("not_a_date", value=shown[:40]) from error


def _offset(zone: re.Match[str]) -> timezone:
    sign, hours, minutes = zone.groups()
    away = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    return timezone(-away if sign == "-" else away)


def _rounded(moment: datetime) -> datetime:
    return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)


def day(cell: Cell) -> date:
    """The date; of a time with a zone, the date it is then here."""
    moment = as_datetime(cell)
    return (moment.astimezone() if moment.tzinfo else moment).date()


_YES = {"yes", "y", "true", "1", "x", "on", "是", "对", "√", "✓"}
_NO = {"no", "n", "false", "0", "off", "否", "错", "×"}


def flag(cell: Cell) -> bool:
    word = normalise(as_text(cell)) or as_text(cell)
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellError("not_yes_or_no", value=as_text(cell)[:40])


def choice(words: Mapping[str, Iterable[str]]) -> Reader:
    """One of the keys of ``words``, called by the key or by any of its words."""
    known = {normalise(word): key for key, others in words.items() for word in (key, *others)}

    def read(cell: Cell) -> str:
        found = known.get(normalise(as_text(cell)))
        if found is None:
            raise CellError("not_a_choice", value=as_text(cell)[:40], choices=", ".join(words))
        return found

    return read


def listing(cell: Cell) -> tuple[str, ...]:
    """Several words in one cell, between commas, semicolons or bars."""
    return tuple(part.strip() for part in re.split(r"[,;|，；、]", as_text(cell)) if part.strip())


# --- Headers ---


@dataclass(frozen=True, slots=True)
class Heading:
    """Where each column stands. ``columns`` maps positions to columns; the rest is not read."""

    columns: Mapping[int, Column]
    unused: tuple[str, ...]
    missing: tuple[Column, ...]
    twice: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        return not self.missing and not self.twice


def match_header(
    cells: Sequence[object],
    columns: Sequence[Column],
    extra: Callable[[str], Column | None] = lambda header: None,
) -> Heading:
    """Find ``columns`` in a header row; ``extra`` may make a column of a header nobody claims
    (``attr:power``).
    """
    known = {header: column for column in columns for header in column.headers()}
    ours = {normalise(header) for header in REASON_COLUMNS}
    found: dict[int, Column] = {}
    unused: list[str] = []
    twice: list[str] = []
    taken: set[str] = set()
    for position, cell in enumerate(cells):
        header = str(cell if cell is not None else "").strip()
        column = known.get(normalise(header)) or (extra(header) if header else None)
        if column is None:
            unused += [header] if header and normalise(header) not in ours else []
        elif column.name in taken:
            twice.append(header)
        else:
            taken.add(column.name)
            found[position] = column
    missing = tuple(column for column in columns if column.required and column.name not in taken)
    return Heading(found, tuple(unused), missing, tuple(twice))
