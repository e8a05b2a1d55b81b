"""The home page of somebody who buys and of somebody who sells: what to do, open orders, and what is at hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from qudao_b2b_ordering.cart import queries as carts
from qudao_b2b_ordering.orders import queries, services

from .conftest import words


@pytest.fixture
def order(channel):
    channel.product("LED-7", price="12.50")
    channel.product("LED-9", price="20.00")
    return channel.order(("LED-7", 12), ("LED-9", 6))


def test_a_buyer_finds_open_orders_and_buys_again_with_one_tap(channel, browse, order) -> None:
    client = browse("bai")
    shown = words(client.get("/"))
    for expected in ("Open orders", order.number, "Buy again", "Frequently ordered", "Find an order"):
        assert expected in shown
    assert "on their way" not in shown
    client.post(f"/orders/{order.number}/reorder/")
    assert carts.cart_count(channel.viewer("bai")).lines == 2
    client.post("/cart/lines/", {"sku": "LED-7", "quantity": "12", "next": "/"}, follow=True)


def test_what_was_called_off_is_not_usual_and_cannot_be_bought_again(channel, order) -> None:
    viewer = channel.viewer("bai")
    assert [each.facts.sku for each in queries.usual_products(viewer, 5)] == ["LED-7", "LED-9"]
    services.cancel(viewer=viewer, number=order.number, note="wrong")
    assert queries.usual_products(viewer, 5) == []
    assert queries.bought_orders(viewer, 5) == []


def test_the_usual_quantity_is_the_last_one_and_often_ordered_comes_first(channel, order) -> None:
    channel.order(("LED-9", 30))
    found = queries.usual_products(channel.viewer("bai"), 5)
    assert [(each.facts.sku, each.times, int(each.quantity)) for each in found] == [
        ("LED-9", 2, 30),
        ("LED-7", 1, 12),
    ]


@pytest.mark.parametrize("name", ["cao", "stu", "sam"])
def test_nobody_else_sees_what_the_company_buys(channel, browse, order, name) -> None:
    assert queries.usual_products(channel.viewer(name), 5) == []
    shown = words(browse(name).get("/"))
    assert "Frequently ordered" not in shown and "Buy again" not in shown


def test_a_seller_sees_what_waits_with_amounts_and_all_open_orders_by_step(channel, browse, order) -> None:
    shown = words(browse("sam").get("/"))
    assert "1 item needs your attention." in shown
    assert "Chengdu Lamps" in shown and f"{order.gross:,.2f}" in shown
    assert "Open orders by step" in shown


@pytest.mark.parametrize(("name", "statements"), [("bai", 15), ("sam", 12), ("ann", 9)])
def test_the_page_costs_the_same_for_one_order_and_five(channel, browse, order, name, statements) -> None:
    client, counts = browse(name), []
    for _more in range(2):
        client.get("/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/")
        counts.append(len(captured))
        for _another in range(4):
            channel.order(("LED-7", 1), ("LED-9", 2))
    assert counts == [statements, statements]


def test_what_was_ordered_more_than_a_year_ago_is_not_usual(channel, order) -> None:
    viewer = channel.viewer("bai")
    for age, skus in ((364, ["LED-7", "LED-9"]), (366, [])):
        order.submitted_at = timezone.now() - timedelta(days=age)
        order.save()
        assert [each.facts.sku for each in queries.usual_products(viewer, 5)] == skus
