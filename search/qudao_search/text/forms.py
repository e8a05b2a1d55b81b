"""Shapes of a word that mean the same: forms of English words, and whether letters could be pinyin. Plain Python.

The index keeps words as they are written; a query asks for every form of its words. So no form is lost, the part
of a word that is typed is still found by its beginning, and a change of the rules needs no new index.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer

_SIBILANT = ("s", "x", "z", "ch", "sh")
_SHORTEST_PLURAL = 4
_SHORTEST_BASE = 3
_LONGEST_INFLECTED = 24
_MOST_FORMS = 12
_ENDINGS = ("ations", "ation", "ings", "ing", "ed", "es", "s")
#: Consonants that are written twice before an ending: ``trip``, ``tripping``.
_DOUBLED = "bdgklmnprt"

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


@lru_cache(maxsize=4_096)
def forms(word: str) -> tuple[str, ...]:
    """The word, then its other forms: ``wiring`` → ``wiring``, ``wire``, ``wires``, ``wired``.

    They are made by the rules of spelling; those that Snowball's English stemmer takes to another stem are left out.
    """
    if not _SHORTEST_PLURAL - 1 <= len(word) <= _LONGEST_INFLECTED or not (word.isascii() and word.isalpha()):
        return (word,)
    root = _root(word)
    single = stem(word)
    made = dict.fromkeys((word, single, _plural(single)))
    for base in dict.fromkeys(_bases(word)):
        made |= dict.fromkeys(form for form in _inflected(base) if _root(form) == root)
    return tuple(made)[:_MOST_FORMS]


def _root(word: str) -> str:
    # A stemmer keeps what it works on in itself: one for each call, so that threads do not meet.
    return str(snowballstemmer.stemmer("english").stemWord(word))


def _bases(word: str) -> Iterator[str]:
    """What ``word`` may be a form of: without its ending, with the E that was dropped, with one letter of two."""
    yield word
    for ending in _ENDINGS:
        bare = word.removesuffix(ending)
        if bare != word and len(bare) >= _SHORTEST_BASE:
            yield from (bare, f"{bare}e")
            if bare[-1] == bare[-2]:
                yield bare[:-1]
            if bare.endswith("i"):
                yield f"{bare[:-1]}y"


def _inflected(base: str) -> Iterator[str]:
    """The forms of a base: ``wire`` → ``wire``, ``wires``, ``wiring``, ``wired``, …"""
    yield from (base, _plural(base))
    bare = base.removesuffix("e")
    yield from (f"{bare}ing", f"{bare}ed", f"{bare}ation")
    if base[-1] in _DOUBLED and base[-2] in "aeiou":
        yield from (f"{base}{base[-1]}ing", f"{base}{base[-1]}ed")
    if base.endswith("y"):
        yield f"{base[:-1]}ied"


def _plural(single: str) -> str:
    if single.endswith(_SIBILANT):
        return f"{single}es"
    if single.endswith("y") and single[-2:-1] not in "aeiou":
        return f"{single[:-1]}ies"
    return f"{single}s"


def could_be_pinyin(letters: str) -> bool:
    """Whether folded letters read as syllables, the last perhaps unfinished, or as first letters of syllables."""
    return bool(_INITIALS.fullmatch(letters) or _SYLLABLES.fullmatch(letters))
