"""Writes of orders: placing them, walking their flow, shipping, receiving, calling off, importing past ones."""

from .acting import Outcome, Target, act, act_on_many, cancel, note, undo
from .direct import DirectLine, place
from .goods import ShipmentInput
from .importing import ImportedOrders, import_orders
from .marking import set_external_key
from .receiving import assume_receipts, confirm_receipt
from .revising import reorder, revise
from .shipping import close_rest, ship
from .submitting import submit

__all__ = [
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
    "place",
    "reorder",
    "revise",
    "set_external_key",
    "ship",
    "submit",
    "undo",
]
