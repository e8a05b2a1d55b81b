"""Cutting a question into the pieces that are looked for one by one. Plain Python.

``LED投光灯 8口`` is four things at most: ``led``, ``投光灯`` and ``8口``. A part number stays in one piece, script
changes are borders, a number keeps its measure word, and what editors keep as a synonym is a piece of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..text.forms import stem
from ..text.rules import HAN, fold, is_han, spans
from ..text.segmenting import asks, is_function_word, segmented
from ..words.rules import Key, Synonyms
from .emphasis import Worths
from .figures import MEASURE, apart, joined, measured, spellings

#: Of a question longer than any allowed one the rest is not read.
LONGEST_READ = 500

_LATIN = rf"[^\W_{HAN}]+"
#: What joins: in words and part numbers always, between figures also what separates figures.
_JOIN = r"(?:[-_.'’]|(?<=\d)[/+*:=#]|[/+*:=#](?=\d))"
PIECE = re.compile(rf"{_LATIN}(?:{_JOIN}{_LATIN})*|[{HAN}]+")
#: Words of a sentence that say nothing about what is looked for, unless they are all there is.
_IDLE = re.compile(
    "an?|about|after|all|also|always|am|and|any|are|as|at|be|been|before|between|but|by|can|could|did|do|does|doing|don.?t"
    "|every|for|from|gets?|getting|got|has|have|having|how|i|if|in|into|is|isn.?t|it|its|just|keeps?|kept|like|long"
    "|makes?|many|may|mean|means|me|much|must|my|needs?|needed|no|not|of|off|on|one|only|or|our|out|over|per|please|put|shall|should|so"
    "|some|than|that|the|their|them|then|there|these|they|this|those|to|too|under|up|us|use|used|using|very|want|was|way|we"
    "|were|what|when|where|which|who|whose|why|will|with|without|won.?t|works?|working|would|x|yours?|you"
)
#: Words that make a question, or tell of something that is wrong; and how many idle words make a sentence.
_ASKING = re.compile(
    r"\b(?:how|why|what|when|which|where|who|can i|can you|do i|do you|does|is it|should|keeps?|my|won.?t|doesn.?t"
    r"|isn.?t|not working|stopped|aren.?t|cannot|can.?t"
    r"|customers? (?:says?|asks?|wants?|thinks?|complains?))\b"
    r"|^(?:is|are|was|could|do|did|would|should|has|have|need to|want to)\b"
    r"|^(?:can|will) (?!lights?\b)|[a-z] or (?!more\b|less\b)[a-z]"
)
_SENTENCE = 2
#: Idle words that stand in a description as well: they make no sentence.
_DESCRIBING = frozenset(
    {"a", "an", "the", "and", "or", "of", "for", "with", "without", "in", "on", "to", "from", "by", "at"}
    | {"no", "not", "per", "only", "over", "under", "out", "all", "like"}
)
#: Words of what is wrong with a thing: whoever types one wants it explained.
_TROUBLE = re.compile(
    r"\b(?:flicker\w*|tripp(?:ed|ing)|trips|buzz\w*|humm(?:s|ing)|broken|faulty|fault|dead|burn(?:t|ed|ing)|smell\w*|blinking"
    r"|melt\w*|overheat\w*|problem|dimmer at|darker|far end|difference|vs|versus|dangerous|safe|died|dies|wrong|missing"
    r"|damaged|lost|rust(?:y|s|ed|ing)|corroded|leak(?:s|ed|ing)?|hurts?|too \w+|fell|falls|falling|peel(?:s|ed|ing)"
    r"|cheaper|complain\w*|before \w+ing|after \d+ (?:days?|weeks?|months?|years?))\b"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of folded text, what editors say it finds as well, and other ways to write the piece itself."""

    text: str
    alternatives: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    #: How much it matters beside the others.
    worth: float = 1.0

    @property
    def is_han(self) -> bool:
        """Whether it is one run of Han characters."""
        return is_han(self.text)


def is_asked(text: str) -> bool:
    """Whether ``text`` is said as a question: how, why, which, 怎么, 多少, or with the mark of one."""
    folded = fold(text[:LONGEST_READ])
    if "?" in folded or _ASKING.search(folded) or _TROUBLE.search(folded):
        return True
    words = (word for word in folded.split() if word not in _DESCRIBING)
    if sum(_IDLE.fullmatch(word) is not None for word in words) >= _SENTENCE:
        return True
    return any(asks(folded[start:end]) for start, end, han in spans(folded) if han)


def cut(text: str, synonyms: Synonyms) -> list[Part]:
    """The pieces of a question in order, without idle words when others remain."""
    folded = fold(text[:LONGEST_READ])
    parts: list[Part] = []
    done = 0
    for start, end, key in _synonyms_in(folded, synonyms):
        parts += _plain(folded[done:start])
        parts.append(Part(folded[start:end], synonyms.alternatives[key]))
        done = end
    parts += _plain(folded[done:])
    worths = Worths(folded)
    parts = [replace(part, worth=worths.of(part.text)) for part in parts]
    return [part for part in parts if part.alternatives or not _is_idle(part.text)] or parts


def _is_idle(text: str) -> bool:
    if _IDLE.fullmatch(text) or is_function_word(text):
        return True
    return is_han(text) and all(map(is_function_word, segmented(text)))


def _synonyms_in(folded: str, synonyms: Synonyms) -> Iterator[tuple[int, int, Key]]:
    """The stretches of ``folded`` that are a synonym, leftmost and longest first, not overlapping."""
    if not synonyms.by_first:
        return
    spans = list(_atoms(folded))
    atoms = [stem(folded[start:end]) for start, end in spans]
    borders = _borders(folded)
    at = 0
    while at < len(atoms):
        for key in synonyms.starting(atoms, at):
            start, end = spans[at][0], spans[at + len(key) - 1][1]
            if borders[start] and borders[end] and not _splits_a_word(folded, start, end):
                yield start, end, key
                at += len(key) - 1
                break
        at += 1


def _atoms(folded: str) -> Iterator[tuple[int, int]]:
    """Where the atoms that synonyms are compared by stand: each Han character, each other run."""
    for start, end, han in spans(folded):
        yield from ((at, at + 1) for at in range(start, end)) if han else ((start, end),)


def _borders(folded: str) -> list[bool]:
    """At which offsets a synonym may begin or end: not inside a part number, not leaving one Han character alone."""
    allowed = [True] * (len(folded) + 1)
    for found in PIECE.finditer(folded):
        start, end = behind_measure(folded, found.start()), found.end()
        closed = (start + 1, end - 1) if is_han(found.group()) else range(start + 1, end)
        for at in closed:
            if start < at < end:
                allowed[at] = False
    return allowed


def behind_measure(folded: str, start: int) -> int:
    """Where a Han run goes on behind the measure word of a figure: 12路配电箱 is 12路 and 配电箱."""
    measure = MEASURE.match(folded, start) if start and folded[start - 1].isdigit() else None
    return measure.end() if measure else start


def _splits_a_word(folded: str, start: int, end: int) -> bool:
    """Whether one Han character would be cut out of a longer run."""
    around = folded[max(start - 1, 0) : end + 1]
    return end - start == 1 and is_han(folded[start]) and around != folded[start] and is_han(around)


def _plain(text: str) -> Iterator[Part]:
    """Pieces of text that holds no synonym."""
    done = 0
    for start, end in measured(text):
        yield from _worded(text[done:start])
        each = joined(text[start:end])
        yield Part(each, spellings=spellings(each))
        done = end
    yield from _worded(text[done:])


def _worded(text: str) -> Iterator[Part]:
    """Pieces of text that holds no measured figure."""
    for found in PIECE.finditer(text):
        piece = found.group()
        if is_han(piece):
            yield from map(Part, _without_idle(piece))
        else:
            yield from (Part(each, spellings=spellings(each)) for each in apart(piece))


def _without_idle(run: str) -> list[str]:
    """The stretches of a Han run between words that only make it a sentence; the run when there are no others."""
    found = [""]
    for word in segmented(run):
        if is_function_word(word):
            found.append("")
        else:
            found[-1] += word
    return [part for part in found if part] or [run]
