"""The rows of a file as its mapping says, for preview, import, API and tests alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any

from ...numbers import rules as numbers
from ..importer import Importer
from ..reading.table import NumberedRow, Table
from ..rules import (
    Cell,
    CellError,
    Column,
    Heading,
    NumberReader,
    as_datetime,
    as_decimal,
    as_text,
    day,
    is_empty,
    normalise,
)
from .rules import LEAVE_OUT, Exclusion, FileMapping, Source
from .vocabulary import plain

_SHORT_DATE = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(.*)", re.DOTALL)
_KEPT_LINES = 20


class Line(int):
    """The number of a row, with the sheet it stands in."""

    sheet: str = ""

    @classmethod
    def of(cls, number: int, sheet: str) -> Line:
        found = cls(number)
        found.sheet = sheet
        return found


@dataclass(slots=True)
class LeftOut:
    """Rows that are not imported because the mapping says so: how many for which reason, and the first lines."""

    counts: dict[str, int] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)

    def add(self, reason: str, line: int) -> None:
        self.counts[reason] = self.counts.get(reason, 0) + 1
        lines = self.lines.setdefault(reason, [])
        if len(lines) < _KEPT_LINES:
            lines.append(int(line))


def mapped(tables: Sequence[Table], mapping: FileMapping, importer: Importer) -> Table:
    """One table of the mapping's fields out of the chosen sheets; its heading is known already."""
    reading = _Mapped(tables, mapping, importer)
    first = tables[0]
    return replace(
        first,
        rows=reading.rows,
        estimate=sum(table.estimate for table in tables) * max(1, len(mapping.spread)),
        heading=Heading(dict(enumerate(reading.columns)), (), reading.missing(), ()),
        left_out=lambda: reading.left_out,
    )


def column_of(importer: Importer, name: str) -> Column | None:
    """The column for a field of a mapping; ``attr:power`` is made by the importer."""
    found = next((column for column in importer.columns if column.name == name), None)
    return found or importer.extra_column(name)


class _Mapped:
    def __init__(self, tables: Sequence[Table], mapping: FileMapping, importer: Importer) -> None:
        self.tables, self.mapping, self.importer = tables, mapping, importer
        names = list(mapping.fields)
        names += [name for name in importer.variant_fields if mapping.variants and name not in names]
        found = [(name, column_of(importer, name)) for name in names]
        self.names = [name for name, column in found if column]
        self.columns = [column for _name, column in found if column]
        self.place = {name: position for position, name in enumerate(self.names)}
        self.gaps = set(mapping.section_gaps)
        self.left_out = LeftOut()
        self.adjusted = {source.field: source for source in mapping.sources if source.is_adjusted}
        self.blank = {plain(word).casefold() for word in mapping.blank}
        self._marks: dict[str, numbers.NumberFormat] | None = None

    def missing(self) -> tuple[Column, ...]:
        return tuple(
            column for column in self.importer.columns if column.required and column.name not in self.place
        )

    # --- Rows ---

    def rows(self) -> Iterator[NumberedRow]:
        left_out = LeftOut()
        for table in self.tables:
            sheet = table.sheet if len(self.tables) > 1 else ""
            made = self._of_table(table, sheet, left_out)
            yield from self._with_parents(made) if self.mapping.variants else (row for row, _cells in made)
        self.left_out = left_out

    def _of_table(
        self, table: Table, sheet: str, left_out: LeftOut
    ) -> Iterator[tuple[NumberedRow, Sequence[Cell]]]:
        header = _header_names(self.tables[0], self.mapping.header)
        first = next((cell for cell in header if cell), "")
        start = _header_line(table, header, self.mapping.header)
        carried: dict[str, Cell] = {}
        section = ""
        for number, cells in table.rows():
            if number <= start:
                continue
            line = Line.of(number, sheet)
            reason = self._why_left_out(cells, header, first)
            if reason:
                left_out.add(reason, line)
            elif self.mapping.sections and self._is_section(cells):
                section = section_text(cells)
                if self.mapping.sections == LEAVE_OUT:
                    left_out.add("section", line)
            else:
                made = self._expanded(self._values(cells, carried, section), cells)
                if not made:
                    left_out.add("no_value", line)
                for values in made:
                    yield (line, values), cells

    def _why_left_out(self, cells: Sequence[Cell], header: Sequence[str], first: str) -> str:
        begins_alike = first and normalise(next((cell for cell in cells if not is_empty(cell)), "")) == first
        if begins_alike and _names(cells) == header:
            return "header"
        return "excluded" if any(_is_excluded(cells, each) for each in self.mapping.excluded) else ""

    def _is_section(self, cells: Sequence[Cell]) -> bool:
        return is_section(cells, self.gaps)

    def _values(self, cells: Sequence[Cell], carried: dict[str, Cell], section: str) -> list[Cell]:
        values: list[Cell] = [None] * len(self.names)
        for source in self.mapping.sources:
            if source.field in self.place:
                cell = self._cell(source, cells, carried)
                values[self.place[source.field]] = self._adjusted(source, cell)
        if section and self.mapping.sections in self.place:
            place = self.place[self.mapping.sections]
            values[place] = section if is_empty(values[place]) else values[place]
        return values

    def _cell(self, source: Source, cells: Sequence[Cell], carried: dict[str, Cell]) -> Cell:
        given = [cells[column - 1] for column in source.columns if column <= len(cells)]
        given = [cell for cell in given if not is_empty(cell)]
        cell = given[0] if len(source.columns) == 1 and given else self._joined(given)
        if source.fill:
            cell = carried.get(source.field) if is_empty(cell) else cell
            carried[source.field] = cell
        if source.words and isinstance(cell, str | int | float):
            cell = source.words.get(as_text(cell)) or cell
        if is_empty(cell) and source.value:
            return source.value
        return self._as_date(source.field, cell)

    def _joined(self, cells: Sequence[Cell]) -> Cell:
        try:
            return self.mapping.joined_by.join(as_text(cell) for cell in cells)
        except CellError:
            return next(cell for cell in cells if not isinstance(cell, str))

    def _as_date(self, name: str, cell: Cell) -> Cell:
        """A short date with the year first, in the order the file has."""
        if not self.mapping.dates or not isinstance(cell, str):
            return cell
        found = _SHORT_DATE.fullmatch(cell.strip())
        if not found or self.columns[self.place[name]].read not in (day, as_datetime):
            return cell
        one, two, year, rest = found.groups()
        month, date = (two, one) if self.mapping.dates == "dmy" else (one, two)
        return f"{year if len(year) == 4 else '20' + year}-{month}-{date}{rest}"

    # --- Several rows out of one ---

    def _expanded(self, values: list[Cell], cells: Sequence[Cell]) -> list[list[Cell]]:
        """The rows one row of the file stands for; none where it has no value."""
        if not self.mapping.spread:
            return (
                []
                if any(self._means_nothing(values[place]) for place in self._required_numbers())
                else [values]
            )
        made = []
        for each in self.mapping.spread:
            cell = cells[each.column - 1] if each.column <= len(cells) else None
            if not is_empty(cell) and not self._means_nothing(cell):
                made.append(self._spread(values, cell, each.sets))
        return made

    def _spread(self, values: list[Cell], cell: Cell, sets: Mapping[str, str]) -> list[Cell]:
        row = list(values)
        source = self.mapping.source(self.mapping.spread_field) or Source(self.mapping.spread_field)
        row[self.place[self.mapping.spread_field]] = self._adjusted(source, cell)
        for name, value in sets.items():
            if name in self.place:
                place = self.place[name]
                is_suffix = name == self.importer.suffixed_field and not is_empty(row[place])
                row[place] = self._joined([row[place], value]) if is_suffix else value
        return row

    def _required_numbers(self) -> list[int]:
        return [
            place
            for place, column in enumerate(self.columns)
            if column.required and isinstance(column.read, NumberReader)
        ]

    def _means_nothing(self, cell: Cell) -> bool:
        return isinstance(cell, str) and bool(self.blank) and plain(cell).casefold() in self.blank

    def _with_parents(self, rows: Iterator[tuple[NumberedRow, Sequence[Cell]]]) -> Iterator[NumberedRow]:
        """Rows with the same handle are variants of a product that has no row of its own: it is put before them."""
        parent, sku, title = (self.place.get(name) for name in self.importer.variant_fields)
        column = self.mapping.variants - 1
        for handle, members in groupby(rows, key=lambda row: _plain(row[1], column)):
            variants = [row for row, _cells in members if sku is not None and not is_empty(row[1][sku])]
            if len(variants) < 2 or not handle or parent is None or sku is None:
                yield from variants
                continue
            line, first = variants[0]
            yield line, [handle if place == sku else cell for place, cell in enumerate(first)]
            name = first[title] if title is not None else None
            for line, values in variants:
                row = list(values)
                row[parent] = handle
                if title is not None and is_empty(row[title]):
                    row[title] = name
                yield line, row

    # --- Numbers ---

    def _adjusted(self, source: Source, cell: Cell) -> Cell:
        """A number divided and rounded as told; what cannot be read stays as it is, for the column to refuse."""
        column = self.columns[self.place[source.field]]
        if not source.is_adjusted or is_empty(cell) or not isinstance(column.read, NumberReader):
            return cell
        try:
            is_open = isinstance(cell, str) and numbers.is_ambiguous(cell)
            marks = self._marks_of(source.field) if is_open else numbers.UNKNOWN
            number = as_decimal(cell, marks) / source.divisor
        except CellError:
            return cell
        if source.rounded and column.read.places is not None:
            number = number.quantize(Decimal(1).scaleb(-column.read.places), ROUND_HALF_UP)
        return number.normalize() if number else Decimal(0)

    def _marks_of(self, name: str) -> numbers.NumberFormat:
        if self._marks is None:
            self._marks = self._look()
        return self._marks.get(name, numbers.UNKNOWN)

    def _look(self) -> dict[str, numbers.NumberFormat]:
        """What the columns of the adjusted fields show of their separators."""
        wanted = {name: set(source.columns) for name, source in self.adjusted.items()}
        if self.mapping.spread_field in wanted:
            wanted[self.mapping.spread_field].update(each.column for each in self.mapping.spread)
        texts: dict[str, set[str]] = {name: set() for name in wanted}
        for table in self.tables:
            for _line, cells in table.rows():
                for name, columns in wanted.items():
                    found = (cells[column - 1] for column in columns if column <= len(cells))
                    texts[name].update(cell for cell in found if isinstance(cell, str))
        return {name: numbers.evidence(seen) for name, seen in texts.items()}


def is_section(cells: Sequence[Cell], gaps: Collection[int]) -> bool:
    """Whether a row is a heading of the rows below: one cell, or a number and a name, and nothing where they have
    their values.
    """
    filled = [position for position, cell in enumerate(cells, start=1) if not is_empty(cell)]
    return 0 < len(filled) <= (2 if gaps else 1) and not set(gaps).intersection(filled)


def _header_names(table: Table, line: int) -> list[str]:
    if not line:
        return []
    return next((_names(cells) for number, cells in table.rows() if number == line), [])


def _header_line(table: Table, header: Sequence[str], line: int) -> int:
    """Where the header stands in this sheet: where the same names stand, else in the same line."""
    if not header:
        return 0
    for seen, (number, cells) in enumerate(table.rows()):
        if _names(cells) == header:
            return number
        if seen > max(line, 50):
            break
    return line


def _names(cells: Sequence[Cell]) -> list[str]:
    names = [normalise(cell) if isinstance(cell, str) else "" for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _is_excluded(cells: Sequence[Cell], rule: Exclusion) -> bool:
    text = _plain(cells, rule.column - 1)
    tests: dict[str, Callable[[], Any]] = {
        "empty": lambda: not text,
        "equals": lambda: text.casefold() == rule.value.casefold(),
        "filled": lambda: bool(text),
        "starts": lambda: bool(rule.value) and text.casefold().startswith(rule.value.casefold()),
        "negative": lambda: text[:1] in "-\u2212" and len(text) > 1,
    }
    return bool(tests[rule.test]())


def _plain(cells: Sequence[Cell], position: int) -> str:
    try:
        return as_text(cells[position]) if position < len(cells) else ""
    except CellError:
        return ""


def section_text(cells: Sequence[Cell]) -> str:
    """The name of a section: its last text that is more than a number."""
    texts = [as_text(cell) for cell in cells if isinstance(cell, str) and not is_empty(cell)]
    named = [text for text in texts if any(letter.isalpha() for letter in text)]
    return (named or texts or [""])[-1]
