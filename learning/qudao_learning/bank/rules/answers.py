"""Answers: what a learner may send for each type of question, and which share of the points it earns.

An answer is a JSON value: ``"b"`` (single choice), ``["a", "c"]`` (multiple choice), ``true``, a list of texts, one
for each gap (fill in), a text such as ``"12.5 mm"`` (numeric), a list of keys (ordering), ``{"1": "b"}`` (matching:
left key to right key), a text (essay), ``{"p1": <answer>}`` (case: key of the part to its answer). ``None`` is no
answer. What is incomplete is taken: a learner saves while answering. A number is stored as ``{"text": "12,5 mm",
"number": "12.5"}``: as typed, and as read in the first unit, so that grading it later asks nobody's language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import singledispatch
from typing import Any

from qudao_core.folding import fold
from qudao_core.numbers import rules as numbers

from .contents import (
    ALL,
    FULL,
    LONGEST_ANSWER,
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
    SingleChoice,
    TrueFalse,
)

#: Shares of the points are kept with so many places, half up.
PLACES = Decimal("0.00001")
ZERO, ONE = Decimal(0), Decimal(1)


class AnswerError(ValueError):
    """An answer that does not fit its question. ``code`` is stable; ``part`` names the part of a case."""

    def __init__(self, code: str, part: str = "", **params: object) -> None:
        super().__init__(code)
        self.code, self.part, self.params = code, part, params


@dataclass(frozen=True, slots=True)
class Grade:
    """What an answer earns: ``share`` of the points, −1 … 1, ``None`` while a person has to grade it.

    ``chosen`` says which choices, accepted answers or parts it hit, for feedback and item analysis: keys of choices,
    the number of an accepted text or number as a text, ``""`` for none.
    """

    share: Decimal | None
    chosen: tuple[str, ...] = ()
    parts: Mapping[str, Grade] = field(default_factory=dict)

    @property
    def is_right(self) -> bool:
        """Whether it earns all points."""
        return self.share == ONE


def read_answer(content: Content, given: Any, language: str = "") -> Any:
    """``given`` as it is stored: checked against the question, in its one form. ``None`` where nothing was answered.

    ``language`` of the learner tells how a number is written.

    :raises AnswerError: ``wrong_type``, ``unknown_choice``, ``doubled_choice``, ``too_long``, ``too_many``; for a
        number what :class:`qudao_core.numbers.rules.NumberError` says, and ``unknown_unit``, ``unit_missing``.
    """
    if given is None or given in ("", [], {}):
        return None
    return _read(content, given, language)


def grade(content: Content, answer: Any) -> Grade:
    """What a stored answer earns. No answer earns nothing, an essay is graded by hand."""
    if answer is None:
        return Grade(ZERO)
    return _grade(content, answer)


def is_graded_by_hand(content: Content) -> bool:
    """Whether it takes a person to grade the question, or a part of it.

    >>> is_graded_by_hand(Essay()), is_graded_by_hand(TrueFalse(is_true=True))
    (True, False)
    """
    parts = [part.content for part in content.parts] if isinstance(content, Case) else [content]
    return any(isinstance(each, Essay) for each in parts)


def points_for(grade_: Grade, points: Decimal, *, negative: bool) -> Decimal | None:
    """The points of a grade, two places, half up; below zero only where marking is negative.

    >>> points_for(Grade(Decimal("-0.33333")), Decimal(3), negative=False)
    Decimal('0.00')
    """
    if grade_.share is None:
        return None
    share = grade_.share if negative else max(grade_.share, ZERO)
    return (share * points).quantize(Decimal("0.01"), ROUND_HALF_UP)


# --- Reading ---


@singledispatch
def _read(content: Any, given: Any, language: str) -> Any:
    raise TypeError(content)


@_read.register
def _read_single(content: SingleChoice, given: Any, language: str) -> str:
    return _known(_text(given), {each.key for each in content.choices})


@_read.register
def _read_multiple(content: MultipleChoice, given: Any, language: str) -> list[str]:
    return sorted(_keys(given, {each.key for each in content.choices}))


@_read.register
def _read_true_false(content: TrueFalse, given: Any, language: str) -> bool:
    if not isinstance(given, bool):
        raise AnswerError("wrong_type")
    return given


@_read.register
def _read_fill_in(content: FillIn, given: Any, language: str) -> list[str]:
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list):
        raise AnswerError("wrong_type")
    if len(texts) > len(content.blanks):
        raise AnswerError("too_many", most=len(content.blanks))
    read = [_text(each or "") for each in texts]
    return read + [""] * (len(content.blanks) - len(read))


@_read.register
def _read_numeric(content: Numeric, given: Any, language: str) -> dict[str, str]:
    if isinstance(given, dict) and set(given) == {"text", "number"}:
        given = given["text"]  # as stored, sent back
    text = str(given) if isinstance(given, int) and not isinstance(given, bool) else _text(given)
    return {"text": text, "number": f"{_quantity(content, text, language):f}"}


@_read.register
def _read_ordering(content: Ordering, given: Any, language: str) -> list[str]:
    return _keys(given, {each.key for each in content.items})


@_read.register
def _read_matching(content: Matching, given: Any, language: str) -> dict[str, str]:
    if not isinstance(given, dict):
        raise AnswerError("wrong_type")
    lefts, rights = {each.key for each in content.left}, {each.key for each in content.right}
    return {
        _known(left, lefts): _known(_text(right), rights) for left, right in sorted(given.items()) if right
    }


@_read.register
def _read_essay(content: Essay, given: Any, language: str) -> str:
    return _text(given, content.most_characters)


@_read.register
def _read_description(content: Description, given: Any, language: str) -> Any:
    raise AnswerError("wrong_type")


@_read.register
def _read_case(content: Case, given: Any, language: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise AnswerError("wrong_type")
    parts = {part.key: part.content for part in content.parts}
    read = {}
    for key, answer in sorted(given.items()):
        part = parts[_known(key, parts)]
        try:
            read[key] = read_answer(part, answer, language)
        except AnswerError as error:
            raise AnswerError(error.code, part=key, **error.params) from error
    return {key: answer for key, answer in read.items() if answer is not None}


def _text(given: Any, longest: int = LONGEST_ANSWER) -> str:
    if not isinstance(given, str):
        raise AnswerError("wrong_type")
    if len(given) > longest:
        raise AnswerError("too_long", most=longest)
    return given


def _known(key: str, known: Any) -> str:
    if key not in known:
        raise AnswerError("unknown_choice", choice=str(key)[:50])
    return key


def _keys(given: Any, known: set[str]) -> list[str]:
    if not isinstance(given, list):
        raise AnswerError("wrong_type")
    keys = [_known(_text(each), known) for each in given]
    if len(set(keys)) < len(keys):
        raise AnswerError("doubled_choice")
    return keys


# --- Grading ---


@singledispatch
def _grade(content: Any, answer: Any) -> Grade:
    raise TypeError(content)


@_grade.register
def _grade_single(content: SingleChoice, answer: Any) -> Grade:
    weights = {each.key: each.weight for each in content.choices}
    return Grade(_share(weights[answer] / FULL), (answer,))


@_grade.register
def _grade_multiple(content: MultipleChoice, answer: Any) -> Grade:
    taken = set(answer)
    if content.scoring == ALL:
        share = ONE if taken == content.right else ZERO
    elif content.scoring == "each":
        hits, misses = len(taken & content.right), len(taken - content.right)
        share = Decimal(hits - misses) / len(content.right)
    else:
        share = sum((each.weight for each in content.choices if each.key in taken), ZERO) / FULL
        share = ONE if taken == content.right else share  # three times 33.33333
    return Grade(_share(max(share, ZERO)), tuple(answer))


@_grade.register
def _grade_true_false(content: TrueFalse, answer: Any) -> Grade:
    return Grade(ONE if answer is content.is_true else ZERO, ("true" if answer else "false",))


@_grade.register
def _grade_fill_in(content: FillIn, answer: Any) -> Grade:
    best = [_best_text(blank, text) for blank, text in zip(content.blanks, answer, strict=True)]
    share = sum((weight for weight, _number in best), ZERO) / FULL / len(best)
    return Grade(_share(share), tuple(number for _weight, number in best))


@_grade.register
def _grade_numeric(content: Numeric, answer: Any) -> Grade:
    number = Decimal(answer["number"])
    met = [(each.weight, str(at)) for at, each in enumerate(content.accepted) if each.accepts(number)]
    weight, chosen = max(met, default=(ZERO, ""), key=lambda each: each[0])
    return Grade(_share(weight / FULL), (chosen,))


@_grade.register
def _grade_ordering(content: Ordering, answer: Any) -> Grade:
    if content.scoring == ALL:
        share = ONE if tuple(answer) == content.right_order else ZERO
    else:
        share = _in_order(answer, content.right_order)
    return Grade(share, tuple(answer))


@_grade.register
def _grade_matching(content: Matching, answer: Any) -> Grade:
    hits = sum(content.pairs[left] == right for left, right in answer.items())
    share = (
        Decimal(hits) / len(content.pairs) if content.scoring != ALL else Decimal(hits == len(content.pairs))
    )
    return Grade(_share(share), tuple(f"{left}-{right}" for left, right in sorted(answer.items())))


@_grade.register
def _grade_essay(content: Essay, answer: Any) -> Grade:
    return Grade(None)


@_grade.register
def _grade_case(content: Case, answer: Any) -> Grade:
    parts = {part.key: grade(part.content, answer.get(part.key)) for part in content.parts}
    total = sum((part.points for part in content.parts), ZERO)
    share: Decimal | None = None
    if all(each.share is not None for each in parts.values()):
        earned = sum((part.points * (parts[part.key].share or ZERO) for part in content.parts), ZERO)
        share = _share(earned / total)
    return Grade(share, parts=parts)


def _share(value: Decimal) -> Decimal:
    return min(max(value, -ONE), ONE).quantize(PLACES, ROUND_HALF_UP).normalize() + ZERO


def _in_order(answer: Sequence[str], right: Sequence[str]) -> Decimal:
    """The share of neighbours that follow each other as they should: moving one item costs little."""
    if list(answer) == list(right):
        return ONE
    following = set(zip(right, right[1:], strict=False))
    hits = sum(pair in following for pair in zip(answer, answer[1:], strict=False))
    return _share(Decimal(hits) / (len(right) - 1))


def _best_text(blank: Blank, text: str) -> tuple[Decimal, str]:
    """The weight and the number of the best accepted text that ``text`` is."""
    written = comparable(text, case_sensitive=blank.case_sensitive)
    met = [
        (each.weight, str(number))
        for number, each in enumerate(blank.accepted)
        if written and _pattern(each.text, case_sensitive=blank.case_sensitive).fullmatch(written)
    ]
    return max(met, default=(ZERO, ""), key=lambda each: each[0])


def comparable(text: str, *, case_sensitive: bool = False) -> str:
    """``text`` without what two people may write differently: width, traditional or simplified, spaces, a full stop.

    >>> comparable("ＬＥＤ　燈 。") == comparable("led灯")
    True
    """
    folded = _fold_keeping_case(text) if case_sensitive else fold(text)
    whole = re.sub(r"(?<![!-~]) | (?![!-~])", "", " ".join(folded.split()))
    return whole.rstrip("。. ") or whole


def _fold_keeping_case(text: str) -> str:
    """As :func:`fold`, but capital letters stay: a fold of one letter is put back to a capital."""
    return "".join(
        folded.upper() if each.isupper() and len(folded) == 1 else folded
        for each, folded in ((each, fold(each)) for each in text)
    )


def _pattern(accepted: str, *, case_sensitive: bool) -> re.Pattern[str]:
    parts = re.split(r"(?<!\\)\*", accepted)
    written = [comparable(part.replace("\\*", "*"), case_sensitive=case_sensitive) for part in parts]
    return re.compile(".*".join(map(re.escape, written)), re.DOTALL)


_NUMBER_AND_UNIT: Callable[[str], Any] = re.compile(
    r"\s*([-+−－]?[\d０-９.,，．'’\u00a0\u202f ]*[\d０-９](?:[eE×x][-+\d^]+)?)\s*(.*?)\s*", re.DOTALL
).fullmatch


def _quantity(content: Numeric, text: str, language: str) -> Decimal:
    """The number that ``text`` says, in the first unit.

    :raises AnswerError: as :func:`read_answer` says.
    """
    found = _NUMBER_AND_UNIT(text)
    if found is None:
        raise AnswerError(numbers.NOT_A_NUMBER)
    try:
        number = _read_number(found.group(1), language)
    except numbers.NumberError as error:
        raise AnswerError(error.code, "", **error.params) from error
    name = found.group(2)
    if not name:
        if content.unit_required:
            raise AnswerError("unit_missing", unit=content.units[0].name)
        return number
    for unit in content.units:
        if comparable(unit.name, case_sensitive=True) == comparable(name, case_sensitive=True):
            return number * unit.factor
    raise AnswerError("unknown_unit", unit=name[:20])


def _read_number(text: str, language: str) -> Decimal:
    plain = text.replace(" ", "")
    if re.fullmatch(r"[-+]?\d+(\.\d+)?[eE][-+]?\d{1,3}", plain):
        return Decimal(plain)
    return numbers.read_number(text, numbers.number_format_of(language) if language else numbers.UNKNOWN)


# --- What is shown ---


def right_answer(content: Content) -> Any:
    """An answer that earns all points, as a learner would send it; ``None`` where a person has to grade."""
    match content:
        case SingleChoice():
            return max(content.choices, key=lambda each: each.weight).key
        case MultipleChoice():
            return sorted(content.right)
        case TrueFalse():
            return content.is_true
        case FillIn():
            return [
                next(each.text.replace("\\*", "*") for each in blank.accepted if each.weight == FULL)
                for blank in content.blanks
            ]
        case Numeric():
            number = next(each.value for each in content.accepted if each.weight == FULL)
            return f"{number:f} {content.units[0].name}" if content.units else f"{number:f}"
        case Ordering():
            return list(content.right_order)
        case Matching():
            return dict(content.pairs)
        case Case():
            return {part.key: right_answer(part.content) for part in content.parts}
    return None


#: What of a content a learner may know before the answers are in: everything else tells what is right.
_ASKED: dict[str, Any] = {
    "single": {"kind": True, "choices": {"__all__": {"key", "text"}}},
    "multiple": {"kind": True, "choices": {"__all__": {"key", "text"}}},
    "true_false": {"kind": True},
    "fill_in": {"kind": True},
    "numeric": {"kind": True, "units": {"__all__": {"name"}}, "unit_required": True},
    "ordering": {"kind": True, "items": True},
    "matching": {"kind": True, "left": True, "right": True},
    "essay": {"kind": True, "most_characters": True},
    "description": {"kind": True},
}


def learner_view(content: Content) -> dict[str, Any]:
    """The content as a learner sees it: JSON-like values without anything that tells what is right."""
    if isinstance(content, Case):
        parts = [
            {
                "key": part.key,
                "text": part.text,
                "points": str(part.points),
                "content": learner_view(part.content),
            }
            for part in content.parts
        ]
        return {"kind": content.kind, "parts": parts}
    shown: dict[str, Any] = content.model_dump(mode="json", include=_ASKED[content.kind])
    if isinstance(content, FillIn):
        shown["blanks"] = len(content.blanks)
    return shown
