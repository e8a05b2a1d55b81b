"""In the middle of the work: the session ends, a finger taps twice, the connection is gone, somebody goes back."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from tests.e2e import hands_world as world
from tests.e2e.hands import Hand

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.any_database,
    pytest.mark.django_db(transaction=True),
]


@dataclass(frozen=True)
class Work:
    """Something a person does: where, what is typed into which field, and the button that sends it."""

    name: str
    path: str
    button: str
    field: str = ""
    typed: str = ""

    def place(self, page: Page) -> Locator:
        return page.locator(self.field).first

    def type(self, page: Page) -> None:
        if self.field:
            self.place(page).fill(self.typed)

    def send(self, page: Page) -> Locator:
        return page.locator(self.button).locator("visible=true").first


WORK = {
    "add to the cart": Work("bai", "/cart/", ".qd-add-line button", "#add-sku", "N-029"),
    "order": Work("bai", "/checkout/", "#cart-totals button", "[name=po_number]", "PO-77"),
    "note": Work("bai", "{submitted}", "main button[value=note]", "#order-note", "Ring the bell"),
    "reorder": Work("bai", "{shipped}", "main form[action$='/reorder/'] button"),
    "receive": Work(
        "bai",
        "{receipt}",
        "#receipt-form .qd-actions button, .qd-action-bar button",
        "[name^=note-]",
        "One box open",
    ),
    "address": Work(
        "bai", "{address}", "main form.qd-form button[type=submit]", "[name=street]", "7 New Street"
    ),
    "profile": Work(
        "bai", "/profile/", "main form.qd-form button[type=submit]", "main input[type=text]", "Bai Bright"
    ),
    "token": Work("bai", "/company/tokens/", "main form.qd-form button[type=submit]", "[name=name]", "Till"),
    "contact": Work(
        "dora", "/company/", "main form.qd-form button[type=submit]", "[name=phone]", "13900139000"
    ),
    "invite": Work(
        "dora", "/company/people/", "main form.qd-form button[type=submit]", "[name=email]", "new@example.com"
    ),
    "approve": Work("sam", "{submitted}", "main button[value=approve], .qd-action-bar button"),
    "release": Work("wan", "{release}", "main button[value=release], .qd-action-bar button"),
    "ship": Work(
        "wan",
        "{ship}",
        "#ship-form .qd-actions button, .qd-action-bar button",
        "[name=tracking_number]",
        "SF-77",
    ),
}
TYPED = [name for name, work in WORK.items() if work.field]
#: Without it, every task on a desk or a phone by turns; with it, on both.
ALL = bool(os.environ.get("QUDAO_TEST_ALL_HANDS"))


def each(*names: str) -> pytest.MarkDecorator:
    """The test for each of these tasks, or for all."""
    cases = [
        pytest.param(name, width, id=f"{name}-{width}")
        for number, name in enumerate(names or WORK)
        for width in ((390, 1280) if ALL else ((390, 1280)[number % 2],))
    ]
    return pytest.mark.parametrize(("name", "width"), cases)


Meets = Callable[[Work, int], Hand]


@pytest.fixture
def meets(arrives: Callable[..., Hand]) -> Meets:
    """`meets(work, 390)`: the person of that work, on its page."""

    def hand(work: Work, width: int) -> Hand:
        arrived = arrives(work.name, rows=2, width=width)
        arrived.page.context.set_offline(False)
        begin(arrived, work)
        return arrived

    return hand


def begin(hand: Hand, work: Work) -> None:
    hand.open(work.path.format(**hand.world.paths))
    if work.name == "dora" and "people" in work.path:
        hand.page.locator("main [name=roles]").first.check()


def outcome(hand: Hand, act: Callable[[], Any]) -> Any:
    """What an act that sends something changes."""
    hand.sent(act)
    return world.changes(hand.world)


def nothing_sent(hand: Hand, act: Callable[[], Any]) -> bool:
    act()
    hand.settle()
    return not world.changes(hand.world)


@each()
def test_two_taps_do_it_once(meets: Meets, name: str, width: int) -> None:
    work = WORK[name]
    hand = meets(work, width)
    work.type(hand.page)
    once = outcome(hand, lambda: work.send(hand.page).click())
    assert once, hand.page.url + hand.said()
    begin(hand, work)
    work.type(hand.page)
    assert outcome(hand, lambda: work.send(hand.page).dblclick()) == once


@each()
def test_the_session_ended(meets: Meets, name: str, width: int) -> None:
    work = WORK[name]
    hand = meets(work, width)
    page, was = hand.page, hand.page.url
    work.type(page)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    assert nothing_sent(hand, lambda: work.send(page).click())
    page.wait_for_url("**/accounts/login/**")
    page.context.add_cookies(hand.cookies)  # type: ignore[arg-type]
    page.goto(hand.base + parse_qs(urlsplit(page.url).query)["next"][0])
    assert page.url == was
    if work.field:
        expect(work.place(page)).to_have_value(work.typed)
    assert outcome(hand, lambda: work.send(page).click())


@each()
def test_the_connection_is_gone_and_comes_back(meets: Meets, name: str, width: int) -> None:
    work = WORK[name]
    hand = meets(work, width)
    page, was = hand.page, hand.page.url
    work.type(page)
    page.context.set_offline(True)
    assert nothing_sent(hand, lambda: work.send(page).click())
    expect(page.locator(".qd-toast").first).to_contain_text("No connection")
    assert page.url == was
    if work.field:
        expect(work.place(page)).to_have_value(work.typed)
    page.context.set_offline(False)
    assert outcome(hand, lambda: work.send(page).click())


@each()
def test_back_shows_what_is_true(meets: Meets, name: str, width: int) -> None:
    work = WORK[name]
    hand = meets(work, width)
    page = hand.page
    work.type(page)
    assert outcome(hand, lambda: work.send(page).click())
    page.go_back()
    hand.settle()
    if page.url == "about:blank":  # the answer stands at the same address
        return
    shown = page.locator("main").inner_text()
    page.reload()
    hand.settle()
    assert shown.endswith(page.locator("main").inner_text())  # a message is shown once, before it


@each(*TYPED)
def test_enter_twice_does_it_once(meets: Meets, name: str, width: int) -> None:
    work = WORK[name]
    hand = meets(work, width)
    if work.place(hand.page).evaluate("node => node.tagName") == "TEXTAREA":
        return
    work.type(hand.page)
    once = outcome(hand, lambda: work.send(hand.page).click())
    begin(hand, work)
    work.type(hand.page)

    def twice() -> None:
        work.place(hand.page).press("Enter")
        hand.page.keyboard.press("Enter")

    assert outcome(hand, twice) == once
