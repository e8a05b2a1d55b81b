"""Half a piece is refused at every way in, with one code; a metre of cable may be divided as its unit says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal as D
from typing import Any

import pytest
from qudao_b2b_ordering.orders import services as orders
from qudao_b2b_ordering.orders.models import OrderLine
from qudao_b2b_ordering.orders.rules import PastLine, PastOrder, ReceiptLine, ShipLine
from qudao_b2b_ordering.pricing import services as pricing
from qudao_b2b_ordering.stock import services as stock
from qudao_b2b_ordering.stock.models import Arrival, StockLevel
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_partner_portal.testing import viewer_of

from .channel import Channel

pytestmark = pytest.mark.django_db
FRACTION = "quantity_fractional"


@pytest.fixture
def goods(channel: Channel) -> dict[str, Any]:
    """A lamp by the piece and a cable by the metre, one decimal."""
    return {
        "LAMP": channel.product("LAMP", stock=936),
        "CABLE": channel.product("CABLE", unit="m", stock=100, minimum="0.5"),
    }


def codes(refusal: core.Refusal) -> set[str]:
    return {problem.code for problem in refusal.problems} or {refusal.problem.code}


def refused(call: Any) -> set[str]:
    with pytest.raises(core.Refusal) as caught:
        call()
    return codes(caught.value)


def on_hand(product: Any) -> D:
    return StockLevel.objects.get(product=product).on_hand


def test_stock_is_counted_in_whole_pieces(channel: Channel, goods: dict[str, Any]) -> None:
    def count(sku: Any, quantity: str) -> Any:
        rows = [stock.StockInput(sku, "chengdu", D(quantity))]
        return stock.set_stock(actor=None, seller_id=channel.maker.pk, rows=rows)

    assert refused(lambda: count("LAMP", "936.5")) == {FRACTION}
    assert refused(lambda: count(goods["LAMP"].pk, "936.5")) == {FRACTION}
    assert refused(lambda: count("CABLE", "12.55")) == {FRACTION}
    count("LAMP", "937.000")
    count("CABLE", "12.5")
    assert on_hand(goods["LAMP"]) == 937 and on_hand(goods["CABLE"]) == D("12.5")


def test_stock_is_changed_by_whole_pieces(channel: Channel, goods: dict[str, Any]) -> None:
    level = StockLevel.objects.get(product=goods["LAMP"])
    assert refused(lambda: stock.adjust(actor=None, level=level, change=D("0.5"))) == {FRACTION}
    assert refused(lambda: stock.adjust(actor=None, level=level, change=D("1E11"))) == {"quantity_too_large"}
    assert refused(lambda: stock.adjust(actor=None, level=level, change=D("NaN"))) == {"below_zero"}
    assert on_hand(goods["LAMP"]) == 936
    StockLevel.objects.filter(pk=level.pk).update(on_hand=D("936.5"))  # from before units were checked
    stock.adjust(actor=None, level=level, change=D("-0.5"))
    assert on_hand(goods["LAMP"]) == 936


def test_arrivals_are_announced_and_received_in_whole_pieces(channel: Channel, goods: dict[str, Any]) -> None:
    def expect(sku: str, quantity: str) -> Any:
        row = stock.ArrivalInput(sku, "chengdu", D(quantity), date(2030, 1, 1), f"PO-{sku}")
        return stock.set_arrivals(actor=None, seller_id=channel.maker.pk, rows=[row])

    assert refused(lambda: expect("LAMP", "0.5")) == {FRACTION}
    expect("LAMP", "12")
    arrival = Arrival.objects.get()
    assert refused(lambda: stock.receive_arrival(actor=None, arrival=arrival, quantity=D("11.5"))) == {
        FRACTION
    }
    assert refused(lambda: stock.receive_arrival(actor=None, arrival=arrival, quantity=D("-1"))) == {
        "quantity_invalid"
    }
    stock.receive_arrival(actor=None, arrival=arrival, quantity=D("11"))
    assert on_hand(goods["LAMP"]) == 947


def test_limits_of_stock_terms_are_whole_pieces(channel: Channel, goods: dict[str, Any]) -> None:
    lamp = goods["LAMP"].pk
    for name in ("backorder_limit", "low_threshold"):
        call: dict[str, Any] = {name: D("2.5")}
        assert refused(lambda call=call: stock.set_terms(actor=None, product_id=lamp, **call)) == {FRACTION}
    stock.set_terms(actor=None, product_id=goods["CABLE"].pk, backorder_limit=D("2.5"))


def test_an_unknown_product_is_a_problem_of_its_row(channel: Channel, goods: dict[str, Any]) -> None:
    caller = channel.calls("wan")
    rows = [
        {"product_id": 99_999_999, "warehouse": "chengdu", "on_hand": "1"},
        {"product_id": goods["LAMP"].pk, "warehouse": "chengdu", "on_hand": "5"},
    ]
    status, answer = caller.refused("post", "stock/levels/", {"rows": rows})
    assert status == 422 and [(e["code"], e["line"]) for e in answer["errors"]] == [("unknown_product", 1)]
    done = caller.ok("post", "stock/levels/", {"rows": rows, "partial": True})
    assert done["changed"] == 1 and [each["code"] for each in done["refused"]] == ["unknown_product"]
    expected = [
        {"product_id": 99_999_999, "warehouse": "chengdu", "quantity": "1", "expected_on": "2030-01-01"}
    ]
    done = caller.ok("post", "arrivals/", {"rows": expected, "partial": True})
    assert [each["code"] for each in done["refused"]] == ["unknown_product"]
    rows[0]["product_id"] = 10**30
    assert caller.refused("post", "stock/levels/", {"rows": rows})[0] == 400


def test_a_price_break_begins_at_a_whole_piece(channel: Channel, goods: dict[str, Any]) -> None:
    rows = [
        pricing.PriceInput("LAMP", D("1"), D("10")),
        pricing.PriceInput("LAMP", D("0.5"), D("11")),
        pricing.PriceInput("CABLE", D("0.5"), D("3")),
        pricing.PriceInput(goods["CABLE"].pk, D("0.25"), D("3")),
    ]
    done = pricing.set_prices(actor=None, price_list=channel.price_list, rows=rows, partial=True)
    assert [(each.code, each.line, each.field) for each in done.problems] == [
        (FRACTION, 2, "min_quantity"),
        (FRACTION, 4, "min_quantity"),
    ]


@pytest.mark.parametrize("name", ["pack_size", "min_quantity", "max_quantity"])
def test_a_product_is_packed_and_limited_in_whole_pieces(
    channel: Channel, goods: dict[str, Any], name: str
) -> None:
    row = {"sku": "LAMP", name: "2.5"}
    done = catalog.upsert_products(actor=core.system_viewer(), rows=[row])
    assert [(each.code, each.field) for each in done.problems] == [(FRACTION, name)]
    assert not catalog.upsert_products(actor=core.system_viewer(), rows=[{**row, "sku": "CABLE"}]).problems
    assert [
        each.code
        for each in catalog.upsert_products(
            actor=core.system_viewer(), rows=[{"sku": "CABLE", "unit": "pcs"}]
        ).problems
    ] == [FRACTION, FRACTION][: 2 if name != "min_quantity" else 1]


def test_the_cart_and_direct_orders_take_whole_pieces(channel: Channel, goods: dict[str, Any]) -> None:
    line = channel.fill(("LAMP", "1.5")).lines[0]
    assert (line.status, [each.code for each in line.problems]) == ("invalid", [FRACTION])
    order = {"lines": [{"sku": "LAMP", "quantity": "1.5"}], "address": channel.address_id}
    _status, answer = channel.calls("bai").refused("post", "orders/", order)
    assert [each["code"] for each in answer["errors"]] == [FRACTION]


def to_shipment(channel: Channel, order: Any) -> Any:
    for name, action in (("sam", "approve"), ("fia", "approve"), ("wan", "release")):
        orders.act(viewer=channel.viewer(name), number=order.number, action=action)
    return order


def test_shipments_and_claims_are_whole_pieces(channel: Channel, goods: dict[str, Any]) -> None:
    order = to_shipment(channel, channel.order(("LAMP", 3), ("CABLE", "2.5")))

    def ship(*lines: tuple[int, str]) -> Any:
        wanted = [ShipLine(number, D(quantity)) for number, quantity in lines]
        return orders.ship(
            viewer=channel.viewer("wan"), number=order.number, shipment=orders.ShipmentInput(lines=wanted)
        )

    assert refused(lambda: ship((1, "0.5"))) == {FRACTION}
    assert refused(lambda: ship((2, "0.25"))) == {FRACTION}
    made = ship((1, "3"), (2, "1.5"))

    def receive(*lines: ReceiptLine) -> Any:
        return orders.confirm_receipt(
            viewer=channel.viewer("bai"), number=order.number, shipment=made.number, lines=lines
        )

    assert refused(lambda: receive(ReceiptLine(1, short=D("0.5")))) == {FRACTION}
    assert refused(lambda: receive(ReceiptLine(1, damaged=D("1.5")))) == {FRACTION}
    receive(ReceiptLine(1, short=D(1)), ReceiptLine(2, damaged=D("0.5")))
    lines = OrderLine.objects.filter(order=order).order_by("position")
    assert [(line.short, line.damaged, line.received) for line in lines] == [(1, 0, 2), (0, D("0.5"), 1)]


def test_an_old_half_piece_can_still_leave(channel: Channel, goods: dict[str, Any]) -> None:
    order = channel.order(("LAMP", 3))
    OrderLine.objects.filter(order=order).update(quantity=D("2.5"))
    line = next(iter(orders.transitions.line_states(order).values()))
    from qudao_b2b_ordering.orders.rules import check_shipment  # noqa: PLC0415

    assert check_shipment({1: line}, [ShipLine(1, D("2.5"))]) == ()
    assert [each.code for each in check_shipment({1: line}, [ShipLine(1, D("0.5"))])] == [FRACTION]


def test_past_orders_hold_whole_pieces_of_known_products(channel: Channel, goods: dict[str, Any]) -> None:
    def past(key: str, *lines: PastLine) -> PastOrder:
        return PastOrder(key, "D-1", datetime(2024, 1, 5, tzinfo=UTC), lines)

    rows = [
        past("A", PastLine("LAMP", D("1.5"), D(10))),
        past("B", PastLine("LAMP", D("2"), D(10)), PastLine("GONE", D("1.5"), D(1))),
    ]
    done = orders.import_orders(actor=channel.users["ada"], seller=channel.maker, rows=rows)
    assert [(each.code, each.field, each.line) for each in done.problems] == [(FRACTION, "A", 1)]
    assert done.created == 1


def test_the_same_words_say_it_everywhere(channel: Channel, goods: dict[str, Any]) -> None:
    units = catalog.units_of([goods["LAMP"].pk, goods["CABLE"].pk])
    said = {pk: str(catalog.fraction_problem(FRACTION, unit).message) for pk, unit in units.items()}
    assert said == {
        goods["LAMP"].pk: "This product is counted in whole pieces.",
        goods["CABLE"].pk: "At most 1 decimal places.",
    }
    viewer = viewer_of(channel.users["bai"], language="en")
    facts = catalog.facts_of(viewer, "LAMP")
    assert (
        str(catalog.quantity_problem(facts, catalog.check_quantity(facts, D("1.5"))[0]).message)
        == said[facts.id]
    )
