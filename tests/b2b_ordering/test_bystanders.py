"""Each verb changes what it is about, and no cart, order, price or stock of anybody or anything else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from qudao_b2b_ordering import testing as ordering
from qudao_b2b_ordering.cart import services as carts
from qudao_b2b_ordering.orders import services as orders
from qudao_b2b_ordering.orders.rules import SubmitRequest
from qudao_partner_portal import testing as people

from ..bystanders import rows_of, untouched
from .channel import Channel
from .orders.test_acting import act, ship, to_shipment
from .verbs import VERBS

PLUGIN = "qudao_b2b_ordering"
#: Counters that everybody draws from.
SHARED = frozenset({"NumberSequence"})


def bystanders(channel: Channel) -> None:
    """Orders at every stage, carts, prices and stock: of the same buyer, a colleague, another company and seller."""
    channel.product("OTHER", stock=100)
    ordering.stock_terms(channel.product("SCARCE", stock=1), backorder=True)
    people.make_address(channel.stranger, is_default=True)
    address = SubmitRequest(address_id=channel.stranger.addresses.get().pk)
    for name in ("bai", "bo"):
        channel.order(("OTHER", "3"), ("SCARCE", "2"), name=name)
        ship(channel, to_shipment(channel, channel.order(("OTHER", "4"), name=name)), (1, 1))
        done = to_shipment(channel, channel.order(("OTHER", "2"), name=name))
        ship(channel, done)
        orders.confirm_receipt(viewer=channel.viewer(name), number=done.number)
        act(channel, "sam", channel.order(("OTHER", "1"), name=name), "return", "Change it")
        carts.start_cart(viewer=channel.viewer(name), name="Parked")
        channel.fill(("OTHER", "7"), name=name)
    cart_id = channel.fill(("OTHER", "5"), name="stu").cart_id
    orders.submit(viewer=channel.viewer("stu"), cart_id=cart_id, request=address)
    channel.fill(("OTHER", "6"), name="stu")
    seller = people.make_company("Other maker")
    elsewhere = ordering.make_warehouse("elsewhere", seller=seller)
    for code, owner in (("their-list", seller), ("second-list", channel.maker)):
        other = ordering.make_price_list(code, seller=owner, audience="everyone")
        ordering.price(other, channel.product(f"P-{code}", price=None, stock=None), 5)
    ordering.stock(channel.product("THEIRS", price=None, stock=None), 9, elsewhere)
    ordering.stock_policy(seller)
    for place in (channel.warehouse, elsewhere):
        product = channel.product(f"A-{place.code}", price=None, stock=None)
        ordering.make_arrival(product, Decimal(3), date(2030, 1, 1), place, external_key=f"KEY-{place.code}")


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_of_anybody_else_changes(channel: Channel, verb: str) -> None:
    bystanders(channel)
    own = {"Cart": carts.start_cart(viewer=channel.viewer("bai")).pk, "PriceList": channel.price_list.pk}
    before = {
        key: row
        for key, row in rows_of(PLUGIN).items()
        if key not in own.items() and row.get("price_list_id") != channel.price_list.pk
    }
    channel.product("LAMP", stock=50)
    work = VERBS[verb](channel)
    with untouched(before, PLUGIN, but=SHARED):
        work()
