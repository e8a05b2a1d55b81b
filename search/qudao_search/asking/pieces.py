"""Cutting a question into the pieces that are looked for one by one. Plain Python.

``LED投光灯 8口`` is four things at most: ``led``, ``投光灯`` and ``8口``. A part number stays in one piece, script
changes are borders, a number keeps its measure word, and what editors keep as a synonym is a piece of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..text.forms import stem
from ..text.rules import HAN, fold, is_han, spans
from ..words.rules import Key, Synonyms
from .figures import MEASURE, apart, spellings

#: Of a question longer than any allowed one the rest is not read.
LONGEST_READ = 500

_LATIN = rf"[^\W_{HAN}]+"
#: What joins: in words and part numbers always, between figures also what separates figures.
_JOIN = r"(?:[-_.'’]|(?<=\d)[/+*:=#]|[/+*:=#](?=\d))"
PIECE = re.compile(rf"{_LATIN}(?:{_JOIN}{_LATIN})*|[{HAN}]+")
_NUMBER = re.compile(r"\d+(?:[.*/-]\d+)*")
#: Words of a sentence that say nothing about what is looked for, unless they are all there is.
_IDLE = re.compile(
    "an?|and|any|are|can|do|does|for|from|how|i|in|is|it|me|my|of|on|or|our|should|the|there|to|we|what|when|where"
    "|which|with|your?"
)
_IDLE_HAN = re.compile(
    "请问|为什么|怎么样|怎么|如何|怎样|什么样|什么|哪些|哪个|多少|是不是|有没有|吗|呢|(?<=..)的(?=..)"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of folded text, what editors say it finds as well, and other ways to write the piece itself."""

    text: str
    alternatives: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()

    @property
    def is_han(self) -> bool:
        """Whether it is one run of Han characters."""
        return is_han(self.text)


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
    return [part for part in parts if part.alternatives or not _IDLE.fullmatch(part.text)] or parts


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
    taken = 0
    for found in PIECE.finditer(text):
        piece = found.group()[max(taken - found.start(), 0) :]
        if is_han(piece[:1] or "x"):
            yield from map(Part, _without_idle(piece))
        elif piece:
            measure = MEASURE.match(text, found.end()) if _NUMBER.fullmatch(piece) else None
            taken = measure.end() if measure else found.end()
            for each in apart(piece + (measure.group() if measure else "")):
                yield Part(each, spellings=spellings(each))


def _without_idle(run: str) -> list[str]:
    return [part for part in _IDLE_HAN.split(run) if part] or [run]
