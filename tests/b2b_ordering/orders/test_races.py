"""Several connections at once, on whatever database the run uses."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from qudao_b2b_ordering import testing as ordering
from qudao_b2b_ordering.cart import services as cart_services
from qudao_b2b_ordering.cart.models import Cart, CartLine
from qudao_b2b_ordering.cart.rules import LineInput
from qudao_b2b_ordering.orders import services
from qudao_b2b_ordering.orders.models import Order, OrderLine
from qudao_b2b_ordering.stock import services as stock
from qudao_b2b_ordering.stock.models import StockLevel
from qudao_core import api as core
from qudao_partner_portal import testing as people

from ..channel import Channel, make_channel


@pytest.fixture
def channel(transactional_db: None) -> Channel:
    return make_channel()


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Run `work` in threads that start together, each with its own connection; refusals become their codes."""
    start = Barrier(count)

    def run(number: int) -> Any:
        start.wait(30)
        try:
            return work(number)
        except core.Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_a_cart_submitted_by_eight_at_once_is_one_order(channel: Channel) -> None:
    lamp = channel.product("LAMP", stock=100)
    cart_id = channel.fill(("LAMP", "5")).cart_id
    viewer, request = channel.viewer("bai"), channel.request()
    found = at_once(8, lambda _: services.submit(viewer=viewer, cart_id=cart_id, request=request).pk)
    assert len(set(found)) == 1
    assert Order.objects.count() == 1
    assert StockLevel.objects.get(product=lamp).allocated == 5


def test_the_last_fifty_units_are_sold_once(channel: Channel) -> None:
    lamp = channel.product("LAMP", stock=50)
    request, buyers = channel.request(), []
    for number in range(16):
        user = people.make_person(channel.dealer, roles=["buyer"], name=f"Buyer {number}")
        viewer = people.viewer_of(user)
        cart_services.add_lines(viewer=viewer, lines=[LineInput("LAMP", 5)])
        buyers.append(viewer)
    found = at_once(
        16, lambda number: services.submit(viewer=buyers[number], cart_id=None, request=request).number
    )
    outcome = Counter("sold" if str(each).startswith("SO-") else each for each in found)
    assert outcome == {"sold": 10, "not_enough_stock": 6}
    level = StockLevel.objects.get(product=lamp)
    assert (level.on_hand, level.allocated) == (50, 50)
    assert len(set(Order.objects.values_list("number", flat=True))) == 10


def test_an_order_approved_by_six_at_once_moves_one_step(channel: Channel) -> None:
    channel.product("LAMP")
    order, ada = channel.order(("LAMP", "1")), channel.viewer("ada")
    found = at_once(
        6,
        lambda _: services.act(viewer=ada, number=order.number, action="approve", step="sales-approval").step,
    )
    assert Counter(found) == {"finance-approval": 1, "moved_on": 5}


def test_products_added_by_many_at_once_lie_in_one_cart(channel: Channel) -> None:
    products = channel.products(6)
    viewer = channel.viewer("bai")
    found = at_once(
        6,
        lambda number: (
            cart_services.add_lines(
                viewer=viewer, lines=[LineInput(products[number].profile.sku, 2), LineInput("N-001", 1)]
            ).cart_id
        ),
    )
    assert len(set(found)) == 1
    assert Cart.objects.count() == 1
    quantities = dict(CartLine.objects.values_list("product__profile__sku", "quantity"))
    assert quantities == {"N-001": 8} | {f"N-{number:03d}": 2 for number in range(2, 7)}


def test_orders_placed_cancelled_and_goods_received_at_once_never_block_each_other(channel: Channel) -> None:
    """Everybody takes the same locks in the same order: no deadlock, and the books agree at the end."""
    second = ordering.make_warehouse("second", seller=channel.maker, priority=50)
    products = channel.products(4, stock=20)
    for product in products:
        ordering.stock(product, 20, second)
        ordering.stock_terms(product, backorder=True)
    request, ada = channel.request(), channel.viewer("ada")
    buyers = [people.viewer_of(people.make_person(channel.dealer, roles=["buyer"])) for _each in range(6)]

    def work(number: int) -> str:
        chance = random.Random(number)
        for _turn in range(6):
            some = chance.sample(products, 3)
            lines = [LineInput(product.profile.sku, chance.randint(5, 15)) for product in some]
            cart = cart_services.add_lines(viewer=buyers[number], lines=lines)
            order = services.submit(viewer=buyers[number], cart_id=cart.cart_id, request=request)
            level = chance.choice(list(StockLevel.objects.filter(product=some[0])))
            stock.adjust(actor=None, level=level, change=Decimal(5), kind="receipt")
            if chance.random() < 0.6:
                services.act(viewer=ada, number=order.number, action="cancel", note="Test")
        return "done"

    assert at_once(6, work) == ["done"] * 6
    for level in StockLevel.objects.all():
        promised = level.allocations.aggregate(total=Sum("quantity"))["total"] or 0
        assert (level.allocated, level.allocated <= level.on_hand) == (promised, True)
    for line in OrderLine.objects.filter(order__status="open"):
        promised = line.allocations.aggregate(total=Sum("quantity"))["total"] or 0
        assert (line.allocated, line.allocated + line.backordered) == (promised, line.quantity)
    assert not OrderLine.objects.filter(order__status="cancelled", allocated__gt=0).exists()
