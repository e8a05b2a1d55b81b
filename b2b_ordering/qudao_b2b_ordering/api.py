"""The public API of ordering: what other plugins and hosts may call.

``from qudao_b2b_ordering import api as ordering``.
"""

from __future__ import annotations

from .cart.rules import LineInput
from .cart.services import add_lines
from .flow.rules import Condition, Step
from .flow.services import FlowInput, save_flow
from .orders.rules import PastLine, PastOrder, ReceiptLine, ShipLine, SubmitRequest
from .orders.services import (
    ShipmentInput,
    act,
    cancel,
    confirm_receipt,
    import_orders,
    revise,
    ship,
    submit,
)
from .pricing.queries import explain, last_prices, prices
from .pricing.rules import Break, Explanation, Price, Totals, line_net, totals
from .pricing.services import PriceInput, assign, create_list, set_percents, set_prices
from .stock.queries import saleable, stock_views
from .stock.rules import StockView
from .stock.services import (
    ArrivalInput,
    StockInput,
    set_arrivals,
    set_policy,
    set_stock,
    set_terms,
    set_warehouse,
)

__all__ = [
    "ArrivalInput",
    "Break",
    "Explanation",
    "Condition",
    "FlowInput",
    "LineInput",
    "PastLine",
    "PastOrder",
    "Price",
    "PriceInput",
    "ReceiptLine",
    "ShipLine",
    "ShipmentInput",
    "Step",
    "StockInput",
    "StockView",
    "SubmitRequest",
    "Totals",
    "act",
    "add_lines",
    "assign",
    "cancel",
    "confirm_receipt",
    "create_list",
    "explain",
    "import_orders",
    "last_prices",
    "line_net",
    "prices",
    "revise",
    "saleable",
    "save_flow",
    "set_arrivals",
    "set_percents",
    "set_policy",
    "set_prices",
    "set_stock",
    "set_terms",
    "set_warehouse",
    "ship",
    "stock_views",
    "submit",
    "totals",
]
