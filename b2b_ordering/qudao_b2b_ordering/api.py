"""The door of ordering: what other plugins and hosts may call.

``from qudao_b2b_ordering import api as ordering``.
"""

from __future__ import annotations

from .pricing.queries import explain, last_prices, prices
from .pricing.rules import Break, Explanation, Price, Totals, line_net, totals
from .stock.queries import saleable, stock_views
from .stock.rules import StockView

__all__ = [
    "Break",
    "Explanation",
    "Price",
    "StockView",
    "Totals",
    "explain",
    "last_prices",
    "line_net",
    "prices",
    "saleable",
    "stock_views",
    "totals",
]
