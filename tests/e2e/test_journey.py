"""The main job in Chromium: a dealer orders at the own price, and the order walks its flow to the receipt."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.demo import Demo
from tests.e2e.visitor import Visitor, arrive

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SKU = "LH-A60-12-30"
Person = Callable[..., Visitor]


@pytest.fixture
def person(chromium: Browser, channel: Demo) -> Iterator[Person]:
    """`person("buyer", width=390)`: one of the demo's people, signed in."""
    windows = []

    def arrives(name: str, *, width: int = 1280, language: str = "en") -> Visitor:
        visitor, close = arrive(chromium, channel.url, width=width, language=language)
        windows.append((visitor, close))
        visitor.sign_in(f"{name}@example.com")
        return visitor

    yield arrives
    said = [complaint for visitor, _close in windows for complaint in visitor.complaints]
    for _visitor, close in windows:
        close()
    assert [text for text in said if "404 (Not Found)" not in text] == []


def submit(visitor: Visitor, button: str = "main form button[type=submit]", lands: str = "**") -> None:
    """Press `button`, wait for the answer, and for the page at `lands`."""
    with visitor.page.expect_response(lambda response: response.request.method == "POST"):
        visitor.page.locator(button).first.click()
    visitor.page.wait_for_url(lands)
    visitor.page.wait_for_load_state("networkidle")


def put_in_cart(visitor: Visitor, sku: str, quantity: int) -> None:
    visitor.open("/cart/")
    form = visitor.page.locator("main form:has(input[name=sku])").first
    form.locator("input[name=sku]").fill(sku)
    form.locator("input[name=quantity]").fill(str(quantity))
    submit(visitor, "main form:has(input[name=sku]) button[type=submit]")


def test_from_the_cart_to_the_receipt(person: Person) -> None:
    buyer = person("buyer")
    put_in_cart(buyer, SKU, 200)
    total = buyer.page.locator("main").inner_text()
    buyer.open("/checkout/")
    buyer.page.fill("input[name=po_number]", "PO-2026-7")
    submit(buyer, "button[type=submit][form=checkout-form]:visible", lands="**/orders/SO-*/")
    order = buyer.page.url.removeprefix(buyer.base)
    assert order.startswith("/orders/")
    assert "PO-2026-7" in buyer.page.inner_text("main")
    assert [word for word in total.split() if word.startswith("¥")][-1] in buyer.page.inner_text("main")

    stranger = person("export")
    assert stranger.open(order).status == 404

    approver = person("distributor")
    approver.open("/sales/")
    assert order.strip("/").split("/")[-1] in approver.page.inner_text("main")
    approver.open(order)
    submit(approver, "main button[name=action][value=approve]")

    warehouse = person("stock")
    warehouse.open(order)
    submit(warehouse, "main button[name=action][value=release]")
    warehouse.open(f"{order}ship/")
    warehouse.page.fill("input[name=carrier]", "SF Express")
    warehouse.page.fill("input[name=tracking_number]", "SF-2026-7")
    submit(warehouse, lands=f"**{order}")
    assert "SF-2026-7" in warehouse.page.inner_text("main")

    phone = person("buyer", width=390, language="zh-hans")
    phone.open(order)
    receipt = phone.page.locator("main a[href*='/receipt/']").first.get_attribute("href")
    assert receipt is not None
    phone.open(receipt)
    phone.page.fill("input[name=short-1]", "3")
    submit(phone, ".qd-action-bar button[type=submit]:visible", lands=f"**{order}")
    said = phone.page.inner_text("main")
    assert "收货" in said and "3" in said
    assert phone.page.locator("main a[href*='/receipt/']").count() == 0
    assert phone.overflow() == 0 and phone.barriers() == []


def test_what_cannot_be_ordered_says_why_and_keeps_what_was_typed(person: Person) -> None:
    buyer = person("buyer")
    put_in_cart(buyer, "NO-SUCH-SKU", 1)
    assert "NO-SUCH-SKU" in buyer.page.inner_text("body")
    assert buyer.page.input_value("main input[name=sku] >> nth=0") in {"NO-SUCH-SKU", ""}


def test_documents_open_for_the_buyer_and_for_nobody_else(person: Person) -> None:
    buyer = person("buyer")
    buyer.open("/orders/")
    order = buyer.page.locator("main a[href^='/orders/SO-']").first.get_attribute("href")
    document = f"{order}confirmation.pdf"
    answer = buyer.page.request.get(buyer.base + document)
    assert (answer.status, answer.body()[:5]) == (200, b"%PDF-")
    stranger = person("export")
    assert stranger.page.request.get(stranger.base + document).status == 404
