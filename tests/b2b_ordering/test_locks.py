"""Every verb locks what it changes, in the order of docs/reference/locking.md."""

from __future__ import annotations

import pytest

from ..locks import locked
from .channel import Channel
from .verbs import VERBS

LEVELS, TERMS, CART, LIST = "StockLevel", "StockTerms", "Cart", "PriceList"
LOCKS = {
    "approve": ["Order"],
    "cancel": ["Order", LEVELS, LEVELS],
    "ship": ["Order", LEVELS, LEVELS],
    "ship by itself": ["Order", LEVELS, LEVELS],
    "close the rest": ["Order", LEVELS, LEVELS],
    "receive": ["Order", "OrderLine"],
    "submit": [CART, "Flow", LEVELS, TERMS],
    "revise": [CART, "Order", CART],
    "stop revising": [CART],
    "submit again": [CART, "Order", LEVELS, LEVELS, LEVELS, TERMS],
    "add to a cart": [CART, CART],
    "start a cart": [CART],
    "switch carts": [CART],
    "count": [LEVELS],
    "count what orders wait for": [LEVELS, LEVELS, "OrderLine"],
    "adjust": [LEVELS],
    "announce": ["Arrival"],
    "receive what was announced": ["Arrival", LEVELS],
    "warehouse": ["Warehouse"],
    "visibility": ["StockPolicy"],
    "terms": [TERMS],
    "set prices": [LIST],
    "edit prices": [LIST, LIST, LIST],
    "remove prices": [LIST],
    "close prices": [LIST],
    "change a list": [LIST],
}


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_locks_what_it_changes_in_order(channel: Channel, verb: str) -> None:
    channel.product("LAMP", stock=50)
    work = VERBS[verb](channel)
    with locked() as found:
        work()
    assert found == LOCKS[verb]
