from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from qudao_b2b_ordering import hooks
from qudao_b2b_ordering import testing as ordering
from qudao_b2b_ordering.cart import queries as carts
from qudao_b2b_ordering.cart import services as cart_services
from qudao_b2b_ordering.cart.rules import LineInput
from qudao_b2b_ordering.flow import rules as flow_rules
from qudao_b2b_ordering.flow import services as flows
from qudao_b2b_ordering.orders import services
from qudao_b2b_ordering.orders.models import Order, Shipment
from qudao_b2b_ordering.orders.queries import access
from qudao_b2b_ordering.orders.rules import ReceiptLine, ShipLine
from qudao_b2b_ordering.orders.services import ShipmentInput, Target
from qudao_b2b_ordering.stock.models import StockLevel, StockMovement
from qudao_core import api as core
from qudao_core.models import OutboxEvent

from ..channel import Channel


def act(channel: Channel, name: str, order: Order, action: str, note: str = "", **options: Any) -> Order:
    return services.act(viewer=channel.viewer(name), number=order.number, action=action, note=note, **options)


def ship(
    channel: Channel, order: Order, *lines: tuple[int, int], name: str = "wan", **fields: Any
) -> Shipment:
    wanted = tuple(ShipLine(number, Decimal(quantity)) for number, quantity in lines)
    return services.ship(
        viewer=channel.viewer(name), number=order.number, shipment=ShipmentInput(lines=wanted, **fields)
    )


def to_shipment(channel: Channel, order: Order) -> Order:
    act(channel, "sam", order, "approve")
    act(channel, "fia", order, "approve")
    return act(channel, "wan", order, "release")


def story(order: Order) -> list[tuple[str, str, str, str]]:
    rows = order.transitions.order_by("at", "pk")
    return list(rows.values_list("actor_name", "action", "from_step", "to_step"))


def refusal(call: Any, *args: Any, **options: Any) -> core.Refusal:
    with pytest.raises(core.Refusal) as caught:
        call(*args, **options)
    assert str(caught.value.message)
    return caught.value


def test_an_order_walks_from_submission_to_the_confirmed_receipt(channel: Channel) -> None:
    lamp = channel.product("LAMP", stock=50)
    order = channel.order(("LAMP", "20"))
    to_shipment(channel, order)
    shipment = ship(channel, order, carrier="SF 顺丰", tracking_number="SF123")
    assert StockLevel.objects.get(product=lamp).on_hand == 30
    assert StockLevel.objects.get(product=lamp).allocated == 0
    assert StockMovement.objects.get(kind="issue").reference == shipment.number
    services.confirm_receipt(viewer=channel.viewer("bai"), number=order.number)
    order.refresh_from_db()
    assert (order.status, order.step, order.closed_at is not None) == ("complete", "", True)
    assert story(order) == [
        ("Bai Buyer", "submit", "", "sales-approval"),
        ("Sam Sales", "approve", "sales-approval", "finance-approval"),
        ("Fia Finance", "approve", "finance-approval", "release"),
        ("Wan Warehouse", "release", "release", "shipment"),
        ("Wan Warehouse", "ship", "shipment", "receipt"),
        ("Bai Buyer", "receive", "receipt", ""),
        ("Bai Buyer", "complete", "", ""),
    ]
    topics = OutboxEvent.objects.filter(aggregate=f"order:{order.pk}").order_by("pk")
    assert list(topics.values_list("topic", flat=True)) == [
        "order.submitted",
        "order.approved",
        "order.approved",
        "order.released",
        "order.shipped",
        "order.received",
        "order.completed",
    ]
    assert [entry.action for entry in core.history(order)][-1] == "qudao.order.submitted"
    assert len(core.history(order)) == 7


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("bai", "not_your_step"),
        ("ann", "not_your_step"),
        ("fia", "not_your_step"),
        ("wan", "not_your_step"),
        ("cao", "order_not_found"),
        ("pat", "order_not_found"),
        ("stu", "order_not_found"),
    ],
)
def test_only_whose_step_it_is_approves(channel: Channel, name: str, code: str) -> None:
    channel.product("LAMP")
    order = channel.order(("LAMP", "1"))
    assert refusal(act, channel, name, order, "approve").code == code
    order.refresh_from_db()
    assert order.step == "sales-approval"


def test_the_sellers_administrator_may_do_every_step_of_the_seller(channel: Channel) -> None:
    channel.product("LAMP")
    order = channel.order(("LAMP", "1"))
    act(channel, "ada", order, "approve")
    act(channel, "ada", order, "approve")
    assert act(channel, "ada", order, "release").step == "shipment"


def test_a_double_click_approves_once(channel: Channel) -> None:
    channel.product("LAMP")
    order = channel.order(("LAMP", "1"))
    act(channel, "ada", order, "approve", revision=1)
    assert refusal(act, channel, "ada", order, "approve", revision=1).code == "changed_meanwhile"
    assert refusal(act, channel, "ada", order, "approve", step="sales-approval").code == "moved_on"
    order.refresh_from_db()
    assert (order.step, order.revision) == ("finance-approval", 2)


@pytest.mark.parametrize("action", ["reject", "return", "cancel"])
def test_saying_no_needs_a_reason(channel: Channel, action: str) -> None:
    channel.product("LAMP")
    order = channel.order(("LAMP", "1"))
    found = refusal(act, channel, "sam", order, action, "  ")
    assert (found.code, found.problem.field) == ("reason_required", "note")


def test_a_rejected_order_is_closed_and_gives_its_stock_to_who_waits(channel: Channel) -> None:
    lamp = channel.product("LAMP", stock=10)
    ordering.stock_terms(lamp, backorder=True)
    first = channel.order(("LAMP", "8"))
    second = channel.order(("LAMP", "8"), name="bo")
    assert second.lines.get().backordered == 6
    act(channel, "sam", first, "reject", "Address unclear")
    first.refresh_from_db()
    assert (first.status, first.lines.get().allocated) == ("rejected", 0)
    line = second.lines.get()
    assert (line.allocated, line.backordered) == (8, 0)
    assert first.transitions.last().note == "Address unclear"
    assert refusal(act, channel, "sam", first, "approve").code == "order_closed"


def test_a_returned_order_is_changed_and_submitted_again_under_its_number(channel: Channel) -> None:
    lamp = channel.product("LAMP", "10.00", stock=10)
    channel.product("BULB", "5.00")
    order = channel.order(("LAMP", "8"))
    act(channel, "sam", order, "return", "Please take two cartons less")
    order.refresh_from_db()
    assert (order.status, order.step, order.lines.get().allocated) == ("returned", "", 8)
    bai = channel.viewer("bai")
    cart = services.revise(viewer=bai, number=order.number)
    assert services.revise(viewer=bai, number=order.number).pk == cart.pk
    cart_services.add_lines(viewer=bai, lines=[LineInput("LAMP", 9), LineInput("BULB", 1)], mode="set")
    priced = carts.price_cart(bai, carts.get_cart(bai))
    assert (priced.revises, priced.can_submit) == (order.number, True)
    again = services.submit(viewer=bai, cart_id=cart.pk, request=channel.request())
    assert (again.pk, again.number, again.status, again.step) == (
        order.pk,
        order.number,
        "open",
        "sales-approval",
    )
    assert again.gross == Decimal("107.35")
    assert list(again.lines.values_list("sku", "quantity", "allocated")) == [
        ("LAMP", Decimal(9), Decimal(9)),
        ("BULB", Decimal(1), Decimal(1)),
    ]
    assert StockLevel.objects.get(product=lamp).allocated == 9
    resubmitted = again.transitions.last()
    assert resubmitted.details["former_lines"] == [
        {
            "number": 1,
            "sku": "LAMP",
            "name": "Product LAMP",
            "quantity": "8",
            "unit_price": "10.0000",
            "net": "80.00",
        }
    ]
    assert services.submit(viewer=bai, cart_id=cart.pk, request=channel.request()).pk == order.pk
    assert services.submit(viewer=bai, cart_id=order.cart_id, request=channel.request()).pk == order.pk
    assert Order.objects.count() == 1


def test_a_change_started_in_time_is_refused_once_the_order_is_cancelled(channel: Channel) -> None:
    channel.product("LAMP")
    order = channel.order(("LAMP", "1"))
    act(channel, "sam", order, "return", "Wrong lamp?")
    cart = services.revise(viewer=channel.viewer("bai"), number=order.number)
    act(channel, "bo", order, "cancel", "No longer needed")
    found = refusal(services.submit, viewer=channel.viewer("bai"), cart_id=cart.pk, request=channel.request())
    assert found.code == "order_not_returned"


def test_an_order_that_was_not_returned_cannot_be_revised(channel: Channel) -> None:
    channel.product("LAMP")
    order = channel.order(("LAMP", "1"))
    assert (
        refusal(services.revise, viewer=channel.viewer("bai"), number=order.number).code
        == "order_not_returned"
    )
    assert refusal(services.revise, viewer=channel.viewer("sam"), number=order.number).code == "role_required"


# --- Cancelling ------------------------------------------------------------------------------------------------


def test_the_buyer_cancels_until_release_and_the_seller_until_shipment(channel: Channel) -> None:
    lamp = channel.product("LAMP", stock=10)
    first, second = channel.order(("LAMP", "3")), channel.order(("LAMP", "3"))
    to_shipment(channel, first)
    found = refusal(act, channel, "bai", first, "cancel", "Too slow")
    assert (found.code, str(found.problem.remedy)) == ("too_late_to_cancel", "Ask your sales contact.")
    act(channel, "sam", first, "cancel", "Customer called")
    act(channel, "bai", second, "cancel", "Changed our mind")
    assert StockLevel.objects.get(product=lamp).allocated == 0
    assert list(Order.objects.values_list("status", flat=True)) == ["cancelled", "cancelled"]


def test_what_is_over_is_not_cancelled_again(channel: Channel) -> None:
    channel.product("LAMP", stock=10)
    order = channel.order(("LAMP", "3"))
    act(channel, "bai", order, "cancel", "Changed our mind")
    assert refusal(act, channel, "sam", order, "cancel", "Once more").code == "order_closed"
    order.refresh_from_db()
    for side in (flow_rules.BUYER, flow_rules.SELLER):
        assert not access.may_cancel(order, side, shipped=False)


def test_nobody_cancels_what_was_shipped(channel: Channel) -> None:
    channel.product("LAMP", stock=10)
    order = to_shipment(channel, channel.order(("LAMP", "3")))
    ship(channel, order, (1, 1))
    assert refusal(act, channel, "sam", order, "cancel", "Oops").code == "too_late_to_cancel"


@pytest.mark.parametrize("name", ["wan", "fia"])
def test_not_everybody_on_a_side_cancels(channel: Channel, name: str) -> None:
    channel.product("LAMP", stock=10)
    order = channel.order(("LAMP", "3"))
    assert refusal(act, channel, name, order, "cancel", "Because").code == "not_yours_to_cancel"


# --- Shipping and receiving ------------------------------------------------------------------------------------


def test_an_order_is_shipped_in_parts_and_received_in_parts(channel: Channel) -> None:
    lamp = channel.product("LAMP", stock=10)
    channel.product("BULB", stock=10)
    order = to_shipment(channel, channel.order(("LAMP", "6"), ("BULB", "4")))
    first = ship(channel, order, (1, 2), (2, 4), carrier="SF")
    order.refresh_from_db()
    assert (order.step, StockLevel.objects.get(product=lamp).allocated) == ("shipment", 4)
    services.confirm_receipt(viewer=channel.viewer("bai"), number=order.number, shipment=first.number)
    order.refresh_from_db()
    assert (order.step, order.status) == ("shipment", "open")
    second = ship(channel, order)
    order.refresh_from_db()
    assert order.step == "receipt"
    assert list(second.lines.values_list("line__sku", "quantity")) == [("LAMP", Decimal(4))]
    services.confirm_receipt(viewer=channel.viewer("bai"), number=order.number, shipment=second.number)
    order.refresh_from_db()
    assert order.status == "complete"
    assert list(order.lines.values_list("shipped", "received")) == [(6, 6), (4, 4)]


def test_no_more_is_shipped_than_was_ordered(channel: Channel) -> None:
    channel.product("LAMP", stock=10)
    order = to_shipment(channel, channel.order(("LAMP", "3")))
    ship(channel, order, (1, 2))
    found = refusal(ship, channel, order, (1, 2))
    assert (found.code, found.problems[0].code, found.problems[0].line) == (
        "shipment_invalid",
        "more_than_ordered",
        1,
    )
    assert str(found.problems[0].message) == "Only 1 left to ship."
    found = refusal(ship, channel, order, (1, "1.5"))
    assert str(found.problems[0].message) == "Enter a whole number: this unit has no fractions."
    assert order.shipments.count() == 1
    for lines, code in [
        (((9, 1),), "unknown_line"),
        (((1, 0),), "quantity_not_positive"),
        (((1, 1), (1, 1)), "line_twice"),
    ]:
        assert refusal(ship, channel, order, *lines).problems[0].code == code
    assert order.lines.get().shipped == 2


def test_a_backorder_ships_when_its_goods_have_come(channel: Channel) -> None:
    lamp = channel.product("LAMP", stock=5)
    ordering.stock_terms(lamp, backorder=True)
    order = to_shipment(channel, channel.order(("LAMP", "8")))
    found = refusal(ship, channel, order, (1, 8))
    assert (found.code, found.problems[0].line) == ("not_allocated", 1)
    ship(channel, order)
    assert order.lines.get().shipped == 5
    assert refusal(ship, channel, order).code == "nothing_to_ship"
    from qudao_b2b_ordering.stock import services as stock  # noqa: PLC0415 - reads better beside its use

    stock.adjust(actor=None, level=StockLevel.objects.get(product=lamp), change=Decimal(10), kind="receipt")
    ship(channel, order)
    order.refresh_from_db()
    assert (order.lines.get().shipped, order.step) == (8, "receipt")


def test_a_shipment_repeated_by_an_erp_is_made_once(channel: Channel) -> None:
    channel.product("LAMP", stock=10)
    order = to_shipment(channel, channel.order(("LAMP", "3")))
    first = ship(channel, order, (1, 1), external_key="DN-77")
    assert ship(channel, order, (1, 1), external_key="DN-77").pk == first.pk
    assert order.lines.get().shipped == 1


def test_only_the_warehouse_ships_and_only_at_its_step(channel: Channel) -> None:
    channel.product("LAMP", stock=10)
    order = channel.order(("LAMP", "3"))
    assert refusal(ship, channel, order).code == "not_at_shipment"
    to_shipment(channel, order)
    for name in ("sam", "bai"):
        assert refusal(ship, channel, order, name=name).code == "not_your_step"
    assert refusal(ship, channel, order, name="stu").code == "order_not_found"
    assert refusal(ship, channel, order, warehouse="moon").code == "warehouse_not_found"


def test_what_will_not_come_any_more_is_closed_and_the_order_completes(channel: Channel) -> None:
    lamp = channel.product("LAMP", stock=5)
    ordering.stock_terms(lamp, backorder=True)
    order = to_shipment(channel, channel.order(("LAMP", "8")))
    assert refusal(
        services.close_rest, viewer=channel.viewer("wan"), number=order.number, note="Gone"
    ).code == ("cancel_instead")
    ship(channel, order)
    services.confirm_receipt(viewer=channel.viewer("bai"), number=order.number)
    services.close_rest(viewer=channel.viewer("wan"), number=order.number, note="Discontinued")
    order.refresh_from_db()
    line = order.lines.get()
    assert (order.status, line.shipped, line.dropped, line.backordered) == ("complete", 5, 3, 0)


def test_shortage_and_damage_are_noted_by_line(channel: Channel) -> None:
    channel.product("LAMP", stock=10)
    channel.product("BULB", stock=10)
    order = to_shipment(channel, channel.order(("LAMP", "6"), ("BULB", "4")))
    shipment = ship(channel, order)
    services.confirm_receipt(
        viewer=channel.viewer("bai"),
        number=order.number,
        shipment=shipment.number,
        lines=[ReceiptLine(1, short=Decimal(1), damaged=Decimal(2), note="Box crushed " + "!" * 290)],
        note="Driver signed",
    )
    assert list(order.lines.values_list("received", "short", "damaged")) == [(3, 1, 2), (4, 0, 0)]
    assert shipment.lines.first().receipt_note == "Box crushed " + "!" * 288
    told = order.transitions.get(action="receive")
    assert (told.note, told.details["claims"][0]["short"]) == ("Driver signed", "1")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (ReceiptLine(1, short=Decimal(4), damaged=Decimal(3)), "more_than_shipped"),
        (ReceiptLine(1, short=Decimal(-1)), "quantity_negative"),
        (ReceiptLine(7, short=Decimal(1)), "unknown_line"),
    ],
)
def test_an_impossible_receipt_names_its_line(channel: Channel, line: ReceiptLine, code: str) -> None:
    channel.product("LAMP", stock=10)
    order = to_shipment(channel, channel.order(("LAMP", "6")))
    ship(channel, order)
    found = refusal(services.confirm_receipt, viewer=channel.viewer("bai"), number=order.number, lines=[line])
    assert (found.code, found.problems[0].code, found.problems[0].line) == (
        "receipt_invalid",
        code,
        line.number,
    )
    assert order.lines.get().received == 0


def test_only_the_buyer_confirms_the_receipt(channel: Channel) -> None:
    channel.product("LAMP", stock=10)
    order = to_shipment(channel, channel.order(("LAMP", "6")))
    confirm = services.confirm_receipt
    assert refusal(confirm, viewer=channel.viewer("bai"), number=order.number).code == "nothing_to_receive"
    ship(channel, order)
    for name in ("ann", "wan", "ada"):
        assert refusal(confirm, viewer=channel.viewer(name), number=order.number).code == "not_your_step"
    for name in ("cao", "stu"):
        assert refusal(confirm, viewer=channel.viewer(name), number=order.number).code == "order_not_found"
    confirm(viewer=channel.viewer("bo"), number=order.number)


def test_what_nobody_confirms_is_taken_as_received(channel: Channel) -> None:
    channel.product("LAMP", stock=10)
    order = to_shipment(channel, channel.order(("LAMP", "6")))
    ship(channel, order)
    assert services.assume_receipts() == 0
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        assert services.assume_receipts() == 1
        assert services.assume_receipts() == 0
    order.refresh_from_db()
    told = order.transitions.get(action="receive")
    assert (order.status, told.actor, told.details["assumed"]) == ("complete", None, True)


# --- Many at once, undo, notes ---------------------------------------------------------------------------------


def test_one_bad_order_of_many_does_not_stop_the_others(channel: Channel) -> None:
    channel.product("LAMP")
    first, second, third = (channel.order(("LAMP", "1")) for _each in range(3))
    act(channel, "sam", second, "reject", "No")
    results = services.act_on_many(
        viewer=channel.viewer("sam"),
        targets=[
            Target(first.number, 1),
            Target(second.number),
            Target("SO-0"),
            Target(third.number, 9),
            Target(third.number),
        ],
        action="approve",
    )
    assert [(each.number, each.done, each.problem.code if each.problem else "") for each in results] == [
        (first.number, True, ""),
        (second.number, False, "order_closed"),
        ("SO-0", False, "order_not_found"),
        (third.number, False, "changed_meanwhile"),
        (third.number, True, ""),
    ]
    assert (
        refusal(services.act_on_many, viewer=channel.viewer("sam"), targets=[], action="approve").code
        == "no_orders"
    )
    many = [Target(str(number)) for number in range(201)]
    assert refusal(
        services.act_on_many, viewer=channel.viewer("sam"), targets=many, action="approve"
    ).code == ("too_many_orders")


def test_an_approval_is_taken_back_by_who_gave_it_within_the_hour(channel: Channel) -> None:
    channel.product("LAMP")
    order = channel.order(("LAMP", "1"))
    act(channel, "sam", order, "approve")
    assert refusal(services.undo, viewer=channel.viewer("fia"), number=order.number).code == "nothing_to_undo"
    undone = services.undo(viewer=channel.viewer("sam"), number=order.number)
    assert undone.step == "sales-approval"
    assert story(order)[-1] == ("Sam Sales", "undo", "finance-approval", "sales-approval")
    act(channel, "sam", order, "approve")
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        assert (
            refusal(services.undo, viewer=channel.viewer("sam"), number=order.number).code
            == "nothing_to_undo"
        )


def test_both_sides_comment_and_strangers_do_not(channel: Channel) -> None:
    channel.product("LAMP")
    order = channel.order(("LAMP", "1"))
    services.add_note(viewer=channel.viewer("bai"), number=order.number, text="Please before noon")
    services.add_note(viewer=channel.viewer("wan"), number=order.number, text="Will do")
    assert list(order.transitions.filter(action="note").values_list("actor_company", "note")) == [
        ("Chengdu Lamps", "Please before noon"),
        ("Huaguang 华光", "Will do"),
    ]
    assert (
        refusal(services.add_note, viewer=channel.viewer("stu"), number=order.number, text="Hi").code
        == "order_not_found"
    )
    assert (
        refusal(services.add_note, viewer=channel.viewer("bai"), number=order.number, text=" ").code
        == "note_required"
    )


# --- Flows and credit ------------------------------------------------------------------------------------------


def publish(channel: Channel, *steps: flow_rules.Step, **fields: Any) -> Any:
    wanted = flows.FlowInput("House flow", steps or flow_rules.DEFAULT.steps, code="house", **fields)
    existing = channel.maker.order_flows.filter(code="house").first()
    return flows.save_flow(viewer=channel.viewer("ada"), wanted=wanted, code="house" if existing else "")


def test_stock_may_be_promised_only_when_everything_is_approved(channel: Channel) -> None:
    lamp = channel.product("LAMP", stock=10)
    publish(channel, allocate_on="approval")
    order = channel.order(("LAMP", "6"))
    assert StockLevel.objects.get(product=lamp).allocated == 0
    act(channel, "sam", order, "approve")
    ordering.stock(lamp, 5, channel.warehouse)
    found = refusal(act, channel, "fia", order, "approve")
    assert (found.code, found.problems[0].line) == ("not_enough_stock", 1)
    ordering.stock(lamp, 10, channel.warehouse)
    act(channel, "fia", order, "approve")
    assert StockLevel.objects.get(product=lamp).allocated == 6
    services.undo(viewer=channel.viewer("fia"), number=order.number)
    assert StockLevel.objects.get(product=lamp).allocated == 0


def test_without_a_shipment_step_the_goods_leave_when_the_order_completes(channel: Channel) -> None:
    lamp = channel.product("LAMP", stock=10)
    publish(channel, flow_rules.DEFAULT.steps[0])
    order = channel.order(("LAMP", "6"))
    act(channel, "sam", order, "approve")
    order.refresh_from_db()
    assert (order.status, order.lines.get().shipped) == ("complete", 6)
    level = StockLevel.objects.get(product=lamp)
    assert (level.on_hand, level.allocated) == (4, 0)


def test_a_flow_without_steps_completes_the_order_at_once(channel: Channel) -> None:
    channel.product("LAMP", stock=10)
    publish(channel, replace(flow_rules.DEFAULT.steps[0], enabled=False))
    order = channel.order(("LAMP", "6"))
    assert (order.status, [row[1] for row in story(order)]) == ("complete", ["submit", "complete"])


def test_an_order_in_flight_keeps_the_flow_it_began_with(channel: Channel) -> None:
    channel.product("LAMP", stock=10)
    publish(channel)
    order = channel.order(("LAMP", "1"))
    publish(channel, *flow_rules.DEFAULT.steps[2:])
    act(channel, "sam", order, "approve")
    assert act(channel, "fia", order, "approve").step == "release"
    assert channel.order(("LAMP", "1")).step == "release"


def test_over_credit_holds_the_order_at_the_step_meant_for_it(channel: Channel) -> None:
    channel.product("LAMP", "100.00", stock=100)
    finance = replace(flow_rules.DEFAULT.steps[1], condition=flow_rules.Condition(only_over_credit=True))
    publish(channel, finance, *flow_rules.DEFAULT.steps[2:])
    asked: list[tuple[str, Decimal]] = []

    def limit(*, company_id: int, seller_id: int, amount: Decimal, currency: str) -> core.Problem | None:
        asked.append((currency, amount))
        return core.Problem("over_limit", "Credit limit exceeded.") if amount > 500 else None

    hooks.credit_providers.register("test", limit)
    try:
        small, large = channel.order(("LAMP", "1")), channel.order(("LAMP", "10"))
        transfer = channel.order(("LAMP", "10"), payment="transfer")
    finally:
        hooks.credit_providers.unregister("test")
    assert [small.step, large.step, transfer.step] == ["release", "finance-approval", "release"]
    assert asked == [("CNY", Decimal("113.00")), ("CNY", Decimal("1130.00"))]
    assert large.facts["credit"]["message"] == "Credit limit exceeded."


def test_ordering_again_fills_the_cart_at_todays_prices(channel: Channel) -> None:
    channel.product("LAMP", "10.00")
    gone = channel.product("GONE", "10.00")
    order = channel.order(("LAMP", "2"), ("GONE", "1"))
    gone.is_public = False
    gone.save()
    result = services.reorder(viewer=channel.viewer("bai"), number=order.number)
    assert [(line.status, line.quantity) for line in result.lines] == [("ok", Decimal(2)), ("unknown", None)]
    assert (
        refusal(services.reorder, viewer=channel.viewer("stu"), number=order.number).code == "order_not_found"
    )
