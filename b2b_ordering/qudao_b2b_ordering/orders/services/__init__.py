"""Writes of orders: placing them, walking their flow, shipping, receiving, calling off, importing past ones."""

from .acting import act, cancel, note, undo
from .comparing import shown_now
from .direct import DirectLine, place
from .goods import ShipmentInput
from .importing import ImportedOrders, import_orders
from .marking import set_external_key
from .performing import ACTIONS, BULK_ACTIONS, Outcome, Target, act_on_many, perform
from .receiving import assume_receipts, confirm_receipt
from .removing import orders_in_use, remove_imported_orders
from .revising import reorder, revise, stop_revising
from .shipping import close_rest, ship
from .submitting import submit

__all__ = [
    "ACTIONS",
    "BULK_ACTIONS",
    "DirectLine",
    "ImportedOrders",
    "Outcome",
    "ShipmentInput",
    "Target",
    "act",
    "act_on_many",
    "assume_receipts",
    "cancel",
    "close_rest",
    "confirm_receipt",
    "import_orders",
    "note",
    "orders_in_use",
    "perform",
    "place",
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
