"""What our plugins put into Wagtail's admin, for those who work there: controls in reach, live links, forms taken.

In every run a superuser, a channel manager and a content editor look, and the two send each form that they may
open; with ``QUDAO_TEST_ALL_HANDS=1`` the superuser uses each control.
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
from tests.e2e.hands_office import address_of, office_pages

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.any_database,
    pytest.mark.django_db(transaction=True),
]
PAGES = office_pages()
SUBJECTS = sorted({label.partition(":")[0] for label in PAGES})
ALL = bool(os.environ.get("QUDAO_TEST_ALL_HANDS"))
#: A superuser; a channel manager and a content editor as well.
PEOPLE = ("root", "mia", "edi")
#: Who sends the forms, too.
SENDING = ("mia", "edi")


def opens(hand: Hand, path: str) -> bool:
    """Whether the page is this person's, and a page."""
    answer = hand.page.context.request.get(hand.base + path, headers=hand.header(), max_redirects=0)
    assert answer.status < 500 or answer.status == 405, f"{path}: {answer.status}"
    return answer.status == 200 and "html" in answer.headers["content-type"]


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("name", PEOPLE)
def test_the_office(arrives: Callable[..., Hand], name: str, subject: str) -> None:
    wrong: dict[str, str] = {}
    for label in [each for each in PAGES if each.partition(":")[0] == subject]:
        hand = arrives(name, rows=2, width=1280, only=lambda control: not control.shell)
        path = address_of(label, PAGES[label])
        if path is None or not opens(hand, path):
            continue
        if ALL and name == "root":
            hand.walk(path)
        else:
            hand.look(path)
        if name in SENDING and label.endswith((":add", ":edit")):
            hand.send_forms(path)
        reviewed = exceptions(label)
        wrong |= {f"{label} {key}": said for key, said in hand.dead.items() if key not in reviewed}
    assert wrong == {}


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
