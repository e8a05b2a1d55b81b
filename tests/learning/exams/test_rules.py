"""Papers, time and results, by examples and by chance."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qudao_learning.exams import rules
from qudao_learning.exams.rules import GRACE, Candidate, Shortfall, Slots

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
POOL = [
    Candidate(number, number * 10, topic, difficulty)
    for number, (topic, difficulty) in enumerate(
        [
            ("Wiring", "easy"),
            ("Wiring", "hard"),
            ("Wiring/Lamps", "easy"),
            ("Selling", "easy"),
            ("Selling", "hard"),
        ],
        1,
    )
]


def ids(drawn: list[tuple[int, Candidate]]) -> list[int]:
    return [candidate.question_id for _row, candidate in drawn]


def test_a_topic_includes_what_lies_below_it_and_no_other_with_the_same_beginning() -> None:
    pool = [*POOL, Candidate(9, 90, "Wiring of lamps", "easy")]
    drawn, short = rules.draw([Slots(3, "Wiring")], pool)
    assert sorted(ids(drawn)) == [1, 2, 3] and short == []


def test_unseen_questions_come_first_then_those_seen_least() -> None:
    seen = {1: 2, 2: 1, 3: 1}
    drawn, _short = rules.draw([Slots(4)], POOL, seen=seen, seed=5)
    assert set(ids(drawn)[:2]) == {4, 5} and set(ids(drawn)[2:]) <= {2, 3}


def test_a_row_gives_way_when_another_needs_its_question() -> None:
    # "any easy" could take 4, which is the only easy one about selling.
    rows = [Slots(2, difficulty="easy"), Slots(1, "Selling", "easy")]
    for seed in range(20):
        drawn, short = rules.draw(rows, POOL, seed=seed)
        assert short == [] and sorted(ids(drawn)) == [1, 3, 4]
        assert drawn[-1][0] == 1 and drawn[-1][1].question_id == 4


def test_what_lacks_is_said_by_row() -> None:
    _drawn, short = rules.draw([Slots(2, "Selling"), Slots(3, difficulty="hard")], POOL)
    assert short == [Shortfall(1, 3 - 1)] or sum(each.missing for each in short) == 2


def test_a_fixed_question_is_on_every_paper_and_drawn_by_no_other_row() -> None:
    for seed in range(10):
        drawn, short = rules.draw([Slots(4), Slots(1, question_id=2)], POOL, seed=seed)
        assert not short and drawn[-1] == (1, POOL[1]) and len(set(ids(drawn))) == 5


slots = st.builds(
    Slots,
    st.integers(1, 3),
    st.sampled_from(["", "Wiring", "Wiring/Lamps", "Selling"]),
    st.sampled_from(["", "easy", "hard"]),
)


@given(
    rows=st.lists(slots, max_size=4),
    seed=st.integers(0, 10**6),
    seen=st.dictionaries(st.integers(1, 5), st.integers(0, 3)),
)
def test_a_paper_is_filled_whenever_it_can_be(rows: list[Slots], seed: int, seen: dict[int, int]) -> None:
    drawn, short = rules.draw(rows, POOL, seen=seen, seed=seed)
    assert len(set(ids(drawn))) == len(drawn)
    assert all(rows[row].takes(candidate) for row, candidate in drawn)
    places = [row for row in rows for _place in range(row.count)]
    assert len(drawn) == _most(places, frozenset())
    assert len(drawn) + sum(each.missing for each in short) == len(places)
    assert (drawn, short) == rules.draw(rows, list(reversed(POOL)), seen=seen, seed=seed)


def _most(places: list[Slots], used: frozenset[int]) -> int:
    """The most places that can be filled, by trying everything (small pools only)."""
    if not places or len(used) == len(POOL):
        return 0
    free = [each for each in POOL if each.question_id not in used and places[0].takes(each)]
    best = _most(places[1:], used)
    for each in free:
        best = max(best, 1 + _most(places[1:], used | {each.question_id}))
    return best


@pytest.mark.parametrize(
    ("minutes", "extra", "closes", "ends"),
    [
        (None, 0, None, None),
        (30, 0, None, NOON + timedelta(minutes=30)),
        (30, 15, None, NOON + timedelta(minutes=45)),
        (30, 0, NOON + timedelta(minutes=10), NOON + timedelta(minutes=10)),
        (30, 5, NOON + timedelta(minutes=10), NOON + timedelta(minutes=15)),
        (None, 0, NOON + timedelta(hours=1), NOON + timedelta(hours=1)),
    ],
)
def test_deadline(minutes: int | None, extra: int, closes: datetime | None, ends: datetime | None) -> None:
    assert rules.deadline(NOON, minutes=minutes, extra_minutes=extra, closes_at=closes) == ends


def test_a_late_answer_counts_only_in_the_grace_and_when_it_was_given_in_time() -> None:
    second = timedelta(seconds=1)
    assert rules.is_in_time(NOON, NOON)
    assert not rules.is_in_time(NOON + second, NOON)
    assert rules.is_in_time(NOON + second, NOON, waited_ms=1000)
    assert rules.is_in_time(NOON + GRACE, NOON, waited_ms=90_000)
    assert not rules.is_in_time(NOON + GRACE + second, NOON, waited_ms=10**9)
    assert not rules.is_in_time(NOON + second, NOON, waited_ms=-5)


@given(stored=st.integers(0, 5), sequence=st.integers(0, 5), same=st.booleans())
def test_an_answer_stands_until_a_newer_one_comes(stored: int, sequence: int, same: bool) -> None:
    outcome = rules.compare_answer("a", stored, "a" if same else "b", sequence)
    if sequence > stored:
        assert outcome == rules.SAVED
    else:
        assert outcome == (rules.SAME if same and sequence == stored else rules.OUTDATED)


@pytest.mark.parametrize(
    ("items", "percent", "passed"),
    [
        ([], "0.00", False),
        ([(3, 2)], "66.67", True),
        ([(3, "1.8")], "60.00", True),
        ([(3, "1.79")], "59.67", False),
        ([(2, -1), (2, "0.5")], "0.00", False),
        ([(2, 1), (2, None)], "25.00", None),
        ([(2, 0), (1, None)], "0.00", False),
    ],
)
def test_result(items: list[tuple[object, object]], percent: str, passed: bool | None) -> None:
    rows = [(Decimal(str(most)), None if earned is None else Decimal(str(earned))) for most, earned in items]
    found = rules.result_of(rows, Decimal(60))
    assert (str(found.percent), found.passed) == (percent, passed)


def test_the_order_of_choices_is_the_same_on_every_device_and_differs_between_attempts() -> None:
    asked = {"kind": "single", "choices": [{"key": key, "text": key} for key in "abcdefgh"]}
    one = rules.in_order(asked, 7, 1, shuffle=True)
    assert one == rules.in_order(asked, 7, 1, shuffle=True) != rules.in_order(asked, 8, 1, shuffle=True)
    assert rules.in_order(asked, 7, 1, shuffle=False) == asked
    pairs = {"kind": "matching", "left": [{"key": "1"}], "right": [{"key": key} for key in "abcdefgh"]}
    assert rules.in_order(pairs, 7, 1, shuffle=False) != pairs
