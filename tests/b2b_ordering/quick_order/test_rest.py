from __future__ import annotations

from qudao_b2b_ordering.cart.models import CartLine
from qudao_b2b_ordering.quick_order.models import QuickLine

from ..channel import Channel

LINES = [
    {"code": "LED-7", "quantity": "10"},
    {"code": "NOPE", "quantity": "1"},
    {"code": "led-7", "quantity": "2"},
]


def test_lines_go_into_the_cart_with_a_result_each(channel: Channel) -> None:
    channel.product("LED-7")
    answer = channel.calls("bai").ok("post", "quick-order/", {"lines": LINES})
    assert answer["added"] == 2
    assert [(line["status"], line["in_cart"], line["into"]) for line in answer["lines"]] == [
        ("ready", True, None),
        ("unknown", False, None),
        ("merged", True, 1),
    ]
    assert answer["lines"][0]["quantity"] == "12.000"
    assert answer["lines"][1]["problems"][0]["code"] == "not_available"
    assert CartLine.objects.get().quantity == 12
    assert not QuickLine.objects.exists()


def test_a_repeated_call_adds_once(channel: Channel) -> None:
    channel.product("LED-7")
    call = channel.calls("bai")
    first = call.ok("post", "quick-order/", {"lines": LINES, "keep_rest": True}, idempotency_key="order-0001")
    again = call.ok("post", "quick-order/", {"lines": LINES, "keep_rest": True}, idempotency_key="order-0001")
    assert first == again
    assert CartLine.objects.get().quantity == 12
    assert [line.code for line in QuickLine.objects.all()] == ["NOPE"]


def test_a_pasted_text_is_read_and_can_be_tried_out(channel: Channel) -> None:
    channel.product("LED-7")
    body = {"text": "您好：\nLED-7 灯泡 3个\n", "add_to_cart": False}
    answer = channel.calls("bai").ok("post", "quick-order/", body)
    assert [(line["text"], line["status"]) for line in answer["lines"]] == [
        ("您好：", "not_a_line"),
        ("LED-7 灯泡 3个", "ready"),
    ]
    assert not CartLine.objects.exists()


def test_five_thousand_lines_are_taken_and_more_refused(channel: Channel) -> None:
    channel.product("LED-7")
    call, line = channel.calls("bai"), {"code": "LED-7", "quantity": "1"}
    answer = call.ok("post", "quick-order/", {"lines": [line] * 5000})
    assert (answer["added"], answer["lines"][0]["quantity"]) == (5000, "5000.000")
    status, _problem = call.refused("post", "quick-order/", {"lines": [line] * 5001})
    assert status == 400


def test_bad_requests_are_told_what_is_missing(channel: Channel) -> None:
    call = channel.calls("bai")
    assert call.refused("post", "quick-order/", {})[1]["code"] == "no_lines"
    assert call.refused("post", "quick-order/", {"text": "A 1", "lines": LINES})[1]["code"] == "lines_or_text"
    assert channel.calls("cao").refused("post", "quick-order/", {"lines": LINES})[0] == 403


def test_own_numbers_are_set_and_listed(channel: Channel) -> None:
    channel.product("LED-7")
    call = channel.calls("bai")
    rows = [{"product": "LED-7", "number": "M-1"}, {"product": "NOPE", "number": "M-2"}]
    answer = call.ok("post", "own-numbers/", {"numbers": rows})
    assert (answer["created"], [each["line"] for each in answer["problems"]]) == (1, [2])
    listed = call.ok("get", "own-numbers/")["results"]
    assert [(each["number"], each["sku"]) for each in listed] == [("M-1", "LED-7")]
    assert channel.calls("stu").ok("get", "own-numbers/")["results"] == []
    assert channel.calls("cao").refused("post", "own-numbers/", {"numbers": rows})[0] == 403
