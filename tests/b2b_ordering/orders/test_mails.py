from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from qudao_b2b_ordering.orders import services
from qudao_core.events.dispatch import dispatch

from ..channel import Channel


@pytest.fixture
def channel(channel: Channel) -> Channel:
    channel.product("LAMP", stock=100)
    return channel


def delivered() -> list[tuple[str, str]]:
    """What was written to whom, after every due event was delivered."""
    mail.outbox.clear()
    while dispatch():
        pass
    return sorted((each.to[0].partition(".")[0], each.subject) for each in mail.outbox)


def act(channel: Channel, name: str, order: Any, action: str, note: str = "") -> None:
    services.act(viewer=channel.viewer(name), number=order.number, action=action, note=note)


def test_submitting_tells_the_buyer_and_the_approver(channel: Channel) -> None:
    order = channel.order(("LAMP", "2"), note="Ring twice")
    assert delivered() == [
        ("bai", f"We have received your order {order.number}"),
        ("sam", f"Sales approval: order {order.number} from Chengdu Lamps needs your action"),
    ]
    body = mail.outbox[0].body
    assert "Ring twice" in body
    assert "¥22.60" in body
    assert f"/orders/{order.number}/" in body


def test_everybody_reads_in_the_own_language(channel: Channel) -> None:
    sam = channel.users["sam"]
    sam.language = "zh-hans"
    sam.save()
    order = channel.order(("LAMP", "2"))
    delivered()
    to_sam = next(each for each in mail.outbox if each.to[0].startswith("sam"))
    assert to_sam.subject.startswith("供货方审批")
    assert order.number in to_sam.subject


def test_a_returned_order_tells_the_buyer_why(channel: Channel) -> None:
    order = channel.order(("LAMP", "2"))
    delivered()
    act(channel, "sam", order, "return", "Whole cartons only, please")
    assert delivered() == [("bai", f"Please change your order {order.number}")]
    assert "Sam Sales: Whole cartons only, please" in mail.outbox[0].body


def test_nobody_is_told_what_they_did_themselves(channel: Channel) -> None:
    order = channel.order(("LAMP", "2"))
    delivered()
    act(channel, "bai", order, "cancel", "Changed our mind")
    assert delivered() == []


def test_the_whole_way_tells_each_in_turn(channel: Channel) -> None:
    order = channel.order(("LAMP", "2"))
    delivered()
    told = []
    for name, action in (("sam", "approve"), ("fia", "approve"), ("wan", "release")):
        act(channel, name, order, action)
        told.append([who for who, _subject in delivered()])
    services.ship(
        viewer=channel.viewer("wan"),
        number=order.number,
        shipment=services.ShipmentInput(carrier="SF", tracking_number="SF-9"),
    )
    shipped = delivered()
    assert told == [["fia"], ["wan"], []]
    assert shipped == [("bai", f"Your order {order.number} is on its way: please confirm when it arrives")]
    assert "SF-9" in mail.outbox[0].body
    services.confirm_receipt(viewer=channel.viewer("bo"), number=order.number)
    assert delivered() == [("bai", f"Your order {order.number} is complete")]


def test_an_event_that_comes_too_late_asks_nobody_to_act(channel: Channel) -> None:
    """Sales approved before the mail went out: only finance, who has to act now, is asked."""
    order = channel.order(("LAMP", "2"))
    act(channel, "sam", order, "approve")
    assert [who for who, _subject in delivered()] == ["bai", "fia"]


def test_the_buyers_own_number_is_called_what_it_is_to_each_reader(channel: Channel) -> None:
    channel.order(("LAMP", "2"), po_number="PO & 7")
    delivered()
    to_buyer, to_seller = sorted(mail.outbox, key=lambda each: each.to[0])
    assert "Your order number: PO & 7" in to_buyer.body
    assert "Buyer's order number: PO & 7" in to_seller.body
    assert "Your order number" not in to_seller.body + str(to_seller.alternatives[0])
