"""What a phone shows: prices name their currency and unit, one main action, messages that go when they are over."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from qudao_b2b_ordering.orders import services
from qudao_b2b_ordering.orders.rules import ShipLine
from qudao_b2b_ordering.orders.services import ShipmentInput

from tests.b2b_ordering.channel import Channel
from tests.b2b_ordering.web.test_cart_in_a_browser import At, at, fill, settled

__all__ = ["at"]

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def placed(channel: Channel) -> str:
    channel.product("LED-7", price="12.50")
    channel.product("LED-9", price="20.00")
    return str(channel.order(("LED-7", 12), ("LED-9", 6)).number)


@pytest.mark.parametrize(
    ("path", "cell", "price"),
    [
        ("/catalogue/", ".qd-cell-price", "¥12.50/piece"),
        ("/cart/", ".qd-line-price", "¥12.50/piece"),
        ("/cart/", ".qd-line-amount", "¥150.00"),
        ("/checkout/", ".qd-line-price", "¥12.50"),
        ("/orders/{}/", ".qd-line-price", "¥12.50"),
        ("/orders/{}/", ".qd-line-amount", "¥150.00"),
    ],
)
def test_a_price_without_a_column_head_names_its_currency_and_unit(
    channel: Channel, at: At, path: str, cell: str, price: str
) -> None:
    number = placed(channel)
    channel.fill(("LED-7", 12))
    page = at(path.format(number), width=390)
    shown = page.locator(cell).first.inner_text().replace("\n", "")
    assert shown.lstrip("= ").startswith(price)
    if not path.startswith(
        ("/catalogue/", "/cart/")
    ):  # a line that is only read has its unit at the quantity
        assert "pieces" in page.locator(".qd-line-quantity").first.inner_text()
    wide = at(path.format(number), width=1280)
    currency = wide.locator(cell).first.locator(".qd-currency").first
    # the checkout's summary is as narrow on a desktop as on a phone
    assert currency.is_visible() == (path == "/checkout/")


@pytest.mark.parametrize("width", [390, 700])
@pytest.mark.parametrize("step", ["ship", "receipt", "order"])
def test_the_main_action_is_offered_once(channel: Channel, at: At, step: str, width: int) -> None:
    number = placed(channel)
    for name, action in (("sam", "approve"), ("fia", "approve"), ("wan", "release")):
        services.act(viewer=channel.viewer(name), number=number, action=action)
    path, name = f"/orders/{number}/ship/", "wan"
    if step != "ship":
        sent = ShipmentInput(lines=(ShipLine(1, Decimal(12)), ShipLine(2, Decimal(6))))
        made = services.ship(viewer=channel.viewer("wan"), number=number, shipment=sent)
        path, name = f"/orders/{number}/shipments/{made.number}/receipt/", "bai"
    if step == "order":
        path = f"/orders/{number}/"
    page = at(path, name=name, width=width)
    assert [each.inner_text() for each in page.locator("[data-kind=primary]").all() if each.is_visible()] == [
        "Ship" if step == "ship" else "Confirm receipt"
    ]
    if step != "order":
        page.locator(".qd-action-bar button").click()
        page.wait_for_url(f"**/orders/{number}/")


def test_a_long_number_is_shown_whole(channel: Channel, at: At) -> None:
    channel.products(2)
    page = at("/catalogue/", width=390)
    field = page.locator(".qd-product-row input[name=quantity]").first
    for typed in ("12", "1234567890"):
        field.fill(typed)
        hidden = field.evaluate("field => field.scrollWidth - field.clientWidth")
        assert hidden <= 0, typed
    field.fill("12")
    expect(page.locator(".qd-product-row [data-step='1']").first).to_be_visible()


def no_word_of_it(page: Page) -> None:
    expect(page.locator("#qd-offline")).to_be_hidden()
    expect(page.locator(".qd-toast", has_text="No connection")).to_have_count(0)


def test_the_message_goes_when_the_connection_is_back(channel: Channel, at: At) -> None:
    line = fill(channel, 2)[0]
    page = at("/cart/", width=390)
    page.context.set_offline(True)
    page.locator(f"#quantity-{line}").fill("44")
    page.keyboard.press("Enter")
    expect(page.locator(".qd-toast", has_text="No connection")).to_have_count(1)
    expect(page.locator("#qd-offline")).to_be_visible()
    page.context.set_offline(False)
    no_word_of_it(page)


def test_a_browser_that_only_thinks_it_is_offline_is_corrected_by_an_answer(channel: Channel, at: At) -> None:
    line = fill(channel, 2)[0]
    page = at("/cart/", width=390)
    page.evaluate("dispatchEvent(new Event('offline'))")
    expect(page.locator("#qd-offline")).to_be_visible()
    page.locator(f"#quantity-{line}").fill("44")
    page.keyboard.press("Enter")
    settled(page)
    no_word_of_it(page)


def test_the_band_of_a_revised_order_is_one_row(channel: Channel, at: At) -> None:
    number = placed(channel)
    services.act(viewer=channel.viewer("sam"), number=number, action="return", note="Too many")
    services.revise(viewer=channel.viewer("bai"), number=number)
    page = at("/catalogue/", width=390)
    band = page.locator(".qd-mode-band")
    expect(band).to_contain_text(number)
    box = band.bounding_box()
    assert box is not None and box["height"] <= 48
