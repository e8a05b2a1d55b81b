"""Lists held whole, walked while they change: what stays is neither lost nor doubled."""

from base64 import urlsafe_b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qudao_core.api import Refusal
from qudao_core.headless.pagination import list_page
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory


def page(rows: list[int], address: str) -> dict[str, Any]:
    answer = list_page(Request(APIRequestFactory().get(address)), rows, lambda row: row)
    return dict(answer.data)


@given(
    rows=st.lists(st.integers(0, 200), unique=True, max_size=60),
    limit=st.integers(1, 15),
    changes=st.lists(st.tuples(st.booleans(), st.integers(0, 59), st.integers(1000, 9999)), max_size=20),
)
def test_what_stays_is_told_once(rows: list[int], limit: int, changes: list[tuple[bool, int, int]]) -> None:
    """Rows are added anywhere and removed (at most one a page, wherever it is) between the pages."""
    now, gone, seen = list(rows), set[int](), []
    address: str | None = f"/?limit={limit}"
    while address:
        body = page(now, address)
        seen += body["results"]
        address = body["next"]
        if changes:
            removes, place, fresh = changes.pop()
            if removes and now:
                gone.add(now.pop(place % len(now)))
            elif fresh not in now and fresh not in seen:
                now.insert(place % (len(now) + 1), fresh)
    stayed = [row for row in rows if row not in gone]
    assert [row for row in seen if row in stayed] == stayed


def test_previous_leads_back() -> None:
    rows = list(range(10))
    first = page(rows, "/?limit=4")
    second = page(rows, first["next"])
    third = page(rows, second["next"])
    assert (first["previous"], third["next"]) == (None, None)
    assert [second["results"], third["results"]] == [[4, 5, 6, 7], [8, 9]]
    back = page(rows, third["previous"])
    assert back["results"] == [4, 5, 6, 7]
    assert page(rows, back["previous"])["results"] == [0, 1, 2, 3]
    assert page([], "/?limit=4") == {"results": [], "next": None, "previous": None}


def test_where_the_whole_page_is_gone_what_followed_is_next() -> None:
    following = page(list(range(10)), "/?limit=4")["next"]
    assert page(list(range(4, 10)), following)["results"] == [4, 5, 6, 7]
    assert page([], following)["results"] == []
    back = page(list(range(10)), following)["previous"]
    assert page([0, 1, 2, 3], back)["results"] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "content",
    [
        b"x",
        b'["k"]',
        b'["k", 2, 0, []]',
        b'["k", 0, -1, []]',
        b'["k", 0, 0, [[]]]',
        b'["o", 3]',
        b'["k", 0, 0, [1]]',
    ],
)
def test_a_foreign_cursor_is_refused(content: bytes) -> None:
    cursor = urlsafe_b64encode(content).decode().rstrip("=")
    with pytest.raises(Refusal, match="invalid_cursor"):
        page([1, 2], f"/?cursor={cursor}")
