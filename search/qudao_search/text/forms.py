"""Shapes of a word that mean the same: English plurals, and whether letters could be pinyin. Plain Python."""

from __future__ import annotations

import re

_SIBILANT = ("s", "x", "z", "ch", "sh")
_SHORTEST_PLURAL = 4

_INITIAL = "(?:[zcs]h?|[bpmfdtnlgkhjqxrwy])"
_FINAL = (
    "(?:[iu]ang|iong|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|er|in|un|ia|ie|iu|ua|uo|ui|ue|ve"
    "|[aoeiuv])"
)
_SYLLABLES = re.compile(rf"(?:(?:{_INITIAL}{_FINAL}|[ae][ino]?|ang|eng|ou|er)){{1,12}}{_INITIAL}?")
#: No Chinese syllable begins with these.
_INITIALS = re.compile(r"[a-hj-tw-z]{2,12}")


def stem(word: str) -> str:
    """The singular of what looks like an English plural, else the word itself (folded)."""
    if len(word) < _SHORTEST_PLURAL or not word.isascii() or not word.endswith("s") or word.endswith("ss"):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith("es") and word[:-2].endswith(_SIBILANT):
        return word[:-2]
    return word[:-1]


def forms(word: str) -> tuple[str, ...]:
    """The word, then its other numbers: ``switch`` → ``switch``, ``switches``."""
    if len(word) < _SHORTEST_PLURAL - 1 or not (word.isascii() and word.isalpha()):
        return (word,)
    single = stem(word)
    return tuple(dict.fromkeys((word, single, _plural(single))))


def _plural(single: str) -> str:
    if single.endswith(_SIBILANT):
        return f"{single}es"
    if single.endswith("y") and single[-2:-1] not in "aeiou":
        return f"{single[:-1]}ies"
    return f"{single}s"


def could_be_pinyin(letters: str) -> bool:
    """Whether folded letters read as syllables, the last perhaps unfinished, or as first letters of syllables."""
    return bool(_INITIALS.fullmatch(letters) or _SYLLABLES.fullmatch(letters))
