"""The corners of an order's life that random changes to the code have shown to be untested."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from qudao_b2b_ordering import testing as ordering
from qudao_b2b_ordering.cart import queries as carts
from qudao_b2b_ordering.cart import services as cart_services
from qudao_b2b_ordering.cart.rules import LineInput
from qudao_b2b_ordering.flow import rules as flow_rules
from qudao_b2b_ordering.flow.models import Flow, FlowVersion
from qudao_b2b_ordering.orders import queries, services
from qudao_b2b_ordering.orders.models import Order, OrderTransition, Shipment
from qudao_b2b_ordering.orders.queries import OrderFilter
from qudao_b2b_ordering.orders.rules import ReceiptLine
from qudao_b2b_ordering.orders.services import receiving
from qudao_b2b_ordering.pricing.models import LastPrice, PriceRow
from qudao_b2b_ordering.stock.models import StockLevel
from qudao_core import hooks as core_hooks
from qudao_partner_portal import testing as people

from ..channel import Channel
from .test_acting import act, publish, refusal, ship, to_shipment

# --- Shipping and receiving ---


def test_a_shipment_confirmed_twice_counts_once(channel: Channel) -> None:
    channel.product("LAMP", stock=10)
    order = to_shipment(channel, channel.order(("LAMP", "6")))
    first = ship(channel, order, (1, 2))
    for _again in range(2):
        services.confirm_receipt(viewer=channel.viewer("bai"), number=order.number, shipment=first.number)
    assert order.lines.get().received == 2
    assert order.transitions.filter(action="receive").count() == 1


def test_an_order_waits_for_every_shipment(channel: Channel) -> None:
    channel.product("LAMP", stock=10)
    order = to_shipment(channel, channel.order(("LAMP", "6")))
    first, second = ship(channel, order, (1, 2)), ship(channel, order, (1, 4))
    services.confirm_receipt(viewer=channel.viewer("bai"), number=order.number, shipment=first.number)
    order.refresh_from_db()
    assert (order.status, order.step) == ("open", "receipt")
    services.confirm_receipt(viewer=channel.viewer("bai"), number=order.number, shipment=second.number)
    order.refresh_from_db()
    assert (order.status, order.lines.get().received) == ("complete", 6)


def test_closing_the_rest_waits_for_the_receipt_of_what_is_on_its_way(channel: Channel) -> None:
    channel.product("LAMP", stock=10)
    order = to_shipment(channel, channel.order(("LAMP", "6")))
    ship(channel, order, (1, 2))
    order = services.close_rest(viewer=channel.viewer("wan"), number=order.number, note="No more")
    assert (order.status, order.step, order.lines.get().dropped) == ("open", "receipt", 4)
    assert StockLevel.objects.get().allocated == 0


def test_goods_leave_the_sellers_own_warehouses_only(channel: Channel) -> None:
    channel.product("LAMP", stock=10)
    other = people.make_company("Other maker")
    ordering.make_warehouse("elsewhere", seller=other)
    order = to_shipment(channel, channel.order(("LAMP", "6")))
    assert refusal(ship, channel, order, (1, 1), warehouse="elsewhere").code == "warehouse_not_found"
    ordering.make_warehouse("closed", seller=channel.maker, is_active=False)
    assert refusal(ship, channel, order, (1, 1), warehouse="closed").code == "warehouse_not_found"


def test_what_has_left_the_house_cannot_be_undone(channel: Channel) -> None:
    channel.product("LAMP", stock=10)
    publish(channel, flow_rules.DEFAULT.steps[0], flow_rules.DEFAULT.steps[4])
    order = channel.order(("LAMP", "6"))
    order = act(channel, "sam", order, "approve")
    assert (order.step, order.lines.get().shipped) == ("receipt", 6)
    assert refusal(services.undo, viewer=channel.viewer("sam"), number=order.number).code == "nothing_to_undo"


def test_only_the_last_move_is_undone_and_only_by_its_maker(channel: Channel) -> None:
    channel.product("LAMP", stock=10)
    order = channel.order(("LAMP", "6"))
    act(channel, "sam", order, "approve")
    assert refusal(services.undo, viewer=channel.viewer("ada"), number=order.number).code == "nothing_to_undo"
    services.note(viewer=channel.viewer("bai"), number=order.number, text="Thanks")
    assert refusal(services.undo, viewer=channel.viewer("sam"), number=order.number).code == "nothing_to_undo"


# --- Submitting and revising ---


def test_stock_given_back_by_a_changed_order_goes_to_who_waits(channel: Channel) -> None:
    lamp = channel.product("LAMP", stock=10)
    ordering.stock_terms(lamp, backorder=True)
    first, second = channel.order(("LAMP", "8")), channel.order(("LAMP", "6"))
    act(channel, "sam", first, "return", "Less, please")
    assert second.lines.get().backordered == 4
    bai = channel.viewer("bai")
    cart = services.revise(viewer=bai, number=first.number)
    cart_services.add_lines(viewer=bai, lines=[LineInput("LAMP", 3)], mode="set")
    services.submit(viewer=bai, cart_id=cart.pk, request=channel.request())
    assert first.lines.get().allocated == 3
    line = second.lines.get()
    assert (line.allocated, line.backordered) == (6, 0)


def test_nobody_but_the_buying_company_revises(channel: Channel) -> None:
    channel.product("LAMP")
    order = channel.order(("LAMP", "1"))
    act(channel, "sam", order, "return", "Check")
    channel.users["sal"] = people.make_person(channel.maker, roles=["buyer", "sales"], name="Sal")
    for name, code in (("sal", "role_required"), ("ann", "role_required"), ("stu", "order_not_found")):
        assert refusal(services.revise, viewer=channel.viewer(name), number=order.number).code == code


def test_today_is_a_day_that_can_be_asked_for(channel: Channel) -> None:
    channel.product("LAMP")
    assert (
        channel.order(("LAMP", "1"), requested_on=timezone.localdate()).requested_on == timezone.localdate()
    )


def test_an_external_key_is_taken_per_seller(channel: Channel) -> None:
    channel.product("LAMP")
    order = channel.order(("LAMP", "1"))
    other = people.make_company("Other maker")
    foreign = Order.objects.get(pk=order.pk)
    foreign.pk, foreign.number, foreign.cart_id, foreign.seller = None, "SO-X", None, other
    foreign.external_key = "ERP-1"
    foreign.save()
    sam = channel.viewer("sam")
    kept = services.set_external_key(viewer=sam, number=order.number, external_key="ERP-1")
    assert kept.external_key == "ERP-1"


# --- Prices paid ---


def last_price() -> tuple[Decimal, str] | None:
    return LastPrice.objects.values_list("unit_price", "order_number").first()


def test_only_a_confirmed_order_says_what_was_paid(channel: Channel) -> None:
    channel.product("LAMP", "10.00")
    order = channel.order(("LAMP", "1"))
    act(channel, "sam", order, "approve")
    assert last_price() is None
    assert act(channel, "fia", order, "approve").confirmed_at is not None
    assert last_price() == (10, order.number)
    services.undo(viewer=channel.viewer("fia"), number=order.number)
    order.refresh_from_db()
    assert (last_price(), order.confirmed_at) == (None, None)


@pytest.mark.parametrize("action", ["return", "reject", "cancel", "undo"])
def test_an_order_that_came_to_nothing_gives_way_to_the_one_before(channel: Channel, action: str) -> None:
    publish(channel, flow_rules.DEFAULT.steps[1], *flow_rules.DEFAULT.steps[2:])
    channel.product("LAMP", "10.00")
    first = act(channel, "fia", channel.order(("LAMP", "1")), "approve")
    PriceRow.objects.update(unit_price=Decimal("12.00"))
    second = act(channel, "fia", channel.order(("LAMP", "2")), "approve")
    assert last_price() == (12, second.number)
    if action == "undo":
        services.undo(viewer=channel.viewer("fia"), number=second.number)
    elif action == "cancel":
        act(channel, "sam", second, "cancel", "No")
    else:
        services.undo(viewer=channel.viewer("fia"), number=second.number)
        act(channel, "fia", second, action, "No")
    assert last_price() == (10, first.number)


def test_the_newer_order_stays_the_last_price(channel: Channel) -> None:
    channel.product("LAMP", "10.00")
    with time_machine.travel(timezone.now() - timedelta(days=3), tick=False):
        older = channel.order(("LAMP", "1"))
    newer = channel.order(("LAMP", "1"))
    for order in (newer, older):
        act(channel, "sam", order, "approve")
        act(channel, "fia", order, "approve")
    assert last_price() == (10, newer.number)


# --- Receipts assumed ---


def test_orders_that_need_no_assumed_receipt_keep_no_other_from_its_turn(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "MOST_ASSUMED", 2)
    channel.product("LAMP", stock=100)
    publish(channel, auto_receive_days=None)
    patient = [to_shipment(channel, channel.order(("LAMP", "1"))) for _each in range(3)]
    publish(channel, auto_receive_days=5)
    due = [to_shipment(channel, channel.order(("LAMP", "1"))) for _each in range(3)]
    for order in (*patient, *due):
        ship(channel, order)
    with time_machine.travel(timezone.now() + timedelta(days=6), tick=False):
        assert [services.assume_receipts() for _run in range(3)] == [2, 1, 0]
    assert {order.status for order in Order.objects.filter(pk__in=[each.pk for each in due])} == {"complete"}
    assert {order.status for order in Order.objects.filter(pk__in=[each.pk for each in patient])} == {"open"}


def test_one_order_that_cannot_be_received_stops_no_other(channel: Channel) -> None:
    channel.product("LAMP", stock=100)
    stuck, due = (to_shipment(channel, channel.order(("LAMP", "1"))) for _each in range(2))
    for order in (stuck, due):
        ship(channel, order)
    Order.objects.filter(pk=stuck.pk).update(step="gone")
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        assert services.assume_receipts() == 1
    due.refresh_from_db()
    assert due.status == "complete"


def test_receipts_are_assumed_by_the_periodic_work() -> None:
    work = core_hooks.periodic.get("ordering.receipts")
    assert (work.every, work.work) == (timedelta(hours=6), services.assume_receipts)


# --- What waits for me ---


def test_thousands_of_companies_cost_what_one_costs(channel: Channel) -> None:
    channel.product("LAMP")
    first = channel.order(("LAMP", "1"))
    flow = FlowVersion.objects.get()
    dealers = [people.make_company(f"Dealer {number}", parent=channel.maker) for number in range(3)]
    sam = channel.viewer("sam")

    def mine() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as captured:
            found = queries.orders(sam, OrderFilter(mine=True)).count()
        return found, len(captured)

    before = mine()
    copies = []
    versions = FlowVersion.objects.bulk_create(
        FlowVersion(
            flow=Flow.objects.get(),
            number=number + 2,
            definition=flow.definition,
            published_at=timezone.now(),
        )
        for number in range(1200)
    )
    for number in range(1200):
        row = Order(**{field.attname: getattr(first, field.attname) for field in Order._meta.concrete_fields})
        row.pk, row.number, row.cart_id = None, f"SO-T-{number}", None
        row.company_id, row.flow = dealers[number % 3].pk, versions[number]
        copies.append(row)
    Order.objects.bulk_create(copies)
    assert (before, mine()) == ((1, 3), (1201, 3))
    assert queries.waiting(sam).to_do == 1201
    assert queries.waiting(channel.viewer("bai")).to_do == 0
    assert queries.orders(channel.viewer("bai"), OrderFilter(mine=True)).count() == 0


def test_the_list_of_what_waits_holds_what_the_row_says(channel: Channel) -> None:
    """The condition of the list and the answer of each row are two ways to one rule."""
    channel.product("LAMP", stock=100)
    orders = [channel.order(("LAMP", "1")) for _each in range(5)]
    act(channel, "sam", orders[1], "approve")
    ship(channel, to_shipment(channel, orders[2]))
    act(channel, "sam", orders[3], "return", "Check")
    act(channel, "sam", orders[4], "cancel", "No")
    for name in channel.users:
        viewer = channel.viewer(name)
        every = queries.order_rows(viewer, queries.orders(viewer))
        wanted = {row.number for row in every if row.next is not None and row.next.mine}
        listed = set(queries.orders(viewer, OrderFilter(mine=True)).values_list("number", flat=True))
        assert (name, listed) == (name, wanted)
        assert queries.waiting(viewer).to_do == len(wanted)


# --- Actions, reads that write, numbers that do not fit ---


def test_every_action_that_is_offered_is_known_by_its_name(channel: Channel) -> None:
    channel.product("LAMP", stock=100)
    order = to_shipment(channel, channel.order(("LAMP", "2")))
    ship(channel, order, (1, 1))
    wan = channel.calls("wan")
    offered = wan.ok("get", f"orders/{order.number}/")["actions"]
    assert "close_rest" in offered
    assert set(offered) - {"ship", "receive", "revise", "reorder"} <= set(services.ACTIONS)
    closed = wan.ok("post", f"orders/{order.number}/actions/close_rest/", {"note": "No more"})
    assert closed["next"]["code"] == "receipt"
    assert refusal(
        services.perform, viewer=channel.viewer("wan"), number=order.number, action="explode"
    ).code == ("unknown_action")


def test_looking_at_the_checkout_writes_nothing(channel: Channel) -> None:
    channel.product("LAMP", "10.00")
    channel.fill(("LAMP", "1"))
    shown = channel.calls("bai").ok("get", "carts/current/checkout/")
    assert [step["code"] for step in shown["steps"]] == [step.code for step in flow_rules.DEFAULT.steps]
    page = channel.calls("bai").client.get("/checkout/")
    assert "Sales approval → Finance approval" in page.content.decode()
    assert not Flow.objects.exists()


def test_the_checkout_of_a_seller_with_flows_for_others_names_no_steps(channel: Channel) -> None:
    publish(channel)
    Flow.objects.update(audience_key="tier:gold")
    channel.product("LAMP", "10.00")
    channel.fill(("LAMP", "1"))
    assert channel.calls("bai").ok("get", "carts/current/checkout/")["steps"] == []


@pytest.mark.parametrize("figure", ["NaN", "sNaN", "Infinity", "-Infinity", "1e999"])
def test_a_receipt_that_is_no_number_is_refused(channel: Channel, figure: str) -> None:
    channel.product("LAMP", stock=10)
    order = to_shipment(channel, channel.order(("LAMP", "6")))
    ship(channel, order)
    for line in (ReceiptLine(1, short=Decimal(figure)), ReceiptLine(1, damaged=Decimal(figure))):
        found = refusal(
            services.confirm_receipt, viewer=channel.viewer("bai"), number=order.number, lines=[line]
        )
        assert found.code == "receipt_invalid"


@pytest.mark.parametrize("quantity", ["99999999990", "99999999999", "99999999999.999", "9" * 30, "1e12"])
def test_an_amount_that_does_not_fit_is_refused_before_it_is_stored(channel: Channel, quantity: str) -> None:
    lamp = channel.product("LAMP", "10.00")
    ordering.stock_terms(lamp, is_unlimited=True)
    bai = channel.calls("bai")
    added = bai("post", "carts/current/lines/", {"lines": [{"sku": "LAMP", "quantity": quantity}]})
    assert added.status_code < 500
    twice = bai("post", "carts/current/lines/", {"lines": [{"sku": "LAMP", "quantity": quantity}]})
    assert twice.status_code < 500
    ordered = bai("post", "orders/", {"address": channel.address_id})
    assert ordered.status_code in (409, 422)
    direct = {"address": channel.address_id, "lines": [{"sku": "LAMP", "quantity": quantity}]}
    assert bai("post", "orders/", direct).status_code in (409, 422)
    assert bai.client.get("/cart/").status_code == 200
    assert not Order.objects.exists()


def test_a_total_that_does_not_fit_is_told_on_the_cart(channel: Channel) -> None:
    for sku in ("LAMP", "BULB"):
        ordering.stock_terms(channel.product(sku, "10.00"), is_unlimited=True)
    bai, viewer = channel.calls("bai"), channel.viewer("bai")
    lines = [{"sku": sku, "quantity": "49999999999"} for sku in ("LAMP", "BULB")]
    bai.ok("post", "carts/current/lines/", {"lines": lines})
    priced = carts.price_cart(viewer, carts.get_cart(viewer))
    assert [problem.code for problem in priced.problems] == ["amount_too_large"]
    status, problem = bai.refused("post", "orders/", {"address": channel.address_id})
    assert (status, problem["code"]) == (422, "amount_too_large")


def test_an_order_gets_its_number_when_it_has_its_stock(channel: Channel) -> None:
    channel.product("LAMP", stock=1)
    with CaptureQueriesContext(connection) as captured:
        order = channel.order(("LAMP", "1"))
    statements = [query["sql"] for query in captured.captured_queries]
    number = next(i for i, sql in enumerate(statements) if "numbersequence" in sql)
    stock = max(i for i, sql in enumerate(statements) if "UPDATE" in sql and "stocklevel" in sql)
    assert stock < number
    assert order.number.startswith("SO-")
    assert OrderTransition.objects.get().order.number == order.number
    assert Shipment.objects.count() == 0
