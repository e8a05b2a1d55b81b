"""In the middle of the work of the back office: the session ends, a finger taps twice, the connection is gone, Back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from tests.e2e import hands_world as world
from tests.e2e.hands import Hand
from tests.e2e.hands_office import address_of, office_pages
from tests.e2e.hands_wagtail import OfficeHand

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
    field: str = ""
    value: str = ""
    button: str = MAIN
    width: int = 1280
    name: str = "mia"

    def place(self, page: Page) -> Locator:
        return page.locator(self.field).first

    def enter(self, page: Page) -> None:
        if not self.field:
            return
        if self.place(page).evaluate("node => node.tagName") == "SELECT":
            self.place(page).select_option(self.value)
        else:
            self.place(page).fill(self.value)

    def send(self, page: Page) -> Locator:
        return page.locator(self.button).locator("visible=true").first


#: Forms of Wagtail's, of our own, and a bulk action.
SENT = {
    "a company": Work("channel/companies:edit", "[name=name]", "Another name"),
    "a new tier": Work("channel/tiers:add", "[name=code]", "h-code", width=390),
    "stock that came": Work("arrivals:receive", "[name=quantity]", "7"),
    "an import": Work("imports:job", button="#main button:has-text('Import')", width=390),
    "the mapping of a file": Work("imports:mapping", button="#mapping button[value=apply]"),
    "many products": Work("bulk-products:edit", "[name=is_public]", "yes"),
}
#: What a script asks for: the field, what is entered, and where the answer stands.
ASKED = {
    "a list": (Work("channel/companies:index", "[data-search-form] [name=q]", "Spare"), "#listing-results"),
    "the columns of a file": (Work("imports:mapping", ".qudao-mapping-live select"), "#mapping-preview"),
    "the attributes of a type": (
        Work("products:add", "[name=product_type]", width=390),
        "[data-qudao-attributes]",
    ),
}


@pytest.fixture
def meets(arrives: Callable[..., Hand]) -> Callable[[Work], Hand]:
    def hand(work: Work) -> Hand:
        arrived = arrives(work.name, rows=2, width=work.width, kind=OfficeHand)
        arrived.page.context.set_offline(False)
        begin(arrived, work)
        return arrived

    return hand


def begin(hand: Hand, work: Work) -> None:
    hand.open(address_of(work.page, PAGES[work.page], hand.world.paths))
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
    if work.field:
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


@pytest.mark.parametrize("name", ASKED)
def test_what_a_script_asks_for_is_never_the_sign_in(meets: Callable[[Work], Hand], name: str) -> None:
    work, answer = ASKED[name]
    hand = meets(work)
    page = hand.page
    if work.place(page).evaluate("node => node.tagName") == "SELECT":
        options = work.place(page).evaluate(
            "node => [...node.options].filter(each => each.value && !each.selected).map(each => each.value)"
        )
        work = replace(work, value=options[-1])
    place = page.locator(answer)
    before = place.inner_text()
    page.context.set_offline(True)
    work.enter(page)
    expect(page.locator(".messages li")).to_contain_text("No connection")
    assert place.inner_text() == before
    page.context.set_offline(False)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    again(work, page)
    expect(page.locator(".messages li")).to_contain_text("You have been signed out")
    assert place.inner_text() == before
    page.context.add_cookies(hand.cookies)  # type: ignore[arg-type]
    again(work, page)
    expect(place).not_to_have_text(before)


def again(work: Work, page: Page) -> None:
    """Another value first, so that the browser sees a change."""
    if work.place(page).evaluate("node => node.tagName") == "SELECT":
        work.place(page).evaluate("node => { node.selectedIndex = -1 }")
    else:
        work.place(page).fill("")
    work.enter(page)
