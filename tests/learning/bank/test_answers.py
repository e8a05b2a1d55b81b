"""What an answer earns, and what a question gives away."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qudao_learning.bank.rules.answers import (
    AnswerError,
    Grade,
    comparable,
    grade,
    learner_view,
    points_for,
    read_answer,
    right_answer,
)
from qudao_learning.bank.rules.contents import (
    CONTENT,
    AcceptedNumber,
    AcceptedText,
    Blank,
    Case,
    Content,
    Description,
    Essay,
    FillIn,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Part,
    SingleChoice,
    TrueFalse,
    Unit,
    choices_of,
)

from .test_files import CONTENTS

SINGLE = SingleChoice(
    choices=choices_of([("no", 0, ""), ("yes", 100, ""), ("half", 50, ""), ("never", -25, "")])
)
ROWS = [("one", 50, ""), ("two", 50, ""), ("three", -50, ""), ("four", 0, "")]


def multiple(scoring: Any) -> MultipleChoice:
    return MultipleChoice(choices=choices_of(ROWS), scoring=scoring)


def fill_in(*texts: str, **more: Any) -> FillIn:
    return FillIn(blanks=(Blank(accepted=tuple(AcceptedText(text=each) for each in texts), **more),))


NUMERIC = Numeric(
    accepted=(
        AcceptedNumber(value=Decimal(12), tolerance=Decimal("0.5")),
        AcceptedNumber(value=Decimal(12), tolerance=Decimal(2), weight=Decimal(40)),
    ),
    units=(Unit(name="mm"), Unit(name="cm", factor=Decimal(10))),
)
ORDER = Ordering.of(["switch off", "test", "earth", "work"])
PAIRS = Matching.of([("L", "brown"), ("N", "blue"), ("PE", "green-yellow")], ["black"])
CASE = Case(
    parts=(
        Part(key="p1", text="Which?", content=SINGLE, points=Decimal(2)),
        Part(key="p2", text="How thick?", content=NUMERIC),
    )
)


def share(content: Content, answer: Any, language: str = "en") -> Decimal | None:
    return grade(content, read_answer(content, answer, language)).share


def keys(content: Any, *texts: str) -> list[str]:
    by_text = {each.text: each.key for each in content}
    return [by_text[text] for text in texts]


@pytest.mark.parametrize(
    ("content", "answer", "earned"),
    [
        (SINGLE, "b", "1"), (SINGLE, "c", "0.5"), (SINGLE, "a", "0"), (SINGLE, "d", "-0.25"), (SINGLE, None, "0"),
        (multiple("all"), ["a", "b"], "1"), (multiple("all"), ["a"], "0"), (multiple("all"), ["a", "b", "d"], "0"),
        (multiple("each"), ["b", "a"], "1"), (multiple("each"), ["a"], "0.5"),
        (multiple("each"), ["a", "b", "c"], "0.5"),
        (multiple("each"), ["c", "d"], "0"), (multiple("weights"), ["a"], "0.5"),
        (multiple("weights"), ["a", "c"], "0"),
        (multiple("weights"), ["a", "b", "d"], "1"), (multiple("each"), [], "0"),
        (TrueFalse(is_true=True), True, "1"), (TrueFalse(is_true=True), False, "0"),
        (TrueFalse(is_true=False), False, "1"),
        (fill_in("筒灯", "downlight"), "筒燈", "1"), (fill_in("筒灯", "downlight"), "ＤｏｗｎＬｉｇｈｔ", "1"),
        (fill_in("down light"), " down   light. ", "1"), (fill_in("down light"), "downlight", "0"),
        (fill_in("零线"), "零 线。", "1"), (fill_in("mA", case_sensitive=True), "MA", "0"),
        (fill_in("mA", case_sensitive=True), "ｍＡ", "1"), (fill_in("IP*"), "IP 65", "1"),
        (fill_in("a\\*b"), "a*b", "1"),
        (fill_in("a\\*b"), "acb", "0"), (fill_in("x"), "", "0"),
        (NUMERIC, "12", "1"), (NUMERIC, "12.5 mm", "1"), (NUMERIC, "12.51", "0.4"), (NUMERIC, "1.2 cm", "1"),
        (NUMERIC, "１．２ｃｍ", "1"), (NUMERIC, "14.1", "0"), (NUMERIC, 12, "1"),
        (PAIRS, dict(PAIRS.pairs), "1"), (PAIRS, {"1": PAIRS.pairs["1"]}, "0.33333"), (PAIRS, {"1": ""}, "0"),
        (CASE, {"p1": "b"}, "0.66667"), (CASE, {"p1": "b", "p2": "12"}, "1"), (CASE, {"p2": "12"}, "0.33333"),
    ],
)  # fmt: skip
def test_what_an_answer_earns(content: Content, answer: Any, earned: str) -> None:
    assert share(content, answer) == Decimal(earned)


@pytest.mark.parametrize(
    ("texts", "earned"),
    [
        (["switch off", "test", "earth", "work"], "1"), (["test", "earth", "work", "switch off"], "0.66667"),
        (["work", "earth", "test", "switch off"], "0"), (["switch off", "test"], "0.33333"),
    ],
)  # fmt: skip
def test_an_order_earns_by_its_neighbours(texts: list[str], earned: str) -> None:
    assert share(ORDER, keys(ORDER.items, *texts)) == Decimal(earned)
    strict = ORDER.model_copy(update={"scoring": "all"})
    assert share(strict, keys(ORDER.items, *texts)) == (1 if earned == "1" else 0)


def test_a_comma_means_what_it_means_in_the_language_of_the_learner() -> None:
    assert share(NUMERIC, "12,5 mm", "de") == 1
    stored = read_answer(NUMERIC, "12,5 mm", "de")
    assert stored == {"text": "12,5 mm", "number": "12.5"}
    assert read_answer(NUMERIC, stored, "de") == stored
    assert share(Numeric(accepted=(AcceptedNumber(value=Decimal(1200)),)), "1,200") == 1
    assert share(Numeric(accepted=(AcceptedNumber(value=Decimal("0.00015")),)), "1.5e-4") == 1


@pytest.mark.parametrize(
    ("content", "answer", "code"),
    [
        (SINGLE, "z", "unknown_choice"), (SINGLE, ["a"], "wrong_type"), (SINGLE, 1, "wrong_type"),
        (multiple("all"), "a", "wrong_type"), (multiple("all"), ["a", "a"], "doubled_choice"),
        (multiple("all"), ["z"], "unknown_choice"), (multiple("all"), [["a"]], "wrong_type"),
        (TrueFalse(is_true=True), "true", "wrong_type"), (TrueFalse(is_true=True), 1, "wrong_type"),
        (fill_in("x"), {"a": 1}, "wrong_type"), (fill_in("x"), ["a", "b"], "too_many"),
        (fill_in("x"), [3], "wrong_type"),
        (fill_in("x"), "y" * 501, "too_long"), (NUMERIC, "twelve", "not_a_number"), (NUMERIC, "12 kg", "unknown_unit"),
        (NUMERIC, True, "wrong_type"), (NUMERIC, "1,200,00", "not_a_number"), (NUMERIC, "", None),
        (NUMERIC.model_copy(update={"unit_required": True}), "12", "unit_missing"),
        (ORDER, ["a", "a"], "doubled_choice"), (ORDER, "a", "wrong_type"),
        (PAIRS, {"9": "a"}, "unknown_choice"),
        (PAIRS, {"1": "zz"}, "unknown_choice"), (PAIRS, [1], "wrong_type"), (PAIRS, {"1": 3}, "wrong_type"),
        (Essay(most_characters=3), "four", "too_long"), (CASE, {"p9": "a"}, "unknown_choice"),
        (CASE, "a", "wrong_type"),
        (Description(), "a", "wrong_type"),
    ],
)  # fmt: skip
def test_answers_that_do_not_fit(content: Content, answer: Any, code: str | None) -> None:
    if code is None:
        assert read_answer(content, answer, "en") is None
        return
    with pytest.raises(AnswerError) as caught:
        read_answer(content, answer, "en")
    assert caught.value.code == code


def test_a_fault_in_a_case_names_its_part() -> None:
    with pytest.raises(AnswerError) as caught:
        read_answer(CASE, {"p1": "b", "p2": "twelve"}, "en")
    assert (caught.value.code, caught.value.part) == ("not_a_number", "p2")


def test_a_case_with_an_essay_waits_for_its_grader() -> None:
    case = Case(parts=(*CASE.parts, Part(key="p3", text="Why?", content=Essay())))
    found = grade(case, read_answer(case, {"p1": "b", "p3": "Because."}, "en"))
    assert found.share is None
    assert [part.share for part in found.parts.values()] == [1, 0, None]


@pytest.mark.parametrize(
    ("earned", "points", "negative", "expected"),
    [
        ("1", 3, False, "3"),
        ("-0.25", 3, False, "0"),
        ("-0.25", 3, True, "-0.75"),
        ("0.33333", 1, False, "0.33"),
    ],
)
def test_points(earned: str, points: int, negative: bool, expected: str) -> None:
    assert points_for(Grade(Decimal(earned)), Decimal(points), negative=negative) == Decimal(expected)


def test_an_essay_has_no_points_yet() -> None:
    assert points_for(Grade(None), Decimal(5), negative=False) is None


#: Words that only the solution of a question has.
SECRETS = (
    "weight",
    "feedback",
    "is_true",
    "accepted",
    "pairs",
    "right_order",
    "guidance",
    "scoring",
    "explanation",
)


@settings(deadline=None)
@given(CONTENTS | st.sampled_from([CASE, NUMERIC, ORDER, PAIRS]))
def test_the_right_answer_earns_everything_and_the_question_does_not_tell_it(content: Content) -> None:
    answer = right_answer(content)
    if answer is not None and not list(content.faults()):
        assert share(content, answer, "en") == 1
    stored = read_answer(content, answer, "en")
    assert read_answer(content, stored, "en") == stored
    shown = json.dumps(learner_view(content))
    assert not [word for word in SECRETS if f'"{word}"' in shown]
    assert CONTENT.validate_python(CONTENT.dump_python(content, mode="json")) == content


@given(st.text())
def test_what_is_comparable_stays_so(text: str) -> None:
    assert comparable(comparable(text)) == comparable(text)


def test_keys_of_items_do_not_tell_their_order() -> None:
    assert Ordering.of(["b", "a"]).items == Ordering.of(["a", "b"]).items
    one, other = Matching.of([("L", "x"), ("N", "y")]), Matching.of([("L", "y"), ("N", "x")])
    assert (one.left, one.right) == (other.left, other.right)
