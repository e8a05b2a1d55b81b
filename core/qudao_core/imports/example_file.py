"""The file to start from: the columns of an importer with an example, as a workbook or as CSV."""

from __future__ import annotations

import io

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from ..spreadsheets import CSV, XLSX, csv_lines
from ..wording import join_list
from .importer import Importer


def example_file(importer: Importer, form: str = "xlsx") -> tuple[bytes, str, str]:
    """Content, media type and file name of the template, its headers in the viewer's language.

    ``form`` is ``xlsx`` (with a second sheet that explains each column) or ``csv`` (UTF-8 with a byte order
    mark).
    """
    if form == "csv":
        return _as_csv(importer), CSV, f"{importer.kind}.csv"
    return _as_workbook(importer), XLSX, f"{importer.kind}.xlsx"


def _table(importer: Importer) -> list[list[str]]:
    language = importer.viewer.language
    extra = sorted({name for row in importer.examples() for name in row} - {c.name for c in importer.columns})
    header = [column.title(language) for column in importer.columns] + extra
    names = [column.name for column in importer.columns] + extra
    return [header, *([row.get(name, "") for name in names] for row in importer.examples())]


def _as_csv(importer: Importer) -> bytes:
    return "".join(csv_lines(_table(importer))).encode()


def _as_workbook(importer: Importer) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = importer.kind[:31]
    for row in _table(importer):
        sheet.append(row)
    _dress(sheet)
    _explain(book.create_sheet(_("Columns")), importer)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _explain(sheet: openpyxl.worksheet.worksheet.Worksheet, importer: Importer) -> None:
    sheet.append([_("Column"), _("Required"), _("What to enter"), _("Other column names")])
    for column in importer.columns:
        others = sorted({column.name, column.label, column.label_zh, *column.aliases})
        sheet.append(
            [
                column.title(importer.viewer.language),
                _("yes") if column.required else "",
                str(column.help),
                join_list(others),
            ]
        )
    _dress(sheet)


def _dress(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
    """Bold header that stays in sight, columns wide enough to read."""
    sheet.freeze_panes = "A2"
    for position, cells in enumerate(sheet.iter_cols(), start=1):
        cells[0].font = Font(bold=True)
        for cell in cells:
            cell.number_format = "@"
        longest = max(len(str(cell.value or "")) for cell in cells)
        sheet.column_dimensions[get_column_letter(position)].width = min(max(longest * 1.3, 10), 60)
