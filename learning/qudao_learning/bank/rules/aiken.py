"""Aiken, the plainest format: a question, lettered choices, ``ANSWER: B``. Read and written.

https://docs.moodle.org/en/Aiken_format. Taken beyond it, because people write so: several lines of question, lower
case, full-width letters and marks, ``答案：B``, several right letters (``ANSWER: A, C``).
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator

from pydantic import ValidationError

from .contents import EACH, FULL, MultipleChoice, Question, SingleChoice, choices_of
from .files import Entry, Written, plain_to_html

_CHOICE = re.compile(r"\s*([A-Za-z])\s*[.):、]\s*(.+)")
_ANSWER = re.compile(r"\s*(?:ANSWERS?|答案|正确答案)\s*:\s*(.*)", re.IGNORECASE)
_LETTERS = re.compile(r"[A-Za-z]")
_MOST = 26


def read(text: str) -> Iterator[Entry]:
    """Every question of an Aiken file; what has no choices or no answer says so."""
    start = 0
    asked: list[str] = []
    choices: dict[str, str] = {}
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        folded = unicodedata.normalize("NFKC", line)
        if not line.strip():
            continue
        if found := _ANSWER.fullmatch(folded):
            yield _entry(start or number, asked, choices, found.group(1))
            start, asked, choices = 0, [], {}
        elif asked and (found := _choice(folded, choices)):
            choices[found.group(1).upper()] = line[-len(found.group(2)) :].strip()
        elif choices:
            yield Entry.refused(start, "answer_missing", " ".join(asked))
            start, asked, choices = number, [line.strip()], {}
        else:
            start = start or number
            asked.append(line.strip())
    if asked or choices:
        yield Entry.refused(start, "answer_missing", " ".join(asked))


def write(questions: Iterable[Question]) -> Written:
    """The questions as an Aiken file: single choices with one right answer; everything else is left out."""
    parts, left_out = [], []
    for position, question in enumerate(questions):
        content = question.content
        choices = content.choices if isinstance(content, SingleChoice) else ()
        right = [at for at, each in enumerate(choices) if each.weight == FULL]
        if len(right) != 1 or len(choices) > _MOST:
            left_out.append((position, "not_in_format"))
            continue
        lines = [_line(question.text)]
        lines += [f"{chr(ord('A') + at)}. {_line(each.text)}" for at, each in enumerate(choices)]
        parts.append("\n".join([*lines, f"ANSWER: {chr(ord('A') + right[0])}"]))
    return Written("\n\n".join(parts) + "\n" if parts else "", tuple(left_out))


def _choice(line: str, before: dict[str, str]) -> re.Match[str] | None:
    """A choice is lettered in turn: a line ``V. Smith asked`` of the question is none."""
    found = _CHOICE.fullmatch(line)
    return found if found and ord(found.group(1).upper()) - ord("A") == len(before) else None


def _entry(line: int, asked: list[str], choices: dict[str, str], answer: str) -> Entry:
    text = "\n".join(asked)
    right = {each.upper() for each in _LETTERS.findall(answer)}
    if not choices:
        return Entry.refused(line, "too_few_choices", text)
    if not right or not right <= set(choices):
        return Entry.refused(line, "answer_unknown", text)
    rows = [(plain_to_html(each), FULL * (letter in right), "") for letter, each in choices.items()]
    try:
        content: SingleChoice | MultipleChoice
        if len(right) == 1:
            content = SingleChoice(choices=choices_of(rows))
        else:
            content = MultipleChoice(choices=choices_of(rows), scoring=EACH)
        return Entry.of(line, Question(text=plain_to_html(text), content=content))
    except ValidationError as error:
        return Entry.refused(line, "not_accepted", text, ".".join(map(str, error.errors()[0]["loc"])))


def _line(text: str) -> str:
    """A text as one plain line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())
