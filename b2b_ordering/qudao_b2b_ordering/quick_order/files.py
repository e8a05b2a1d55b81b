"""Sheets of quick order: the text of an uploaded one, and the kept lines with their reasons as one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.imports.mapping.file_contents import shown
from qudao_core.imports.reading import open_table

from . import presenters, problems, queries, rules
from .services import OwnNumberInput

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


def numbers_in(text: str) -> list[tuple[int, OwnNumberInput]]:
    """Rows of SKU and own item number, with a tab, comma or semicolon between, by their line; a header is left out.

    :raises Refusal: ``no_lines``, ``too_many_lines``.
    """
    found = []
    for line, row in enumerate(text.splitlines(), start=1):
        separator = next((each for each in "\t,;，；" if each in row), None)
        cells = [cell.strip().strip("\"'") for cell in row.split(separator, 2)]
        is_header = not found and "".join(cells[0].casefold().split()) in _HEADERS
        if row.strip() and not is_header:
            found.append((line, OwnNumberInput(cells[0], cells[1] if len(cells) > 1 else "")))
    if not found:
        raise problems.no_lines()
    if len(found) > rules.MOST_LINES:
        raise problems.too_many_lines(len(found))
    return found


#: How the column of our own code is headed.
_HEADERS = frozenset({"sku", "product", "货号", "商品", "商品编号"})


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
