"""How a file becomes rows of fields, as one value that can be kept, shown and sent. Plain Python."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_by
from decimal import Decimal, InvalidOperation
from typing import Any

from ..rules import Cell, as_text, is_empty, normalise

MAX_COLUMNS = 500
LEAVE_OUT = "leave_out"
#: How a cell is compared when rows are left out.
TESTS = ("empty", "filled", "equals", "starts", "negative")
DATE_ORDERS = ("", "dmy", "mdy")


class MappingError(ValueError):
    """A mapping that cannot be used. ``code`` says why, ``path`` where, ``params`` the words of its message."""

    def __init__(self, code: str, path: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.path, self.params = code, path, params


@dataclass(frozen=True, slots=True)
class Source:
    """Where the values of one field come from: ``columns`` (from 1; several are joined) or one ``value`` for all rows.

    ``fill``: an empty cell repeats the value above. ``divisor``: the file's number is for so many units.
    ``rounded``: to the places the field keeps. ``words``: what a word of the file is called here.
    """

    field: str
    columns: tuple[int, ...] = ()
    value: str = ""
    fill: bool = False
    divisor: Decimal = Decimal(1)
    rounded: bool = False
    words: Mapping[str, str] = made_by(default_factory=dict)

    @property
    def is_adjusted(self) -> bool:
        return self.divisor != 1 or self.rounded


@dataclass(frozen=True, slots=True)
class Spread:
    """One of several columns that hold the same field: a row is made of each, with the fields this column ``sets``."""

    column: int
    sets: Mapping[str, str] = made_by(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Rows to leave out: those whose cell in ``column`` is empty, equals or begins with ``value``, or is negative."""

    column: int
    test: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class FileMapping:
    """What is what in a file. An empty value everywhere means: as found, columns named by the header.

    ``header`` is the line of the header row, 0 for a file without one. ``spread`` are the columns of
    ``spread_field``. ``sections``: rows that are headings of the rows below are kept (empty), left out
    (``leave_out``), or the value of that field; they are known by ``section_gaps``, columns that are empty in them.
    ``blank``: words that stand for no value ("on request").
    ``variants``: the column whose equal values are variants of one product.
    """

    encoding: str = ""
    delimiter: str = ""
    sheets: tuple[str, ...] = ()
    header: int = 0
    sources: tuple[Source, ...] = ()
    spread_field: str = ""
    spread: tuple[Spread, ...] = ()
    sections: str = ""
    section_gaps: tuple[int, ...] = ()
    blank: tuple[str, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    dates: str = ""
    joined_by: str = " "
    variants: int = 0

    @property
    def is_by_header(self) -> bool:
        """Nothing is said of the columns: they are found by their names."""
        return not self.sources and not self.spread and not self.header

    @property
    def fields(self) -> list[str]:
        """The fields it fills, in order."""
        names = [source.field for source in self.sources]
        names += [self.spread_field] if self.spread else []
        names += [name for each in self.spread for name in each.sets]
        names += [self.sections] if self.sections not in ("", LEAVE_OUT) else []
        return list(dict.fromkeys(names))

    def source_of(self, column: int) -> str:
        """The field a column is for, ``""`` for none."""
        return next((source.field for source in self.sources if column in source.columns), "")

    def source(self, name: str) -> Source | None:
        return next((source for source in self.sources if source.field == name), None)


def shape_of(header: Sequence[Cell], width: int) -> str:
    """What files of the same make have in common: the names of their columns, else how many they are.

    >>> shape_of(["SKU", "Price "], 2) == shape_of(["sku", "price"], 2)
    True
    """
    names = [normalise(_text(cell)) for cell in header]
    while names and not names[-1]:
        names.pop()
    said = "\n".join(names) if any(names) else f"columns:{width}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _text(cell: Cell) -> str:
    return "" if is_empty(cell) or not isinstance(cell, str | int | float) else as_text(cell)


# --- As JSON ---


def to_json(mapping: FileMapping) -> dict[str, Any]:
    return {
        "encoding": mapping.encoding,
        "delimiter": mapping.delimiter,
        "sheets": list(mapping.sheets),
        "header": mapping.header,
        "sources": [_source_json(source) for source in mapping.sources],
        "spread_field": mapping.spread_field,
        "spread": [{"column": each.column, "sets": dict(each.sets)} for each in mapping.spread],
        "sections": mapping.sections,
        "section_gaps": list(mapping.section_gaps),
        "blank": list(mapping.blank),
        "excluded": [{"column": e.column, "test": e.test, "value": e.value} for e in mapping.excluded],
        "dates": mapping.dates,
        "joined_by": mapping.joined_by,
        "variants": mapping.variants,
    }


def _source_json(source: Source) -> dict[str, Any]:
    return {
        "field": source.field,
        "columns": list(source.columns),
        "value": source.value,
        "fill": source.fill,
        "divisor": format(source.divisor, "f"),
        "rounded": source.rounded,
        "words": dict(source.words),
    }


def from_json(data: Mapping[str, Any]) -> FileMapping:
    """The mapping somebody kept or sent.

    :raises MappingError: ``unknown_name``, ``not_valid`` with the place.
    """
    known = set(to_json(FileMapping()))
    for name in data:
        if name not in known:
            raise MappingError("unknown_name", str(name)[:40])
    return FileMapping(
        encoding=_word(data, "encoding"),
        delimiter=_word(data, "delimiter"),
        sheets=tuple(_words(data, "sheets")),
        header=_whole(data.get("header", 0), "header", 1_000_000),
        sources=tuple(_source(each, f"sources.{n}") for n, each in _each(data, "sources")),
        spread_field=_word(data, "spread_field"),
        spread=tuple(_spread(each, f"spread.{n}") for n, each in _each(data, "spread")),
        sections=_word(data, "sections"),
        section_gaps=tuple(_column(each, "section_gaps") for _n, each in _each(data, "section_gaps")),
        blank=tuple(_words(data, "blank")),
        excluded=tuple(_exclusion(each, f"excluded.{n}") for n, each in _each(data, "excluded")),
        dates=_one_of(data.get("dates", ""), DATE_ORDERS, "dates"),
        joined_by=_word(data, "joined_by", " "),
        variants=_whole(data.get("variants", 0), "variants"),
    )


def _source(data: Any, path: str) -> Source:
    _object(data, path, _source_json(Source("")))
    name = _word(data, "field")
    if not name:
        raise MappingError("not_valid", f"{path}.field")
    return Source(
        field=name,
        columns=tuple(_column(each, f"{path}.columns") for _n, each in _each(data, "columns")),
        value=_word(data, "value"),
        fill=_flag(data, "fill"),
        divisor=_divisor(data.get("divisor", "1"), f"{path}.divisor"),
        rounded=_flag(data, "rounded"),
        words=_texts(data.get("words", {}), f"{path}.words"),
    )


def _spread(data: Any, path: str) -> Spread:
    _object(data, path, ("column", "sets"))
    return Spread(_column(data.get("column"), f"{path}.column"), _texts(data.get("sets", {}), f"{path}.sets"))


def _exclusion(data: Any, path: str) -> Exclusion:
    _object(data, path, ("column", "test", "value"))
    test = _one_of(data.get("test", "empty"), TESTS, f"{path}.test")
    return Exclusion(_column(data.get("column"), f"{path}.column"), test, _word(data, "value"))


def _object(data: Any, path: str, names: Iterable[str]) -> None:
    if not isinstance(data, dict):
        raise MappingError("not_valid", path)
    for name in data:
        if name not in set(names):
            raise MappingError("unknown_name", f"{path}.{str(name)[:40]}")


def _each(data: Mapping[str, Any], name: str) -> list[tuple[int, Any]]:
    found = data.get(name, [])
    if not isinstance(found, list) or len(found) > MAX_COLUMNS:
        raise MappingError("not_valid", name)
    return list(enumerate(found))


def _word(data: Mapping[str, Any], name: str, default: str = "") -> str:
    found = data.get(name, default)
    if not isinstance(found, str) or len(found) > 500 or "\x00" in found:
        raise MappingError("not_valid", name)
    return found


def _words(data: Mapping[str, Any], name: str) -> list[str]:
    return [_word({name: each}, name) for _n, each in _each(data, name)]


def _texts(found: Any, path: str) -> dict[str, str]:
    if not isinstance(found, dict) or len(found) > MAX_COLUMNS:
        raise MappingError("not_valid", path)
    return {_word({path: name}, path): _word({path: text}, path) for name, text in found.items()}


def _whole(found: Any, path: str, most: int = MAX_COLUMNS) -> int:
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= most:
        raise MappingError("not_valid", path)
    return found


def _column(found: Any, path: str) -> int:
    number = _whole(found, path)
    if number == 0:
        raise MappingError("not_valid", path)
    return number


def _flag(data: Mapping[str, Any], name: str) -> bool:
    found = data.get(name, False)
    if not isinstance(found, bool):
        raise MappingError("not_valid", name)
    return found


def _one_of(found: Any, choices: Sequence[str], path: str) -> str:
    if found not in choices:
        raise MappingError("not_valid", path)
    return str(found)


def _divisor(found: Any, path: str) -> Decimal:
    try:
        number = Decimal(str(found))
    except InvalidOperation as error:
        raise MappingError("not_valid", path) from error
    if not number.is_finite() or not Decimal("0.000001") <= number <= 1_000_000:
        raise MappingError("not_valid", path)
    return number
