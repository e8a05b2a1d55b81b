"""Writes of orders: placing them, walking their flow, shipping, receiving, cancelling, importing past ones."""

from .actions import (
    ACTIONS,
    BULK_ACTIONS,
    Outcome,
    Target,
    act,
    act_on_many,
    add_note,
    cancel,
    perform,
    set_external_key,
    undo,
)
from .carts import has_changes, reorder, revise, stop_revising
from .fulfilment import assume_receipts, close_rest, confirm_receipt, ship
from .importing import ImportedOrders, import_orders, orders_in_use, remove_imported_orders
from .submit import DirectLine, place_order, shown_now, submit
from .transitions import ShipmentInput

__all__ = [
    "has_changes",
    "ACTIONS",
    "BULK_ACTIONS",
    "DirectLine",
    "ImportedOrders",
    "Outcome",
    "ShipmentInput",
    "Target",
    "act",
    "act_on_many",
    "add_note",
    "assume_receipts",
    "cancel",
    "close_rest",
    "confirm_receipt",
    "import_orders",
    "orders_in_use",
    "perform",
    "place_order",
    "remove_imported_orders",
    "reorder",
    "revise",
    "set_external_key",
    "shown_now",
    "stop_revising",
    "ship",
    "submit",
    "undo",
]
