from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from qudao_b2b_ordering.cart.models import Cart, CartLine
from qudao_b2b_ordering.pricing.models import PriceRow

from ..channel import Channel


@pytest.fixture
def channel(channel: Channel) -> Channel:
    channel.product("LAMP", "12.50", stock=100, pack=12, title="Desk lamp", title_zh="台灯")
    channel.product("BULB", "2.00", stock=5)
    return channel


def test_lines_are_added_in_bulk_with_a_result_each(channel: Channel) -> None:
    bai = channel.calls("bai")
    body = {
        "lines": [
            {"sku": "LAMP", "quantity": "2箱"},
            {"sku": "NOPE", "quantity": 1},
            {"sku": "BULB", "quantity": 9},
        ]
    }
    result = bai.ok("post", "carts/current/lines/", body)
    assert [(line["status"], line["kept"], line["quantity"]) for line in result["lines"]] == [
        ("ok", True, "24.000"),
        ("unknown", False, None),
        ("over_stock", True, "9.000"),
    ]
    assert result["lines"][1]["problems"][0] == {
        "code": "not_available",
        "message": "NOPE is not in your catalogue.",
        "field": "sku",
        "line": 2,
        "remedy": "Check the number, or remove the line.",
        "params": {"code": "NOPE"},
    }
    cart = bai.ok("get", "carts/current/")
    assert (cart["can_submit"], cart["totals"]["gross"]) == (False, "359.34")
    assert [(line["sku"], line["net"], [p["code"] for p in line["problems"]]) for line in cart["lines"]] == [
        ("LAMP", "300.00", []),
        ("BULB", "18.00", ["not_enough_stock"]),
    ]


def test_the_caller_reads_in_its_own_language(channel: Channel) -> None:
    chinese = channel.calls("bai", "zh-hans")
    chinese.ok("post", "carts/current/lines/", {"lines": [{"sku": "LAMP", "quantity": 12}]})
    assert chinese.ok("get", "carts/current/")["lines"][0]["name"] == "台灯"


def test_a_repeated_request_adds_once(channel: Channel) -> None:
    bai, body = channel.calls("bai"), {"lines": [{"sku": "LAMP", "quantity": 12}]}
    first = bai.ok("post", "carts/current/lines/", body, idempotency_key="ERP-1")
    again = bai("post", "carts/current/lines/", body, idempotency_key="ERP-1")
    assert again.json() == first
    assert again["Idempotency-Replayed"] == "true"
    assert CartLine.objects.get().quantity == 12
    status, problem = bai.refused(
        "post", "carts/current/lines/", {"lines": [{"sku": "BULB", "quantity": 1}]}, idempotency_key="ERP-1"
    )
    assert (status, problem["code"]) == (422, "idempotency_key_reused")
    status, problem = bai.refused("post", "carts/current/lines/", body, idempotency_key="")
    assert (status, problem["code"]) == (400, "idempotency_key_required")


def test_a_stale_change_is_refused(channel: Channel) -> None:
    bai = channel.calls("bai")
    bai.ok("post", "carts/current/lines/", {"lines": [{"sku": "LAMP", "quantity": 12}]})
    etag = bai("get", "carts/current/")["ETag"]
    line = CartLine.objects.get().pk
    bai.ok("patch", f"carts/current/lines/{line}/", {"quantity": "24"}, if_match=etag)
    status, problem = bai.refused("patch", f"carts/current/lines/{line}/", {"quantity": "36"}, if_match=etag)
    assert (status, problem["code"]) == (412, "changed_meanwhile")
    assert CartLine.objects.get().quantity == 24


def test_carts_are_started_named_switched_and_deleted(channel: Channel) -> None:
    bai = channel.calls("bai")
    first = bai.ok("post", "carts/current/lines/", {"lines": [{"sku": "LAMP", "quantity": 12}]})["cart"]
    second = bai.ok("post", "carts/", {"name": "Spring"}, status=201)["id"]
    assert [(row["id"], row["is_current"]) for row in bai.ok("get", "carts/")["results"]] == [
        (second, True),
        (first, False),
    ]
    renamed = bai.ok("patch", f"carts/{first}/", {"name": "Urgent", "is_current": True})
    assert (renamed["name"], renamed["is_current"], len(renamed["lines"])) == ("Urgent", True, 1)
    bai.ok("delete", f"carts/{first}/", status=204)
    assert [row["id"] for row in bai.ok("get", "carts/")["results"]] == [second]
    bai.ok("delete", "carts/current/lines/")
    assert Cart.objects.get().pk == second


def test_new_prices_are_accepted_exactly_as_seen(channel: Channel) -> None:
    bai = channel.calls("bai")
    bai.ok("post", "carts/current/lines/", {"lines": [{"sku": "LAMP", "quantity": 12}]})
    PriceRow.objects.filter(product__profile__sku="LAMP").update(unit_price=Decimal("13.00"))
    line = bai.ok("get", "carts/current/")["lines"][0]
    assert [notice["code"] for notice in line["notices"]] == ["price_changed"]
    assert (line["seen_price"], line["unit_price"]) == ("12.5000", "13.0000")
    cart = bai.ok("put", "carts/current/prices/", {"prices": [{"line": line["id"], "unit_price": "13.0000"}]})
    assert cart["lines"][0]["notices"] == []


def test_checkout_says_what_ordering_would_mean(channel: Channel) -> None:
    bai, address = channel.calls("bai"), channel.address_id
    bai.ok("post", "carts/current/lines/", {"lines": [{"sku": "LAMP", "quantity": 12}]})
    preview = bai.ok("get", "carts/current/checkout/")
    assert (preview["terms"], preview["address"], preview["cart"]["can_submit"]) == ("Net 30", address, True)
    assert [step["name"] for step in preview["steps"]][:2] == ["Sales approval", "Finance approval"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "lines"),
        ({"lines": []}, "lines"),
        ({"lines": "LAMP"}, "lines"),
        ({"lines": [{"quantity": 1}]}, "lines.0.product"),
        ({"lines": [{"sku": "LAMP"}]}, "lines.0.quantity"),
        ({"lines": [{"sku": "LAMP", "product": 1, "quantity": 1}]}, "lines.0.product"),
        ({"lines": [{"sku": "LAMP", "quantity": "9" * 41}]}, "lines.0.quantity"),
        ({"lines": [{"sku": "LA\u0000MP", "quantity": 1}]}, "lines.0.sku"),
        ({"mode": "steal", "lines": [{"sku": "LAMP", "quantity": 1}]}, "mode"),
    ],
)
def test_what_cannot_be_read_is_named(channel: Channel, body: object, field: str) -> None:
    status, problem = channel.calls("bai").refused("post", "carts/current/lines/", body)
    assert (status, problem["code"]) == (400, "invalid")
    assert field in [error.get("field", "").rstrip(".") for error in problem["errors"]], problem["errors"]
    assert not CartLine.objects.exists()


@pytest.mark.parametrize("name", ["bo", "pat", "stu"])
def test_another_persons_cart_does_not_exist(channel: Channel, name: str) -> None:
    cart = channel.fill(("LAMP", 12)).cart_id
    caller = channel.calls(name)
    for method, path, body in [
        ("get", f"carts/{cart}/", None),
        ("patch", f"carts/{cart}/", {"name": "Mine"}),
        ("delete", f"carts/{cart}/", None),
        ("delete", f"carts/{cart}/lines/", None),
        ("post", f"carts/{cart}/lines/", {"lines": [{"sku": "BULB", "quantity": 1}]}),
        ("get", f"carts/{cart}/checkout/", None),
        ("get", "carts/9999999999999999999999/", None),
        ("get", "carts/x/", None),
    ]:
        status, problem = caller.refused(method, path, body)
        assert (status, problem["code"]) == (404, "cart_not_found")
    assert CartLine.objects.get().cart.name == ""


@pytest.mark.parametrize("name", ["ann", "cao"])
def test_who_does_not_buy_is_told_which_role_is_missing(channel: Channel, name: str) -> None:
    status, problem = channel.calls(name).refused("get", "carts/current/")
    assert (status, problem["code"], problem["params"]) == (403, "role_required", {"role": "buyer"})


@pytest.mark.parametrize("count", [1, 3])
def test_a_cart_costs_the_same_with_one_and_three_lines(channel: Channel, count: int) -> None:
    for number in range(count):
        channel.product(f"X-{number}")
    channel.fill(*[(f"X-{number}", 1) for number in range(count)])
    bai = channel.calls("bai")
    bai.ok("get", "carts/current/")
    with CaptureQueriesContext(connection) as run:
        bai.ok("get", "carts/current/")
    assert len(run) == 9, [query["sql"][:90] for query in run]
