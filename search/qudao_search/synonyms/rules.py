"""Synonyms as the search uses them: looked up along a query. Plain Python.

Words are compared folded, Latin ones without plural, and regardless of what stands between them: ``flood-light`` and
``Flood lights`` are the same phrase.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..text.forms import stem
from ..text.rules import fold, runs

#: A phrase as it is compared: each Han character and each other run by itself.
Key = tuple[str, ...]

MOST_WORDS = 30
LONGEST_WORD = 60
MOST_ALTERNATIVES = 12


def key_of(text: str) -> Key:
    """What ``text`` is compared by; empty when there is no letter, digit or character in it."""
    return tuple(atom for run, han in runs(fold(text)) for atom in (run if han else (stem(run),)))


@dataclass(frozen=True, slots=True)
class SynonymWords:
    """A set as its editor wrote it. ``finds`` empty: every word finds every other one."""

    words: tuple[str, ...]
    finds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Phrase → what else it finds. ``by_first``: the phrases that begin with an atom, longest first."""

    alternatives: Mapping[Key, tuple[str, ...]] = field(default_factory=dict)
    by_first: Mapping[str, tuple[Key, ...]] = field(default_factory=dict)

    def starting(self, atoms: Sequence[str], at: int) -> Iterable[Key]:
        """The phrases that stand in ``atoms`` from ``at`` on, longest first."""
        for key in self.by_first.get(atoms[at], ()):
            if tuple(atoms[at : at + len(key)]) == key:
                yield key


NO_SYNONYMS = Synonyms()


def compile_synonyms(sets: Iterable[SynonymWords]) -> Synonyms:
    """Bring sets into the shape in which a query is looked up. A word of several sets finds what all of them say."""
    found: dict[Key, dict[str, None]] = {}
    for entry in sets:
        for word in entry.words:
            others = entry.finds or [other for other in entry.words if other != word]
            if key := key_of(word):
                found.setdefault(key, {}).update(dict.fromkeys(map(fold, others)))
    by_first: dict[str, list[Key]] = {}
    for key in sorted(found, key=lambda key: (-len(key), key)):
        by_first.setdefault(key[0], []).append(key)
    return Synonyms(
        {key: tuple(words)[:MOST_ALTERNATIVES] for key, words in found.items()},
        {first: tuple(keys) for first, keys in by_first.items()},
    )


def lines(text: str) -> tuple[str, ...]:
    """The words of a text area, one per line, without blanks around them and without empty lines."""
    return tuple(word for line in text.splitlines() if (word := " ".join(line.split())))


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a set cannot be kept: the field, a code that never changes, and what the sentence about it names."""

    about: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


def problems_of(words: Sequence[str], finds: Sequence[str]) -> list[Problem]:
    """What is wrong with a set by itself; the first problem of each field."""
    if not words:
        return [Problem("words", "empty")]
    found = [_first_problem("words", words), _first_problem("finds", finds)]
    if not finds and len(words) < 2:
        found.append(Problem("words", "one_word"))
    both = {key_of(word) for word in finds}.intersection(map(key_of, words))
    repeated = next((word for word in finds if key_of(word) in both), "")
    if repeated:
        found.append(Problem("finds", "finds_itself", {"word": repeated}))
    return [problem for problem in found if problem]


def _first_problem(name: str, words: Sequence[str]) -> Problem | None:
    if len(words) > MOST_WORDS:
        return Problem(name, "too_many", {"most": MOST_WORDS})
    seen: set[Key] = set()
    for word in words:
        key = key_of(word)
        if len(word) > LONGEST_WORD:
            return Problem(name, "too_long", {"word": word[:20], "most": LONGEST_WORD})
        if not key:
            return Problem(name, "no_letters", {"word": word})
        if key in seen:
            return Problem(name, "repeated", {"word": word})
        seen.add(key)
    return None
