"""Every control of every page acts, for everybody who sees it, with one, two and thirty rows, on a phone and a desk."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from tests.e2e.hands import Hand
from tests.e2e.hands_controls import Control, exceptions
from tests.e2e.hands_people import (
    NOT_WALKED,
    OF_ROWS,
    PAGES,
    ROUTES,
    WIDTHS,
    WITH_FRAME,
    everything,
    opening,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.any_database,
    pytest.mark.django_db(transaction=True),
]

#: Where the rows alone are tried.
BY_ROWS = {1: (390,), 30: (1280,)}
#: Without it, what `PAGES` lists; with it, everybody's every page.
ALL = bool(os.environ.get("QUDAO_TEST_ALL_HANDS"))
EVERY = everything()
CASES = list(EVERY) if ALL else [(name, label) for name, pages in PAGES.items() for label in pages]


def test_every_page_is_walked_or_reviewed() -> None:
    opens = {route for _person, route in opening()}
    assert opens - ROUTES.keys() - NOT_WALKED.keys() == set(), "walk it in ROUTES and PAGES"
    assert (ROUTES.keys() | NOT_WALKED.keys()) - opens == set(), "opens for nobody"
    walked = {path for pages in PAGES.values() for path in pages.values()}
    assert set(ROUTES.values()) - walked == set(), "nobody has it in PAGES"


@pytest.mark.parametrize(("name", "label"), CASES)
def test_every_control_acts(arrives: Callable[..., Hand], name: str, label: str) -> None:
    """The frame around a page is used on the home page; with one row and thirty, what stands in the rows."""
    found: dict[str, str] = {}
    reachable: set[str] = set()
    hidden: set[str] = set()
    several: set[str] = set()
    for rows in (2, 1, 30) if label in OF_ROWS else (2,):

        def only(control: Control, rows: int = rows, of_rows: set[str] = several) -> bool:
            if rows != 2 and (control.kind == "link" or control.key not in of_rows):
                return False
            return label in WITH_FRAME or not control.shell

        here: set[str] = set()
        for width in WIDTHS if ALL or rows == 2 else BY_ROWS[rows]:
            hand = arrives(name, rows=rows, width=width, only=only)
            hand.known_to_act = set() if ALL else here
            hand.walk(EVERY[name, label].format(**hand.world.paths))
            found.update({key: f"{wrong} ({width} px, {rows} rows)" for key, wrong in hand.dead.items()})
            here |= hand.used - hand.dead.keys()
            reachable |= hand.used
            hidden |= hand.hidden
            several |= hand.several
    found.update({key: "nobody can reach it" for key in hidden - reachable - found.keys()})
    reviewed = exceptions(label)
    assert {key: wrong for key, wrong in found.items() if key not in reviewed} == {}
    assert reviewed.keys() <= found.keys(), "listed as exceptions, but they act"
