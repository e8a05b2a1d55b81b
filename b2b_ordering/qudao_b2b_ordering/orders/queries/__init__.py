"""Reads of orders: who sees which, lists, one order with everything, what waits for whom, the seller's board."""

from .access import (
    flow_of,
    get_order,
    get_shipment,
    may_do,
    numbers,
    shipment_not_found,
    sides,
    to_undo,
    visible,
)
from .board import Board, Card, Column, board, may_see_board
from .buying import Glimpse, Usual, bought_orders, glimpses, usual_products
from .detail import line_name, order_detail, same_reference, unit_names
from .lists import Next, OrderFilter, OrderRow, Waiting, order_rows, orders, step_name, waiting, waits_for
from .shown import OrderDetail

__all__ = [
    "Board",
    "Card",
    "Glimpse",
    "Usual",
    "bought_orders",
    "glimpses",
    "usual_products",
    "Column",
    "Next",
    "OrderDetail",
    "OrderFilter",
    "OrderRow",
    "Waiting",
    "board",
    "flow_of",
    "get_order",
    "get_shipment",
    "line_name",
    "may_do",
    "may_see_board",
    "numbers",
    "order_detail",
    "order_rows",
    "orders",
    "same_reference",
    "shipment_not_found",
    "sides",
    "step_name",
    "to_undo",
    "unit_names",
    "visible",
    "waiting",
    "waits_for",
]
