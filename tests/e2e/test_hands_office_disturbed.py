"""In the middle of the work of the back office: the session ends, a finger taps twice, the connection is gone, Back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from tests.e2e import hands_world as world
from tests.e2e.hands import Hand
from tests.e2e.hands_office import address_of, office_pages

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.any_database,
    pytest.mark.django_db(transaction=True),
]
PAGES = office_pages()
MAIN = "#main form[method=post i] button[type=submit], #main form[method=post i] [type=submit]"


@dataclass(frozen=True)
class Work:
    """Something that is sent: on which page, what is entered, and the button."""

    page: str
    field: str
    value: str
    button: str = MAIN
    width: int = 1280
    name: str = "mia"

    def place(self, page: Page) -> Locator:
        return page.locator(self.field).first

    def enter(self, page: Page) -> None:
        self.place(page).fill(self.value)

    def send(self, page: Page) -> Locator:
        return page.locator(self.button).locator("visible=true").first


#: Forms that change and that add, on a desk and on a phone.
SENT = {
    "a company": Work("channel/companies:edit", "[name=name]", "Another name"),
    "a new tier": Work("channel/tiers:add", "[name=code]", "h-code", width=390),
}
#: A list that a script brings while its search is typed.
SEARCH = Work("channel/companies:index", "[data-search-form] [name=q]", "Huaguang")
RESULTS = "#listing-results"


@pytest.fixture
def meets(arrives: Callable[..., Hand]) -> Callable[[Work], Hand]:
    def hand(work: Work) -> Hand:
        arrived = arrives(work.name, rows=2, width=work.width)
        arrived.page.context.set_offline(False)
        begin(arrived, work)
        return arrived

    return hand


def begin(hand: Hand, work: Work) -> None:
    address = address_of(work.page, PAGES[work.page])
    assert address, f"nothing of its kind exists: {work.page}"
    hand.open(address)
    if work.page == "channel/tiers:add":
        hand.page.locator("[name=name]").fill("Hand")


def sent(hand: Hand, act: Callable[[], Any]) -> Any:
    """What an act that sends something changes."""
    hand.sent(act)
    return world.changes(hand.world)


def stays(hand: Hand, work: Work, said: str) -> None:
    """Sending leads nowhere: the page stands, with what was entered, and says why."""
    was = hand.page.url
    work.send(hand.page).click()
    expect(hand.page.locator(".messages li")).to_contain_text(said)
    hand.settle()
    assert not world.changes(hand.world)
    assert hand.page.url == was
    expect(work.place(hand.page)).to_have_value(work.value)


@pytest.mark.parametrize("name", SENT)
def test_two_taps_send_it_once_and_back_shows_what_is_true(meets: Callable[[Work], Hand], name: str) -> None:
    work = SENT[name]
    hand = meets(work)
    work.enter(hand.page)
    once = sent(hand, work.send(hand.page).click)
    assert once, hand.page.url + hand.said()
    begin(hand, work)
    work.enter(hand.page)
    assert sent(hand, work.send(hand.page).dblclick) == once
    hand.page.go_back()
    hand.settle()
    shown = hand.page.locator("#main").inner_text()
    hand.page.reload()
    hand.settle()
    assert shown == hand.page.locator("#main").inner_text()


@pytest.mark.parametrize("name", SENT)
def test_signed_out_or_without_a_connection_nothing_is_lost(meets: Callable[[Work], Hand], name: str) -> None:
    work = SENT[name]
    hand = meets(work)
    page = hand.page
    work.enter(page)
    page.context.set_offline(True)
    stays(hand, work, "No connection")
    page.context.set_offline(False)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    stays(hand, work, "You have been signed out")
    page.context.add_cookies(hand.cookies)  # type: ignore[arg-type]
    assert sent(hand, work.send(page).click), hand.said()


def test_somebody_else_who_signed_in_sends_nothing(meets: Callable[[Work], Hand]) -> None:
    work = SENT["a company"]
    hand = meets(work)
    work.enter(hand.page)
    hand.settle()  # the page asks who begins to fill it in
    other = {"name": settings.SESSION_COOKIE_NAME, "value": hand.world.sessions["root"], "url": hand.base}
    hand.page.context.add_cookies([other])  # type: ignore[list-item]
    stays(hand, work, "Someone else is signed in")


def test_a_list_that_a_script_asks_for_is_never_the_sign_in(meets: Callable[[Work], Hand]) -> None:
    hand = meets(SEARCH)
    page = hand.page
    place = page.locator(RESULTS)
    before = place.inner_text()
    page.context.set_offline(True)
    SEARCH.enter(page)
    expect(page.locator(".messages li")).to_contain_text("No connection")
    assert place.inner_text() == before
    page.context.set_offline(False)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    again(page)
    expect(page.locator(".messages li")).to_contain_text("You have been signed out")
    assert place.inner_text() == before
    page.context.add_cookies(hand.cookies)  # type: ignore[arg-type]
    again(page)
    expect(place).not_to_have_text(before)


def again(page: Page) -> None:
    """Nothing first, so that the browser sees a change."""
    SEARCH.place(page).fill("")
    SEARCH.enter(page)
