"""Folding: spellings a searcher does not tell apart become one. Plain Python.

Every character is folded by itself, without looking at its neighbours. So the fold of a part is that part of the
fold of the whole, which is what finding a piece of a word and marking it in the original rest on.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import opencc

_SIMPLIFIED = opencc.OpenCC("t2s")
#: More distinct characters than any language needs; beyond it nothing is kept.
_MOST_KEPT = 70_000
#: Categories that separate: control characters, halves of surrogate pairs, separators of lines and words.
_BLANK = frozenset({"Cc", "Cs", "Zl", "Zp", "Zs"})
#: Categories that are not seen: accents once they stand alone, joiners, marks of direction.
_UNSEEN = frozenset({"Mn", "Me", "Cf"})
#: Never part of what somebody meant to type: joiners and marks of direction, code points without a character.
_HIDDEN = frozenset({"Cf", "Co", "Cn"})
_ZERO_WIDTH_SPACE = "\u200b"
#: Measures are written ``10×20`` and typed ``10x20``.
_TIMES = frozenset("×✕✖⨯")


def fold(text: str) -> str:
    """``text`` without differences of width, case, script (traditional to simplified) and accents.

    Control characters become blanks. Folding what was folded changes nothing.
    """
    return text.translate(_FOLDED)


def legible(text: str) -> str:
    """``text`` as people can read it: without what is not seen, with one blank where something separates.

    >>> legible("switch\\x00\\x1f  \\u200bcable")
    'switch cable'
    """
    seen = (" " if unicodedata.category(each) in _BLANK else each for each in text if _is_seen(each))
    return " ".join("".join(seen).split())


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _HIDDEN


def origins(text: str) -> Sequence[int]:
    """For every character of ``fold(text)`` the offset in ``text`` it came from."""
    uneven = {character for character in set(text) if len(fold(character)) != 1}
    if not uneven:
        return range(len(text))
    return [
        at for at, character in enumerate(text) for _ in (fold(character) if character in uneven else "x")
    ]


class _Folded(dict[int, str]):
    """Code point → what it folds to, worked out when first met."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(self) < _MOST_KEPT:
            self[code] = folded
        return folded


def _fold_character(character: str) -> str:
    folded = "".join(_step(part) for part in character)
    return folded if folded == character else "".join(map(_fold_character, folded))


def _step(character: str) -> str:
    """One step towards the fold; repeated until nothing changes."""
    if character.isascii() and character.isprintable():
        return character.lower()
    if character == _ZERO_WIDTH_SPACE or unicodedata.category(character) in _BLANK:
        return " "
    if character in _TIMES:
        return "x"
    plain = unicodedata.normalize("NFKC", character).casefold()
    return _simplified(_without_marks(plain))


def _without_marks(text: str) -> str:
    apart = unicodedata.normalize("NFD", text)
    bare = "".join(part for part in apart if unicodedata.category(part) not in _UNSEEN)
    return unicodedata.normalize("NFC", bare)


def _simplified(text: str) -> str:
    return text if text.isascii() else _SIMPLIFIED.convert(text)


_FOLDED = _Folded()
