from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from qudao_b2b_ordering.cart.models import Cart, CartLine
from qudao_b2b_ordering.orders.models import Order
from qudao_partner_portal import testing as people

from ..channel import Channel


@pytest.fixture
def channel(channel: Channel) -> Channel:
    channel.product("LAMP", "12.50", stock=100, pack=12, title="Desk lamp", title_zh="台灯")
    channel.product("BULB", "2.00", stock=50)
    return channel


def placed(channel: Channel, *lines: tuple[str, int]) -> str:
    return str(channel.order(*(lines or (("LAMP", 12),))).number)


def walk(channel: Channel, number: str) -> None:
    for name, action in (("sam", "approve"), ("fia", "approve"), ("wan", "release")):
        channel.calls(name).ok("post", f"orders/{number}/actions/{action}/", {})


def test_an_order_from_the_cart_to_the_receipt(channel: Channel) -> None:
    bai, address = channel.calls("bai"), channel.address_id
    cart = bai.ok("post", "carts/current/lines/", {"lines": [{"sku": "LAMP", "quantity": 24}]})["cart"]
    answer = bai("post", "orders/", {"cart": cart, "address": address, "po_number": "PO-1", "note": "Hi"})
    assert answer.status_code == 201, answer.content
    order = answer.json()
    number = order["number"]
    assert answer["Location"].endswith(f"/api/v1/orders/{number}/")
    assert (order["status"], order["gross"], order["next"]["who"]) == (
        "open",
        "339.00",
        "Sales, Huaguang 华光",
    )
    assert order["actions"] == ["cancel", "note", "reorder"]
    walk(channel, number)
    body = {"lines": [{"number": 1, "quantity": 12}], "carrier": "SF", "tracking_number": "SF-1"}
    shipped = channel.calls("wan").ok("post", f"orders/{number}/shipments/", body, status=201)
    assert shipped["lines"][0]["shipped"] == "12.000"
    shipment = shipped["shipments"][0]["number"]
    body = {"shipment": shipment, "lines": [{"number": 1, "short": 1, "note": "One missing"}]}
    received = bai.ok("post", f"orders/{number}/receipts/", body)
    assert received["shipments"][0]["lines"][0]["short"] == "1.000"
    channel.calls("wan").ok("post", f"orders/{number}/shipments/", {}, status=201)
    done = bai.ok("post", f"orders/{number}/receipts/", {})
    assert (done["status"], done["next"], [step["state"] for step in done["steps"]]) == (
        "complete",
        None,
        ["done"] * 5,
    )
    story = bai.ok("get", f"orders/{number}/transitions/")["results"]
    assert [event["action"] for event in story] == [
        "submit",
        "approve",
        "approve",
        "release",
        "ship",
        "receive",
        "ship",
        "receive",
        "complete",
    ]


def test_lines_are_ordered_in_one_step_exactly_or_not_at_all(channel: Channel) -> None:
    bai, address = channel.calls("bai"), channel.address_id
    bai.ok("post", "carts/current/lines/", {"lines": [{"sku": "BULB", "quantity": 1}]})
    body = {"address": address, "lines": [{"sku": "LAMP", "quantity": 30}, {"sku": "NOPE", "quantity": 1}]}
    status, problem = bai.refused("post", "orders/", body)
    assert (status, problem["code"]) == (422, "lines_refused")
    assert [(error["line"], error["code"]) for error in problem["errors"]] == [
        (1, "off_pack"),
        (2, "not_available"),
    ]
    body["lines"] = [{"sku": "LAMP", "quantity": 36, "unit_price": "11.00"}]
    status, problem = bai.refused("post", "orders/", body)
    assert (status, problem["code"], problem["errors"][0]["params"]["new"]) == (
        409,
        "price_changed",
        "12.5000",
    )
    assert not Order.objects.exists()
    assert Cart.objects.count() == 1
    body["lines"] = [{"sku": "LAMP", "quantity": 36, "unit_price": "12.50"}]
    order = bai.ok("post", "orders/", body, status=201)
    assert order["lines"][0]["quantity"] == "36.000"
    assert bai.ok("get", "carts/current/")["lines"][0]["sku"] == "BULB"


def test_a_repeated_order_request_returns_the_first_order(channel: Channel) -> None:
    bai, address = channel.calls("bai"), channel.address_id
    body = {"address": address, "lines": [{"sku": "LAMP", "quantity": 12}]}
    first = bai.ok("post", "orders/", body, status=201, idempotency_key="PO-77")
    again = bai("post", "orders/", body, idempotency_key="PO-77")
    assert (again.status_code, again.json()["number"]) == (201, first["number"])
    assert Order.objects.count() == 1
    cart = channel.fill(("BULB", 1)).cart_id
    one = bai.ok("post", "orders/", {"cart": cart, "address": address}, status=201)
    two = bai.ok("post", "orders/", {"cart": cart, "address": address}, status=201)
    assert one["number"] == two["number"]


def test_an_order_read_again_unchanged_is_not_sent_again(channel: Channel) -> None:
    number, bai = placed(channel), channel.calls("bai")
    etag = bai("get", f"orders/{number}/")["ETag"]
    assert bai("get", f"orders/{number}/", if_none_match=etag).status_code == 304
    channel.calls("sam").ok("post", f"orders/{number}/actions/approve/", {})
    assert bai("get", f"orders/{number}/", if_none_match=etag).status_code == 200


def test_a_decision_about_what_was_not_seen_is_refused(channel: Channel) -> None:
    number, ada = placed(channel), channel.calls("ada")
    etag = ada("get", f"orders/{number}/")["ETag"]
    ada.ok("post", f"orders/{number}/actions/approve/", {}, if_match=etag)
    status, problem = ada.refused("post", f"orders/{number}/actions/approve/", {}, if_match=etag)
    assert (status, problem["code"]) == (412, "changed_meanwhile")
    status, problem = ada.refused("post", f"orders/{number}/actions/approve/", {"step": "sales-approval"})
    assert (status, problem["code"]) == (409, "moved_on")


@pytest.mark.parametrize(
    ("action", "body", "status", "code"),
    [
        ("reject", {}, 422, "reason_required"),
        ("dance", {}, 400, "unknown_action"),
        ("release", {}, 409, "wrong_action"),
        ("note", {}, 422, "note_required"),
        ("undo", {}, 409, "nothing_to_undo"),
        ("close_rest", {"note": "x"}, 409, "not_at_shipment"),
        ("approve", {"note": "x" * 2001}, 400, "invalid"),
    ],
)
def test_an_action_that_cannot_be_done_says_why(
    channel: Channel, action: str, body: dict[str, str], status: int, code: str
) -> None:
    number = placed(channel)
    answer, problem = channel.calls("sam").refused("post", f"orders/{number}/actions/{action}/", body)
    assert (answer, problem["code"]) == (status, code)
    assert problem["detail"]
    assert Order.objects.get().revision == 1


@pytest.mark.parametrize("name", ["cao", "pat", "stu"])
def test_an_order_is_nobody_elses_business(channel: Channel, name: str) -> None:
    number, caller = placed(channel), channel.calls(name)
    assert caller.ok("get", "orders/")["results"] == []
    calls: list[tuple[str, str, Any]] = [
        ("get", "", None),
        ("patch", "", {"external_key": "X"}),
        ("post", "actions/approve/", {}),
        ("post", "actions/cancel/", {"note": "x"}),
        ("post", "shipments/", {}),
        ("get", "shipments/", None),
        ("post", "receipts/", {}),
        ("get", "transitions/", None),
        ("post", "reorder/", None),
        ("post", "revision/", None),
        ("get", "confirmation.pdf", None),
        ("get", "shipments/DN-1/delivery-note.pdf", None),
    ]
    for method, path, body in calls:
        status, problem = caller.refused(method, f"orders/{number}/{path}", body)
        assert (status, problem["code"]) == (404, "order_not_found"), path
    assert Order.objects.get().revision == 1


def test_a_parent_sees_the_orders_below_it_where_the_host_says_so(channel: Channel, settings: Any) -> None:
    number = placed(channel)
    settings.QUDAO_PARENTS_SEE_ORDERS = True
    pat = channel.calls("pat")
    assert [row["number"] for row in pat.ok("get", "orders/")["results"]] == [number]
    order = pat.ok("get", f"orders/{number}/")
    assert order["actions"] == []
    status, problem = pat.refused("post", f"orders/{number}/actions/approve/", {})
    assert (status, problem["code"]) == (403, "not_your_step")


def test_many_orders_are_decided_at_once(channel: Channel) -> None:
    first, second = placed(channel), placed(channel)
    body = {
        "action": "approve",
        "orders": [{"number": first, "revision": 1}, {"number": "SO-0"}, {"number": second}],
    }
    result = channel.calls("sam").ok("post", "orders/actions/", body)
    assert result["done"] == 2
    assert result["results"][0] == {
        "number": first,
        "done": True,
        "status": "open",
        "step": "finance-approval",
        "revision": 2,
    }
    assert result["results"][1]["problem"]["code"] == "order_not_found"
    board = channel.calls("fia").ok("get", "orders/board/")
    columns = {column["code"]: column for column in board["columns"]}
    assert [card["number"] for card in columns["finance-approval"]["orders"]] == [first, second]
    assert channel.calls("fia").ok("get", "orders/waiting/")["to_do"] == 2
    status, problem = channel.calls("bai").refused("get", "orders/board/")
    assert (status, problem["code"]) == (403, "no_board")


def test_an_erp_writes_its_own_key_and_finds_the_order_by_it(channel: Channel) -> None:
    number, sam = placed(channel), channel.calls("sam")
    other = placed(channel)
    sam.ok("patch", f"orders/{number}/", {"external_key": "ERP-9"})
    assert sam.ok("get", "orders/ext:ERP-9/")["number"] == number
    status, problem = sam.refused("patch", f"orders/{other}/", {"external_key": "ERP-9"})
    assert (status, problem["code"]) == (409, "external_key_taken")
    status, problem = channel.calls("bai").refused("patch", f"orders/{number}/", {"external_key": "MINE"})
    assert (status, problem["code"]) == (403, "not_your_side")
    assert channel.calls("stu").refused("get", "orders/ext:ERP-9/")[0] == 404


def test_a_returned_order_is_changed_through_a_cart(channel: Channel) -> None:
    number, bai = placed(channel), channel.calls("bai")
    channel.calls("sam").ok("post", f"orders/{number}/actions/return/", {"note": "Two cartons less"})
    assert bai.ok("get", f"orders/{number}/")["actions"][0] == "revise"
    cart = bai.ok("post", f"orders/{number}/revision/")
    assert cart["revises"] == number
    bai.ok("post", f"carts/{cart['id']}/lines/", {"mode": "set", "lines": [{"sku": "LAMP", "quantity": 24}]})
    order = bai.ok("post", "orders/", {"cart": cart["id"], "address": channel.address_id}, status=201)
    assert (order["number"], order["lines"][0]["quantity"], order["status"]) == (number, "24.000", "open")


def test_ordering_again_fills_the_cart(channel: Channel) -> None:
    number, bai = placed(channel, ("LAMP", 12), ("BULB", 3)), channel.calls("bai")
    result = bai.ok("post", f"orders/{number}/reorder/")
    assert [(line["sku"], line["quantity"]) for line in result["lines"]] == [
        ("LAMP", "12.000"),
        ("BULB", "3.000"),
    ]
    assert CartLine.objects.filter(cart__submitted_at=None).count() == 2


def test_a_bulk_action_with_a_row_that_cannot_be_read_does_nothing(channel: Channel) -> None:
    number = placed(channel)
    body = {"action": "approve", "orders": [{"number": number}, "not an order"]}
    status, problem = channel.calls("sam").refused("post", "orders/actions/", body)
    assert (status, [each["field"] for each in problem["errors"]]) == (400, ["orders.1"])
    assert channel.calls("sam").ok("get", f"orders/{number}/")["next"]["code"] == "sales-approval"


def test_lists_are_filtered(channel: Channel) -> None:
    first, second = placed(channel), placed(channel, ("BULB", 2))
    channel.calls("sam").ok("post", f"orders/{first}/actions/approve/", {})
    sam = channel.calls("sam")

    def found(query: str) -> list[str]:
        return [row["number"] for row in sam.ok("get", f"orders/?{query}")["results"]]

    assert found("") == [second, first]
    assert found("mine=true") == [second]
    assert found("step=finance-approval") == [first]
    assert found("q=bulb") == [second]
    assert found(f"q={first}") == [first]
    assert found("status=complete") == []
    assert found("company=D-1") == [second, first]
    assert found("company=WCE") == [second, first]
    assert found("company=D-2") == []
    assert found("since=2030-01-01") == []
    assert found("until=2030-01-01&limit=1") == [second]
    assert found("since=0001-01-01&until=9999-12-31") == [second, first]
    for query in (
        "status=lost",
        "since=tomorrow",
        "limit=0",
        "cursor=x",
        "updated_since=0001-01-01T00:00:00",
    ):
        status, problem = sam.refused("get", f"orders/?{query}")
        assert (status, bool(problem["errors"])) == (400, True)


def test_the_documents_are_pdf(channel: Channel) -> None:
    pytest.importorskip("weasyprint")
    number = placed(channel)
    answer = channel.calls("bai")("get", f"orders/{number}/confirmation.pdf")
    assert answer["Content-Type"] in ("application/pdf", "application/problem+json")
    assert answer.content


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_with_one_and_three_orders(channel: Channel, count: int) -> None:
    for _number in range(count):
        placed(channel)
    sam = channel.calls("sam")
    sam.ok("get", "orders/")
    with CaptureQueriesContext(connection) as run:
        sam.ok("get", "orders/")
    assert len(run) == 5, [query["sql"][:90] for query in run]


@pytest.mark.parametrize("count", [1, 3])
def test_an_order_costs_the_same_with_one_and_three_lines_and_shipments(channel: Channel, count: int) -> None:
    for number in range(count):
        channel.product(f"X-{number}", stock=10)
    number = placed(channel, *[(f"X-{each}", 1) for each in range(count)])
    walk(channel, number)
    for each in range(count):
        body = {"lines": [{"number": each + 1, "quantity": 1}]}
        channel.calls("wan").ok("post", f"orders/{number}/shipments/", body, status=201)
    bai = channel.calls("bai")
    bai.ok("get", f"orders/{number}/")
    with CaptureQueriesContext(connection) as run:
        bai.ok("get", f"orders/{number}/")
    assert len(run) == 8, [query["sql"][:90] for query in run]


@pytest.mark.parametrize("count", [1, 3])
def test_the_board_costs_the_same_with_one_and_three_orders(channel: Channel, count: int) -> None:
    for _number in range(count):
        placed(channel)
    sam = channel.calls("sam")
    sam.ok("get", "orders/board/")
    with CaptureQueriesContext(connection) as run:
        sam.ok("get", "orders/board/")
    assert len(run) == 8, [query["sql"][:90] for query in run]


def test_who_works_for_nobody_sees_no_orders(channel: Channel) -> None:
    placed(channel)
    from ..channel import Caller  # noqa: PLC0415 - used here only

    caller = Caller(people.make_user("Nina Nobody"))
    assert caller.ok("get", "orders/")["results"] == []
    assert caller.refused("get", "carts/current/")[0] == 403
