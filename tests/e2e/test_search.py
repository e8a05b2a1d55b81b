"""A buyer looks something up with one hand: by keyboard, on a phone, and without scripts."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.demo import Demo
from tests.e2e.visitor import Visitor, arrive

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Arriving = Callable[[int, str], Visitor]


@pytest.fixture
def buyer(chromium: Browser, channel: Demo) -> Iterator[Arriving]:
    """`buyer(width, language)`: the demo's buyer, signed in. Dropped suggestions are no complaint."""
    visitors, closings = [], []

    def new(width: int, language: str) -> Visitor:
        visitor, close = arrive(chromium, channel.url, width=width, language=language)
        visitors.append(visitor)
        closings.append(close)
        visitor.sign_in("buyer@example.com")
        return visitor

    yield new
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    for close in closings:
        close()
    assert [each for each in complaints if "/search/suggestions/" not in each] == []


@pytest.mark.parametrize(("width", "language"), [(390, "zh-hans"), (1280, "en")])
def test_results_fit_and_can_be_used_by_everyone(buyer: Arriving, width: int, language: str) -> None:
    visitor = buyer(width, language)
    visitor.page.set_viewport_size({"width": width, "height": 3000})  # nothing lies under the cart's bar
    for path in (
        "/search/",
        "/search/?q=panel",
        "/search/?q=面板灯&kind=product&sort=price",
        "/search/?q=zzzz",
    ):
        assert visitor.open(path).status == 200
        assert (path, visitor.overflow(), visitor.barriers()) == (path, 0, [])
    page = visitor.page
    page.click("#qd-search")
    page.fill("#qd-search", "pan")
    expect(page.locator("[role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert (visitor.overflow(), visitor.barriers()) == (0, [])


def test_from_any_page_to_a_thing_by_keyboard(buyer: Arriving) -> None:
    page = buyer(1280, "en").page
    page.keyboard.press("/")
    page.keyboard.type("kitchen panel")
    lines = page.locator("[role=option]")
    product = lines.filter(has_text="LH-PK-0303H")
    expect(product).to_be_visible()
    while product.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    expect(page.locator("#qd-search")).to_have_attribute(
        "aria-activedescendant", product.get_attribute("id") or ""
    )
    page.keyboard.press("Escape")
    expect(page.locator("#qd-suggestions")).to_be_hidden()
    expect(page.locator("#qd-search")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(product).to_be_visible()
    while product.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/products/LH-PK-0303H/")


def test_narrowing_keeps_focus_and_address_and_goes_back(buyer: Arriving) -> None:
    visitor = buyer(1280, "en")
    visitor.open("/search/?q=panel")
    page = visitor.page
    before = page.locator(".qd-listbar b").inner_text()
    page.locator("input[name=facet_line]").first.click()
    expect(page.locator(".qd-chip").first).to_be_visible()
    assert "facet_line=" in page.url and page.locator(".qd-listbar b").inner_text() != before
    expect(page.locator("input[name=facet_line]:focus")).to_be_checked()
    page.locator("#search-sort").focus()
    page.select_option("#search-sort", "newest")
    page.wait_for_url("**sort=newest")
    expect(page.locator("#search-sort")).to_be_focused()
    page.go_back()
    expect(page.locator("#search-sort")).to_have_value("relevance")
    page.wait_for_load_state("networkidle")
    page.go_back()
    expect(page.locator(".qd-listbar b")).to_have_text(before)
    assert page.url.endswith("/search/?q=panel")


def test_a_hit_is_put_into_the_cart_where_it_stands_and_what_is_opened_is_told(buyer: Arriving) -> None:
    visitor = buyer(1280, "en")
    visitor.open("/search/?q=panel&kind=product&sort=price")
    page = visitor.page
    hit = page.locator(".qd-hit").first
    hit.locator("input[name=quantity]").fill("10")
    hit.locator("input[name=quantity]").press("Tab")
    expect(hit.locator(".qd-in-cart")).to_contain_text("10")
    assert "/search/" in page.url
    with page.expect_request("**/search/clicks/") as told:
        hit.locator(".qd-hit-title a").click()
    body = told.value.post_data or ""
    assert told.value.method == "POST" and "product" in body and "query_id" in body


def test_recent_searches_are_forgotten_by_hand(buyer: Arriving) -> None:
    visitor = buyer(1280, "en")
    for question in ("downlight", "rocker"):
        visitor.open(f"/search/?q={question}")
    page = visitor.page
    page.fill("#qd-search", "")
    recent = page.locator("[data-recent]")
    expect(recent.filter(has_text="rocker")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Delete")
    expect(recent.filter(has_text="rocker")).to_have_count(0)
    recent.filter(has_text="downlight").locator("[data-forget]").click()
    expect(recent.filter(has_text="downlight")).to_have_count(0)


def test_everything_works_without_scripts(chromium: Browser, channel: Demo, buyer: Arriving) -> None:
    cookies = buyer(1280, "en").page.context.cookies()
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(channel.url)
    page.fill("#qd-search", "panel")
    page.press("#qd-search", "Enter")
    page.locator("input[name=facet_line]").first.check()
    page.locator(".qd-facets-go button").click()
    assert "q=panel" in page.url and "facet_line=" in page.url
    expect(page.locator(".qd-chip").first).to_be_visible()
    page.locator(".qd-hit-title a").first.click()
    assert "/search/" not in page.url
    context.close()
