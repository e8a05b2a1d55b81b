"""Marking what was searched for in the original text, whatever engine found it. Plain Python.

The text is folded once with a map back to the original, and every needle is looked for in the folded text. A mark
never begins or ends inside what a reader sees as one character.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Literal

from qudao_core.folding import fold, origins

from ..values import Phrase, Piece, Query
from .rules import HAN, KANA, cluster_runs, spans, syllables

#: Marks in one text, and characters of a text in which pinyin is looked for: titles have fewer.
MOST_MARKS = 500
LONGEST_SPOKEN = 300
#: So much of a text is looked through for an excerpt first, and so much at most.
LOOKED_THROUGH_FIRST = 20_000
LONGEST_LOOKED_THROUGH = 200_000
#: Characters of context before the first mark of an excerpt.
LEAD = 30
ELLIPSIS = "…"

_CODE = re.compile(r"(?=.*\d)[^\W_]{3,}")
_LETTER = re.compile(rf"[^\W{HAN}]")
_SCRIPT = re.compile(rf"([{HAN}])|(\d)|([{KANA}])|([^\W_])")
_BETWEEN = r"[\W_]{0,8}"
_SEPARATOR = "[-_./ ]?"

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Needle:
    """One thing to mark. ``anchor``: characters every occurrence begins with, found first because that is quick.

    Words end where their runs end, unless the last may go on (``open_end``).
    """

    kind: Literal["words", "code", "sound"]
    anchor: str
    pattern: re.Pattern[str] | None = None
    open_end: bool = False


def needles(query: Query) -> tuple[Needle, ...]:
    """What to mark for a query, without what another needle marks as well."""
    phrases = [phrase for clause in query.finding for phrase in clause.phrases] + list(query.whole)
    found = (needle for phrase in phrases if (needle := _needle(phrase)))
    return tuple(dict.fromkeys(found))


def _needle(phrase: Phrase) -> Needle | None:
    if phrase.field == "sounds":
        return Needle("sound", phrase.tokens[0])
    if phrase.field in ("codes", "fragments"):
        code = phrase.tokens[0]
        return _code_needle(code) if _CODE.fullmatch(code) else _word_needle((code,), prefix=code.isdecimal())
    return _word_needle(phrase.tokens, prefix=phrase.prefix)


def _code_needle(code: str) -> Needle:
    pattern = _SEPARATOR.join(map(re.escape, code))
    return Needle("code", code[0], re.compile(pattern))


def _word_needle(tokens: Sequence[str], *, prefix: bool) -> Needle:
    """Runs one behind the other. Where they must end is looked at afterwards: large classes are slow to compile."""
    runs = cluster_runs(tokens)
    pattern = re.compile(_BETWEEN.join(f"({re.escape(run)})" for run in runs))
    return Needle("words", runs[0], pattern, prefix)


def _ends_with_its_runs(match: re.Match[str], open_end: bool) -> bool:
    """Whether Latin, Kana and figures that were found are whole runs. Han runs are found inside longer ones."""
    text, last = match.string, match.re.groups
    return not any(
        _goes_on(text, match.start(group))
        or (_goes_on(text, match.end(group)) and not (open_end and group == last))
        for group in range(1, last + 1)
    )


def _goes_on(text: str, at: int) -> bool:
    """Whether a run that is not Han goes on over the border at ``at``."""
    if not 0 < at < len(text):
        return False
    script = _SCRIPT.match(text[at])
    before = _SCRIPT.match(text[at - 1])
    return bool(script and before and script.lastindex == before.lastindex != 1)


@dataclass(frozen=True, slots=True)
class _Folded:
    """A text folded, with the way back: folded offset → the original character it came from."""

    original: str
    text: str
    origin: Sequence[int]

    def back(self, start: int, end: int) -> Span:
        """The stretch of the original that this stretch of the folded text came from."""
        return self.origin[start], _whole_character(self.original, self.origin[end - 1] + 1)


def _folded(original: str) -> _Folded:
    return _Folded(original, fold(original), origins(original))


def _whole_character(text: str, end: int) -> int:
    """``end`` moved behind the accents and joiners that belong to the character before it."""
    while end < len(text) and (unicodedata.combining(text[end]) or text[end] in "\u200d\ufe0e\ufe0f"):
        end += 1
    return end


def mark(original: str, wanted: Sequence[Needle]) -> tuple[Piece, ...]:
    """The whole of ``original`` in pieces, what was searched for marked. Joined, the pieces are ``original``."""
    if not original:
        return ()
    return tuple(_pieces(original, _marks(_folded(original), wanted), 0, len(original)))


def excerpt(original: str, wanted: Sequence[Needle], length: int = 160) -> tuple[Piece, ...]:
    """The stretch of about ``length`` characters with the most that is marked; the text's start when nothing is."""
    marks = _first_marks(original, wanted)
    start = _window_start(original, _richest(marks, length))
    end = _window_end(original, start, start + length)
    inside = [(begin, min(stop, end)) for begin, stop in marks if start <= begin < end]
    pieces = list(_pieces(original, inside, start, end))
    return (*_dots(start > 0), *pieces, *_dots(end < len(original)))


def _dots(more: bool) -> tuple[Piece, ...]:
    return (Piece(ELLIPSIS),) if more else ()


def _first_marks(original: str, wanted: Sequence[Needle]) -> list[Span]:
    """Marks in the beginning of a text; only when it has none, in all of it."""
    for much in (LOOKED_THROUGH_FIRST, LONGEST_LOOKED_THROUGH):
        marks = _marks(_folded(original[:much]), wanted)
        if marks or len(original) <= much:
            break
    return marks


def _window_start(text: str, first: int) -> int:
    """A little before the first mark, where a word begins."""
    earliest = first - LEAD
    if earliest <= 0:
        return 0
    return next((at for at in range(earliest, first) if _may_cut(text, at)), first)


def _window_end(text: str, start: int, end: int) -> int:
    """At ``end`` or a little before, where a word ends."""
    if end >= len(text):
        return len(text)
    return next(
        (at for at in range(end, max(end - LEAD, start), -1) if _may_cut(text, at)),
        _whole_character(text, end),
    )


def _may_cut(text: str, at: int) -> bool:
    """Whether a stretch may begin or end before the character at ``at``: not inside a word or behind its letter."""
    if at >= len(text) or _whole_character(text, at) != at:
        return at >= len(text)
    return not (_LETTER.match(text[at - 1]) and _LETTER.match(text[at]))


def _pieces(text: str, marks: Iterable[Span], start: int, end: int) -> Iterator[Piece]:
    at = start
    for begin, stop in marks:
        if begin > at:
            yield Piece(text[at:begin])
        yield Piece(text[begin:stop], marked=True)
        at = stop
    if at < end:
        yield Piece(text[at:end])


def _marks(folded: _Folded, wanted: Sequence[Needle]) -> list[Span]:
    """What to mark, in order, merged where marks meet. Sounds count only where nothing is written as it was typed."""
    found = [span for needle in wanted if needle.kind != "sound" for span in _occurrences(folded, needle)]
    if not found and len(folded.original) <= LONGEST_SPOKEN:
        heard = [needle.anchor for needle in wanted if needle.kind == "sound"]
        found = list(_spoken(folded, heard)) if heard else []
    return _merged(found)


def _occurrences(folded: _Folded, needle: Needle) -> Iterator[Span]:
    assert needle.pattern is not None
    found = needle.pattern.finditer(folded.text) if needle.kind == "code" else _anchored(folded.text, needle)
    return (folded.back(match.start(), match.end()) for match in islice(found, MOST_MARKS))


def _anchored(text: str, needle: Needle) -> Iterator[re.Match[str]]:
    at = text.find(needle.anchor)
    while at >= 0:
        match = needle.pattern.match(text, at) if needle.pattern else None
        if match and _ends_with_its_runs(match, needle.open_end):
            yield match
            at = text.find(needle.anchor, match.end())
        else:
            at = text.find(needle.anchor, at + 1)


def _spoken(folded: _Folded, heard: Sequence[str]) -> Iterator[Span]:
    """Where Han characters sound like one of ``heard``, by whole pinyin or by initials."""
    for start, end, han in spans(folded.text):
        if not han:
            continue
        spoken = syllables(folded.text[start:end])
        if len(spoken) == end - start:
            for letters in heard:
                for begin, stop in _sounding(spoken, letters):
                    yield folded.back(start + begin, start + stop)


def _sounding(spoken: Sequence[str], letters: str) -> Iterator[Span]:
    initials = "".join(syllable[0] for syllable in spoken)
    if (begin := initials.find(letters)) >= 0:
        yield begin, begin + len(letters)
    for begin in range(len(spoken)):
        lengths = list(accumulate(map(len, spoken[begin:])))
        if "".join(spoken[begin:]).startswith(letters):
            yield begin, begin + 1 + bisect_right(lengths, len(letters) - 1)
            return


def _merged(found: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for begin, stop in sorted(found):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((begin, stop))
    return merged


def _richest(marks: Sequence[Span], length: int) -> int:
    """Where the window with the most marked characters begins: at its first mark."""
    best, best_start, first, inside = 0, 0, 0, 0
    for at, (begin, stop) in enumerate(marks):
        inside += stop - begin
        while first < at and stop - marks[first][0] > length:
            inside -= marks[first][1] - marks[first][0]
            first += 1
        if inside > best:
            best, best_start = inside, marks[first][0]
    return best_start
