"""Where an error of a row stands in the body."""

import random

import pytest
from qudao_core.api import Problem
from qudao_core.headless.rows import located
from qudao_core.headless.rules import (
    PACKED_ANSWER,
    PLAIN_ANSWER,
    document_tag,
    entity_tag,
    pack_answer,
    state_of,
    unpack_answer,
)

LINES = {"lines": [{"sku": "A"}, {"product": "B"}, "text"], "mode": "set"}
NUMBERED = {"lines": [{"number": 7, "quantity": "1"}, {"number": 2}]}


@pytest.mark.parametrize(
    ("field", "line", "body", "expected"),
    [
        ("quantity", 1, LINES, "lines.0.quantity"),
        ("quantity", 3, LINES, "lines.2.quantity"),
        ("quantity", 4, LINES, "quantity"),
        ("quantity", 0, LINES, "quantity"),
        ("quantity", None, LINES, "quantity"),
        (None, 2, LINES, "lines.1"),
        ("product", 1, LINES, "lines.0.sku"),
        ("sku", 2, LINES, "lines.1.product"),
        ("sku", 3, LINES, "lines.2.sku"),
        ("product", 1, {"rows": [{"quantity": 1}]}, "rows.0.product"),
        ("lines.0.sku", 1, LINES, "lines.0.sku"),
        ("quantity", 2, NUMBERED, "lines.1.quantity"),
        ("quantity", 7, NUMBERED, "lines.0.quantity"),
        ("quantity", 1, NUMBERED, "quantity"),
        ("quantity", 1, {"lines": [{"a": 1}], "accept_prices": [{"line": 1}]}, "quantity"),
        ("quantity", 1, {"lines": []}, "quantity"),
        ("quantity", 1, ["a"], "quantity"),
        ("quantity", 1, None, "quantity"),
    ],
)
def test_a_problem_names_its_place(field: str | None, line: int | None, body: object, expected: str) -> None:
    found = located(Problem("wrong", "Wrong.", field=field, line=line), body)
    assert (found.field, found.line) == (expected, line)


@pytest.mark.parametrize("length", [0, 1, PLAIN_ANSWER, PLAIN_ANSWER + 1, 200_000])
def test_an_answer_is_kept_as_text_or_packed(length: int) -> None:
    body = b"x" * length
    text, packed = pack_answer(body)
    assert packed is not None
    assert bool(packed) == (length > PLAIN_ANSWER)
    assert len(text) + len(packed) <= max(length, 1)
    assert unpack_answer(text, packed) == body


def test_an_answer_that_stays_long_is_not_kept() -> None:
    noise = random.Random(1).randbytes(PACKED_ANSWER + 5000)
    assert pack_answer(noise) == ("", None)
    assert pack_answer(noise[: PACKED_ANSWER - 5000])[1] is not None


def test_a_tag_names_the_state_and_what_is_shown() -> None:
    state = entity_tag("cart", 1, 2)
    first, second = document_tag(b"[1]", state), document_tag(b"[2]", state)
    assert first != second
    assert state_of(first) == state_of(second) == state == state_of(state)
    assert document_tag(b"[1]") == document_tag(b"[1]") != document_tag(b"[2]")
    assert document_tag(b"[1]").startswith('"') and first.endswith('"')
