"""What a company last paid."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from qudao_catalog import api as catalog
from qudao_core import api as core

from ..models import LastPrice
from .books import SEE_PRICES

#: What was paid stands in an order.
SEE_ORDERS = "qudao_b2b_ordering.view_order"


@dataclass(frozen=True, slots=True)
class LastPaid:
    """The net price of one unit in the company's last order of a product."""

    unit_price: Decimal
    quantity: Decimal
    ordered_on: date
    order_number: str


def last_prices(viewer: core.Viewer, product_ids: Collection[int]) -> dict[int, LastPaid]:
    """Product id → what the viewer's company last paid its seller, in its currency. One statement."""
    if viewer.company_id is None or viewer.seller_id is None or not product_ids:
        return {}
    if not (viewer.shows(SEE_PRICES) and viewer.shows(SEE_ORDERS)):
        return {}
    key = ("last", viewer.currency)
    found = _statements.rows_of(key, product_ids, _rows(viewer.currency), viewer.company_id, viewer.seller_id)
    return {product_id: LastPaid(*facts) for product_id, *facts in found}


_statements = catalog.CompiledQueries(size=400)
_COLUMNS = ("product_id", "unit_price", "quantity", "ordered_on", "order_number")


def _rows(currency: str) -> Callable[..., QuerySet[LastPrice, tuple[Any, ...]]]:
    def rows(ids: Collection[int], company: int, seller: int) -> QuerySet[LastPrice, tuple[Any, ...]]:
        found = LastPrice.objects.filter(
            company_id=company, seller_id=seller, currency=currency, product_id__among=ids
        )
        return found.order_by().values_list(*_COLUMNS)

    return rows
