"""Reads of stock: what may be sold, what of it a viewer sees, and what its keepers work on."""

from .availability import AVAILABLE, available
from .keeping import (
    LevelFilter,
    arrivals,
    get_arrival,
    get_warehouse,
    keeps_stock,
    keeps_terms,
    levels,
    movements,
    policies,
    seller_of,
    warehouses,
)
from .views import FACT, Stock, not_enough, policy_for, saleable, shortages, stock_of, stock_views

__all__ = [
    "AVAILABLE",
    "FACT",
    "LevelFilter",
    "Stock",
    "arrivals",
    "available",
    "get_arrival",
    "get_warehouse",
    "keeps_stock",
    "keeps_terms",
    "levels",
    "movements",
    "not_enough",
    "policies",
    "policy_for",
    "saleable",
    "seller_of",
    "shortages",
    "stock_of",
    "stock_views",
    "warehouses",
]
