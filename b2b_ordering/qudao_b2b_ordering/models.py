"""Every model of ordering, gathered for Django. Code inside the plugin imports from the subjects."""

from .cart.models import Cart, CartLine
from .flow.models import Flow, FlowStep, FlowVersion
from .orders.models import (
    NumberSequence,
    Order,
    OrderExport,
    OrderLine,
    OrderTransition,
    Shipment,
    ShipmentLine,
)
from .pricing.models import (
    LastPrice,
    PriceList,
    PriceListAssignment,
    PriceListLine,
    PriceRow,
)
from .quick_order.models import OwnNumber, QuickLine
from .stock.models import (
    Allocation,
    Arrival,
    StockLevel,
    StockMovement,
    StockPolicy,
    StockTerms,
    Warehouse,
)

__all__ = [
    "Allocation",
    "Arrival",
    "Cart",
    "CartLine",
    "Flow",
    "FlowStep",
    "FlowVersion",
    "LastPrice",
    "NumberSequence",
    "Order",
    "OrderExport",
    "OrderLine",
    "OrderTransition",
    "OwnNumber",
    "PriceList",
    "PriceListAssignment",
    "PriceListLine",
    "PriceRow",
    "QuickLine",
    "Shipment",
    "ShipmentLine",
    "StockLevel",
    "StockMovement",
    "StockPolicy",
    "StockTerms",
    "Warehouse",
]
