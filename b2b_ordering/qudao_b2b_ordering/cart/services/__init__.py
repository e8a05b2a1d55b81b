"""Writes of carts. Every change locks the cart, touches only the lines it is about and raises ``revision``."""

from .adding import BulkResult, LineResult, add_lines
from .carts import delete_cart, rename_cart, start_cart, switch_cart
from .changing import accept_prices, clear, remove_line, remove_product, restore_line, set_line
from .locking import current_cart_id, lock_cart, refuse_unless_buyer, require_buyer

__all__ = [
    "BulkResult",
    "LineResult",
    "accept_prices",
    "add_lines",
    "clear",
    "current_cart_id",
    "delete_cart",
    "lock_cart",
    "refuse_unless_buyer",
    "remove_line",
    "remove_product",
    "restore_line",
    "rename_cart",
    "require_buyer",
    "set_line",
    "start_cart",
    "switch_cart",
]
