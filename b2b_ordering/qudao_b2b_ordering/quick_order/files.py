"""Sheets of quick order: the text of an uploaded one, and the kept lines with their reasons as one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.imports.mapping.file_contents import shown
from qudao_core.imports.reading import open_table

from . import presenters, queries, rules

#: A sheet of 5,000 lines with pictures and formats is still smaller.
MOST_BYTES = 10_000_000


def text_of(file: BinaryIO) -> str:
    """The first sheet of a CSV or XLSX file as a range is pasted: a line for a row, tabs between cells.

    :raises Refusal: as the reader of imports does (``file_too_large``, ``empty_file``, ``not_a_table``,
        ``old_excel``, ``encrypted_file``, ``too_many_rows`` …).
    """
    table = open_table(file, max_bytes=MOST_BYTES, max_rows=rules.MOST_LINES)
    rows = ("\t".join(" ".join(shown(cell).split()) for cell in cells) for _line, cells in table.rows())
    return "\n".join(rows)


def rows_of(viewer: core.Viewer, sheet: queries.Sheet) -> Iterator[list[object]]:
    """The lines with what keeps them from being ordered, the header first."""
    yield [_("Line"), _("As given"), _("SKU"), _("Product"), _("Quantity"), _("State"), _("Reason")]
    for line in sheet.lines:
        quantity = line.quantity if line.quantity is not None else line.wanted.quantity
        reasons = [core.join_sentences(each.message, each.remedy) for each in line.problems]
        yield [
            line.wanted.number,
            line.wanted.text,
            line.facts.sku if line.facts else line.wanted.code,
            line.facts.name(viewer.language) if line.facts else "",
            quantity if isinstance(quantity, str) else catalog.plain_number(quantity),
            presenters.status_word(line.status),
            core.join_sentences(*reasons),
        ]
