from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from qudao_b2b_ordering import testing as ordering
from qudao_b2b_ordering.cart import queries as carts
from qudao_b2b_ordering.orders import queries, services
from qudao_b2b_ordering.orders.models import Order, OrderLine
from qudao_b2b_ordering.orders.rules import PastLine, PastOrder
from qudao_b2b_ordering.pricing.models import LastPrice
from qudao_b2b_ordering.pricing.rules import MAX_UNIT_PRICE
from qudao_b2b_ordering.stock.models import StockLevel
from qudao_core import api as core
from qudao_core.models import OutboxEvent

from ..channel import Channel


def past(
    key: str = "536365", company: str = "D-1", day: int = 1, *lines: PastLine, **fields: Any
) -> PastOrder:
    lines = lines or (PastLine("LAMP", Decimal(6), Decimal("2.5500")),)
    return PastOrder(key, company, datetime(2010, 12, day, 8, 26, tzinfo=UTC), lines, **fields)


def bring_in(channel: Channel, *orders: PastOrder, **options: Any) -> services.ImportedOrders:
    return services.import_orders(actor=None, seller=channel.maker, rows=orders, **options)


@pytest.fixture
def channel(channel: Channel) -> Channel:
    channel.product("LAMP", "3.00", stock=10)
    return channel


def test_a_past_order_is_kept_as_it_was(channel: Channel) -> None:
    result = bring_in(
        channel,
        past(
            "536365",
            "D-1",
            1,
            PastLine("lamp", Decimal(6), Decimal("2.5500"), "WHITE LAMP", tax_rate=Decimal(0)),
            PastLine(
                "22752",
                Decimal(2),
                Decimal("7.65"),
                "NESTING BOXES",
                net=Decimal("15.29"),
                tax_rate=Decimal(0),
            ),
            po_number="PO-1",
        ),
    )
    assert (result.created, result.lines, result.known, result.lines_without_product) == (1, 2, 0, 1)
    order = Order.objects.get()
    assert (order.status, order.source, order.number, order.external_key) == (
        "complete",
        "import",
        "SO-201012-00001",
        "536365",
    )
    assert (order.net, order.tax, order.gross, order.currency) == (
        Decimal("30.59"),
        Decimal("0.00"),
        Decimal("30.59"),
        "CNY",
    )
    assert list(order.lines.values_list("sku", "name", "quantity", "net", "shipped", "received")) == [
        ("LAMP", "WHITE LAMP", 6, Decimal("15.30"), 6, 6),
        ("22752", "NESTING BOXES", 2, Decimal("15.29"), 2, 2),
    ]
    assert order.lines.last().product is None


def test_it_moves_no_stock_and_writes_to_nobody(channel: Channel) -> None:
    bring_in(channel, past())
    level = StockLevel.objects.get()
    assert (level.on_hand, level.allocated) == (10, 0)
    assert not OutboxEvent.objects.exists()
    assert [entry.action for entry in core.history(channel.maker)] == ["qudao.order.imported"]
    assert Order.objects.get().transitions.get().details == {"imported": "536365"}


def test_importing_again_changes_nothing(channel: Channel) -> None:
    bring_in(channel, past("1"), past("2", day=2))
    again = bring_in(channel, past("1"), past("2", day=2), past("3", day=3))
    assert (again.created, again.known) == (1, 2)
    assert Order.objects.count() == 3
    assert OrderLine.objects.count() == 3
    assert sorted(Order.objects.values_list("number", flat=True)) == [f"SO-201012-0000{n}" for n in (1, 2, 3)]


def test_it_feeds_the_last_price_with_the_newest(channel: Channel) -> None:
    def at(price: str) -> PastLine:
        return PastLine("LAMP", Decimal(1), Decimal(price))

    bring_in(channel, past("2", "D-1", 9, at("2.20")), past("1", "D-1", 3, at("2.10")))
    bring_in(channel, past("0", "D-1", 1, at("2.00")), past("x", "D-1", 20, at("9.00"), status="cancelled"))
    paid = LastPrice.objects.get()
    assert (paid.unit_price, paid.ordered_on.day) == (Decimal("2.2000"), 9)
    channel.fill(("LAMP", "1"))
    viewer = channel.viewer("bai")
    assert carts.price_cart(viewer, carts.get_cart(viewer)).lines[0].last_paid


def test_it_can_be_read_and_ordered_again(channel: Channel) -> None:
    bring_in(channel, past())
    number = Order.objects.get().number
    seen = queries.order_detail(channel.viewer("bai"), number)
    assert (seen.next, seen.steps, seen.actions) == (None, (), ("note", "reorder"))
    result = services.reorder(viewer=channel.viewer("bai"), number=number)
    assert [(line.status, line.quantity) for line in result.lines] == [("ok", Decimal(6))]


def test_companies_are_named_by_code_or_external_key(channel: Channel) -> None:
    type(channel.dealer).objects.filter(pk=channel.dealer.pk).update(external_key="17850")
    bring_in(channel, past("1", "ext:17850"), past("2", "D-2"))
    assert list(Order.objects.order_by("external_key").values_list("company__code", flat=True)) == [
        "D-1",
        "D-2",
    ]


def test_what_is_wrong_is_named_by_order_and_the_rest_comes_in(channel: Channel) -> None:
    result = bring_in(
        channel,
        past("good"),
        past(""),
        past("good"),
        past("who", "D-99"),
        PastOrder("none", "D-1", datetime(2010, 12, 1, tzinfo=UTC), ()),
        past("back", "D-1", 1, PastLine("LAMP", Decimal(-3), Decimal(1))),
        past("minus", "D-1", 1, PastLine("LAMP", Decimal(3), Decimal(-1))),
        past("odd", status="lost"),
    )
    assert [(problem.line, problem.field, problem.code) for problem in result.problems] == [
        (2, "", "external_key_missing"),
        (3, "good", "order_twice"),
        (4, "who", "unknown_company"),
        (5, "none", "order_empty"),
        (6, "back", "quantity_not_positive"),
        (7, "minus", "price_negative"),
        (8, "odd", "unknown_status"),
    ]
    assert list(Order.objects.values_list("external_key", flat=True)) == ["good"]


def test_a_dry_run_says_the_same_and_writes_nothing(channel: Channel) -> None:
    result = bring_in(channel, past(), dry_run=True)
    assert (result.created, result.lines) == (1, 1)
    assert not Order.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_for_one_and_three_orders(channel: Channel, count: int) -> None:
    ordering.make_warehouse("other", seller=channel.maker)
    rows = [past(str(number)) for number in range(count)]
    bring_in(channel, past("warm"))
    with CaptureQueriesContext(connection) as run:
        bring_in(channel, *rows)
    expected = {"sqlite": 13, "postgresql": 16}[connection.vendor]
    assert len(run) == expected, [query["sql"][:100] for query in run]


def test_the_largest_unit_price_is_taken_and_a_larger_one_is_not(channel: Channel) -> None:
    for key, price, created in (("1", MAX_UNIT_PRICE, 1), ("2", MAX_UNIT_PRICE + Decimal("0.0001"), 0)):
        line = PastLine("LAMP", Decimal(1), price, net=Decimal(1), tax_rate=Decimal(0))
        assert bring_in(channel, past(key, "D-1", 1, line)).created == created
