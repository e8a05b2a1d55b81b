"""The rows of a list as CSV or XLSX, under the headers that the import reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from openpyxl import Workbook
from qudao_catalog import api as catalog

from .. import queries
from ..models import ALWAYS, PriceList

#: Where the file comes from a spreadsheet cell that would run as a formula, it gets an apostrophe.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
HEADERS = ("SKU", "From quantity", "Unit price", "Valid from", "Valid until")
CHUNK = 5000


def export(
    price_list: PriceList, wanted: queries.RowFilter, kind: str
) -> HttpResponse | StreamingHttpResponse:
    """``kind``: ``csv`` (streamed, UTF-8 with a mark that Excel reads) or ``xlsx``."""
    rows = _rows(price_list, wanted)
    if kind == "xlsx":
        response = HttpResponse(_workbook(rows), content_type=_XLSX)
    else:
        response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{price_list.code}.{kind}"'
    return response


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _rows(price_list: PriceList, wanted: queries.RowFilter) -> Iterator[tuple[Any, ...]]:
    columns = ("product__profile__sku", "min_quantity", "unit_price", "valid_from", "valid_until")
    found = (
        queries.price_rows(price_list, wanted)
        .select_related(None)
        .prefetch_related(None)
        .values_list(*columns)
    )
    for sku, minimum, price, start, end in found.iterator(chunk_size=CHUNK):
        safe = f"'{sku}" if sku.startswith(_FORMULA) else sku
        yield safe, catalog.plain_number(minimum), price, None if start == ALWAYS else start, end


def _lines(rows: Iterator[tuple[Any, ...]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(HEADERS)
    for number, row in enumerate(rows, start=1):
        writer.writerow(["" if cell is None else cell for cell in row])
        if number % 500 == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _workbook(rows: Iterator[tuple[Any, ...]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Prices")
    sheet.append(HEADERS)
    for row in rows:
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
