"""The price of one product, a page, a basket of thousands or a day in the future: one function for all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from qudao_catalog import api as catalog
from qudao_core import api as core

from .. import rules
from ..models import PriceRow
from .books import Asked, asked_lists, book_of

#: product → list that has the rows → its rows; and product → product line.
RowsByProduct = dict[int, dict[int, list[rules.Row]]]


def prices(
    viewer: core.Viewer,
    wanted: Sequence[tuple[int, Decimal]],
    *,
    on: date | None = None,
    versions: core.Versions | None = None,
    lines: Mapping[int, int | None] | None = None,
) -> dict[int, rules.Price]:
    """What ``viewer`` pays for each (product id, quantity) on a day (today in the site's time zone).

    Every product asked for is answered, on request where nothing prices it. Whether the viewer may see the
    product is the caller's question: ask ``catalog.product_facts`` first. ``lines`` (product → product line)
    saves a join when the caller knows it. A product asked for twice is answered for the last quantity.

    One statement, whatever the number of products, plus one when ``versions`` is not given and three when the
    seller's lists have changed since this process last looked.
    """
    on = on or timezone.localdate()
    asked = asked_lists(viewer, book_of(viewer.seller_id, versions), on)
    rows, own_lines = _rows(asked, {product_id for product_id, _quantity in wanted}, on, lines)
    return {
        product_id: _price(
            viewer, product_id, quantity, asked, rows.get(product_id, {}), own_lines.get(product_id)
        )
        for product_id, quantity in wanted
    }


def _price(
    viewer: core.Viewer,
    product_id: int,
    quantity: Decimal,
    asked: Sequence[Asked],
    rows: Mapping[int, list[rules.Row]],
    line_id: int | None,
) -> rules.Price:
    for each in asked:
        found = rows.get(each.root_id)
        if found:
            return rules.list_price(product_id, quantity, found, each.chain, line_id)
    return rules.no_price(product_id, quantity, viewer.currency)


def _rows(
    asked: Sequence[Asked], product_ids: Collection[int], on: date, lines: Mapping[int, int | None] | None
) -> tuple[RowsByProduct, Mapping[int, int | None]]:
    """The valid rows of the asked lists, one per minimum, and each product's line where a derived list
    needs it.
    """
    if not asked or not product_ids:
        return {}, {}
    needs_lines = lines is None and any(len(each.chain) > 1 for each in asked)
    raw = _read(tuple(sorted({each.root_id for each in asked})), product_ids, on, needs_lines)
    found: RowsByProduct = {}
    own_lines: dict[int, int | None] = {}
    for list_id, product_id, *facts in raw:
        if needs_lines:
            own_lines[product_id] = facts.pop()
        _add(found.setdefault(product_id, {}).setdefault(list_id, []), rules.Row(product_id, *facts))
    return found, own_lines if lines is None else lines


def _add(rows: list[rules.Row], row: rules.Row) -> None:
    """Rows come sorted by minimum and start; a newer start takes the place of the same minimum."""
    if rows and rows[-1].min_quantity == row.min_quantity:
        rows[-1] = row
    else:
        rows.append(row)


_statements = catalog.CompiledQueries(size=1000)
_COLUMNS = ("price_list_id", "product_id", "min_quantity", "unit_price", "valid_from", "valid_until")


def _read(
    list_ids: tuple[int, ...], product_ids: Collection[int], on: date, needs_lines: bool
) -> list[tuple[Any, ...]]:
    columns = (*_COLUMNS, "product__profile__line_id") if needs_lines else _COLUMNS
    return _statements.rows_of(
        (list_ids, on, needs_lines),
        product_ids,
        lambda ids: _valid_rows(list_ids, ids, on).values_list(*columns),
    )


def _valid_rows(list_ids: Collection[int], product_ids: Collection[int], on: date) -> QuerySet[PriceRow, Any]:
    rows = PriceRow.objects.filter(
        price_list_id__in=list_ids, product_id__among=product_ids, valid_from__lte=on
    )
    still = Q(valid_until=None) | Q(valid_until__gte=on)
    return rows.filter(still).order_by("price_list_id", "product_id", "min_quantity", "valid_from")
