"""What every reader returns, and how it refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ...errors import Refusal
from ..rules import Cell, Heading

#: The number of the row in the file, as a person counts it in an editor or in Excel, and its cells.
NumberedRow = tuple[int, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Table:
    """An opened table. ``rows`` starts anew at every call; empty rows are left out.

    ``format`` is ``csv`` or ``xlsx``; ``encoding`` and ``delimiter`` are empty for workbooks, ``sheet`` for
    CSV. ``estimate`` is the number of rows before it is known exactly, for progress.
    """

    format: str
    rows: Callable[[], Iterator[NumberedRow]]
    estimate: int
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    #: The visible sheets of the workbook.
    sheets: tuple[str, ...] = ()
    #: Whether the encoding is shown by the bytes, and not only likely.
    is_sure: bool = True
    #: Where the columns are, when a mapping says it; otherwise the header row is looked for.
    heading: Heading | None = None
    #: The rows a mapping leaves out, after they have been read.
    left_out: Callable[[], Any] = lambda: None


def refuse(code: str, message: str | Promise, remedy: str | Promise, *, line: int | None = None) -> Refusal:
    """The refusal of a whole file: nothing of it is read further."""
    return Refusal(code, message, line=line, remedy=remedy)


def refuse_size(code: str, message: str | Promise, remedy: str | Promise) -> Refusal:
    """The refusal of a file that is larger than what is read at once."""
    return Refusal(code, message, remedy=remedy, status=413)


def too_many_rows(max_rows: int) -> Refusal:
    return refuse_size(
        "too_many_rows",
        _("The file has more than %(max)d rows.") % {"max": max_rows},
        _("Split it into several files; each may be imported on its own."),
    )
