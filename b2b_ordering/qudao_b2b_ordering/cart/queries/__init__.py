"""Reads of carts: whose they are, what lies in them, what it costs today and what is wrong with it."""

from .carts import (
    CartCount,
    CartSummary,
    cart_count,
    cart_not_found,
    carts,
    get_cart,
    in_cart,
    line_products,
    line_to_restore,
    may_order,
    new_cart,
    open_carts,
)
from .pricing import (
    Offerings,
    PricedCart,
    PricedLine,
    expected_steps,
    line_problems,
    not_allowed,
    offerings,
    price_cart,
)

__all__ = [
    "CartCount",
    "CartSummary",
    "Offerings",
    "PricedCart",
    "PricedLine",
    "cart_count",
    "cart_not_found",
    "carts",
    "expected_steps",
    "get_cart",
    "in_cart",
    "line_problems",
    "line_products",
    "line_to_restore",
    "may_order",
    "new_cart",
    "not_allowed",
    "offerings",
    "open_carts",
    "price_cart",
]
