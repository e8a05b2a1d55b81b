"""The rules of stock alone: who sees what, and how lines are filled."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qudao_b2b_ordering.stock import rules
from qudao_b2b_ordering.stock.rules import Level, Policy, Terms, Wanted

pytestmark = pytest.mark.any_database
D = Decimal
amounts = st.decimals(min_value=-50, max_value=200, places=1)
wanted_lines = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 60)), max_size=8).map(
    lambda pairs: [Wanted(number, product, D(q)) for number, (product, q) in enumerate(pairs, start=1)]
)
stock_levels = st.lists(st.tuples(st.integers(1, 3), amounts), max_size=8).map(
    lambda pairs: [Level(number, product, free) for number, (product, free) in enumerate(pairs, start=1)]
)
terms_of = st.dictionaries(
    st.integers(1, 3),
    st.builds(
        Terms,
        backorder=st.booleans(),
        limit=st.one_of(st.none(), st.integers(0, 80).map(D)),
        is_unlimited=st.booleans(),
    ),
)


@pytest.mark.parametrize(
    ("saleable", "band"),
    [
        ("-3", "out"),
        ("0", "out"),
        ("0.1", "low"),
        ("10", "low"),
        ("10.1", "in"),
        ("99", "in"),
        ("100", "plenty"),
    ],
)
def test_bands(saleable: str, band: str) -> None:
    policy = Policy("banded", D(10), D(100))
    assert rules.view(D(saleable), policy).band == band
    assert rules.view(D(saleable), policy).quantity is None


def test_a_product_may_have_its_own_threshold() -> None:
    policy = Policy("banded", D(10))
    assert rules.band(D(30), policy, Terms(low_threshold=D(50))) == "low"
    assert rules.band(D(0), policy, Terms(is_unlimited=True)) == "unlimited"


@given(amounts, st.sampled_from(["exact", "banded", "hidden"]), st.booleans())
def test_nobody_sees_more_than_the_policy_says_and_never_a_negative_figure(
    saleable: Decimal, mode: str, arrivals: bool
) -> None:
    expected = [(date(2030, 1, day), D(day)) for day in range(9, 0, -1)]
    seen = rules.view(saleable, Policy(mode, D(10), show_arrivals=arrivals), arrivals=expected)
    assert (seen.quantity is not None) == (mode == "exact")
    assert (seen.band is None) == (mode == "hidden")
    assert seen.quantity is None or seen.quantity >= 0
    if mode == "hidden" or not arrivals:
        assert seen.arrivals == ()
    else:
        assert [day for day, _quantity in seen.arrivals] == [date(2030, 1, day) for day in range(1, 6)]
        assert all((quantity is None) == (mode == "banded") for _day, quantity in seen.arrivals)


def test_the_narrowest_policy_wins_then_priority_then_the_older() -> None:
    wide, narrow = Policy("exact", D(1), rank=7, priority=99, id=1), Policy("hidden", D(1), rank=1, id=9)
    assert rules.choose_policy([wide, narrow]) is narrow
    first, second = Policy("exact", D(1), rank=4, id=3), Policy("banded", D(1), rank=4, priority=1, id=4)
    assert rules.choose_policy([first, second]) is second
    assert rules.choose_policy([Policy("exact", D(1), id=2), Policy("banded", D(1), id=1)]).id == 1
    assert rules.choose_policy([]) is rules.HIDDEN


@given(wanted_lines, stock_levels, terms_of, st.dictionaries(st.integers(1, 3), st.integers(0, 40).map(D)))
def test_a_plan_never_promises_what_is_not_there(
    wanted: list[Wanted], levels: list[Level], terms: dict[int, Terms], waiting: dict[int, Decimal]
) -> None:
    plan = rules.plan(wanted, levels, terms, waiting)
    free = {level.id: max(level.saleable, D(0)) for level in levels}
    taken: dict[int, Decimal] = {}
    for portion in plan.portions:
        assert portion.quantity > 0
        taken[portion.level_id] = taken.get(portion.level_id, D(0)) + portion.quantity
    assert all(quantity <= free[level_id] for level_id, quantity in taken.items())
    short = {each.line_id for each in plan.shortages}
    for line in wanted:
        own = terms.get(line.product_id, rules.NO_TERMS)
        got = sum((p.quantity for p in plan.portions if p.line_id == line.line_id), D(0))
        later = plan.backordered.get(line.line_id, D(0))
        if line.line_id in short:
            assert (got, later) == (0, 0)
        elif not own.is_unlimited:
            assert got + later == line.quantity
            assert later == 0 or own.backorder
    for product_id, own in terms.items():
        if own.limit is not None and not own.is_unlimited:
            later = sum(
                (
                    plan.backordered.get(line.line_id, D(0))
                    for line in wanted
                    if line.product_id == product_id
                ),
                D(0),
            )
            assert later == 0 or later + waiting.get(product_id, D(0)) <= own.limit


@given(wanted_lines, stock_levels)
def test_sharing_out_serves_the_oldest_first(wanted: list[Wanted], levels: list[Level]) -> None:
    portions = rules.share_out(wanted, levels)
    got = {line.line_id: D(0) for line in wanted}
    for portion in portions:
        got[portion.line_id] += portion.quantity
    for product_id in {line.product_id for line in wanted}:
        lines = [line for line in wanted if line.product_id == product_id]
        free = sum((max(each.saleable, D(0)) for each in levels if each.product_id == product_id), D(0))
        assert sum(got[line.line_id] for line in lines) == min(free, sum(line.quantity for line in lines))
        unfilled = [line for line in lines if got[line.line_id] < line.quantity]
        for line in unfilled[1:]:
            assert got[line.line_id] == 0


@pytest.mark.parametrize(
    ("quantity", "free", "terms", "can"),
    [
        (5, 5, Terms(), True),
        (6, 5, Terms(), False),
        (6, 5, Terms(backorder=True), True),
        (6, 5, Terms(backorder=True, limit=D(1)), True),
        (7, 5, Terms(backorder=True, limit=D(1)), False),
        (6, -3, Terms(backorder=True, limit=D(5)), False),
        (600, 0, Terms(is_unlimited=True), True),
    ],
)
def test_what_can_be_had(quantity: int, free: int, terms: Terms, can: bool) -> None:
    assert rules.can_be_had(D(quantity), D(free), terms) is can
