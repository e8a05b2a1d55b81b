"""What a company last paid."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qudao_partner_portal import api as portal

from ..models import LastPrice


@dataclass(frozen=True, slots=True)
class LastPaid:
    """The net price of one unit in the company's last order of a product."""

    unit_price: Decimal
    quantity: Decimal
    ordered_on: date
    order_number: str


def last_prices(viewer: portal.Viewer, product_ids: Collection[int]) -> dict[int, LastPaid]:
    """Product id → what the viewer's company last paid its seller, in its currency. One statement."""
    if viewer.company_id is None or not product_ids:
        return {}
    rows = LastPrice.objects.filter(
        company_id=viewer.company_id,
        seller_id=viewer.seller_id,
        currency=viewer.currency,
        product_id__in=product_ids,
    ).order_by()
    columns = ("product_id", "unit_price", "quantity", "ordered_on", "order_number")
    return {product_id: LastPaid(*facts) for product_id, *facts in rows.values_list(*columns)}
