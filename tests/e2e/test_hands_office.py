"""Every control that our plugins put into Wagtail's admin acts, for everybody who works there."""

from __future__ import annotations

import time
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


@pytest.mark.parametrize("label", PAGES)
def test_every_control_of_the_office_acts(arrives: Callable[..., Hand], label: str) -> None:
    began = time.monotonic()
    hand = arrives("root", rows=2, width=1280, only=lambda control: not control.shell)
    path = address_of(label, PAGES[label])
    if path is None:
        pytest.skip("nothing of its kind exists")
    answer = hand.page.context.request.get(hand.base + path, headers=hand.header())
    if answer.status != 200 or "html" not in answer.headers["content-type"]:
        print(f"OFFICE {label} {answer.status}")
        return
    hand.walk(path)
    found = hand.dead | {key: "nobody can reach it" for key in hand.hidden - hand.used}
    print(f"OFFICE {label} used {len(hand.used)} opens {hand.opens} {time.monotonic() - began:.1f}", found)
    reviewed = exceptions(label)
    assert {key: wrong for key, wrong in found.items() if key not in reviewed} == {}
