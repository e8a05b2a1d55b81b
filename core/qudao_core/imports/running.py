"""Take a table through an importer: cells to values, batches to the service, everything in one
transaction.
"""

from __future__ import annotations

import gc
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from itertools import chain, islice
from typing import Any, TextIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..errors import Problem, Refusal
from ..spreadsheets import CsvWriter
from ..wording import join_list
from . import messages
from .apart import apart
from .importer import Importer, Row
from .parsing import Draft, Parser
from .reading import Table
from .reading.table import NumberedRow
from .rules import Cell, CellError, Heading, UpsertResult, as_text, match_header
from .undoing.journal import Journal

#: The header may stand below titles and empty rows.
HEADER_SEARCH = 15
PREVIEW_ROWS = 20
KEPT_PROBLEMS = 100
#: So many rows show how a file writes its numbers while a person waits for the first rows.
SHOWN_BY = 5_000
#: So many rows of a preview are locked at a time.
UNDONE_AT_ONCE = 1_000

Progress = Callable[[int], None]


@dataclass(slots=True)
class Tally:
    """What a run came to. ``problems`` are the first of all; the file of rejected rows holds every one."""

    total: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    columns: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    sample: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    totals: list[tuple[str, str]] = field(default_factory=list)
    left_out: dict[str, Any] = field(default_factory=dict)


def run(
    importer: Importer,
    table: Table,
    *,
    report: TextIO | None = None,
    progress: Progress | None = None,
    dry: bool,
    limit: int | None = None,
    journal: Journal | None = None,
) -> Tally:
    """Import every good row of ``table``, or with ``dry`` find out what that would do and undo it.

    The whole run is one transaction: whatever goes wrong, nothing is half-applied. A dry run holds no lock that others
    wait for: on SQLite it works on a copy, elsewhere it undoes each batch at once where rows do not refer to one
    another. ``limit``: only so many rows; ``journal`` keeps what was changed. Rejected rows are written to ``report``
    as CSV with their line and the reasons, so that they can be corrected there and imported again.

    :raises Refusal: the file cannot be read, its header is wrong, or an option is.
    """
    importer.validate_options()
    with _collector_at_rest(), apart(dry and limit is None):
        made = _Run(importer, table, report, progress or (lambda rows: None), limit)
        made.journal = journal
        if dry and importer.independent and limit is None:
            importer.start()
            return made.execute(undone_in_parts=True)
        with transaction.atomic():
            importer.start()
            tally = made.execute()
            if dry:
                transaction.set_rollback(True)
    return tally


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Rows hold no cycles, but by their number they make Python look for cycles all the time: four fifths of a run."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Opened:
    """A table whose header has been found: ``rows`` are the rows below it."""

    heading: Heading
    header: Sequence[Cell]
    rows: Iterator[NumberedRow]


def find_heading(importer: Importer, table: Table) -> Opened:
    """Find the header, which may stand below titles.

    :raises Refusal: ``empty_file``; ``wrong_header``, naming the missing columns and the line that came
        nearest.
    """
    if table.heading:
        if table.heading.missing:
            raise _unmapped(importer, table.heading)
        names = [column.title(importer.viewer.language) for column in table.heading.columns.values()]
        return Opened(table.heading, names, table.rows())
    rows = table.rows()
    seen = list(islice(rows, HEADER_SEARCH))
    if not seen:
        raise Refusal(
            "empty_file", _("The file has no rows."), remedy=_("Choose the file that holds the rows.")
        )
    tried = [
        (match_header(cells, importer.columns, importer.extra_column), line, cells) for line, cells in seen
    ]
    heading, line, cells = max(tried, key=lambda found: (found[0].is_good, len(found[0].columns), -found[1]))
    if not heading.is_good:
        raise _wrong_header(importer, heading, line)
    return Opened(heading, cells, chain([row for row in seen if row[0] > line], rows))


def _unmapped(importer: Importer, heading: Heading) -> Refusal:
    language = importer.viewer.language
    return Refusal(
        "not_mapped",
        _("No column is chosen for: %(columns)s.")
        % {"columns": join_list(column.title(language) for column in heading.missing)},
        field="mapping",
        remedy=_("Choose a column of the file, or enter one value for all rows."),
        params={"missing": [column.name for column in heading.missing]},
        status=422,
    )


def _wrong_header(importer: Importer, heading: Heading, line: int) -> Refusal:
    language = importer.viewer.language
    missing = join_list(column.title(language) for column in heading.missing)
    if heading.twice and not heading.missing:
        message = _("Line %(line)d lists a column twice: %(columns)s.") % {
            "line": line,
            "columns": join_list(heading.twice),
        }
        return Refusal(
            "wrong_header", message, line=line, remedy=_("Remove or rename one of the two columns.")
        )
    return Refusal(
        "wrong_header",
        _("No header row was found: these columns are missing: %(columns)s.") % {"columns": missing},
        line=line,
        remedy=_(
            "Put the column names in the first row, as in the template. Found in line %(line)d: %(found)s."
        )
        % {"line": line, "found": join_list(heading.unused) or "–"},
        params={"missing": [column.name for column in heading.missing]},
    )


class _Run:
    def __init__(
        self,
        importer: Importer,
        table: Table,
        report: TextIO | None,
        progress: Progress,
        limit: int | None = None,
    ) -> None:
        self.importer = importer
        self.limit = limit
        self.size = importer.batch_size
        self.table = table
        self.report = report
        self.progress = progress
        self.tally = Tally()
        self.seen: dict[tuple[Any, ...], int] = {}
        self.writer: Any = None
        self.header: Sequence[Cell] = ()
        self.given: set[str] = set()
        self.journal: Journal | None = None

    def execute(self, *, undone_in_parts: bool = False) -> Tally:
        """``undone_in_parts``: every batch is tried in a transaction of its own, which is rolled back."""
        opened = find_heading(self.importer, self.table)
        self.header = opened.header
        language = self.importer.viewer.language
        self.tally.columns = [column.title(language) for column in opened.heading.columns.values()]
        self.tally.unused = list(opened.heading.unused)
        self.given = {column.name for column in opened.heading.columns.values()}
        parse = Parser(self.importer, opened.heading, opened.header, self._shown_by)
        if undone_in_parts:
            self.size = min(self.size, UNDONE_AT_ONCE)
        for chunk in self._batches(parse, islice(opened.rows, self.limit)):
            if undone_in_parts:
                with transaction.atomic():
                    self._handle(chunk)
                    transaction.set_rollback(True)
            else:
                self._handle(chunk)
            self.tally.total += len(chunk)
            self.progress(self.tally.total)
        self.tally.totals = self.importer.totals()
        left_out = self.table.left_out()
        self.tally.left_out = asdict(left_out) if left_out else {}
        return self.tally

    def _shown_by(self) -> Iterator[NumberedRow]:
        """The rows that show how numbers are written: all of them, or the first thousands for the first rows alone."""
        return islice(self.table.rows(), None if self.limit is None else SHOWN_BY)

    def _batches(self, parse: Parser, rows: Iterator[NumberedRow]) -> Iterator[list[Draft]]:
        size = self.size
        chunks = iter(lambda: list(islice(rows, size)), [])
        drafts = (parse(chunk) for chunk in chunks)
        return (
            _whole_groups(chain.from_iterable(drafts), self.importer.group, size)
            if self.importer.group
            else drafts
        )

    def _handle(self, drafts: list[Draft]) -> None:
        self._refuse_repeats(drafts)
        self._refuse_broken_groups(drafts)
        good = [draft for draft in drafts if not draft.problems]
        if good:
            self._write(good)
        self._refuse_broken_groups(drafts)
        self._count(drafts)

    def _refuse_repeats(self, drafts: list[Draft]) -> None:
        names = self.importer.unique
        if not names:
            return
        for draft in drafts:
            if draft.problems:
                continue
            key = tuple(draft.row.values[name] for name in names)
            if key in self.seen:
                first = self.seen[key]
                draft.problems.append(messages.twice(draft.line, first, self.importer.header_of(names[0])))
            else:
                self.seen[key] = draft.line

    def _refuse_broken_groups(self, drafts: list[Draft]) -> None:
        group = self.importer.group
        if not group:
            return
        broken: dict[Any, int] = {}
        for draft in drafts:
            if draft.problems:
                broken.setdefault(_group_of(draft, group), draft.line)
        for draft in drafts:
            first = broken.get(_group_of(draft, group)) if not draft.problems else None
            if first is not None:
                header = self.importer.header_of(group)
                draft.problems.append(messages.group_in_error(draft.line, first, header))

    def _write(self, good: list[Draft]) -> None:
        """Call the service; when it refuses single rows, take them out and call again with the rest."""
        while good:
            try:
                with transaction.atomic():
                    result = self._written([draft.row for draft in good])
            except Refusal as refusal:
                named = [problem for problem in refusal.problems if problem.line]
                if not named:
                    raise
                self._blame(good, named)
            else:
                self._blame(good, result.problems)
                self._settle(good, result)
                return
            self._refuse_broken_groups(good)
            good = [draft for draft in good if not draft.problems]

    def _written(self, rows: list[Row]) -> UpsertResult:
        """What the service says; with a journal, what it changed is kept for undoing it."""
        if self.journal is None:
            return self.importer.write(rows)
        before = self.journal.before(rows)
        result = self.importer.write(rows)
        self.journal.after(rows, before)
        return result

    def _blame(self, drafts: list[Draft], problems: Iterable[Problem]) -> None:
        for problem in problems:
            if problem.line and problem.line <= len(drafts):
                draft = drafts[problem.line - 1]
                remedy = problem.remedy or _("Correct the row and upload the file again.")
                draft.problems.append(replace(problem, line=draft.line, remedy=remedy))

    def _settle(self, drafts: list[Draft], result: UpsertResult) -> None:
        self.tally.created += result.created
        self.tally.updated += result.updated
        self.tally.unchanged += result.unchanged
        for position, outcome in result.outcomes.items():
            drafts[position - 1].outcome = str(outcome)

    def _count(self, drafts: list[Draft]) -> None:
        for draft in drafts:
            if len(self.tally.sample) < PREVIEW_ROWS:
                self.tally.sample.append(_shown(draft, self.importer, self.given))
            if draft.problems:
                self._reject(draft)

    def _reject(self, draft: Draft) -> None:
        self.tally.rejected += 1
        self.tally.problems += draft.problems[: KEPT_PROBLEMS - len(self.tally.problems)]
        if self.report is None:
            return
        if self.writer is None:
            self.writer = CsvWriter(self.report)
            self.writer.row([*self.header, *_reason_headers(self.importer.viewer.language)])
        width = len(self.header)
        cells = [_plain(cell) for cell in draft.cells][:width]
        cells += [""] * (width - len(cells))
        self.writer.row([*cells, draft.line, reason(draft.problems)])


def _reason_headers(language: str) -> tuple[str, str]:
    return ("原文件行号", "原因") if language.startswith("zh") else ("Line in file", "Reason")


def reason(problems: Iterable[Problem]) -> str:
    """All complaints about one row, with their columns and remedies, in one cell."""
    return " ".join(
        f"[{problem.field}] {problem.message} {problem.remedy or ''}".strip()
        if problem.field
        else f"{problem.message} {problem.remedy or ''}".strip()
        for problem in problems
    )


def _plain(cell: Cell) -> str:
    try:
        return as_text(cell)
    except CellError:
        return str(getattr(cell, "shown", ""))


def _shown(draft: Draft, importer: Importer, given: Collection[str]) -> dict[str, Any]:
    """A row of the preview as it would be: the columns the file holds, read."""
    values = draft.row.values | draft.row.extra
    return {
        "line": draft.line,
        "sheet": getattr(draft.line, "sheet", ""),
        "outcome": "rejected" if draft.problems else draft.outcome,
        "cells": {
            importer.header_of(name): _text_of(value) for name, value in values.items() if name in given
        },
        "problems": [str(problem.message) for problem in draft.problems],
    }


def _text_of(value: Any) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value) if timezone.is_aware(value) else value:%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)


def _group_of(draft: Draft, group: str) -> Any:
    """Rows whose group cannot be read stand alone."""
    value = draft.row.values.get(group)
    return ("line", draft.line) if value is None else value


def _whole_groups(drafts: Iterable[Draft], group: str, size: int) -> Iterator[list[Draft]]:
    """Batches that never part what belongs together, wherever its rows stand in the file."""
    groups: dict[Any, list[Draft]] = {}
    for draft in drafts:
        groups.setdefault(_group_of(draft, group), []).append(draft)
    batch: list[Draft] = []
    for members in groups.values():
        if batch and len(batch) + len(members) > size:
            yield batch
            batch = []
        batch += members
    if batch:
        yield batch


def open_report() -> io.StringIO:
    """A place for rejected rows that Excel opens as UTF-8."""
    report = io.StringIO(newline="")
    report.write("\ufeff")
    return report
