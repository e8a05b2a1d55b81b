"""Addresses: what they ask, and the same question narrowed or widened."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qudao_search.api import SORTS, SearchRequest
from qudao_search.endpoints.rules import query_url, read_number, read_request, without

pytestmark = pytest.mark.any_database

words = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=20)
names = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)


@given(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=30).map(str.strip),
    st.lists(names, max_size=3, unique=True),
    st.dictionaries(names, st.lists(words, min_size=1, max_size=3, unique=True).map(tuple), max_size=3),
    st.sampled_from(SORTS),
    st.integers(1, 10_000),
)
def test_an_address_asks_what_it_was_made_of(
    text: str, kinds: list[str], facets: dict[str, tuple[str, ...]], sort: str, page: int
) -> None:
    asked = SearchRequest(text, tuple(kinds), facets, sort, page, 20)
    query = parse_qs(query_url(asked, page=page).removeprefix("?"), keep_blank_values=True)
    assert read_request(query, page_size=20) == asked


def test_narrowing_begins_at_the_first_page() -> None:
    asked = SearchRequest("led", page=7)
    assert query_url(asked, kinds=("product",)) == "?q=led&kind=product"


def test_a_value_taken_away_leaves_the_others() -> None:
    facets = {"line": ("a", "b"), "status": ("active",)}
    assert without(facets, "line", "a") == {"line": ("b",), "status": ("active",)}
    assert without(facets, "status", "active") == {"line": ("a", "b")}


@pytest.mark.parametrize(
    ("text", "number"), [("3", 3), ("0", 0), ("-1", 0), ("x", 0), ("３", 0), ("9" * 30, 0), ("1.5", 0)]
)
def test_page_numbers(text: str, number: int) -> None:
    assert read_number(text) == number


def test_more_values_than_anybody_chooses_are_not_read() -> None:
    asked = read_request({"facet_x": [str(n) for n in range(500)], "kind": ["a", "a", ""]}, page_size=20)
    assert len(asked.facets["x"]) == 50 and asked.kinds == ("a",)
