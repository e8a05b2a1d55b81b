from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qudao_catalog.listing.rules import FacetDefinition, FacetOption, read_listing

pytestmark = pytest.mark.any_database

DEFINITIONS = (
    FacetDefinition(
        "colour", "option", "Colour", "颜色", options=(FacetOption("white", 7, "White", "白色"),)
    ),
    FacetDefinition("dimmable", "flag", "Dimmable", options=(FacetOption("1", True, "Yes"),)),
    FacetDefinition("power", "range", "Power", unit="W"),
)
LINES = {"lighting": 3, "switches": 4}


def read(**query: list[str]) -> object:
    return read_listing(query, definitions=DEFINITIONS, line_ids=LINES)


def test_an_empty_address_narrows_nothing() -> None:
    listing = read()
    assert (listing.active, listing.sort, listing.words) == (0, "sku", ())


def test_the_address_holds_every_filter() -> None:
    listing = read(
        q=["LED panel"], line=["switches", "lighting", "switches"], available=["1"], price_min=["1,000"],
        price_max=[" 9.5 "], attr_colour=["white"], attr_dimmable=["1"], attr_power_min=["5"], sort=["-price"],
        status=["active"], sku=["a-1"],
    )  # fmt: skip
    assert (listing.words, listing.lines, listing.available) == (("LED", "panel"), (3, 4), True)
    assert (listing.price_low, listing.price_high, listing.sort) == (D(1000), D("9.5"), "-price")
    assert listing.attributes["colour"].keys == (7,) and listing.attributes["power"].low == D(5)
    assert (listing.statuses, listing.skus, listing.issues) == (("active",), ("A-1",), ())
    assert listing.active == 7


@pytest.mark.parametrize(
    ("query", "issue"),
    [
        ({"line": ["none"]}, ("unknown_value", "line", "none")),
        ({"sort": ["fame"]}, ("unknown_value", "sort", "fame")),
        ({"status": ["sold"]}, ("unknown_value", "status", "sold")),
        ({"available": ["maybe"]}, ("unknown_value", "available", "maybe")),
        ({"price_min": ["cheap"]}, ("not_a_number", "price_min", "cheap")),
        ({"price_max": ["1e99"]}, ("not_a_number", "price_max", "1e99")),
        ({"attr_colour": ["red"]}, ("unknown_value", "attr_colour", "red")),
        ({"attr_power_max": ["NaN"]}, ("not_a_number", "attr_power_max", "NaN")),
    ],
)
def test_what_is_not_understood_narrows_nothing_and_is_named(
    query: dict[str, list[str]], issue: tuple[str, str, str]
) -> None:
    listing = read(**query)
    assert [(each.code, each.field, each.value) for each in listing.issues] == [issue]
    assert listing.active == 0


names = st.sampled_from(
    [
        "q",
        "line",
        "sort",
        "status",
        "sku",
        "available",
        "price_min",
        "price_max",
        "attr_colour",
        "attr_power_min",
    ]
)


@given(st.dictionaries(names, st.lists(st.text(max_size=30), max_size=3)))
def test_no_address_crashes_the_reader(query: dict[str, list[str]]) -> None:
    listing = read(**query)
    assert listing.sort in ("sku", "name", "new", "price", "-price", "relevance")


@pytest.mark.parametrize(
    "query",
    [
        {"line": ["x" * 99]},
        {"sort": ["x" * 99]},
        {"status": ["x" * 99]},
        {"price_min": ["x" * 99]},
        {"price_max": ["1" * 39]},
        {"price_max": ["1" * 13 + "." + "0" * 20]},
        {"attr_colour": ["x" * 99]},
        {"attr_" + "x" * 99: ["1"]},
    ],
)
def test_an_issue_repeats_the_beginning_of_what_was_written(query: dict[str, list[str]]) -> None:
    (name, (value,)) = next(iter(query.items()))
    (issue,) = read(**query).issues
    told = name if issue.code == "unknown_parameter" else value
    assert (issue.field, issue.value) == (name[:80], told[:60])


def test_prices_up_to_a_million_millions_narrow() -> None:
    assert read(price_max=["1000000000000"]).price_high == D(10) ** 12
    assert read(price_min=["-1000000000000"]).price_low == -(D(10) ** 12)
    assert [each.code for each in read(price_max=["1000000000000.01"]).issues] == ["not_a_number"]


def test_the_first_two_hundred_part_numbers_narrow() -> None:
    given = [f"a-{number}" for number in range(201)]
    assert set(read(sku=[*given[:199], " ", given[200]]).skus) == {each.upper() for each in given[:199]}
    assert len(read(sku=given).skus) == 200
