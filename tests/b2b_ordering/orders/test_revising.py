"""Revising a returned order is a mode: it begins, shows where goods go, and ends with the cart from before."""

from __future__ import annotations

from qudao_b2b_ordering.cart import queries as carts
from qudao_b2b_ordering.cart import services as cart_services
from qudao_b2b_ordering.orders import services
from qudao_b2b_ordering.orders.models import Order

from ..channel import Channel


def returned(channel: Channel, sku: str = "LAMP") -> Order:
    order = channel.order((sku, "2"))
    return services.act(viewer=channel.viewer("sam"), number=order.number, action="return", note="Check")


def current(channel: Channel) -> int | None:
    return cart_services.current_cart_id(channel.viewer("bai"))


def test_after_resubmission_the_cart_from_before_is_current(channel: Channel) -> None:
    channel.product("LAMP")
    channel.product("BULB")
    order, bai = returned(channel), channel.viewer("bai")
    before = channel.fill(("BULB", "4")).cart_id
    cart = services.revise(viewer=bai, number=order.number)
    assert current(channel) == cart.pk
    assert carts.cart_count(bai).revises == order.number
    services.submit(viewer=bai, cart_id=cart.pk, request=channel.request())
    assert current(channel) == before


def test_stopping_restores_the_cart_and_keeps_the_changes(channel: Channel) -> None:
    channel.product("LAMP")
    channel.product("BULB")
    order, bai = returned(channel), channel.viewer("bai")
    before = channel.fill(("BULB", "4")).cart_id
    cart = services.revise(viewer=bai, number=order.number)
    assert not services.has_changes(bai, order.number)
    channel.fill(("BULB", "1"))
    assert services.has_changes(bai, order.number)
    left = services.stop_revising(viewer=bai)
    assert left is not None
    assert (left.pk, current(channel)) == (before, before)
    order.refresh_from_db()
    assert (order.status, order.lines.get().sku) == ("returned", "LAMP")
    assert services.stop_revising(viewer=bai).pk == before  # type: ignore[union-attr]
    again = services.revise(viewer=bai, number=order.number)
    assert (again.pk, again.lines.count(), again.former_id) == (cart.pk, 2, before)


def test_without_a_cart_before_the_next_product_begins_one(channel: Channel) -> None:
    channel.product("LAMP")
    order, bai = returned(channel), channel.viewer("bai")
    cart = services.revise(viewer=bai, number=order.number)
    assert services.stop_revising(viewer=bai) is None
    assert current(channel) is None
    assert channel.fill(("LAMP", "1")).cart_id != cart.pk


def test_two_revisions_lead_back_to_the_cart_before_both(channel: Channel) -> None:
    channel.product("LAMP")
    first, second, bai = returned(channel), returned(channel), channel.viewer("bai")
    before = channel.fill(("LAMP", "4")).cart_id
    services.revise(viewer=bai, number=first.number)
    services.revise(viewer=bai, number=second.number)
    assert services.stop_revising(viewer=bai, number=first.number).revises_id == second.pk  # type: ignore[union-attr]
    services.stop_revising(viewer=bai, number=second.number)
    assert current(channel) == before


def test_a_deleted_revision_leads_back_too(channel: Channel) -> None:
    channel.product("LAMP")
    order, bai = returned(channel), channel.viewer("bai")
    before = channel.fill(("LAMP", "4")).cart_id
    cart_services.start_cart(viewer=bai, name="Newer")
    cart_services.switch_cart(viewer=bai, cart_id=before)
    cart = services.revise(viewer=bai, number=order.number)
    cart_services.delete_cart(viewer=bai, cart_id=cart.pk)
    assert current(channel) == before


def test_a_revision_submitted_from_elsewhere_leaves_the_current_cart(channel: Channel) -> None:
    channel.product("LAMP")
    order, bai = returned(channel), channel.viewer("bai")
    cart = services.revise(viewer=bai, number=order.number)
    services.stop_revising(viewer=bai)
    now = channel.fill(("LAMP", "1")).cart_id
    services.submit(viewer=bai, cart_id=cart.pk, request=channel.request())
    assert current(channel) == now


def test_a_program_stops_revising(channel: Channel) -> None:
    channel.product("LAMP")
    order = returned(channel)
    before = channel.fill(("LAMP", "4")).cart_id
    bai = channel.calls("bai")
    bai.ok("post", f"orders/{order.number}/revision/")
    assert bai("delete", f"orders/{order.number}/revision/").status_code == 204
    assert bai.ok("get", "carts/current/")["id"] == before
