"""The rows of a list as CSV or XLSX, under the headers that the import reads."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import get_language
from qudao_catalog import api as catalog
from qudao_core import api as core

from .. import queries
from ..importer import PriceImporter
from ..models import ALWAYS, PriceList

#: Columns of the import. It reads their headers in every language, so they are written in the reader's.
COLUMNS = ("product", "min_quantity", "unit_price", "valid_from", "valid_until")
CHUNK = 5000


def export(
    price_list: PriceList, wanted: queries.RowFilter, kind: str
) -> HttpResponse | StreamingHttpResponse:
    """``kind``: ``csv`` (streamed, UTF-8 with a mark that Excel reads) or ``xlsx``."""
    rows = chain([_titles()], _rows(price_list, wanted))
    if kind == "xlsx":
        content = core.spreadsheets.workbook(rows, title="Prices")
        response = HttpResponse(content, content_type=core.spreadsheets.XLSX)
    else:
        lines = core.spreadsheets.csv_lines(rows)
        response = StreamingHttpResponse(lines, content_type=core.spreadsheets.CSV)
    response["Content-Disposition"] = f'attachment; filename="{price_list.code}.{kind}"'
    return response


def _titles() -> tuple[str, ...]:
    titles = {column.name: column.title(get_language() or "en") for column in PriceImporter.columns}
    return tuple(titles[name] for name in COLUMNS)


def _rows(price_list: PriceList, wanted: queries.RowFilter) -> Iterator[tuple[Any, ...]]:
    columns = ("product__profile__sku", "min_quantity", "unit_price", "valid_from", "valid_until")
    found = (
        queries.price_rows(price_list, wanted)
        .select_related(None)
        .prefetch_related(None)
        .values_list(*columns)
    )
    for sku, minimum, price, start, end in found.iterator(chunk_size=CHUNK):
        yield sku, catalog.plain_number(minimum), price, None if start == ALWAYS else start, end
