"""What of the whole catalogue is in stock, kept until something is sold out or comes in."""

from __future__ import annotations

from django.db.models import F
from qudao_catalog.api import Bitmap, ProductIndex
from qudao_core import api as core

from ..models import StockLevel, StockTerms
from .views import policy_for

#: Name of the data version; raised when a product goes out of stock or comes in, not by every piece sold.
AVAILABLE = "availability"
_kept: core.VersionedCache[Bitmap] = core.VersionedCache(size=50)


def available(
    viewer: core.Viewer, index: ProductIndex, versions: core.Versions, data: core.Versions
) -> Bitmap | None:
    """What the viewer's seller has in stock or makes to order; ``None`` when the viewer may not see any stock.

    Two statements when something went out of stock or came in, else none.
    """
    if policy_for(viewer, versions=versions).mode == "hidden":
        return None
    version = (index.serial, *data.of(AVAILABLE))
    return _kept.get(viewer.seller_id, version, lambda: _read(viewer.seller_id, index))


def _read(seller_id: int | None, index: ProductIndex) -> Bitmap:
    levels = StockLevel.objects.filter(
        warehouse__seller_id=seller_id, warehouse__is_active=True, on_hand__gt=F("allocated")
    )
    in_stock = index.bitmap(levels.order_by().values_list("product_id", flat=True))
    unlimited = StockTerms.objects.filter(is_unlimited=True)
    return in_stock | index.bitmap(unlimited.order_by().values_list("pk", flat=True))
