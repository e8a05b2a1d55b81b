"""Reads of orders: who sees which, lists, one order with everything, the board, documents."""

from .access import get_order, may_do, sides, visible

__all__ = ["get_order", "may_do", "sides", "visible"]
