"""What can be had now and later, when, and whether a price moved: plain values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qudao_b2b_ordering.cart import rules
from qudao_b2b_ordering.cart.rules import Supply, expected_on, price_issue, price_moved, supply
from qudao_b2b_ordering.pricing.rules import BELOW_FIRST_BREAK, Price
from qudao_b2b_ordering.stock.rules import Terms

pytestmark = pytest.mark.any_database
ONE, TWO, THREE = date(2030, 1, 1), date(2030, 2, 1), date(2030, 3, 1)


def price(unit_price: str | None, note: str | None = None) -> Price:
    return Price(
        product_id=1,
        quantity=D(1),
        unit_price=None if unit_price is None else D(unit_price),
        currency="CNY",
        from_quantity=D(10),
        note=note,
    )


@pytest.mark.parametrize(
    ("quantity", "free", "terms", "expected"),
    [
        (36, 36, Terms(), Supply(D(36))),
        (36, 37, Terms(), Supply(D(36))),
        (36, 35, Terms(), Supply(D(35), D(0), D(1))),
        (36, 0, Terms(), Supply(D(0), D(0), D(36))),
        (36, -5, Terms(), Supply(D(0), D(0), D(36))),
        (36, 24, Terms(backorder=True), Supply(D(24), D(12))),
        (36, -5, Terms(backorder=True), Supply(D(0), D(36))),
        (36, 24, Terms(backorder=True, limit=D(12)), Supply(D(24), D(12))),
        (36, 24, Terms(backorder=True, limit=D(11)), Supply(D(24), D(0), D(12))),
        (36, 24, Terms(backorder=False, limit=D(99)), Supply(D(24), D(0), D(12))),
        (36, 0, Terms(is_unlimited=True), Supply(D(36))),
    ],
)
def test_supply_comes_from_stock_then_from_goods_to_come(
    quantity: int, free: int, terms: Terms, expected: Supply
) -> None:
    assert supply(D(quantity), D(free), terms) == expected


def test_only_what_is_not_there_waits_for_a_day() -> None:
    arrivals = [(TWO, D(10)), (ONE, D(5))]
    assert supply(D(30), D(24), Terms(), arrivals) == Supply(D(24), D(0), D(6), TWO)
    assert supply(D(29), D(24), Terms(backorder=True), arrivals) == Supply(D(24), D(5), D(0), ONE)
    assert supply(D(24), D(24), Terms(), arrivals).expected_on is None


@pytest.mark.parametrize(
    ("quantity", "day"), [(1, ONE), (5, ONE), (6, TWO), (15, TWO), (16, THREE), (35, THREE), (36, None)]
)
def test_goods_are_expected_on_the_day_that_brings_enough(quantity: int, day: date | None) -> None:
    arrivals = [(THREE, D(20)), (ONE, D(5)), (TWO, D(10))]
    assert expected_on(D(quantity), arrivals) == day


def test_where_no_figures_are_known_the_first_such_day_counts() -> None:
    assert expected_on(D(100), [(TWO, None), (ONE, D(5))]) == TWO
    assert expected_on(D(5), [(TWO, None), (ONE, D(5))]) == ONE
    assert expected_on(D(1), []) is None


@given(st.integers(1, 100), st.integers(-20, 120), st.booleans(), st.one_of(st.none(), st.integers(0, 60)))
def test_supply_adds_up(quantity: int, free: int, backorder: bool, limit: int | None) -> None:
    terms = Terms(backorder=backorder, limit=None if limit is None else D(limit))
    found = supply(D(quantity), D(free), terms)
    assert found.now + found.later + found.missing == quantity
    assert found.now == max(min(quantity, free), 0)
    assert found.later == 0 or found.missing == 0


@pytest.mark.parametrize(
    ("today", "seen", "accepted", "moved"),
    [
        ("10", "10", None, False),
        ("10", "9", None, True),
        ("10", "9", "10", False),
        ("10", "9", "11", True),
        ("10", None, None, True),
        ("10", "10", "9", False),
        (None, "10", None, False),
    ],
)
def test_a_price_moved_unless_it_was_seen_or_accepted(
    today: str | None, seen: str | None, accepted: str | None, moved: bool
) -> None:
    own = None if seen is None else D(seen)
    assert price_moved(price(today), own, None if accepted is None else D(accepted)) is moved


def test_no_price_is_no_moved_price() -> None:
    assert price_moved(None, D(10)) is False


def test_a_missing_price_says_why() -> None:
    assert price_issue(None) is None and price_issue(price("10")) is None
    found = price_issue(price(None, BELOW_FIRST_BREAK))
    assert found is not None and (found.code, found.params) == ("below_first_break", {"from_quantity": D(10)})
    found = price_issue(price(None))
    assert found is not None and (found.code, found.params) == ("price_on_request", {})


def test_kept_are_the_results_that_lie_in_the_cart() -> None:
    assert {rules.OK, rules.ROUNDED, rules.OVER_STOCK} == rules.KEPT
    assert (rules.MOST_LINES, rules.MOST_CARTS) == (2000, 50)
