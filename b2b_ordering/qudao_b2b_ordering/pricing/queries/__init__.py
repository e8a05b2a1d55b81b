"""Reads of pricing: what a company pays, why, and how to sort and filter products by it."""

from .books import Book, book_of, candidates_for
from .explain import explain
from .last import LastPaid, last_prices
from .prices import prices
from .sql import own_price

__all__ = ["Book", "LastPaid", "book_of", "candidates_for", "explain", "last_prices", "own_price", "prices"]
