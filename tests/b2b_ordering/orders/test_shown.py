"""What was shown is what is ordered, and a returned order stays with its seller."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from qudao_b2b_ordering.cart import queries as carts
from qudao_b2b_ordering.cart import services as cart_services
from qudao_b2b_ordering.cart.models import CartLine
from qudao_b2b_ordering.cart.rules import LineInput
from qudao_b2b_ordering.orders import services
from qudao_b2b_ordering.orders.models import Order
from qudao_b2b_ordering.orders.rules import Shown, ShownLine, differences, read_shown
from qudao_b2b_ordering.pricing.models import PriceRow
from qudao_core import api as core
from qudao_partner_portal import testing as people

from ..channel import Channel


def seen(channel: Channel) -> Shown:
    """What Bai is shown at this moment."""
    viewer = channel.viewer("bai")
    return services.shown_now(viewer, carts.price_cart(viewer, carts.get_cart(viewer)))


def refused(channel: Channel, shown: Shown) -> core.Refusal:
    with pytest.raises(core.Conflict) as caught:
        services.submit(viewer=channel.viewer("bai"), cart_id=None, request=channel.request(shown=shown))
    assert not Order.objects.exists()
    assert caught.value.code == "changed_since_shown"
    return caught.value


def test_an_unchanged_cart_is_ordered(channel: Channel) -> None:
    channel.product("LAMP", "10.00")
    channel.fill(("LAMP", "2"))
    shown = seen(channel)
    assert (shown.total, shown.seller_id) == (Decimal("22.60"), channel.maker.pk)
    assert read_shown(shown.as_text()) == shown
    order = services.submit(viewer=channel.viewer("bai"), cart_id=None, request=channel.request(shown=shown))
    assert order.gross == shown.total


def test_lines_that_came_went_or_changed_are_named(channel: Channel) -> None:
    for sku in ("LAMP", "BULB", "WIRE"):
        channel.product(sku, "10.00")
    channel.fill(("LAMP", "2"), ("BULB", "3"))
    shown = seen(channel)
    viewer = channel.viewer("bai")
    cart_services.add_lines(viewer=viewer, lines=[LineInput("LAMP", 5), LineInput("WIRE", 1)], mode="set")
    cart_services.remove_product(viewer=viewer, code="BULB")
    found = refused(channel, shown)
    assert [(each.code, each.line) for each in found.problems] == [
        ("quantity_changed", 1),
        ("line_added", 2),
        ("line_removed", None),
        ("total_changed", None),
    ]
    assert [str(each.message) for each in found.problems] == [
        "LAMP: quantity 2 before, now 5.",
        "WIRE × 1 was added.",
        "BULB × 3 was removed.",
        "Total: 56.50 CNY before, now 67.80 CNY.",
    ]
    again = channel.request(shown=seen(channel))
    assert services.submit(viewer=viewer, cart_id=None, request=again).gross == Decimal("67.80")


def test_a_new_price_stops_the_order_and_is_ordered_once_it_was_shown(channel: Channel) -> None:
    lamp = channel.product("LAMP", "10.00")
    channel.fill(("LAMP", "2"))
    shown = seen(channel)
    PriceRow.objects.filter(product=lamp).update(unit_price=Decimal("12.00"))
    problem = refused(channel, shown).problems[0]
    assert (problem.code, problem.line, problem.params["new"]) == ("price_changed", 1, Decimal("12.0000"))
    again = channel.request(shown=seen(channel))
    assert services.submit(viewer=channel.viewer("bai"), cart_id=None, request=again).net == 24


@pytest.mark.parametrize(
    ("change", "code"), [({"seller_id": 10**9}, "seller_changed"), ({"currency": "EUR"}, "currency_changed")]
)
def test_another_seller_or_currency_stops_the_order(
    channel: Channel, change: dict[str, Any], code: str
) -> None:
    channel.product("LAMP", "10.00")
    channel.fill(("LAMP", "2"))
    assert [each.code for each in refused(channel, replace(seen(channel), **change)).problems] == [code]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "[1,2]",
        '[1,"CNY","NaN",[]]',
        '[1,"CNY","1",[[1]]]',
        "[" * 5000,
        '[1,"CNY","1",[["x","1","1"]]]',
    ],
)
def test_what_the_page_never_wrote_is_not_read(text: str) -> None:
    assert read_shown(text) is None


def test_what_was_not_told_is_not_compared() -> None:
    now = Shown((ShownLine(1, Decimal(2), Decimal(3)),), Decimal(6), "CNY", 7)
    assert differences(Shown(), now) == ()
    assert differences(Shown(lines=(ShownLine(1, Decimal(2)),)), now) == ()
    assert [each.code for each in differences(Shown(lines=()), now)] == ["line_added"]
    by_sku = Shown(lines=(ShownLine("lamp", Decimal(2), Decimal(4)),))
    assert [(each.code, each.before, each.now) for each in differences(by_sku, now, {1: "LAMP"})] == [
        ("price_changed", 4, 3)
    ]


def test_a_program_says_what_it_expects(channel: Channel) -> None:
    channel.product("LAMP", "10.00")
    channel.fill(("LAMP", "2"))
    bai = channel.calls("bai")
    lines = [{"sku": "LAMP", "quantity": "2", "unit_price": "9.0000"}]
    status, problem = bai.refused(
        "post", "orders/", {"address": channel.address_id, "expected": {"total": "20.34", "lines": lines}}
    )
    assert (status, problem["code"]) == (409, "changed_since_shown")
    assert [each["code"] for each in problem["errors"]] == ["price_changed", "total_changed"]
    assert problem["params"]["total"] == "22.60"
    lines[0]["unit_price"] = "10.0000"
    made = bai.ok(
        "post",
        "orders/",
        {"address": channel.address_id, "expected": {"total": "22.60", "currency": "CNY", "lines": lines}},
        201,
    )
    assert made["gross"] == "22.60"


def test_a_program_orders_the_cart_it_knows_by_its_etag(channel: Channel) -> None:
    channel.product("LAMP", "10.00")
    channel.fill(("LAMP", "2"))
    bai = channel.calls("bai")
    tag = bai("get", "carts/current/")["ETag"]
    CartLine.objects.update(quantity=3)
    channel.fill(("LAMP", "1"))
    body = {"address": channel.address_id}
    status, problem = bai.refused("post", "orders/", body, if_match=tag)
    assert (status, problem["code"]) == (412, "changed_meanwhile")
    tag = bai("get", "carts/current/")["ETag"]
    assert bai.ok("post", "orders/", body, 201, if_match=tag)["line_count"] == 1


def test_a_returned_order_is_not_resubmitted_at_another_sellers_prices(channel: Channel) -> None:
    """The distributor above becomes a seller while the order is with the buyer."""
    channel.product("LAMP", "10.00")
    order = channel.order(("LAMP", "2"))
    services.act(viewer=channel.viewer("sam"), number=order.number, action="return", note="Check")
    cart = services.revise(viewer=channel.viewer("bai"), number=order.number)
    channel.distributor.is_seller = True
    channel.distributor.save()
    bai = channel.viewer("bai")
    assert bai.seller_id == channel.distributor.pk
    for call in (
        lambda: services.submit(viewer=bai, cart_id=cart.pk, request=channel.request()),
        lambda: services.revise(viewer=bai, number=order.number),
    ):
        with pytest.raises(core.Refusal) as caught:
            call()
        assert caught.value.problem.remedy
    assert caught.value.code == "other_seller"
    order.refresh_from_db()
    assert (order.status, order.gross) == ("returned", Decimal("22.60"))
    services.act(viewer=bai, number=order.number, action="cancel", note="Ordered elsewhere")


def test_a_second_order_under_one_number_of_the_buyer_is_told(channel: Channel) -> None:
    channel.product("LAMP", "10.00")
    first = channel.order(("LAMP", "1"), po_number="PO-7")
    second = channel.order(("LAMP", "1"), po_number="po-7")
    other = channel.order(("LAMP", "1"), po_number="PO-8")
    bai = channel.calls("bai")
    assert bai.ok("get", f"orders/{second.number}/")["same_po_number"] == [first.number]
    assert bai.ok("get", f"orders/{other.number}/")["same_po_number"] == []
    services.act(viewer=channel.viewer("sam"), number=first.number, action="cancel", note="Twice")
    assert bai.ok("get", f"orders/{second.number}/")["same_po_number"] == []


def test_the_buyers_number_is_compared_at_one_seller_only(channel: Channel) -> None:
    channel.product("LAMP", "10.00")
    order = channel.order(("LAMP", "1"), po_number="PO-7")
    elsewhere = type(order).objects.get(pk=order.pk)
    elsewhere.pk, elsewhere.number, elsewhere.cart_id = None, "SO-ELSEWHERE", None
    elsewhere.seller = people.make_company("Other maker")
    elsewhere.save()
    assert channel.calls("bai").ok("get", f"orders/{order.number}/")["same_po_number"] == []
