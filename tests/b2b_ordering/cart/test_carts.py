"""Several carts of one person: how many, what they are called, and which is the current one."""

from __future__ import annotations

import pytest
from qudao_b2b_ordering.cart import queries, rules, services
from qudao_b2b_ordering.cart.models import Cart, CartLine
from qudao_core import api as core
from qudao_partner_portal import api as portal
from qudao_partner_portal import testing as people

from ..channel import Channel


def test_fifty_open_carts_are_the_most(channel: Channel) -> None:
    bai = channel.viewer("bai")
    for number in range(rules.MOST_CARTS):
        services.start_cart(viewer=bai, name=f"Cart {number}")
    with pytest.raises(core.Refusal, match="too_many_carts"):
        services.start_cart(viewer=bai)
    assert queries.open_carts(bai).count() == rules.MOST_CARTS == 50
    assert services.start_cart(viewer=channel.viewer("bo")).is_current, (
        "a colleague's carts are no part of it"
    )


def test_one_cart_is_current_the_one_started_or_chosen_last(channel: Channel) -> None:
    bai = channel.viewer("bai")
    first, second = services.start_cart(viewer=bai), services.start_cart(viewer=bai)
    theirs = services.start_cart(viewer=channel.viewer("bo"))

    def current() -> set[int]:
        return set(Cart.objects.filter(is_current=True).values_list("pk", flat=True))

    assert current() == {second.pk, theirs.pk}
    services.switch_cart(viewer=bai, cart_id=first.pk)
    assert current() == {first.pk, theirs.pk}


def test_a_person_of_two_companies_has_carts_of_each(channel: Channel) -> None:
    channel.product("LAMP")
    channel.fill(("LAMP", "3"))
    people.add_member(channel.users["bai"], channel.stranger, ["buyer"])
    there = people.viewer_of(channel.users["bai"], channel.stranger)
    assert there.company_id == channel.stranger.pk
    assert not queries.open_carts(there).exists()
    assert queries.carts(there) == []
    services.start_cart(viewer=there)
    assert queries.get_cart(channel.viewer("bai")).company_id == channel.dealer.pk
    assert queries.get_cart(there).company_id == channel.stranger.pk


def test_a_place_in_the_cart_is_the_line_there_or_the_next_one(channel: Channel) -> None:
    channel.products(3)
    lines = [line.line_id for line in channel.fill(*((f"N-00{number}", 1) for number in (1, 2, 3))).lines]
    bai = channel.viewer("bai")
    places = dict(CartLine.objects.values_list("pk", "position"))
    assert [queries.line_at(bai, places[pk]) for pk in lines] == lines
    services.remove_line(viewer=bai, line_id=lines[1])
    assert queries.line_at(bai, places[lines[1]]) == lines[2]
    assert queries.line_at(bai, places[lines[2]] + 1) == 0


def test_a_name_is_trimmed_and_as_long_as_its_column_at_most(channel: Channel) -> None:
    bai = channel.viewer("bai")
    longest = Cart._meta.get_field("name").max_length
    cart = services.start_cart(viewer=bai, name="  " + "灯" * 100)
    assert cart.name == "灯" * longest
    renamed = services.rename_cart(viewer=bai, cart_id=cart.pk, name="x" * 100 + " ")
    assert renamed.name == "x" * longest


def test_what_lies_in_the_cart_is_told_to_who_may_order(channel: Channel) -> None:
    lamp, bulb = channel.product("LAMP"), channel.product("BULB")
    channel.fill(("LAMP", "3"))
    assert queries.in_cart(channel.viewer("bai"), [lamp.pk, bulb.pk]) == {lamp.pk: 3}
    for name in ("bo", "cao", "sam"):
        assert queries.in_cart(channel.viewer(name), [lamp.pk]) == {}, name


def test_a_guest_has_nothing_in_the_cart(channel: Channel) -> None:
    lamp = channel.product("LAMP")
    channel.fill(("LAMP", "3"))
    assert queries.in_cart(portal.guest_viewer("en"), [lamp.pk]) == {}
