"""What our plugins put into Wagtail's admin, for those who work there: controls in reach, live links.

In every run a superuser looks; with ``QUDAO_TEST_ALL_HANDS=1`` a channel manager and a content editor, too, and the
superuser uses each control.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

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
PEOPLE = ("root", "mia", "edi") if ALL else ("root",)


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
        reviewed = exceptions(label)
        wrong |= {f"{label} {key}": said for key, said in hand.dead.items() if key not in reviewed}
    assert wrong == {}
