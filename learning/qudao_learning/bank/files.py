"""Files of questions: which format one is in, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from charset_normalizer import from_bytes
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core

from .messages import FAULTS, problem_of
from .models import Bank
from .rules import aiken, gift, moodle_xml
from .rules.files import Entry
from .services import MOST_QUESTIONS, Saved, save_questions

MOST_BYTES = 20 << 20
_ANSWER_LINE = b"ANSWER:"


@dataclass(frozen=True, slots=True)
class Read:
    """A file of questions: its format, and each question or why it cannot be read, with its line from 1."""

    format: str
    entries: tuple[Entry, ...]


def read_file(name: str, data: bytes) -> Read:
    """Read a file of questions; its content decides the format, its name only between text formats.

    :raises core.Refusal: ``too_large``, ``nothing_in_it``, ``not_text``, ``too_many``; for XML ``not_xml``,
        ``not_a_quiz`` and ``dangerous_xml``.
    """
    if len(data) > MOST_BYTES:
        raise core.Refusal(
            "too_large",
            _("The file is larger than %(most)d MB.") % {"most": MOST_BYTES >> 20},
            params={"most": MOST_BYTES},
        )
    format_, found = _read(name, data)
    entries = tuple(_bounded(found))
    if not entries:
        raise core.Refusal("nothing_in_it", FAULTS["nothing_in_it"])
    return Read(format_, entries)


def import_file(*, actor: Any, bank: Bank, read: Read, partial: bool = False) -> Saved:
    """Write the questions of a file into ``bank``; as :func:`.services.save_questions`, problems by the file's lines.

    :raises core.Refusal: as :func:`.services.save_questions`.
    """
    problems = problems_of(read.entries)
    if problems and not partial:
        raise core.Refusal("rows_invalid", _("Some questions cannot be used."), problems=problems[:1000])
    good = [entry for entry in read.entries if entry.question is not None and not entry.faults]
    try:
        saved = save_questions(
            actor=actor,
            bank=bank,
            questions=[entry.question for entry in good if entry.question],
            partial=partial,
        )
    except core.Refusal as refusal:
        refusal.problems = tuple(_at_line(each, good) for each in refusal.problems)
        raise
    told = [*problems, *(_at_line(each, good) for each in saved.problems)]
    return Saved(saved.created, saved.changed, saved.unchanged, tuple(told))


def problems_of(entries: Iterable[Entry]) -> list[core.Problem]:
    """What keeps questions of a file from being asked, by the file's lines."""
    return [problem_of(fault, line=entry.line) for entry in entries for fault in entry.faults]


def _at_line(problem: core.Problem, entries: Sequence[Entry]) -> core.Problem:
    if problem.line is None or problem.code == "bank_too_small":
        return problem
    return core.Problem(
        problem.code,
        problem.message,
        problem.field,
        entries[problem.line - 1].line,
        problem.remedy,
        params=problem.params,
    )


def _read(name: str, data: bytes) -> tuple[str, Iterable[Entry]]:
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        try:
            return "moodle", list(moodle_xml.read(data))
        except moodle_xml.FileError as error:
            raise core.Refusal(error.code, FAULTS[error.code]) from error
    text = _decoded(data)
    is_aiken = name.lower().endswith("aiken.txt") or (_ANSWER_LINE in data and "{" not in text)
    return ("aiken", aiken.read(text)) if is_aiken else ("gift", gift.read(text))


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030" if b"\x00" not in data else "utf-16"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8-sig" and "\x00" not in text:
            return text
        break
    best = from_bytes(data, cp_isolation=["utf_16", "gb18030", "big5", "cp1252"]).best()
    if best is None or "\x00" in str(best):
        raise core.Refusal("not_text", FAULTS["not_text"])
    return str(best)


def _bounded(entries: Iterable[Entry]) -> Iterable[Entry]:
    for number, entry in enumerate(entries):
        if number >= MOST_QUESTIONS:
            raise core.Refusal(
                "too_many",
                _("At most %(most)d questions can be written at once.") % {"most": MOST_QUESTIONS},
                params={"most": MOST_QUESTIONS},
            )
        yield entry
