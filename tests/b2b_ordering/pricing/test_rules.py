"""The rules of prices alone, whatever the numbers."""

import random
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qudao_b2b_ordering.pricing import rules
from qudao_partner_portal.api import audience_rank

pytestmark = pytest.mark.any_database
SINCE = date(2000, 1, 1)
TODAY = date(2026, 6, 15)

money = st.decimals(min_value=0, max_value=99999, places=4)
quantities = st.decimals(min_value="0.001", max_value=9999, places=3)
percents = st.decimals(min_value=-100, max_value=200, places=4)
steps = st.sampled_from([Decimal(each) for each in ("0.0001", "0.01", "0.03", "0.05", "0.1", "1", "5", "99")])
roundings = st.sampled_from(["half_up", "up", "down"])
days = st.integers(-3, 3).map(lambda offset: TODAY + timedelta(days=offset))
rows = st.lists(
    st.builds(
        rules.Row,
        product_id=st.just(1),
        min_quantity=st.sampled_from([Decimal(each) for each in ("0.5", "1", "12", "100")]),
        unit_price=money,
        valid_from=days,
        valid_until=st.one_of(st.none(), days),
    ),
    max_size=10,
    unique_by=lambda row: (row.min_quantity, row.valid_from),
)
keys = st.sampled_from(
    ["company:1", "below:1", "territory:CN", "tier:gold", "kind:dealer", "members", "everyone"]
)
assignments = st.lists(st.tuples(st.integers(1, 6), keys, st.integers(-2, 2)), max_size=15)


def head(number: int, **fields: object) -> rules.PriceListHeader:
    return rules.PriceListHeader(number, f"list-{number}", "", 1, "CNY", **({"valid_from": SINCE} | fields))


def by_key(entries: list[tuple[int, str, int]]) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for list_id, key, priority in entries:
        found.setdefault(key, []).append((list_id, priority))
    return found


@given(assignments, st.lists(days, min_size=6, max_size=6), st.randoms())
def test_the_order_of_lists_does_not_depend_on_the_order_they_are_read_in(
    entries: list[tuple[int, str, int]], starts: list[date], chance: random.Random
) -> None:
    heads = {number: head(number, valid_from=starts[number - 1]) for number in range(1, 7)}
    ranks = {key: audience_rank(key) for key in by_key(entries)}
    shuffled = list(entries)
    chance.shuffle(shuffled)
    names = list(by_key(shuffled))
    chance.shuffle(names)
    one = rules.candidates(heads, by_key(entries), by_key(entries), ranks)
    other = rules.candidates(heads, by_key(shuffled), names, ranks)
    assert [(each.head.id, each.audience_key) for each in one] == [
        (each.head.id, each.audience_key) for each in other
    ]
    assert len({each.head.id for each in one}) == len(one)
    assert [each.order for each in one] == sorted(each.order for each in one)


@given(rows, st.randoms(), quantities)
def test_the_row_that_decides_does_not_depend_on_the_order_of_rows(
    given_rows: list[rules.Row], chance: random.Random, quantity: Decimal
) -> None:
    shuffled = list(given_rows)
    chance.shuffle(shuffled)
    valid = rules.rows_on(given_rows, TODAY)
    assert valid == rules.rows_on(shuffled, TODAY)
    assert [row.min_quantity for row in valid] == sorted({row.min_quantity for row in valid})
    if not valid:
        return
    price = rules.list_price(1, quantity, valid, [head(1)])
    reached = [row for row in valid if row.min_quantity <= quantity]
    if not reached:
        assert (price.unit_price, price.note) == (None, "below_first_break")
        assert price.from_quantity == valid[0].min_quantity
    else:
        best = max(reached, key=lambda row: row.min_quantity)
        assert (price.unit_price, price.from_quantity) == (best.unit_price, best.min_quantity)
    assert rules.at_quantity(rules.list_price(1, Decimal(7), valid, [head(1)]), quantity) == price


def test_below_the_first_break_the_first_break_is_named() -> None:
    """Also where a price read for a larger quantity is asked about a smaller one."""
    breaks = [rules.Row(1, Decimal(10), Decimal(9), TODAY), rules.Row(1, Decimal(50), Decimal(8), TODAY)]
    price = rules.list_price(1, Decimal(60), breaks, [head(1)])
    assert (price.unit_price, price.from_quantity) == (8, 50)
    fewer = rules.at_quantity(price, Decimal(5))
    assert (fewer.unit_price, fewer.from_quantity, fewer.note) == (None, 10, "below_first_break")


@given(rows)
def test_of_rows_with_one_minimum_the_newest_start_counts(given_rows: list[rules.Row]) -> None:
    for row in rules.rows_on(given_rows, TODAY):
        for other in given_rows:
            same = other.min_quantity == row.min_quantity and other.valid_from > row.valid_from
            ended = other.valid_until is not None and other.valid_until < TODAY
            assert not (same and other.valid_from <= TODAY and not ended)


@given(money, percents, roundings, steps)
def test_a_derived_price_is_the_nearest_multiple_on_the_right_side(
    price: Decimal, percent: Decimal, rounding: str, step: Decimal
) -> None:
    found = rules.derive(price, percent, rounding, step)
    exact = price * (100 + percent) / 100
    assert found >= 0
    assert found % step == 0
    if rounding == "up":
        assert exact <= found < exact + step
    elif rounding == "down":
        assert exact - step < found <= exact
    else:
        assert abs(found - exact) * 2 <= step
        assert (found - exact) * 2 != -step, "half goes up"


@given(money, percents, percents, steps, steps)
def test_every_step_of_a_chain_rounds(
    price: Decimal, one: Decimal, two: Decimal, step_one: Decimal, step_two: Decimal
) -> None:
    middle = head(2, base_id=1, percent=one, rounding_step=step_one)
    top = head(3, base_id=2, percent=two, rounding_step=step_two)
    by_hand = rules.derive(rules.derive(price, one, "half_up", step_one), two, "half_up", step_two)
    assert rules.derived_price(price, None, [top, middle, head(1)]) == by_hand


@given(money, percents, percents)
def test_the_percentage_of_the_line_counts_before_the_lists_own(
    price: Decimal, own: Decimal, by_line: Decimal
) -> None:
    top = head(2, base_id=1, percent=own, line_percents={7: by_line})
    step = rules.UNIT_PRICE_STEP
    assert rules.derived_price(price, 7, [top, head(1)]) == rules.derive(price, by_line, "half_up", step)
    for line_id in (8, None):
        assert rules.derived_price(price, line_id, [top, head(1)]) == rules.derive(
            price, own, "half_up", step
        )


@given(
    st.lists(st.tuples(money, quantities, st.sampled_from(["0.13", "0.06", "0"])), max_size=40), st.randoms()
)
def test_totals_are_sums_of_rounded_lines_in_any_order(
    given_lines: list[tuple[Decimal, Decimal, str]], chance: random.Random
) -> None:
    lines = [rules.TaxableLine(rules.line_net(p, q), Decimal(rate)) for p, q, rate in given_lines]
    found = rules.totals(lines)
    shuffled = list(lines)
    chance.shuffle(shuffled)
    assert rules.totals(shuffled) == found
    assert found.net == sum(line.net for line in lines)
    assert found.gross == found.net + found.tax
    assert found.tax == sum(each.tax for each in found.by_rate)
    for each in found.by_rate:
        own = sum(line.net for line in lines if line.tax_rate == each.rate)
        assert each.net == own
        assert each.tax == (own * each.rate).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert all(-line.net.as_tuple().exponent == 2 for line in lines)


@pytest.mark.parametrize(
    ("net", "rate", "tax"),
    [("0.50", "0.13", "0.07"), ("1.50", "0.13", "0.20"), ("2.50", "0.13", "0.33"), ("0.25", "0.06", "0.02")],
)
def test_half_a_cent_of_tax_is_rounded_up(net: str, rate: str, tax: str) -> None:
    """0.50 at 13 % is 0.065: half to even would take 0.06."""
    found = rules.totals([rules.TaxableLine(Decimal(net), Decimal(rate))])
    assert (found.tax, found.gross) == (Decimal(tax), Decimal(net) + Decimal(tax))


@pytest.mark.parametrize(
    ("price", "quantity", "net"),
    [("0.1250", "1", "0.13"), ("0.1350", "1", "0.14"), ("0.0050", "1", "0.01"), ("0.0049", "1", "0.00")]
    + [("1.0050", "3", "3.02"), ("9999999999.9999", "99999999999.999", "999999999999980000000.00")],
)
def test_half_a_cent_of_a_line_is_rounded_up(price: str, quantity: str, net: str) -> None:
    assert rules.line_net(Decimal(price), Decimal(quantity)) == Decimal(net)


def test_totals_stand_by_rate_the_highest_first() -> None:
    lines = [rules.TaxableLine(Decimal("1.00"), Decimal(rate)) for rate in ("0.06", "0.13", "0.09", "0.13")]
    assert [(each.rate, each.net) for each in rules.totals(lines).by_rate] == [
        (Decimal("0.13"), Decimal("2.00")),
        (Decimal("0.09"), Decimal("1.00")),
        (Decimal("0.06"), Decimal("1.00")),
    ]
    assert rules.totals([]) == rules.Totals(Decimal("0.00"), Decimal("0.00"), Decimal("0.00"), ())


@pytest.mark.parametrize(
    ("quantity", "price", "end", "code"),
    [
        ("0.001", "0", None, None),
        ("99999999999.999", "9999999999.9999", TODAY, None),
        ("0", "1", None, "quantity_invalid"),
        ("-1", "1", None, "quantity_invalid"),
        ("0.0001", "1", None, "quantity_invalid"),
        ("100000000000", "1", None, "quantity_invalid"),
        ("NaN", "1", None, "quantity_invalid"),
        ("1", "-0.0001", None, "unit_price_invalid"),
        ("1", "0.00001", None, "unit_price_invalid"),
        ("1", "10000000000", None, "unit_price_invalid"),
        ("1", "Infinity", None, "unit_price_invalid"),
        ("1", "1", TODAY - timedelta(1), "dates_invalid"),
    ],
)
def test_a_row_is_kept_within_its_limits(quantity: str, price: str, end: Any, code: str | None) -> None:
    assert rules.row_problem(Decimal(quantity), Decimal(price), TODAY, end) == code


def test_a_chain_is_bounded_and_never_turns_in_circles() -> None:
    heads = {number: head(number, base_id=number - 1 or None) for number in range(1, 7)}
    assert [each.id for each in rules.chain(heads, 6)] == [6, 5, 4, 3, 2, 1]
    assert rules.chain_problem(heads, None, 5) is None
    assert rules.chain_problem(heads, None, 6) == "price_list_too_deep"
    assert rules.chain_problem(heads, 3, 6) == "price_list_cycle"
    assert rules.chain_problem(heads, 3, 3) == "price_list_cycle"
    assert rules.chain_problem(heads | {9: head(9)}, 1, 9) == "price_list_too_deep"
    broken = heads | {1: head(1, base_id=6)}
    assert rules.chain(broken, 6) == ()
    assert rules.chain(heads, 99) == ()
    assert not rules.in_force((), TODAY)


@pytest.mark.parametrize("link", [0, 1, 2])
def test_a_list_is_in_force_only_while_everything_below_it_is(link: int) -> None:
    heads = [head(3, base_id=2), head(2, base_id=1), head(1)]
    assert rules.in_force(heads, TODAY)
    for change in (
        {"is_active": False},
        {"valid_from": TODAY + timedelta(1)},
        {"valid_until": TODAY - timedelta(1)},
    ):
        changed = list(heads)
        changed[link] = head(3 - link, base_id=2 - link or None, **change)
        assert not rules.in_force(changed, TODAY)
    heads[link] = head(3 - link, base_id=2 - link or None, valid_from=TODAY, valid_until=TODAY)
    assert rules.in_force(heads, TODAY)


def test_a_price_is_known_to_hold_until_the_first_end() -> None:
    ending = rules.Row(1, Decimal(1), Decimal(5), SINCE, TODAY + timedelta(9))
    open_row = rules.Row(1, Decimal(10), Decimal(4), SINCE)
    lists = [head(2, base_id=1), head(1, valid_until=TODAY + timedelta(20))]
    assert rules.list_price(1, Decimal(1), [ending, open_row], lists).valid_until == TODAY + timedelta(9)
    assert rules.list_price(1, Decimal(10), [ending, open_row], lists).valid_until == TODAY + timedelta(20)
    assert rules.list_price(1, Decimal(10), [open_row], [head(1)]).valid_until is None


def test_a_list_that_nothing_derives_from_may_stand_on_the_last_step() -> None:
    heads = {number: head(number, base_id=number - 1 or None) for number in range(1, 6)} | {9: head(9)}
    assert rules.chain_problem(heads, 9, 5) is None
    assert rules.chain_problem(heads | {10: head(10, base_id=9)}, 9, 5) == "price_list_too_deep"
    assert rules.chain_problem(heads | {10: head(10, base_id=9)}, 9, 4) is None
