"""What our plugins put into Wagtail's admin, used by those who work there, on a desk and a phone.

A run uses the pages whose turn it is and looks at the others; with ``QUDAO_TEST_ALL_HANDS=1`` everybody uses each
control of each page at both widths.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.e2e import hands_world as world
from tests.e2e.hands import Hand
from tests.e2e.hands_controls import exceptions
from tests.e2e.hands_office import IN_TURN, TURNS, address_of, office_pages, turn
from tests.e2e.hands_wagtail import OfficeHand

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.any_database,
    pytest.mark.django_db(transaction=True),
]
PAGES = office_pages()
SUBJECTS = sorted({label.partition(":")[0] for label in PAGES})
ALL = bool(os.environ.get("QUDAO_TEST_ALL_HANDS"))
NOW = turn()
#: Whose controls this run uses.
USED = {each for number, each in enumerate(IN_TURN) if number % TURNS == NOW} if not ALL else set(SUBJECTS)
#: A channel manager, a content editor, a superuser.
PEOPLE = ("mia", "edi", "root")
#: Who sends the forms of a page that is only looked at.
SENDING = ("mia", "edi")
WIDTHS = (1280, 390)


def opens(hand: Hand, path: str) -> bool:
    """Whether the page is this person's, and a page."""
    answer = hand.page.context.request.get(hand.base + path, headers=hand.header(), max_redirects=0)
    assert answer.status < 500 or answer.status == 405, f"{path}: {answer.status}"
    return answer.status == 200 and "html" in answer.headers["content-type"]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_office(arrives: Callable[..., Hand], subject: str) -> None:
    wrong: dict[str, str] = {}
    for label in [each for each in PAGES if each.partition(":")[0] == subject]:
        found = used(arrives, label) if subject in USED else looked_at(arrives, label)
        wrong |= {f"{label} | {key}": said for key, said in found.items()}
    assert wrong == {}


def looked_at(arrives: Callable[..., Hand], label: str) -> dict[str, str]:
    """What is out of reach or leads nowhere, for anybody; and the forms that add or edit are sent."""
    found: dict[str, str] = {}
    for name in PEOPLE:
        hand = arrives(name, rows=2, width=1280, only=lambda control: not control.shell, kind=OfficeHand)
        path = address_of(label, PAGES[label], hand.world.paths)
        if not opens(hand, path):
            continue
        hand.look(path)
        if name in SENDING and label.endswith((":add", ":edit")):
            hand.send_forms(path)
        found |= {key: f"{said} ({name})" for key, said in hand.dead.items()}
    return {key: said for key, said in found.items() if key not in exceptions(label)}


def used(arrives: Callable[..., Hand], label: str) -> dict[str, str]:
    """What is wrong with a page, for anybody who opens it at any width."""
    found: dict[str, str] = {}
    known: set[str] = set()
    hidden: set[str] = set()
    for name in PEOPLE:
        for width in WIDTHS:
            hand = arrives(name, rows=2, width=width, only=lambda control: not control.shell, kind=OfficeHand)
            path = address_of(label, PAGES[label], hand.world.paths)
            if not opens(hand, path):
                break
            hand.known_to_act = set() if ALL else known | found.keys()
            hand.walk(path)
            known |= hand.used - hand.dead.keys()
            hidden |= hand.hidden
            found |= {key: f"{said} ({name}, {width} px)" for key, said in hand.dead.items()}
    found |= {key: "nobody can reach it" for key in hidden - known - found.keys()}
    reviewed = exceptions(label)
    assert reviewed.keys() <= found.keys(), "listed as exceptions, but they act"
    return {key: said for key, said in found.items() if key not in reviewed}


def test_an_editor_changes_a_topic_and_people_read_it(arrives: Callable[..., Hand]) -> None:
    hand = arrives("edi", rows=2, width=1280, only=lambda control: not control.shell)
    paths = hand.world.paths
    hand.look(paths["topic-edit"])
    assert hand.dead == {}
    hand.open(paths["topic-edit"])
    hand.page.locator("[name=title]").fill("Lights, revised")
    hand.page.locator('[name="body-0-value-text"]').fill("Saw the hole")
    text = hand.page.locator("[data-contentpath=body] [contenteditable=true]").first
    text.click()
    text.press("Control+End")
    text.press_sequentially(" Mind the cable.")
    expect(hand.page.locator('[name="body-1-value"]')).to_have_value(re.compile("Mind the cable"))
    more = hand.page.locator("form#page-edit-form footer button[data-w-dropdown-target=toggle]")
    publish = hand.page.locator("[name=action-publish]")
    if not publish.is_visible():
        more.click()
    hand.sent(publish.click)
    assert world.changes(hand.world), hand.said()
    session = {"cookie": f"{settings.SESSION_COOKIE_NAME}={hand.world.sessions['cao']}"}
    read = hand.page.context.request.get(hand.base + paths["topic"], headers=session).text()
    for words in ("Lights, revised", "Saw the hole", "Mind the cable."):
        assert words in read
