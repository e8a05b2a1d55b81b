"""Writes of stock: what is promised, shipped, counted and expected."""

from .allocating import (
    ALLOCATED,
    Allocated,
    allocate,
    allocate_backorders,
    lock_products,
    note_allocated,
    release,
)
from .counting import ArrivalInput, SetResult, StockInput, adjust, receive_arrival, set_arrivals, set_stock
from .issuing import Issued, issue
from .settings import remove_policy, set_policy, set_terms, set_warehouse

__all__ = [
    "ALLOCATED",
    "Allocated",
    "ArrivalInput",
    "Issued",
    "SetResult",
    "StockInput",
    "adjust",
    "allocate",
    "allocate_backorders",
    "issue",
    "lock_products",
    "note_allocated",
    "receive_arrival",
    "release",
    "remove_policy",
    "set_arrivals",
    "set_policy",
    "set_stock",
    "set_terms",
    "set_warehouse",
]
