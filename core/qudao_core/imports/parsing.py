"""Turn cells into values, one column at a time; equal cells are read once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..errors import Problem
from ..numbers import rules as numbers
from ..spreadsheets import unescaped
from . import messages
from .importer import Importer, Row
from .reading.table import NumberedRow
from .rules import Cell, CellError, Column, Heading, NumberReader, WrittenReader, is_empty


@dataclass(slots=True)
class Draft:
    """A row on its way: where it stood, what it held, what was read of it, and what became of it."""

    line: int
    cells: Sequence[Cell]
    row: Row
    problems: list[Problem] = field(default_factory=list)
    outcome: str = ""


_UNREAD = object()


class Evidence:
    """How a file writes its numbers. Looked for only when a cell turns up that does not say it itself."""

    def __init__(
        self, rows: Callable[[], Iterator[NumberedRow]], columns: Sequence[tuple[int, Column]]
    ) -> None:
        self._rows = rows
        self._positions = [place for place, column in columns if isinstance(column.read, NumberReader)]
        self._found: dict[int, numbers.NumberFormat] | None = None
        self._whole = numbers.UNKNOWN

    def of(self, position: int, cell: Cell) -> numbers.NumberFormat:
        """What the column shows; where it shows nothing, what all number columns show together."""
        if not isinstance(cell, str) or not numbers.is_ambiguous(cell):
            return numbers.UNKNOWN
        if self._found is None:
            self._look()
        assert self._found is not None
        return numbers.first_known_format(self._found.get(position, numbers.UNKNOWN), self._whole)

    def _look(self) -> None:
        texts: dict[int, set[str]] = {position: set() for position in self._positions}
        for _line, cells in self._rows():
            for position, seen in texts.items():
                cell = cells[position] if position < len(cells) else None
                if isinstance(cell, str):
                    seen.add(unescaped(cell))
        self._found = {position: numbers.evidence(seen) for position, seen in texts.items()}
        self._whole = numbers.evidence(text for seen in texts.values() for text in seen)


class Parser:
    """Turns cells into values, one column at a time; equal cells are read once."""

    def __init__(
        self,
        importer: Importer,
        heading: Heading,
        header: Sequence[Cell],
        rows: Callable[[], Iterator[NumberedRow]],
    ) -> None:
        self.importer = importer
        self.columns = list(heading.columns.items())
        self.evidence = Evidence(rows, self.columns)
        self.headers = {position: str(header[position]).strip() for position, _column in self.columns}
        named = {column.name for column in importer.columns}
        self.own = [(position, column) for position, column in self.columns if column.name in named]
        self.made = [(position, column) for position, column in self.columns if column.name not in named]
        given = {column.name for _position, column in self.own}
        self.absent = {column.name: column.default for column in importer.columns if column.name not in given}
        self.known: dict[int, dict[Any, Any]] = {position: {} for position, _column in self.columns}

    def __call__(self, chunk: list[tuple[int, Sequence[Cell]]]) -> list[Draft]:
        drafts = [Draft(line, cells, Row(line, {})) for line, cells in chunk]
        own = [self._read(drafts, position, column) for position, column in self.own]
        made = [self._read(drafts, position, column) for position, column in self.made]
        names = [column.name for _position, column in self.own]
        values = zip(*own, strict=True) if own else iter([()] * len(drafts))
        for draft, row in zip(drafts, values, strict=True):
            draft.row.values = {**self.absent, **dict(zip(names, row, strict=True))}
        for (_position, column), read in zip(self.made, made, strict=True):
            for draft, value in zip(drafts, read, strict=True):
                draft.row.extra[column.name] = value
        return drafts

    def _read(self, drafts: list[Draft], position: int, column: Column) -> list[Any]:
        known = self.known[position]
        if len(known) > 50_000:
            known.clear()
        cells = [draft.cells[position] if position < len(draft.cells) else None for draft in drafts]
        plain = set(map(type, cells)) <= {str}
        keys: list[Any] = cells if plain else [(cell.__class__, cell) for cell in cells]
        values = [known.get(key, _UNREAD) for key in keys]
        for place, value in enumerate(values):
            if value is _UNREAD:
                key = keys[place]
                found = known.get(key, _UNREAD)
                values[place] = (
                    self._read_one(drafts[place], cells[place], column, position, known, key)
                    if found is _UNREAD
                    else found
                )
        return values

    def _read_one(
        self, draft: Draft, cell: Cell, column: Column, position: int, known: dict[Any, Any], key: Any
    ) -> Any:
        try:
            if is_empty(cell):
                if column.required:
                    raise CellError("required")
                value = column.default
            else:
                value = self._value(unescaped(cell) if isinstance(cell, str) else cell, column, position)
        except CellError as error:
            header = self.headers[position]
            draft.problems.append(messages.cell_problem(error, line=draft.line, header=header))
            return None
        known[key] = value
        return value

    def _value(self, cell: Cell, column: Column, position: int) -> Any:
        if isinstance(column.read, NumberReader | WrittenReader):
            return column.read(cell, self.evidence.of(position, cell))
        return column.read(cell)
