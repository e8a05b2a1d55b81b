"""First pass over a pasted text: its lines, and the texts in them that could be codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .values import (
    LONGEST_CODE,
    LONGEST_LINE,
    MOST_CANDIDATES,
    MOST_LINES,
    MOST_TEXT,
    Candidate,
    PastedLine,
    PasteTooLarge,
)

_WIDTHS = {0: 32} | {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
#: One character for one, so that places in the plain line are places in the text.
_ALIKE = _WIDTHS | {
    **dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2007\u2009\u202f\u200b\ufeff"), " "),
    **dict.fromkeys(map(ord, "×✕✖＊∗"), "*"),
    **dict.fromkeys(map(ord, "、。"), ";"),
    **dict.fromkeys(map(ord, "‐‑‒–—−"), "-"),
    **dict.fromkeys(map(ord, "“”„「」『』＂"), '"'),
    **dict.fromkeys(map(ord, "【〔［"), "["),
    **dict.fromkeys(map(ord, "】〕］"), "]"),
    **dict.fromkeys(range(0x2460, 0x2474), "•"),
}
CJK = "\u3400-\u9fff\uf900-\ufaff"
_CHUNK = re.compile(r"[^\s;|\[\]()\"'<>•·]+")
_EDGES = ",.:;=!?#~_*/-"
_PARTS = re.compile(rf"[{CJK}]+|[^{CJK},:=*]+")
_TIMES_BEFORE, _TIMES_BEHIND = re.compile(r"\d{1,6}[xX*](.+)"), re.compile(r"(.+)[xX*]\d{1,6}")
_TIMES_BOTH = re.compile(r"\d{1,6}[xX*](.+)[xX*]\d{1,6}")
SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+\d{1,2}", re.IGNORECASE)
CODE = re.compile(r"(?=.*\d)(?=.*[A-Za-z\-_/.]).{3,}|\d{5,}|[A-Za-z]{3,}")


def read_lines(text: str) -> list[PastedLine]:
    """The lines of a text that are not empty, each with the texts that could be its code.

    :raises PasteTooLarge: above 5,000 lines or 1,000,000 characters.
    """
    if len(text) > MOST_TEXT:
        raise PasteTooLarge("characters", len(text), MOST_TEXT)
    given = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(given) > MOST_LINES:
        raise PasteTooLarge("lines", len(given), MOST_LINES)
    return [_read_line(number, line) for number, line in given]


def _read_line(number: int, text: str) -> PastedLine:
    kept = text[:LONGEST_LINE]
    kept = kept.encode("utf-8", "replace").decode()  # a lone surrogate cannot be stored
    plain = kept.translate(_ALIKE)
    if len(text) > LONGEST_LINE:
        return PastedLine(number, kept, plain, is_too_long=True)
    found = {(each.start, each.end): each for each in _candidates(plain)}
    ordered = sorted(found.values(), key=lambda each: (-weight(each.text), each.start - each.end))
    return PastedLine(number, kept, plain, tuple(ordered[:MOST_CANDIDATES]))


def codes_of(lines: Iterable[PastedLine]) -> list[str]:
    """Every text that has to be looked up for these lines, once."""
    return list(dict.fromkeys(each.text for line in lines for each in line.candidates))


def loose_key(code: str) -> str:
    """A code without letter case, separators and leading zeros, as people mistype it; empty where little is left.

    >>> loose_key("00812"), loose_key("hg 4410-01"), loose_key("LAMP")
    ('812', 'HG441001', '')
    """
    plain = re.sub(r"[-\s./_]", "", code.upper()).lstrip("0")
    return plain if len(plain) > 2 and any(letter.isdigit() for letter in plain) else ""


def _candidates(plain: str) -> Iterator[Candidate]:
    chunks = [(found.start(), found.end()) for found in _CHUNK.finditer(plain)]
    for place, (start, end) in enumerate(chunks):
        yield from _stripped(plain, start, end)
        for part in _PARTS.finditer(plain, start, end):
            yield from _stripped(plain, part.start(), part.end())
        if place and plain[chunks[place - 1][1] : start] == " ":
            yield from _stripped(plain, chunks[place - 1][0], end)
    yield from _cells(plain)


def _cells(plain: str) -> Iterator[Candidate]:
    """Cells of a spreadsheet's range may hold codes of several words."""
    start = 0
    for cell in plain.split("\t") if "\t" in plain else ():
        yield from _stripped(plain, start, start + len(cell))
        start += len(cell) + 1


def _stripped(plain: str, start: int, end: int) -> Iterator[Candidate]:
    """The stretch without signs at its ends; and without ``10x`` before it or ``x10`` behind it."""
    while start < end and (plain[start] in _EDGES or plain[start].isspace()):
        start += 1
    while end > start and (plain[end - 1] in _EDGES or plain[end - 1].isspace()):
        end -= 1
    text = plain[start:end]
    if not 1 <= len(text) <= LONGEST_CODE or not re.search(r"[A-Za-z0-9]", text):
        return
    yield Candidate(text, start, end)
    for times in (_TIMES_BEFORE.fullmatch(text), _TIMES_BEHIND.fullmatch(text), _TIMES_BOTH.fullmatch(text)):
        if times:
            yield Candidate(times.group(1), start + times.start(1), start + times.end(1))


def weight(text: str) -> int:
    """How much a text looks like a code: letters and digits, then long numbers, words, short numbers."""
    if text.isdigit():
        return 3 if len(text) > 4 else 1
    if text.isascii() and text.isalpha():
        return 2
    if re.fullmatch(r"[\d.,]+", text):
        return 1
    return 3 if any(letter.isdigit() for letter in text) else 2
