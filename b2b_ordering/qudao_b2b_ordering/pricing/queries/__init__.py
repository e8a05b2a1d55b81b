"""Reads of pricing: what a company pays, why, and how to sort and filter products by it."""

from .lists import (
    RowFilter,
    explain,
    explain_for,
    get_list,
    managed_lists,
    manages,
    price_rows,
    row_counts,
    seller_of,
)
from .prices import (
    SEE_PRICES,
    LastPaid,
    PriceBook,
    candidates_for,
    data_names,
    last_prices,
    own_prices,
    price_book_of,
    prices,
)

__all__ = [
    "PriceBook",
    "LastPaid",
    "RowFilter",
    "SEE_PRICES",
    "price_book_of",
    "candidates_for",
    "data_names",
    "explain",
    "explain_for",
    "get_list",
    "last_prices",
    "managed_lists",
    "manages",
    "own_prices",
    "price_rows",
    "prices",
    "row_counts",
    "seller_of",
]
