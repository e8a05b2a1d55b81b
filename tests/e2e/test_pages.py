"""Every page of the demo channel in Chromium: it opens, fits a phone, can be used by everyone, asks nobody else."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.demo import Demo
from tests.e2e.visitor import Visitor, arrive

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WINDOWS = [(390, "zh-hans"), (1280, "en")]
OF_GUESTS = ["/accounts/login/", "/accounts/password/reset/", "/no-such-page/"]
OF_BUYERS = ["/", "/catalogue/", "/cart/", "/orders/", "/company/", "/company/addresses/", "/profile/"]
OF_SELLERS = ["/", "/sales/", "/sales/orders/", "/company/people/", "/company/history/"]

Arriving = Callable[..., Visitor]


@pytest.fixture
def arriving(chromium: Browser, channel: Demo) -> Iterator[Arriving]:
    """`arriving(width, language)`: a visitor; afterwards nothing on any page may have complained."""
    visitors, closings = [], []

    def new(width: int, language: str) -> Visitor:
        visitor, close = arrive(chromium, channel.url, width=width, language=language)
        visitors.append(visitor)
        closings.append(close)
        return visitor

    yield new
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    for close in closings:
        close()
    assert [text for text in complaints if "404 (Not Found)" not in text] == []


def look_at(visitor: Visitor, paths: list[str]) -> dict[str, object]:
    """What is wrong with each of the pages."""
    wrong: dict[str, object] = {}
    for path in paths:
        response = visitor.open(path)
        expected = 404 if path == "/no-such-page/" else 200
        found = (response.status, visitor.page.url.removeprefix(visitor.base).partition("?")[0])
        if found != (expected, path):
            wrong[path] = found
        elif overflow := visitor.overflow():
            wrong[path] = f"{overflow} pixels too wide"
        elif barriers := visitor.barriers():
            wrong[path] = barriers
    return wrong


@pytest.mark.parametrize(("width", "language"), WINDOWS)
def test_pages_of_guests(arriving: Arriving, width: int, language: str) -> None:
    assert look_at(arriving(width, language), OF_GUESTS) == {}


@pytest.mark.parametrize(("width", "language"), WINDOWS)
def test_pages_of_a_buyer(arriving: Arriving, width: int, language: str) -> None:
    visitor = arriving(width, language)
    visitor.sign_in("buyer@example.com")
    assert look_at(visitor, OF_BUYERS) == {}


@pytest.mark.parametrize(("width", "language"), WINDOWS)
def test_pages_of_a_seller(arriving: Arriving, width: int, language: str) -> None:
    visitor = arriving(width, language)
    visitor.sign_in("sales@example.com")
    assert look_at(visitor, OF_SELLERS) == {}


@pytest.mark.parametrize(("width", "language"), WINDOWS)
def test_a_product_and_an_order_of_a_buyer(arriving: Arriving, width: int, language: str) -> None:
    visitor = arriving(width, language)
    visitor.sign_in("buyer@example.com")
    paths = [first(visitor, "/catalogue/", "/products/"), first(visitor, "/orders/", "/orders/")]
    assert look_at(visitor, paths) == {}


def first(visitor: Visitor, page: str, prefix: str) -> str:
    """The first address on `page` that leads below `prefix`."""
    visitor.open(page)
    links = visitor.page.eval_on_selector_all(
        "main a[href]", "links => links.map(a => a.getAttribute('href'))"
    )
    return next(
        link.partition("?")[0].partition("#")[0]
        for link in links
        if link.startswith(prefix) and link.strip("/").count("/") == prefix.strip("/").count("/") + 1
    )
