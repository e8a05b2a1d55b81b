"""The cart by hand, in Chromium: what is typed or tapped is what a reload shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer
from qudao_b2b_ordering import testing
from qudao_b2b_ordering.models import CartLine

from tests.b2b_ordering.channel import Channel

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

At = Callable[..., Page]


@pytest.fixture
def at(chromium: Browser, live_server: LiveServer, channel: Channel) -> Iterator[At]:
    """``at(path, name=…, width=…)``: the page as that person sees it."""
    contexts = []

    def opened(path: str, *, name: str = "bai", width: int = 1280, **options: object) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 844},
            has_touch=width < 600,
            is_mobile=width < 600,
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        context.add_cookies([sign_in(channel, name, live_server.url)])
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()


def sign_in(channel: Channel, name: str, url: str) -> dict[str, str]:
    client = Client()
    client.force_login(channel.users[name])
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}


def fill(channel: Channel, count: int, quantity: int = 10) -> list[int]:
    channel.products(count)
    lines = channel.fill(*((f"N-{number:03d}", quantity) for number in range(1, count + 1))).lines
    return [int(line.line_id or 0) for line in lines]


def settled(page: Page) -> None:
    expect(page.locator(".htmx-request")).to_have_count(0)


def shown(page: Page, line_id: int) -> tuple[str, str]:
    """Quantity and amount of a line, as the page has them."""
    amount = page.locator(f"#line-{line_id}-amount").inner_text().strip().removeprefix("¥")
    return page.locator(f"#quantity-{line_id}").input_value(), amount


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("count", [1, 2, 30])
def test_a_typed_quantity_is_saved_with_tab_with_enter_and_by_tapping(
    channel: Channel, at: At, count: int, width: int
) -> None:
    line = fill(channel, count)[-1]
    page = at("/cart/", width=width)
    field = page.locator(f"#quantity-{line}")
    for typed, key in (("200", "Tab"), ("37", "Enter")):
        field.fill(typed)
        with page.expect_response(lambda answer: f"/cart/lines/{line}/" in answer.url):
            field.press(key)
        expect(page.locator(f"#line-{line}-amount")).to_have_text(f"¥{int(typed) * 10:,}.00")
        assert CartLine.objects.get(pk=line).quantity == int(typed)
    with page.expect_response(lambda answer: f"/cart/lines/{line}/" in answer.url):
        page.locator(f"#line-{line} [data-step='1']").click()
    settled(page)
    page.reload()
    assert shown(page, line) == ("38", "380.00")
    assert page.locator("#cart-totals dd").first.inner_text().endswith(f"{38 * 10 + (count - 1) * 100:,}.00")


def test_entry_after_entry_by_enter_loses_nothing(channel: Channel, at: At) -> None:
    """A clerk is faster than the server: the answer to one row must not touch the next."""
    lines = fill(channel, 12)
    page = at("/cart/")
    page.locator(f"#quantity-{lines[0]}").focus()
    for number in range(12):
        page.keyboard.type(str(20 + number))
        page.keyboard.press("Enter")
    settled(page)
    page.reload()
    assert [shown(page, line)[0] for line in lines] == [str(20 + number) for number in range(12)]


@pytest.mark.parametrize("path", ["/cart/", "/catalogue/", "/catalogue/?view=grid"])
def test_taps_that_are_faster_than_the_server_all_count(channel: Channel, at: At, path: str) -> None:
    """The answer to the first tap must not put the field back behind the fifth."""
    product, *_others = channel.products(2)
    line = channel.fill(("N-001", 36)).lines[0].line_id
    page = at(path, width=390)
    field = page.locator(f"#quantity-{line if path == '/cart/' else product.pk}")
    plus = field.locator("xpath=following-sibling::button[@data-step='1']")
    plus.evaluate("button => { for (let tap = 0; tap < 5; tap += 1) button.click(); }")
    settled(page)
    expect(field).to_have_value("41")
    assert CartLine.objects.get(pk=line).quantity == 41


def test_adding_what_is_there_already_changes_its_field(channel: Channel, at: At) -> None:
    line = fill(channel, 2)[0]
    page = at("/cart/", width=390)
    for total in (11, 12):
        page.locator("#add-sku").fill("N-001")
        page.locator(".qd-add-line button").tap()
        expect(page.locator(f"#quantity-{line}")).to_have_value(str(total))


@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_added_by_number_is_a_row_of_the_table(channel: Channel, at: At, width: int) -> None:
    fill(channel, 1)
    channel.product("BOX")
    page = at("/cart/", width=width)
    page.locator("#add-sku").fill("BOX")
    page.keyboard.press("Enter")
    rows = page.locator("#cart-rows > tr")
    expect(rows).to_have_count(2)
    added = rows.nth(1).inner_text().split()
    page.reload()
    expect(rows).to_have_count(2)
    assert rows.nth(1).inner_text().split() == added


def test_one_entry_is_one_request_and_what_was_adjusted_is_said(channel: Channel, at: At) -> None:
    channel.product("BOX", pack=10)
    line = int(channel.fill(("BOX", 20)).lines[0].line_id)
    page = at("/cart/")
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.locator(f"#quantity-{line}").fill("7")
    page.keyboard.press("Enter")
    expect(page.locator(f"#line-{line}-amount")).to_have_text("¥100.00")
    settled(page)
    expect(page.locator(f"#quantity-{line}-say")).to_contain_text("10")
    expect(page.locator(f"#quantity-{line}-say")).to_have_attribute("data-state", "low")
    assert (len(sent), complaints) == (1, [])


def test_going_on_waits_until_what_was_typed_has_arrived(channel: Channel, at: At) -> None:
    line = fill(channel, 2)[0]
    page = at("/cart/")
    page.locator(f"#quantity-{line}").fill("55")
    page.locator("#cart-totals a").click()
    page.wait_for_url("**/checkout/")
    assert CartLine.objects.get(pk=line).quantity == 55
    expect(page.locator("#cart-totals")).to_contain_text("650.00")


def test_removing_tells_the_navigation_and_can_be_undone(channel: Channel, at: At) -> None:
    lines = fill(channel, 3)
    page = at("/cart/")
    badge = page.locator("[data-qd-nav=cart] .qd-nav-badge")
    expect(badge).to_have_text("3")
    page.locator(f"#line-{lines[1]} .qd-line-actions button").click()
    expect(badge).to_have_text("2")
    expect(page.locator("#cart-totals dd").first).to_contain_text("200.00")
    page.get_by_role("button", name="Undo").click()
    expect(badge).to_have_text("3")
    page.reload()
    assert page.locator("#cart-rows .qd-sku").all_inner_texts() == ["N-001", "N-002", "N-003"]
    assert page.locator("#cart-rows input[name=quantity]").nth(1).input_value() == "10"


def test_a_double_tap_adds_once(channel: Channel, at: At) -> None:
    fill(channel, 2)
    page = at("/cart/", width=390)
    page.fill("#add-sku", "N-001")
    page.fill("#add-quantity", "5")
    page.locator(".qd-add-line button").dblclick()
    expect(page.locator("#cart-rows input[name=quantity]").first).to_have_value("15")
    settled(page)
    page.reload()
    expect(page.locator("#cart-rows input[name=quantity]").first).to_have_value("15")


def test_without_a_connection_the_number_stays_is_not_called_saved_and_is_sent_later(
    channel: Channel, at: At
) -> None:
    line = fill(channel, 2)[0]
    page = at("/cart/")
    page.context.set_offline(True)
    page.locator(f"#quantity-{line}").fill("44")
    page.keyboard.press("Enter")
    expect(page.locator(f"#quantity-{line}-say")).to_have_text("Not saved; trying again")
    expect(page.locator(f"#quantity-{line}")).to_have_value("44")
    assert CartLine.objects.get(pk=line).quantity == 10
    page.context.set_offline(False)
    expect(page.locator(f"#line-{line}-amount")).to_have_text("¥440.00")
    assert CartLine.objects.get(pk=line).quantity == 44


def test_nothing_moves_when_a_quantity_is_set(channel: Channel, at: At) -> None:
    channel.products(5, pack=5)
    page = at("/catalogue/")
    before = page.locator(".qd-product-row").evaluate_all(
        "rows => rows.map(row => row.getBoundingClientRect().top)"
    )
    page.locator(".qd-product-row input[name=quantity]").first.fill("12")
    page.keyboard.press("Enter")
    expect(page.locator(".qd-nav-badge")).to_have_text("1")
    settled(page)
    after = page.locator(".qd-product-row").evaluate_all(
        "rows => rows.map(row => row.getBoundingClientRect().top)"
    )
    assert after == before


def test_back_shows_what_is_true(channel: Channel, at: At) -> None:
    line = fill(channel, 2)[0]
    page = at("/catalogue/")
    page.goto(page.url.replace("/catalogue/", "/cart/"))
    page.locator(f"#quantity-{line}").fill("77")
    page.keyboard.press("Enter")
    expect(page.locator(f"#line-{line}-amount")).to_have_text("¥770.00")
    page.go_back()
    expect(page.locator(".qd-product-row input[name=quantity]").first).to_have_value("77")


def signed_out(page: Page) -> None:
    page.context.clear_cookies()


def signed_in_again(page: Page, channel: Channel, name: str = "bai") -> None:
    """The browser stands at the sign-in; once signed in it goes on where it is told."""
    page.wait_for_url(lambda url: "/accounts/login/" in url)
    origin, _slash, asked = page.url.partition("/accounts/")
    back = unquote(asked.partition("next=")[2])
    page.context.add_cookies([sign_in(channel, name, origin)])
    page.goto(origin + back)


@pytest.mark.parametrize("path", ["/cart/", "/catalogue/"])
def test_a_quantity_typed_after_the_session_ended_is_sent_after_signing_in(
    channel: Channel, at: At, path: str
) -> None:
    line = fill(channel, 2)[0]
    page = at(path)
    signed_out(page)
    page.locator("input[name=quantity]:not([id^=add])").first.fill("64")
    page.keyboard.press("Enter")
    signed_in_again(page, channel)
    expect(page.locator(".qd-toast")).to_contain_text("signed in again")
    settled(page)
    assert page.url.endswith(path)
    assert CartLine.objects.get(pk=line).quantity == 64


def test_what_was_typed_at_the_checkout_survives_signing_in_but_is_nobody_elses(
    channel: Channel, at: At
) -> None:
    assert channel.address_id
    fill(channel, 2)
    channel.fill(("N-001", 3), name="bo")
    page = at("/checkout/")
    page.fill("#id_po_number", "PO-EXP-77")
    page.fill("#id_note", "Ring the bell")
    signed_out(page)
    page.locator("#cart-totals button").click()
    signed_in_again(page, channel)
    expect(page.locator("#id_po_number")).to_have_value("PO-EXP-77")
    expect(page.locator("#id_note")).to_have_value("Ring the bell")
    signed_out(page)
    page.reload()
    signed_in_again(page, channel, "bo")
    expect(page.locator("#id_po_number")).to_have_value("")


@pytest.mark.parametrize(
    "path", ["/catalogue/", "/catalogue/?view=grid", "/catalogue/?q=N-001", "/search/?q=N-001&kind=product"]
)
@pytest.mark.parametrize("key", ["Enter", "Tab"])
def test_every_list_saves_what_is_typed(channel: Channel, at: At, path: str, key: str) -> None:
    product, *_others = channel.products(3)
    page = at(path)
    page.locator(f"#quantity-{product.pk}").fill("12")
    page.keyboard.press(key)
    expect(page.locator(f"#in-cart-{product.pk}")).to_contain_text(re.compile(r"12\s+pieces in cart"))
    expect(page.locator("[data-qd-nav=cart] .qd-nav-badge")).to_have_text("1")
    assert CartLine.objects.get().quantity == 12


def test_the_price_on_the_product_page_follows_what_is_in_the_cart(channel: Channel, at: At) -> None:
    product = channel.product("LED-7", stock=1000)
    testing.price(channel.price_list, product, 8, 100)
    page = at("/products/LED-7/", width=390)
    prices = page.locator("#offer-prices")
    expect(prices.locator(".qd-price-line")).to_contain_text("10.00")
    page.locator(".qd-price-panel qd-quantity input").fill("150")
    page.locator(".qd-price-panel .qd-buy > button").tap()
    expect(prices.locator(".qd-price-line")).to_contain_text("8.00")
    expect(prices.locator(".qd-price-line")).to_contain_text("for 150")
    expect(prices.locator("[data-applies]")).to_contain_text("100")
    prices.locator("a", has_text="Why this price?").tap()
    expect(page.locator("#why-price")).to_contain_text("8.00")


def test_more_than_there_is_is_shown_as_a_problem(channel: Channel, at: At) -> None:
    product = channel.product("FEW", stock=5)
    page = at("/catalogue/")
    page.locator(f"#quantity-{product.pk}").fill("50")
    page.keyboard.press("Enter")
    expect(page.locator(f"#in-cart-{product.pk} .qd-in-cart")).to_have_attribute("data-state", "error")
    line = CartLine.objects.get()
    page.goto(page.url.replace("/catalogue/", "/cart/"))
    expect(page.locator(f"#line-{line.pk} [data-problem]")).to_be_visible()
    page.locator(f"#quantity-{line.pk}").fill("5")
    page.keyboard.press("Enter")
    expect(page.locator("[data-problem]")).to_have_count(0)
    expect(page.locator("#cart-totals a")).to_be_visible()


def test_ordering_asks_nothing_and_leaving_asks(channel: Channel, at: At) -> None:
    """What a page is told about leaving is for those who leave, not for those who send what they filled in."""
    assert channel.address_id
    fill(channel, 2)
    page = at("/checkout/", width=390)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("#id_po_number").press_sequentially("PO-1")
    page.locator(".qd-cart-bar button").tap()
    page.wait_for_url("**/orders/**")
    assert asked == []
    channel.fill(("N-001", 3))
    page.goto(page.url.partition("/orders/")[0] + "/checkout/")
    page.locator("#id_po_number").press_sequentially("PO-2")
    page.locator("[data-qd-nav=cart]:visible").first.tap()
    page.wait_for_url("**/cart/")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("typed", ["many", "1,5", "0"])
def test_going_on_stops_at_an_entry_that_was_not_taken(channel: Channel, at: At, typed: str) -> None:
    """A checkout with the quantity of before would order what nobody typed last."""
    line = fill(channel, 2)[0]
    page = at("/cart/", width=390)
    page.locator(f"#quantity-{line}").fill(typed)
    with page.expect_response(lambda answer: f"/cart/lines/{line}/" in answer.url) as answered:
        page.locator(".qd-cart-bar .qd-button").tap()
    assert answered.value.status == 422
    settled(page)
    expect(page.locator(f"#quantity-{line}-say")).to_have_attribute("data-state", "error")
    expect(page.locator(f"#quantity-{line}")).to_be_focused()
    assert page.url.endswith("/cart/")
    page.locator(f"#quantity-{line}").fill("15")
    page.locator(".qd-cart-bar .qd-button").tap()
    page.wait_for_url("**/checkout/")
    assert CartLine.objects.get(pk=line).quantity == 15


@pytest.mark.parametrize("path", ["/catalogue/", "/cart/"])
@pytest.mark.parametrize(
    ("sold_in_packs", "typed", "kept"),
    [
        (False, "3箱", 300),
        (False, "3 ctn", 300),
        (False, "7个", 7),
        (False, "3 boxes", None),
        (True, "3箱", 300),
        (True, "3盒", None),
        (True, "250个", 300),
        (True, "3米", None),
    ],
)
def test_a_unit_means_the_same_in_every_field(
    channel: Channel, at: At, path: str, sold_in_packs: bool, typed: str, kept: int | None
) -> None:
    """Cartons are cartons where loose pieces are sold too; a unit the product has not is refused, not counted."""
    product = channel.product("CTN", pack=100, whole_packs=sold_in_packs, stock=10_000)
    line = channel.fill(("CTN", 100)).lines[0].line_id
    page = at(path, width=390)
    field = page.locator(f"#quantity-{line if path == '/cart/' else product.pk}")
    field.fill(typed)
    with page.expect_response(lambda answer: "/cart/lines/" in answer.url) as answered:
        field.press("Enter")
    settled(page)
    assert answered.value.status == (422 if kept is None else 200)
    assert CartLine.objects.get(pk=line).quantity == (kept or 100)
    expect(field).to_have_value(typed if kept is None else str(kept))


def test_an_order_placed_without_a_connection_stays_on_its_page(channel: Channel, at: At) -> None:
    assert channel.address_id
    fill(channel, 2)
    page = at("/checkout/", width=390)
    page.fill("#id_note", "Ring the bell")
    page.context.set_offline(True)
    page.locator(".qd-cart-bar button").tap()
    expect(page.locator(".qd-toast")).to_contain_text("No connection")
    expect(page.locator("#id_note")).to_have_value("Ring the bell")
    page.context.set_offline(False)
    page.locator(".qd-cart-bar button").tap()
    page.wait_for_url("**/orders/**")


@pytest.mark.parametrize("quantity", [24_000, 9_999_999_999])
@pytest.mark.parametrize("width", [390, 1024, 1280])
def test_the_totals_show_every_digit(channel: Channel, at: At, quantity: int, width: int) -> None:
    channel.product("N-001", price="12.50", stock=10_000_000_000)
    channel.fill(("N-001", quantity))
    page = at("/cart/", width=width)
    for path in ("/cart/", "/checkout/"):
        page.goto(page.url.replace("/cart/", path))
        assert page.locator("#cart-totals .qd-price").count() == 3
        beyond = page.locator("#cart-totals").evaluate("box => box.scrollWidth - box.clientWidth")
        assert (path, beyond) == (path, 0)
