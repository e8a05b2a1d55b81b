"""What is written to a file and read again is the same question, in every format that can hold it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qudao_learning.bank.rules import aiken, gift, moodle_xml
from qudao_learning.bank.rules.contents import (
    AcceptedNumber,
    AcceptedText,
    Blank,
    Essay,
    FillIn,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Question,
    SingleChoice,
    TrueFalse,
    Unit,
    choices_of,
)
from qudao_learning.bank.rules.files import Entry, Written

#: Texts as people write them, with every character that a format gives a meaning; without blanks at the ends.
TEXTS = st.text(
    st.sampled_from("ab Cé筒灯12=~#{}:%\\/-<>&\"'[]*.$？。\n"), min_size=1, max_size=25
).map(str.strip).filter(lambda text: text and not text.startswith(("[", "//", "$", "%", "::")))  # fmt: skip
LINES = TEXTS.map(lambda text: " ".join(text.split())).filter(
    lambda text: "<" not in text and "->" not in text
)
WEIGHTS = st.sampled_from([0, 25, Decimal("33.33333"), -50, Decimal("-16.66667")])


def choices(right: int) -> st.SearchStrategy[Any]:
    row = st.tuples(TEXTS, st.just(right), TEXTS | st.just(""))
    other = st.tuples(TEXTS, WEIGHTS, st.just(""))
    rows = st.lists(other, min_size=1, max_size=4, unique_by=lambda each: each[0])
    return st.tuples(row, rows).filter(lambda both: both[0][0] not in [each[0] for each in both[1]]).map(
        lambda both: choices_of([both[0], *both[1]])
    )  # fmt: skip


NUMBERS = st.decimals("-1000", "1000", places=2)
CONTENTS = st.one_of(
    st.builds(SingleChoice, choices=choices(100), shuffle=st.booleans()),
    st.builds(
        MultipleChoice, choices=choices(50), shuffle=st.booleans(), scoring=st.sampled_from(["all", "each", "weights"])
    ),
    st.builds(TrueFalse, is_true=st.booleans(), feedback_true=TEXTS, feedback_false=TEXTS),
    st.builds(
        lambda texts, sensitive: FillIn(
            blanks=(Blank(accepted=tuple(AcceptedText(text=each) for each in texts), case_sensitive=sensitive),)
        ),
        st.lists(LINES, min_size=1, max_size=3),
        st.booleans(),
    ),
    st.builds(
        lambda values: Numeric(accepted=tuple(AcceptedNumber(value=v, tolerance=abs(t)) for v, t in values)),
        st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=3),
    ),
    st.builds(
        Matching.of,
        st.lists(st.tuples(LINES, LINES), min_size=2, max_size=4, unique_by=lambda each: each[0]),
        st.lists(LINES, max_size=2),
    ),
    st.builds(Essay),
)  # fmt: skip
QUESTIONS = st.builds(
    Question,
    name=LINES,
    text=TEXTS.filter(lambda text: "____" not in text),
    content=CONTENTS,
    explanation=TEXTS | st.just(""),
    topic=st.sampled_from(["", "Switches", "Switches/Wiring"]),
    difficulty=st.sampled_from(["easy", "medium", "hard"]),
    language=st.sampled_from(["", "zh-hans"]),
    external_key=st.sampled_from(["", "Q-7"]),
)


def again(
    write: Callable[[Iterable[Question]], Written], read: Callable[[Any], Iterator[Entry]], *asked: Question
) -> list[Question]:
    written = write(asked)
    assert not written.left_out
    entries = list(read(written.text if read is not moodle_xml.read else written.text.encode()))
    assert all(each.question for each in entries), [entries, written.text]
    return [each.question for each in entries if each.question]


@settings(max_examples=300, deadline=None)
@given(st.lists(QUESTIONS, min_size=1, max_size=3))
def test_gift_holds_what_it_wrote(asked: list[Question]) -> None:
    assert again(gift.write, gift.read, *asked) == asked


@settings(max_examples=150, deadline=None)
@given(st.lists(QUESTIONS, min_size=1, max_size=3))
def test_moodle_xml_holds_what_it_wrote(asked: list[Question]) -> None:
    assert again(moodle_xml.write, moodle_xml.read, *asked) == asked


@settings(deadline=None)
@given(st.lists(LINES, min_size=3, max_size=5, unique=True), LINES)
def test_aiken_holds_what_it_wrote(texts: list[str], text: str) -> None:
    plain = [aiken.plain_to_html(each) for each in texts]
    content = SingleChoice(choices=choices_of([(each, 100 * (at == 1), "") for at, each in enumerate(plain)]))
    question = Question(text=f"Which one? {aiken.plain_to_html(text)}", content=content)
    assert again(aiken.write, aiken.read, question) == [question]


@settings(deadline=None)
@given(st.lists(TEXTS, min_size=2, max_size=5, unique=True))
def test_moodle_xml_holds_an_order_and_units(texts: list[str]) -> None:
    ordering = Question(text="Put in order", content=Ordering.of(texts))
    units = (Unit(name="mm"), Unit(name="m", factor=Decimal(1000)))
    numeric = Question(
        text="How long?", content=Numeric(accepted=(AcceptedNumber(value=Decimal(5)),), units=units)
    )
    assert again(moodle_xml.write, moodle_xml.read, ordering, numeric) == [ordering, numeric]


@pytest.mark.parametrize("text", ["", "\ufeff", "\n\n//\n", "$CATEGORY: a\n"])
def test_files_without_questions(text: str) -> None:
    assert list(gift.read(text)) == []


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab={}~#%:.1\\T\n -> $[]/"), max_size=60))
def test_no_text_breaks_the_readers(text: str) -> None:
    for entry in [*gift.read(text), *aiken.read(text)]:
        assert entry.question or entry.faults
