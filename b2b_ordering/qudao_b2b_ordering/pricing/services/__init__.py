"""Writes of pricing. Every verb is one transaction, audited on the list it changes."""

from .lists import (
    assign,
    change_list,
    copy_list,
    create_list,
    delete_list,
    set_assignments,
    set_percents,
    unassign,
)
from .rows import PriceEdit, PriceInput, PricesSet, close_prices, edit_prices, remove_prices, set_prices

__all__ = [
    "PriceEdit",
    "PriceInput",
    "PricesSet",
    "assign",
    "change_list",
    "close_prices",
    "copy_list",
    "create_list",
    "delete_list",
    "edit_prices",
    "remove_prices",
    "set_assignments",
    "set_percents",
    "set_prices",
    "unassign",
]
