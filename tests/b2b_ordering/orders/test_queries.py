from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from qudao_b2b_ordering import hooks
from qudao_b2b_ordering import testing as ordering
from qudao_b2b_ordering.flow import rules as flow_rules
from qudao_b2b_ordering.flow import services as flows
from qudao_b2b_ordering.orders import queries, services
from qudao_b2b_ordering.orders.models import Order
from qudao_b2b_ordering.orders.rules import ShipLine
from qudao_core import api as core
from qudao_partner_portal import testing as people

from ..channel import Channel


def act(channel: Channel, name: str, order: Order, action: str, note: str = "") -> None:
    services.act(viewer=channel.viewer(name), number=order.number, action=action, note=note)


@pytest.fixture
def channel(channel: Channel) -> Channel:
    channel.product("LAMP", "10.00", stock=100, title="Desk lamp", title_zh="台灯")
    return channel


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("bai", True),
        ("bo", True),
        ("ann", True),
        ("cao", False),
        ("pat", False),
        ("stu", False),
        ("sam", True),
        ("fia", True),
        ("wan", True),
        ("ada", True),
    ],
)
def test_who_sees_an_order(channel: Channel, name: str, sees: bool) -> None:
    order, viewer = channel.order(("LAMP", "1")), channel.viewer(name)
    assert list(queries.orders(viewer)) == ([order] if sees else [])
    if sees:
        assert queries.get_order(viewer, order.number) == order
    else:
        with pytest.raises(core.NotFound):
            queries.get_order(viewer, order.number)


def test_the_back_office_sees_and_does_the_sellers_part(channel: Channel) -> None:
    order = channel.order(("LAMP", "1"))
    reader = people.viewer_of(people.make_back_office(permissions=["qudao_b2b_ordering.view_order"]))
    doer = people.viewer_of(
        people.make_back_office(
            "Otto Office", permissions=["qudao_b2b_ordering.view_order", "qudao_b2b_ordering.change_order"]
        )
    )
    assert queries.order_detail(reader, order.number).actions == ()
    assert queries.order_detail(doer, order.number).actions == (
        "approve",
        "return",
        "reject",
        "cancel",
        "note",
    )
    services.act(viewer=doer, number=order.number, action="approve")
    assert order.transitions.last().actor_name == "Otto Office"
    nobody = people.viewer_of(people.make_back_office("Nora Nothing"))
    assert not queries.orders(nobody).exists()


def test_the_page_says_what_happens_next_and_who_has_to_do_it(channel: Channel) -> None:
    order = channel.order(("LAMP", "1"))
    act(channel, "sam", order, "approve")
    seen = queries.order_detail(channel.viewer("bai"), order.number)
    assert seen.next
    assert (seen.next.name, seen.next.who, seen.next.mine, seen.next.late) == (
        "Finance approval",
        "Finance, Huaguang 华光",
        False,
        False,
    )
    assert [(step.name, step.state, step.by) for step in seen.steps] == [
        ("Sales approval", "done", "Sam Sales"),
        ("Finance approval", "current", ""),
        ("Release to warehouse", "ahead", ""),
        ("Shipment", "ahead", ""),
        ("Receipt", "ahead", ""),
    ]
    assert [(event.who, event.label, event.to_step) for event in seen.timeline] == [
        ("Bai Buyer", "Submitted", "Sales approval"),
        ("Sam Sales", "Approved", "Finance approval"),
    ]
    assert queries.order_detail(channel.viewer("fia"), order.number).next.mine  # type: ignore[union-attr]
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        assert queries.order_detail(channel.viewer("bai"), order.number).next.late  # type: ignore[union-attr]


def test_the_page_is_in_the_readers_language(channel: Channel) -> None:
    order = channel.order(("LAMP", "1"))
    with translation.override("zh-hans"):
        seen = queries.order_detail(channel.viewer("bai", "zh-hans"), order.number)
    assert (seen.lines[0].name, seen.lines[0].unit, seen.steps[0].name) == ("台灯", "个", "供货方审批")


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        ("bai", ("cancel", "note", "reorder")),
        ("ann", ("cancel", "note")),
        ("sam", ("approve", "return", "reject", "cancel", "note")),
        ("fia", ("note",)),
        ("ada", ("approve", "return", "reject", "cancel", "note")),
    ],
)
def test_each_is_offered_what_each_may_do(channel: Channel, name: str, actions: tuple[str, ...]) -> None:
    order = channel.order(("LAMP", "1"))
    assert queries.order_detail(channel.viewer(name), order.number).actions == actions


def test_every_offered_action_is_accepted(channel: Channel) -> None:
    """What a page offers and what the service lets through come from the same rules: walk and compare."""
    order = channel.order(("LAMP", "2"))
    act(channel, "sam", order, "approve")
    assert queries.order_detail(channel.viewer("sam"), order.number).actions == ("undo", "cancel", "note")
    act(channel, "fia", order, "approve")
    act(channel, "wan", order, "release")
    assert queries.order_detail(channel.viewer("wan"), order.number).actions == ("ship", "undo", "note")
    assert queries.order_detail(channel.viewer("bai"), order.number).actions == ("note", "reorder")
    services.ship(
        viewer=channel.viewer("wan"),
        number=order.number,
        shipment=services.ShipmentInput(lines=(ShipLine(1, Decimal(1)),)),
    )
    assert queries.order_detail(channel.viewer("wan"), order.number).actions == ("ship", "close_rest", "note")
    assert queries.order_detail(channel.viewer("bai"), order.number).actions == ("receive", "note", "reorder")
    services.confirm_receipt(viewer=channel.viewer("bai"), number=order.number)
    assert queries.order_detail(channel.viewer("bai"), order.number).actions == ("note", "reorder")


def test_a_rejection_shows_its_reason(channel: Channel) -> None:
    order = channel.order(("LAMP", "1"))
    act(channel, "sam", order, "reject", "No longer made")
    seen = queries.order_detail(channel.viewer("bai"), order.number)
    assert (seen.last_reason, seen.next, seen.actions) == ("No longer made", None, ("note", "reorder"))
    assert [(step.state, step.by) for step in seen.steps] == [("stopped", "Sam Sales")] + [
        ("omitted", "")
    ] * 4


def test_an_order_returned_for_changes_has_all_steps_ahead(channel: Channel) -> None:
    order = channel.order(("LAMP", "1"))
    act(channel, "sam", order, "return", "Please take the new one")
    steps = queries.order_detail(channel.viewer("bai"), order.number).steps
    assert {step.state for step in steps} == {"ahead"}


def test_what_is_reserved_and_what_is_expected_is_said_in_words(channel: Channel) -> None:
    bulb = channel.product("BULB", stock=24)
    ordering.stock_terms(bulb, backorder=True)
    ordering.make_arrival(bulb, 50, date(2030, 12, 3), channel.warehouse)
    order = channel.order(("BULB", "36"))
    line = queries.order_detail(channel.viewer("bai"), order.number).lines[0]
    assert line.supply == "24 reserved for you; the other 12 are expected on 3 Dec."
    later = channel.order(("BULB", "5"))
    line = queries.order_detail(channel.viewer("bai"), later.number).lines[0]
    assert line.supply == "5 expected on 3 Dec."
    cable = channel.product("CABLE", stock=2)
    ordering.stock_terms(cable, backorder=True)
    some, none = channel.order(("CABLE", "3")), channel.order(("CABLE", "4"))
    said = [queries.order_detail(channel.viewer("bai"), each.number).lines[0].supply for each in (some, none)]
    assert said == [
        "2 reserved for you; the other 1 will follow.",
        "4 will follow as soon as they arrive.",
    ]


def test_a_number_of_the_buyers_is_compared_with_orders_from_the_same_seller(channel: Channel) -> None:
    first, second = (channel.order(("LAMP", "1"), po_number=number) for number in ("PO-7", "po-7"))
    assert queries.same_reference(second) == (first.number,)
    Order.objects.filter(pk=first.pk).update(seller=channel.distributor)
    assert queries.same_reference(second) == ()


def test_the_reason_for_holding_an_order_is_the_sellers_business(channel: Channel) -> None:
    def broke(**figures: Any) -> core.Problem:
        return core.Problem("over_limit", "Limit of 50,000 exceeded.")

    hooks.credit_providers.register("test", broke)
    try:
        order = channel.order(("LAMP", "1"))
    finally:
        hooks.credit_providers.unregister("test")
    assert queries.order_detail(channel.viewer("sam"), order.number).held == "Limit of 50,000 exceeded."
    assert queries.order_detail(channel.viewer("bai"), order.number).held == ""
    card = queries.board(channel.viewer("sam")).columns[0].cards[0]
    assert card.blocked == "Limit of 50,000 exceeded."


def test_what_waits_for_whom_is_counted(channel: Channel) -> None:
    first, second = channel.order(("LAMP", "1")), channel.order(("LAMP", "1"))
    act(channel, "sam", first, "approve")
    assert queries.waiting(channel.viewer("sam")).to_do == 1
    assert queries.waiting(channel.viewer("ada")).steps == (
        ("finance-approval", "Finance approval", "approval", 1),
        ("sales-approval", "Sales approval", "approval", 1),
    )
    assert list(queries.orders(channel.viewer("fia"), queries.OrderFilter(mine=True))) == [first]
    act(channel, "sam", second, "return", "Change it")
    bai = queries.waiting(channel.viewer("bai"))
    assert (bai.to_do, bai.returned, bai.in_progress) == (1, 1, 1)
    assert list(queries.orders(channel.viewer("bai"), queries.OrderFilter(mine=True))) == [second]
    assert queries.waiting(channel.viewer("stu")).to_do == 0
    ann = queries.waiting(channel.viewer("ann"))
    assert (ann.to_do, ann.returned) == (0, 0), "a returned order is for who may order"


def test_a_step_of_the_buyers_own_waits_for_the_buyers_people(channel: Channel) -> None:
    own = flow_rules.Step("own-approval", "Own approval", "approval", "buyer", "approver")
    flows.save_flow(
        viewer=channel.viewer("ada"),
        wanted=flows.FlowInput("House", (own, *flow_rules.DEFAULT.steps), code="h"),
    )
    order = channel.order(("LAMP", "1"))
    assert queries.waiting(channel.viewer("ann")).to_do == 1
    assert queries.waiting(channel.viewer("sam")).to_do == 0
    with pytest.raises(core.Forbidden):
        act(channel, "ada", order, "approve")
    act(channel, "ann", order, "approve")
    assert queries.waiting(channel.viewer("sam")).to_do == 1


# --- Board -----------------------------------------------------------------------------------------------------


def test_the_board_has_a_column_per_step_with_age_amount_and_what_blocks(channel: Channel) -> None:
    bulb = channel.product("BULB", stock=1)
    ordering.stock_terms(bulb, backorder=True)
    with time_machine.travel(timezone.now() - timedelta(hours=30), tick=False):
        old = channel.order(("LAMP", "1"))
        waiting = channel.order(("BULB", "5"))
        act(channel, "ada", waiting, "approve")
        act(channel, "ada", waiting, "approve")
    new = channel.order(("LAMP", "2"))
    back = channel.order(("LAMP", "3"))
    act(channel, "sam", back, "return", "Change it")
    board = queries.board(channel.viewer("sam"))
    assert [(column.code, column.count, column.late) for column in board.columns] == [
        ("sales-approval", 2, 1),
        ("finance-approval", 0, 0),
        ("release", 1, 1),
        ("shipment", 0, 0),
        ("receipt", 0, 0),
        ("returned", 1, 0),
    ]
    sales, release, returned = board.columns[0], board.columns[2], board.columns[5]
    assert [(card.number, card.hours, card.late, card.may_act) for card in sales.cards] == [
        (old.number, 30, True, True),
        (new.number, 0, False, True),
    ]
    assert sales.amounts == (("CNY", Decimal("33.90")),)
    assert (release.cards[0].blocked, release.cards[0].may_act) == ("1 line on backorder", False)
    assert (returned.name, returned.cards[0].blocked) == (
        "Returned for changes",
        "Waiting for the buyer's changes.",
    )


def test_a_column_shows_the_longest_waiting_and_counts_the_rest(channel: Channel) -> None:
    orders = [channel.order(("LAMP", "1")) for _each in range(4)]
    column = queries.board(channel.viewer("sam"), cards=3).columns[0]
    assert [card.number for card in column.cards] == [order.number for order in orders[:3]]
    assert (column.count, column.more) == (4, 1)


def test_orders_of_an_older_flow_keep_their_column(channel: Channel) -> None:
    order = channel.order(("LAMP", "1"))
    own = replace(flow_rules.DEFAULT.steps[0], code="checked", name="Checked")
    flow = channel.maker.order_flows.get()
    flows.save_flow(
        viewer=channel.viewer("ada"),
        wanted=flows.FlowInput("New", (own, *flow_rules.DEFAULT.steps[2:])),
        code=flow.code,
    )
    columns = {column.code: column.count for column in queries.board(channel.viewer("sam")).columns}
    assert list(columns)[:2] == ["checked", "sales-approval"]
    assert "returned" not in columns, "nothing was returned"
    assert columns["sales-approval"] == 1
    assert order.flow.number == 1


@pytest.mark.parametrize("name", ["bai", "pat", "stu", "cao"])
def test_the_board_is_for_who_sells(channel: Channel, name: str) -> None:
    channel.order(("LAMP", "1"))
    with pytest.raises(core.Forbidden) as caught:
        queries.board(channel.viewer(name))
    assert caught.value.code == "no_board"


@pytest.mark.parametrize("count", [1, 3])
def test_counts_cost_the_same_with_one_and_three_orders(channel: Channel, count: int) -> None:
    for _each in range(count):
        channel.order(("LAMP", "1"))
    viewer = channel.viewer("ada")
    with CaptureQueriesContext(connection) as run:
        queries.waiting(viewer)
    assert len(run) == 3
    with CaptureQueriesContext(connection) as run:
        queries.order_rows(viewer, queries.orders(viewer)[:50])
    assert len(run) == 2


def test_open_orders_are_counted_by_step_whoever_has_to_act(channel: Channel) -> None:
    first, _second, _third = (channel.order(("LAMP", "1")) for _each in range(3))
    act(channel, "sam", first, "approve")
    for name in ("wan", "bai"):
        found = queries.waiting(channel.viewer(name))
        assert set(found.everywhere) == {
            ("sales-approval", "Sales approval", 2),
            ("finance-approval", "Finance approval", 1),
        }
        assert found.in_progress == 3
