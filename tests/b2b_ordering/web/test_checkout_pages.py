"""The checkout orders what it showed, and a revision is a mode that every page shows."""

from __future__ import annotations

from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

from qudao_b2b_ordering.cart import services as cart_services
from qudao_b2b_ordering.models import Cart, CartLine, Order, PriceRow
from qudao_b2b_ordering.orders import services

from .conftest import words

HTMX = {"hx-request": "true"}


class _Form(HTMLParser):
    """The hidden and chosen fields of the checkout's form."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden" and given.get("name") in ("cart", "shown"):
            self.fields[given["name"]] = given.get("value", "")


def form_of(answer: Any, channel: Any) -> dict[str, object]:
    """What a browser would send from this page."""
    reader = _Form()
    reader.feed(answer.content.decode())
    return reader.fields | {"address": channel.address_id, "payment": "account"}


def returned(channel: Any) -> Order:
    order = channel.order(("LED-7", 4))
    return services.act(viewer=channel.viewer("sam"), number=order.number, action="return", note="Check")


def test_a_line_removed_in_another_tab_is_told_and_one_more_tap_confirms(channel, browse) -> None:
    for sku in ("LED-7", "LED-8"):
        channel.product(sku, price="10.00")
    channel.fill(("LED-7", 4), ("LED-8", 1))
    client = browse("bai")
    form = form_of(client.get("/checkout/"), channel)
    CartLine.objects.filter(product__profile__sku="LED-8").delete()
    answer = client.post("/checkout/", form | {"note": "Back door"})
    assert (answer.status_code, Order.objects.count()) == (422, 0)
    said = words(answer)
    assert "Not ordered yet: something has changed since you opened this page" in said
    assert "LED-8 × 1 was removed." in said
    assert "Total: 56.50 CNY before, now 45.20 CNY." in said
    assert "Confirm and place order" in said
    assert "Back door" in answer.content.decode()
    client.post("/checkout/", form_of(answer, channel))
    assert Order.objects.get().gross == Decimal("45.20")


def test_a_price_that_changed_while_the_page_was_open_is_told(channel, browse) -> None:
    channel.product("LED-7", price="10.00")
    channel.fill(("LED-7", 4))
    client = browse("bai")
    form = form_of(client.get("/checkout/"), channel)
    PriceRow.objects.update(unit_price=Decimal("11.00"))
    answer = client.post("/checkout/", form)
    assert "The price has changed from 10.00 CNY to 11.00 CNY." in words(answer)
    client.post("/checkout/", form_of(answer, channel))
    assert Order.objects.get().net == 44


def test_a_page_in_chinese_says_it_in_chinese(channel, browse) -> None:
    channel.product("LED-7", price="10.00")
    channel.fill(("LED-7", 4))
    client = browse("bai", "zh-hans")
    form = form_of(client.get("/checkout/"), channel)
    CartLine.objects.update(quantity=5)
    said = words(client.post("/checkout/", form))
    assert "尚未下单" in said
    assert "LED-7：数量原为 4，现为 5。" in said


def test_the_same_number_twice_is_told(channel, browse) -> None:
    channel.product("LED-7")
    first = channel.order(("LED-7", 1), po_number="PO-7")
    channel.fill(("LED-7", 4))
    client = browse("bai")
    form = form_of(client.get("/checkout/"), channel) | {"po_number": "PO-7"}
    said = words(client.post("/checkout/", form, follow=True))
    assert f"Your order number PO-7 is also used on {first.number}." in said


def test_numbers_that_no_page_writes_are_no_server_error(channel, browse) -> None:
    channel.product("LED-7")
    line = channel.fill(("LED-7", 4)).lines[0]
    client = browse("bai")
    for accept in (f"{line.line_id}:sNaN", f"{line.line_id}:1e999", "9" * 5000 + ":1", ":"):
        form = {"address": channel.address_id, "payment": "account", "accept": accept, "cart": "9" * 30}
        assert client.post("/checkout/", form).status_code == 404
        assert client.post("/checkout/", form | {"cart": ""}).status_code in (302, 422)
        channel.fill(("LED-7", 4))


def test_a_revision_shows_on_every_page_and_leads_out(channel, browse) -> None:
    channel.product("LED-7")
    channel.product("LED-8")
    order = returned(channel)
    before = channel.fill(("LED-8", 2)).cart_id
    client = browse("bai")
    assert "qd-mode-band" not in client.get("/orders/").content.decode()
    client.post(f"/orders/{order.number}/change/")
    for page in ("/", "/catalogue/", "/orders/", "/cart/", "/checkout/", f"/orders/{order.number}/"):
        said = words(client.get(page, follow=True))
        assert f"You are changing order {order.number}. What you add goes into this order." in said
    stopped = client.post(f"/orders/{order.number}/change/stop/", follow=True)
    assert f"Order {order.number} was not changed." in words(stopped)
    assert "changes so far are kept" not in words(stopped)
    assert "You are changing order" not in words(stopped)
    assert cart_services.current_cart_id(channel.viewer("bai")) == before


def test_adding_during_a_revision_says_where_it_goes(channel, browse) -> None:
    channel.product("LED-7")
    channel.product("LED-8")
    order = returned(channel)
    client = browse("bai")
    client.post(f"/orders/{order.number}/change/")
    live = client.post("/cart/lines/", {"sku": "LED-8", "quantity": "3", "mode": "set"}, headers=HTMX)
    assert f"3 pieces in order {order.number}" in words(live)
    plain = client.post("/cart/lines/", {"sku": "LED-8", "quantity": "1", "next": "/catalogue/"}, follow=True)
    assert f"Product LED-8 is in order {order.number}." in words(plain)


def test_a_revision_whose_order_has_moved_on_says_so(channel, browse) -> None:
    channel.product("LED-7")
    order = returned(channel)
    client = browse("bai")
    client.post(f"/orders/{order.number}/change/")
    services.act(viewer=channel.viewer("sam"), number=order.number, action="cancel", note="No")
    assert f"Order {order.number} is no longer waiting for your changes." in words(client.get("/catalogue/"))
    client.post(f"/orders/{order.number}/change/stop/")
    assert not Cart.objects.filter(is_current=True, submitted_at=None).exists()
