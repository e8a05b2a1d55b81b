"""What a file seems to be, with what speaks for it: a mapping to start from, which a person corrects."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice
from typing import Any, BinaryIO

from ... import conf
from ...numbers import rules as numbers
from ...wording import join_list
from ..importer import Importer
from ..reading import Table, open_tables
from ..reading.table import NumberedRow
from ..rules import (
    Cell,
    CellError,
    NumberReader,
    as_datetime,
    as_decimal,
    day,
    is_empty,
    match_header,
    normalise,
)
from .rows import column_of, is_section, section_text
from .rules import LEAVE_OUT, FileMapping, Source, shape_of
from .seen import LOOKED_AT, Seen, columns_of, is_number, shown
from .suggestions import NAMED, Suggestion, sources_of, suggest, suggest_spread
from .vocabulary import currency_in, is_gross, means_nothing, plain, price_is_per, weight_is_per_kg

#: Lines above which the header is looked for, and lines shown to a person.
HEADER_SEARCH = 30
#: More words than these are not listed one by one.
MOST_WORDS = 50
_SHORT_DATE = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](?:\d{4}|\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class Note:
    """Something a person should know or decide; ``code`` names the sentence, ``params`` its words."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Understanding:
    """How a file was understood. ``head`` are its first lines as they stand there."""

    mapping: FileMapping
    format: str
    encoding: str
    delimiter: str
    sheets: tuple[str, ...]
    head: list[tuple[int, list[str]]]
    columns: list[Seen]
    suggestions: list[Suggestion]
    notes: list[Note]
    shape: str
    #: Every column was found by its name and nothing has to be decided.
    is_plain: bool


def open_for(importer: Importer, file: BinaryIO, mapping: FileMapping) -> list[Table]:
    """The tables a mapping reads.

    :raises Refusal: as :func:`~..reading.open_tables`.
    """
    return open_tables(
        file,
        max_bytes=conf.import_max_bytes(),
        max_rows=importer.max_rows,
        sheets=mapping.sheets,
        encoding=mapping.encoding,
        delimiter=mapping.delimiter,
    )


def understand(
    importer: Importer, file: BinaryIO, given: FileMapping | None = None, *, header: int | None = None
) -> Understanding:
    """Look at a file. What ``given`` says of encoding, delimiter and sheets is kept, and the ``header`` line where it
    is not ``None`` (0: there is none).

    :raises Refusal: the file cannot be read at all.
    """
    given = given or FileMapping()
    tables = open_for(importer, file, given)
    first = tables[0]
    rows = list(islice(first.rows(), HEADER_SEARCH + LOOKED_AT))
    line = _header_line(importer, rows) if header is None else header
    names: Sequence[Cell] = next((cells for number, cells in rows if number == line), [])
    body = [cells for number, cells in rows if number > line]
    seen = columns_of(names, [cells for cells in body if list(cells) != list(names)])
    found = suggest(importer, seen)
    start = FileMapping(
        encoding=given.encoding,
        delimiter=given.delimiter,
        sheets=given.sheets or _alike(importer, file, first, names),
        header=line,
    )
    notes: list[Note] = [] if first.is_sure else [Note("unsure_encoding", {"encoding": first.encoding})]
    if len(start.sheets) > 1:
        notes.append(Note("sheets_alike", {"sheets": join_list(start.sheets), "count": len(start.sheets)}))
    above = [shown(cell) for number, cells in rows if number < line for cell in cells if not is_empty(cell)]
    mapping = _Filling(importer, seen, found, above, notes).fill(start)
    return Understanding(
        mapping=mapping,
        format=first.format,
        encoding=first.encoding,
        delimiter=first.delimiter,
        sheets=first.sheets,
        head=[(number, [shown(cell)[:80] for cell in cells]) for number, cells in rows[:20]],
        columns=seen,
        suggestions=found,
        notes=notes,
        shape=shape_of(names, len(seen)),
        is_plain=first.is_sure and _is_plain(importer, names, mapping),
    )


def _is_plain(importer: Importer, names: Sequence[Cell], mapping: FileMapping) -> bool:
    heading = match_header([shown(cell) for cell in names], importer.columns, importer.extra_column)
    rest = {column.name for column in heading.columns.values()}
    return heading.is_good and not mapping.spread and len(mapping.sheets) < 2 and bool(rest)


def _header_line(importer: Importer, rows: Sequence[NumberedRow]) -> int:
    """The line that looks like names of columns: known names first, then many short texts and no numbers."""
    best, points = 0, 0.0
    for place, (line, cells) in enumerate(rows[:HEADER_SEARCH]):
        texts = [shown(cell) for cell in cells if not is_empty(cell)]
        named = sum(
            any(_names(column.headers(), column.hints, text) for column in importer.columns) for text in texts
        )
        values = sum(is_number(cell) for cell in cells if not is_empty(cell))
        if not texts or (len(texts) == 1 and not named) or any(len(text) > 60 for text in texts):
            continue
        if not named and values:
            continue
        found = 3 * named + len(texts) - 2 * values - 0.1 * place
        if found > points:
            best, points = line, found
    return best


def _names(headers: set[str], hints: str, text: str) -> bool:
    name = normalise(text)
    if name in headers:
        return True
    return len(name) <= 24 and any(
        normalise(hint) in name for hint in hints.split("|") if len(hint) > 1 and hint
    )


def _alike(importer: Importer, file: BinaryIO, first: Table, names: Sequence[Cell]) -> tuple[str, ...]:
    """The first sheet, and those that have the same header."""
    if len(first.sheets) < 2:
        return ()
    wanted = [normalise(shown(cell)) for cell in names if not is_empty(cell)]
    found = []
    for table in open_for(importer, file, FileMapping(sheets=first.sheets)):
        heads = (
            [normalise(shown(cell)) for cell in cells if not is_empty(cell)]
            for _line, cells in islice(table.rows(), HEADER_SEARCH)
        )
        if table.sheet == first.sheet or (wanted and wanted in heads):
            found.append(table.sheet)
    return tuple(found) if len(found) > 1 else (first.sheet,)


class _Filling:
    """Adds to the found columns what their contents say."""

    def __init__(
        self,
        importer: Importer,
        seen: Sequence[Seen],
        found: Sequence[Suggestion],
        above: Sequence[str],
        notes: list[Note],
    ) -> None:
        self.importer, self.seen, self.found, self.above, self.notes = importer, seen, found, above, notes
        self.by_number = {each.number: each for each in seen}

    def fill(self, start: FileMapping) -> FileMapping:
        spread = suggest_spread(self.importer, self.seen, self.found)
        sources = sources_of(self.found, self.importer)
        name = self.importer.spread_field if spread else ""
        if spread:
            sources = [source for source in sources if source.field != name] + [Source(name)]
            self.notes.append(Note("several_columns", {"count": len(spread), "field": self._title(name)}))
        mapping = replace(start, sources=tuple(sources), spread_field=name, spread=spread)
        for step in (
            self._weight,
            self._fill_down,
            self._numbers,
            self._currency,
            self._sections,
            self._dates,
            self._words,
        ):
            mapping = step(mapping)
        self._missing(mapping)
        return mapping

    def _title(self, name: str) -> str:
        column = column_of(self.importer, name)
        return column.title(self.importer.viewer.language) if column else name

    def _cells(self, mapping: FileMapping, source: Source) -> Iterator[Seen]:
        numbers_ = list(source.columns)
        if source.field == mapping.spread_field:
            numbers_ += [each.column for each in mapping.spread]
        return (self.by_number[number] for number in numbers_ if number in self.by_number)

    def _change(self, mapping: FileMapping, source: Source, **changes: Any) -> FileMapping:
        changed = replace(source, **changes)
        return replace(
            mapping,
            sources=tuple(changed if each.field == source.field else each for each in mapping.sources),
        )

    def _fill_down(self, mapping: FileMapping) -> FileMapping:
        can = {self.importer.section_field, self.importer.group, *self.importer.filled_fields} - {""}
        for source in mapping.sources:
            seen = next(self._cells(mapping, source), None)
            if source.field not in can or seen is None or is_empty(seen.cells[0] if seen.cells else None):
                continue
            if len(seen.filled) < len(seen.cells) * 0.9 and (self.importer.group or not _repeats(seen)):
                mapping = self._change(mapping, source, fill=True)
                self.notes.append(
                    Note("filled_down", {"field": self._title(source.field), "column": seen.letter})
                )
        return mapping

    def _numbers(self, mapping: FileMapping) -> FileMapping:
        blank: set[str] = set()
        for source in mapping.sources:
            column = column_of(self.importer, source.field)
            if column is None or not isinstance(column.read, NumberReader) or not column.required:
                continue
            columns = list(self._cells(mapping, source))
            blank |= {text for each in columns for text in each.texts if means_nothing(text)}
            mapping = self._unit_of_price(mapping, source, columns)
            self._too_precise(mapping.source(source.field) or source, column.read, columns)
            gross = next((each for each in columns if is_gross(each.header)), None)
            if gross:
                self.notes.append(Note("gross_prices", {"column": gross.letter, "header": gross.header}))
        if blank:
            self.notes.append(Note("no_value_words", {"words": join_list(sorted(blank))}))
        return replace(mapping, blank=tuple(sorted(blank)))

    def _unit_of_price(self, mapping: FileMapping, source: Source, columns: Sequence[Seen]) -> FileMapping:
        if source.field != self.importer.spread_field or "price" not in source.field:
            return mapping
        said = [(price_is_per(text), text) for text in [*(each.header for each in columns), *self.above]]
        per, text = next((found for found in said if found[0] != 1), (Decimal(1), ""))
        if per == 1:
            return mapping
        self.notes.append(Note("price_per", {"count": f"{per:,}", "text": plain(text)}))
        return self._change(mapping, source, divisor=per)

    def _weight(self, mapping: FileMapping) -> FileMapping:
        """Weights in grams are divided; those in pounds are left for a person to decide."""
        source = mapping.source("weight_kg")
        seen = next(self._cells(mapping, source), None) if source else None
        if source is None or seen is None:
            return mapping
        per = weight_is_per_kg(seen.header)
        if per is None:
            return replace(
                mapping, sources=tuple(each for each in mapping.sources if each.field != "weight_kg")
            )
        return self._change(mapping, source, divisor=per) if per != 1 else mapping

    def _too_precise(self, source: Source, read: NumberReader, columns: Sequence[Seen]) -> None:
        marks = numbers.evidence(cell for each in columns for cell in each.filled if isinstance(cell, str))
        for each in columns:
            for cell in each.filled:
                try:
                    number = as_decimal(cell, marks) / source.divisor
                except CellError:
                    continue
                if read.places is not None and numbers.has_more_places(number, read.places):
                    shown_number = f"{number.normalize():f}"[:20]
                    self.notes.append(
                        Note(
                            "too_precise",
                            {"value": shown_number, "places": read.places, "column": each.letter},
                        )
                    )
                    return

    def _currency(self, mapping: FileMapping) -> FileMapping:
        column = column_of(self.importer, "currency")
        if column is None or mapping.source("currency") or not self.importer.spread_field:
            return mapping
        priced = mapping.source(self.importer.spread_field)
        cells = list(self._cells(mapping, priced)) if priced else []
        texts = [*(each.header for each in cells), *self.above]
        texts += [
            text for each in cells for text in each.texts[:20] if not is_number(text) or not text[0].isdigit()
        ]
        texts += [text for each in cells for text in each.examples]
        found = next((code for code in map(currency_in, texts) if code), "")
        if not found:
            return mapping
        self.notes.append(Note("currency", {"currency": found}))
        return replace(mapping, sources=(*mapping.sources, Source("currency", value=found)))

    def _sections(self, mapping: FileMapping) -> FileMapping:
        """Rows of one or two cells between rows of more, with nothing in the columns of numbers."""
        gaps = tuple(each.number for each in self.seen if each.filled and each.number_share >= 0.6)
        gaps = tuple(number for number in gaps if mapping.source_of(number) not in self._keys())
        rows = (
            [[each.cells[place] for each in self.seen] for place in range(len(self.seen[0].cells))]
            if self.seen
            else []
        )
        usual = sorted(sum(not is_empty(cell) for cell in row) for row in rows)
        if not usual or usual[len(usual) // 2] < 3:
            return mapping
        names = [section_text(row) for row in rows if is_section(row, gaps)]
        if not names:
            return mapping
        self.notes.append(Note("sections", {"count": len(names), "names": join_list(names[:3])[:120]}))
        taken = mapping.source(self.importer.section_field)
        target = self.importer.section_field if self.importer.section_field and not taken else LEAVE_OUT
        return replace(mapping, sections=target, section_gaps=gaps)

    def _keys(self) -> set[str]:
        """Fields that name the thing: their numbers are no values."""
        return {
            column.name
            for column in self.importer.columns
            if column.required and not isinstance(column.read, NumberReader)
        }

    def _dates(self, mapping: FileMapping) -> FileMapping:
        for source in mapping.sources:
            column = column_of(self.importer, source.field)
            if column is None or column.read not in (day, as_datetime):
                continue
            texts = [text for each in self._cells(mapping, source) for text in each.texts]
            pairs = [(int(found[1]), int(found[2])) for found in map(_SHORT_DATE.match, texts) if found]
            if not pairs:
                continue
            if any(one > 12 for one, _two in pairs):
                return replace(mapping, dates="dmy")
            if any(two > 12 for _one, two in pairs):
                return replace(mapping, dates="mdy")
            self.notes.append(Note("date_order", {"value": texts[0]}))
        return mapping

    def _words(self, mapping: FileMapping) -> FileMapping:
        """Words of the file that nobody here knows, where all that is known can be told."""
        mapping = with_words(self.importer, self.seen, mapping)
        for source in mapping.sources:
            texts = {text for each in self._cells(mapping, source) for text in each.texts}
            if source.words:
                words = join_list(sorted(source.words)[:8])
                self.notes.append(Note("unknown_words", {"field": self._title(source.field), "words": words}))
            elif self._none_exists(source.field, texts):
                self.notes.append(Note("nothing_known", {"field": self._title(source.field)}))
        return mapping

    def _none_exists(self, name: str, texts: set[str]) -> bool:
        """Whether a column that was not found by its name holds nothing that exists here."""
        is_named = any(each.field == name and each.why == NAMED for each in self.found)
        if not texts or is_named or name in self.importer.variant_fields:
            return False
        return self.importer.known(name, texts) == set()

    def _missing(self, mapping: FileMapping) -> None:
        fields = set(mapping.fields)
        missing = [
            column for column in self.importer.columns if column.required and column.name not in fields
        ]
        if missing:
            names = join_list(column.title(self.importer.viewer.language) for column in missing)
            self.notes.append(Note("missing", {"fields": names}))


def _repeats(seen: Seen) -> bool:
    """Whether two rows in succession have the same value: then it stands in every row it is for."""
    return any(one == two and not is_empty(one) for one, two in zip(seen.cells, seen.cells[1:], strict=False))


def with_words(importer: Importer, seen: Sequence[Seen], mapping: FileMapping) -> FileMapping:
    """A mapping that lists the words of the file which do not exist here, for fields whose values can be chosen."""
    texts = {each.number: set(each.texts) for each in seen}
    choosable = {option.name for option in importer.options if option.choices}
    sources = []
    for source in mapping.sources:
        words = set().union(*(texts.get(number, set()) for number in source.columns))
        here = importer.known(source.field, words) if source.field in choosable and words else None
        unknown = sorted(words - set(here)) if here is not None else []
        listed = {word: source.words.get(word, "") for word in unknown} if len(unknown) <= MOST_WORDS else {}
        sources.append(replace(source, words=listed))
    return replace(mapping, sources=tuple(sources))
