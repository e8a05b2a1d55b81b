"""GIFT, Moodle's text format for questions: all of its grammar, read and written.

https://docs.moodle.org/en/GIFT_format. Where Moodle and its documentation differ, Moodle's reader is followed, except
that a blank line inside the braces does not end a question, and that a question may follow another without one.
Labels (``// [id:…] [tag:…]``) carry what GIFT has no notation for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from markdown_it import MarkdownIt
from pydantic import ValidationError

from .contents import (
    FULL,
    AcceptedNumber,
    AcceptedText,
    Blank,
    Content,
    Description,
    Essay,
    FillIn,
    Matching,
    MultipleChoice,
    Numeric,
    Question,
    SingleChoice,
    TrueFalse,
    choices_of,
)
from .files import Entry, Labels, Written, labels_of, plain_to_html, topic_of

#: Where the gap of a missing-word question is.
GAP = "____"
#: Characters with a meaning, each with the stand-in that it has while the rest is taken apart.
_SPECIAL = {character: chr(0xE000 + place) for place, character in enumerate("~=#{}:\\")}
_STANDINS = {ord(standin): character for character, standin in _SPECIAL.items()} | {0xE010: "\n"}
_ESCAPE = re.compile(r"\\([~=#{}:\\n])")
_CATEGORY = re.compile(r"\s*\$CATEGORY:\s*(.*)")
_TITLE = re.compile(r"\s*::(.*?)::", re.DOTALL)
_FORMAT = re.compile(r"\s*\[(html|markdown|plain|moodle)\]", re.IGNORECASE)
_LABEL = re.compile(r"\[((?:id|tag):[^\]]*)\]")
_ANSWER = re.compile(r"([=~])([^=~]*)")
_WEIGHT = re.compile(r"\s*%(-?[\d.]+)%")
_TRUE_FALSE = {"T": True, "TRUE": True, "F": False, "FALSE": False}
_MARKDOWN = MarkdownIt("commonmark", {"html": True})


class _GiftError(ValueError):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines of one question, with its labels and the category it lies in."""

    line: int
    text: str
    labels: tuple[str, ...]
    category: str


@dataclass(frozen=True, slots=True)
class _Answer:
    sign: str
    text: str
    weight: Decimal | None
    feedback: str


def read(text: str) -> Iterator[Entry]:
    """Every question of a GIFT file, with the line it begins at; what cannot be read says why and ends nothing."""
    for block in _blocks(text):
        try:
            question = _question(block)
        except _GiftError as error:
            yield Entry.refused(block.line, error.code, _restored(block.text))
        except ValidationError as error:
            where = ".".join(map(str, error.errors()[0]["loc"]))
            yield Entry.refused(block.line, "not_accepted", _restored(block.text), where)
        else:
            yield Entry.of(block.line, question)


def write(questions: Iterable[Question]) -> Written:
    """The questions as a GIFT file; ordering, cases, several gaps and units have no notation and are left out."""
    parts: list[str] = []
    left_out: list[tuple[int, str]] = []
    topic = ""
    for position, question in enumerate(questions):
        body = _written(question.content)
        if body is None:
            left_out.append((position, "not_in_format"))
            continue
        if question.topic != topic:
            topic = question.topic
            parts.append(f"$CATEGORY: {topic or 'top'}")
        parts.append(_written_question(question, body))
    return Written("\n\n".join(parts) + "\n" if parts else "", tuple(left_out))


# --- Reading ---


def _blocks(text: str) -> Iterator[_Block]:
    category, start = "", 0
    labels: list[str] = []
    lines: list[str] = []
    depth = 0
    for number, raw in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        line = _ESCAPE.sub(lambda found: _stand_in(found.group(1)), raw)
        if line.lstrip().startswith("//"):
            labels += _LABEL.findall(_restored(line))
            continue
        if not depth and (found := _CATEGORY.match(line)):
            if lines:
                yield _Block(start, "\n".join(lines), tuple(labels), category)
            category, labels, lines = _restored(found.group(1)).strip(), [], []
            continue
        if not depth and not line.strip():
            if lines:
                yield _Block(start, "\n".join(lines), tuple(labels), category)
                labels, lines = [], []
            continue
        if not depth and lines and "}" in lines[-1] and (line.startswith("::") or "{" in line):
            yield _Block(start, "\n".join(lines), tuple(labels), category)
            labels, lines = [], []
        if not lines:
            start = number
        lines.append(line)
        depth = max(0, depth + line.count("{") - line.count("}"))
    if lines:
        yield _Block(start, "\n".join(lines), tuple(labels), category)


def _stand_in(escaped: str) -> str:
    return chr(0xE010) if escaped == "n" else _SPECIAL[escaped]


def _restored(text: str) -> str:
    return text.translate(_STANDINS)


def _question(block: _Block) -> Question:
    rest, labels = block.text, Labels.of(block.labels)
    name = ""
    if found := _TITLE.match(rest):
        name, rest = _restored(found.group(1)).strip(), rest[found.end() :]
    format_ = ""
    if found := _FORMAT.match(rest):
        format_, rest = found.group(1).lower(), rest[found.end() :]
    before, body, after = _split(rest)
    if body is None:
        content: Content = Description()
        text, explanation = before, ""
    else:
        body, explanation = _general_feedback(body)
        content = _content(body, format_, labels, missing_word=bool(after.strip()))
        text = f"{before.rstrip()} {GAP} {after.strip()}".strip() if after.strip() else before
    return Question(
        name=name[:200],
        text=_html(text, format_),
        content=content,
        explanation=_html(explanation, format_),
        topic=topic_of(block.category),
        difficulty=labels.difficulty,
        language=labels.settings.get("language", ""),
        external_key=labels.external_key,
    )


def _split(text: str) -> tuple[str, str | None, str]:
    """The text before the braces, what is in them (``None``: there are none), and the text after."""
    start, end = text.find("{"), text.rfind("}")
    if start < 0 and end < 0:
        return text, None, ""
    if start < 0 or end < start:
        raise _GiftError("unbalanced_braces")
    body = text[start + 1 : end]
    if "{" in body or "}" in body:
        raise _GiftError("several_answers_sections")
    return text[:start], body, text[end + 1 :]


def _general_feedback(body: str) -> tuple[str, str]:
    own, _mark, feedback = body.partition("####")
    return own, feedback


def _content(body: str, format_: str, labels: Labels, *, missing_word: bool) -> Content:
    body = body.strip()
    if not body:
        settings = labels.settings.get("most_characters", "")
        return Essay(most_characters=int(settings)) if settings.isdecimal() else Essay()
    if body.startswith("#"):
        return _numeric(body[1:], format_)
    first, *feedback = body.split("#", 2)
    if first.strip().upper() in _TRUE_FALSE:
        return _true_false(_TRUE_FALSE[first.strip().upper()], feedback, format_)
    if body[0] not in "=~":
        raise _GiftError("no_answer_sign")
    answers = [_answer(sign, text, format_) for sign, text in _ANSWER.findall(body)]
    if all(each.sign == "=" for each in answers):
        if answers and all("->" in each.text for each in answers):
            return _matching(answers, format_, labels)
        sensitive = labels.settings.get("case") == "sensitive"
        return FillIn(blanks=(Blank(accepted=tuple(map(_accepted_text, answers)), case_sensitive=sensitive),))
    return _choices(answers, format_, labels)


def _answer(sign: str, text: str, format_: str) -> _Answer:
    weight = None
    if found := _WEIGHT.match(text):
        try:
            weight = Decimal(found.group(1))
        except InvalidOperation as error:
            raise _GiftError("weight_unreadable") from error
        text = text[found.end() :]
    own, _mark, feedback = text.partition("#")
    return _Answer(sign, own.strip(), weight, _html(feedback, format_))


def _true_false(is_true: bool, feedback: list[str], format_: str) -> TrueFalse:
    """The first feedback is for the wrong answer, the second for the right one."""
    wrong, right = ([_html(each, format_) for each in feedback] + ["", ""])[:2]
    return TrueFalse(
        is_true=is_true,
        feedback_true=right if is_true else wrong,
        feedback_false=wrong if is_true else right,
    )


def _choices(answers: list[_Answer], format_: str, labels: Labels) -> SingleChoice | MultipleChoice:
    """Several right ones, where no answer has ``=``, are told by their weights, as Moodle does."""
    rows = [
        (
            _html(each.text, format_),
            FULL * (each.sign == "=") if each.weight is None else each.weight,
            each.feedback,
        )
        for each in answers
    ]
    shuffle = labels.settings.get("shuffle") != "no"
    if any(each.sign == "=" for each in answers):
        return SingleChoice(choices=choices_of(rows), shuffle=shuffle)
    return MultipleChoice(
        choices=choices_of(rows), scoring=labels.settings.get("scoring", "weights"), shuffle=shuffle
    )


def _accepted_text(answer: _Answer) -> AcceptedText:
    return AcceptedText(
        text=_plain(answer.text),
        weight=FULL if answer.weight is None else answer.weight,
        feedback=answer.feedback,
    )


def _matching(answers: list[_Answer], format_: str, labels: Labels) -> Matching:
    """A pair without a left side is a right one that matches nothing."""
    sides = [each.text.split("->", 1) for each in answers]
    pairs = [(_html(left, format_), _plain(right)) for left, right in sides if left.strip()]
    distractors = [_plain(right) for left, right in sides if not left.strip()]
    return Matching.of(pairs, distractors, scoring=labels.settings.get("scoring", "each"))


def _numeric(body: str, format_: str) -> Numeric:
    own = body.strip()
    if not own.startswith(("=", "~")):
        own = f"={own}"
    accepted = []
    for sign, text in _ANSWER.findall(own):
        answer = _answer(sign, text, format_)
        if sign == "=" and answer.text:
            value, tolerance = _range(answer.text)
            accepted.append(
                AcceptedNumber(
                    value=value,
                    tolerance=tolerance,
                    weight=FULL if answer.weight is None else answer.weight,
                    feedback=answer.feedback,
                )
            )
    return Numeric(accepted=tuple(accepted))


def _range(text: str) -> tuple[Decimal, Decimal]:
    """``3``, ``3:0.1`` (value and tolerance) or ``2.9..3.1`` (both ends)."""
    try:
        if ".." in text:
            low, high = (Decimal(part.strip()) for part in text.split("..", 1))
            return (low + high) / 2, abs(high - low) / 2
        value, _colon, tolerance = text.partition(":")
        return Decimal(value.strip()), Decimal(tolerance.strip() or 0)
    except InvalidOperation as error:
        raise _GiftError("number_unreadable") from error


def _html(text: str, format_: str) -> str:
    """The text as HTML. Without a format, Moodle takes markup for markup and lines for lines."""
    if found := _FORMAT.match(text):
        format_, text = found.group(1).lower(), text[found.end() :]
    whole = _restored(text).strip()
    if format_ == "plain":
        return plain_to_html(whole)
    if format_ == "markdown":
        return _MARKDOWN.render(whole).strip()
    return whole if format_ == "html" else whole.replace("\n", "<br>")


def _plain(text: str) -> str:
    if found := _FORMAT.match(text):
        text = text[found.end() :]
    return _restored(text).strip()


# --- Writing ---


def _written_question(question: Question, body: str) -> str:
    labels = [f"[{each}]" for each in labels_of(question)]
    before, gap, after = (
        question.text.partition(GAP) if question.content.kind == "fill_in" else (question.text, "", "")
    )
    name = f"::{_escaped(question.name)}::" if question.name else ""
    explanation = f"\n####{_escaped(question.explanation)}" if question.explanation else ""
    answers = "" if question.content.kind == "description" else f"{{{body}{explanation}}}"
    if gap and after.strip():
        whole = f"{name}[html]{_escaped(before.rstrip())} {answers} {_escaped(after.strip())}"
    else:
        whole = f"{name}[html]{_escaped(question.text)}{answers}"
    return ("// " + " ".join(labels) + "\n" if labels else "") + whole


def _written(content: Any) -> str | None:
    """What stands between the braces, ``None`` where GIFT has no notation."""
    match content:
        case SingleChoice() | MultipleChoice():
            return "".join(_written_choice(each, content) for each in content.choices)
        case TrueFalse():
            return _written_true_false(content)
        case FillIn() if len(content.blanks) == 1:
            return "".join(
                f"\n={_weight(each.weight)}{_escaped(each.text)}{_feedback(each.feedback)}"
                for each in content.blanks[0].accepted
            )
        case Numeric() if not content.units:
            return "#" + "".join(
                f"\n={_weight(each.weight)}{each.value:f}:{each.tolerance:f}{_feedback(each.feedback)}"
                for each in content.accepted
            )
        case Matching():
            right = {each.key: each.text for each in content.right}
            pairs = [(each.text, right[content.pairs[each.key]]) for each in content.left]
            unmatched = [("", text) for key, text in right.items() if key not in content.pairs.values()]
            return "".join(f"\n={_escaped(one)} -> {_escaped(other)}" for one, other in pairs + unmatched)
        case Essay() if not content.guidance:
            return ""
        case Description():
            return ""
    return None


def _written_choice(choice: Any, content: SingleChoice | MultipleChoice) -> str:
    whole = isinstance(content, SingleChoice) and choice.weight == FULL
    sign = "=" if whole else "~"
    weight = "" if whole or not choice.weight else f"%{choice.weight.normalize():f}%"
    return f"\n{sign}{weight}{_escaped(choice.text)}{_feedback(choice.feedback)}"


def _written_true_false(content: TrueFalse) -> str:
    right, wrong = content.feedback_true, content.feedback_false
    if not content.is_true:
        right, wrong = wrong, right
    said = f"#{_escaped(wrong)}#{_escaped(right)}" if right or wrong else ""
    return ("TRUE" if content.is_true else "FALSE") + said


def _weight(weight: Decimal) -> str:
    return "" if weight == FULL else f"%{weight.normalize():f}%"


def _feedback(text: str) -> str:
    return f"#{_escaped(text)}" if text else ""


def _escaped(text: str) -> str:
    return re.sub(r"([~=#{}:\\])", r"\\\1", text).replace("\r\n", "\n").replace("\n", "\\n")
