"""What a misspelt query may have meant, by the words that stand in titles. Plain Python.

Latin words are compared by edits with swapped letters counting once; Han characters one by one, those that sound
alike first. What comes out are suggestions only: whoever shows one has looked whether the reader finds anything by it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from qudao_core.folding import fold, origins
from rapidfuzz import process
from rapidfuzz.distance import OSA, Hamming

from ..entries.models import Word
from ..text.rules import is_han, spans, syllables
from .parse import PIECE, behind_measure

SHORTEST_LATIN = 3
#: In a sentence a word of fewer letters is taken as it is: most words are one slip away from another.
SHORTEST_SLIP = 5
#: From these lengths on two edits are a slip and three; below, one.
TWO_EDITS_FROM, THREE_EDITS_FROM = 6, 9
#: Lengths of the Han words a vocabulary has.
HAN_LENGTHS = (4, 3, 2)
MOST_PER_WORD = 4
MOST_COMPARED = 30
MOST_PIECES = 12
#: Of a Han run so many characters are looked at, and so many stretches of each length compared.
LONGEST_RUN = 40
MOST_WINDOWS = 8
#: A run with more pairs that stand in no title is a sentence, not a name that was misspelt.
MOST_STRANGE = 6

_DIGIT = re.compile(r"\d")


@dataclass(slots=True)
class Vocabulary:
    """Words by how they are compared: Latin ones, and Han ones by length."""

    known: set[str] = field(default_factory=set)
    latin: list[str] = field(default_factory=list)
    han: dict[int, list[str]] = field(default_factory=dict)

    def add(self, words: Iterable[str]) -> None:
        for word in words:
            if word not in self.known:
                self.known.add(word)
                (self.han.setdefault(len(word), []) if is_han(word) else self.latin).append(word)


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of the folded query and what may have been meant there; ``cost`` is how far off it is."""

    start: int
    end: int
    word: str
    cost: float


def corrections(text: str, vocabulary: Vocabulary, limit: int = 3) -> list[str]:
    """Up to ``limit`` queries near ``text``, nearest first; what is not changed stays as it was typed."""
    folded = fold(text)
    by_place = [sorted(changes, key=_nearest) for changes in _changes(folded, vocabulary) if changes]
    if not by_place:
        return []
    best = [changes[0] for changes in by_place]
    others = sorted((change for changes in by_place for change in changes[1:]), key=_nearest)
    wanted = [best, *([other, *_apart(best, other)] for other in others)]
    found = dict.fromkeys(_replaced(text, changes) for changes in wanted)
    return [query for query in found if fold(query) != folded][:limit]


def slip(word: str, vocabulary: Vocabulary) -> str:
    """The word of letters that ``word`` is one slip away from: a letter too many, too few, other or swapped."""
    if len(word) < SHORTEST_SLIP or not word.isascii() or word in vocabulary.known:
        return ""
    near = process.extract(word, vocabulary.latin, scorer=OSA.distance, score_cutoff=1, limit=MOST_COMPARED)
    return min(
        (other for other, _distance, _at in near), key=lambda other: (_unlike(word, other), other), default=""
    )


def _nearest(change: Change) -> tuple[float, int, str]:
    return change.cost, len(change.word), change.word


def _apart(changes: Iterable[Change], other: Change) -> list[Change]:
    """Those that do not touch the place that ``other`` changes."""
    return [change for change in changes if change.end <= other.start or change.start >= other.end]


def _replaced(text: str, changes: Iterable[Change]) -> str:
    origin = [*origins(text), len(text)]
    for change in sorted(changes, key=lambda change: -change.start):
        text = text[: origin[change.start]] + change.word + text[origin[change.end] :]
    return text


def _changes(folded: str, vocabulary: Vocabulary) -> Iterator[list[Change]]:
    """For every place that may be wrong what may have been meant there. Part numbers are left as they are."""
    pieces = list(islice(PIECE.finditer(folded), MOST_PIECES))
    for found in pieces:
        begin = behind_measure(folded, found.start())
        if not _DIGIT.search(found.group()):
            for start, end, han in spans(folded[begin : found.end()]):
                yield _word_changes(folded[begin + start : begin + end], begin + start, han, vocabulary)
    for one, two in zip(pieces, pieces[1:], strict=False):
        if (joined := one.group() + two.group()) in vocabulary.known and not is_han(joined):
            yield [Change(one.start(), two.end(), joined, 0.5)]


def _word_changes(word: str, start: int, han: bool, vocabulary: Vocabulary) -> list[Change]:
    if word in vocabulary.known:
        return []
    if han:
        return sorted(_han_changes(word, start, vocabulary), key=_nearest)[:MOST_PER_WORD]
    if len(word) < SHORTEST_LATIN:
        return []
    return [*_latin_changes(word, start, vocabulary), *_cut_in_two(word, start, vocabulary)]


def _latin_changes(word: str, start: int, vocabulary: Vocabulary) -> Iterator[Change]:
    most = 1 + (len(word) >= TWO_EDITS_FROM) + (len(word) >= THREE_EDITS_FROM)
    near = process.extract(
        word, vocabulary.latin, scorer=OSA.distance, score_cutoff=most, limit=MOST_COMPARED
    )
    scored = sorted((cost + _unlike(word, other), other) for other, cost, _at in near)
    for cost, other in scored[:MOST_PER_WORD]:
        yield Change(start, start + len(word), other, cost)


def _unlike(word: str, other: str) -> float:
    """A little more for another first letter or another length: people get those right most of the time."""
    return 0.3 * (word[0] != other[0]) + 0.1 * (len(word) != len(other))


def _cut_in_two(word: str, start: int, vocabulary: Vocabulary) -> Iterator[Change]:
    """A blank forgotten: ``floodlight`` → ``flood light``."""
    for at in range(SHORTEST_LATIN, len(word) - SHORTEST_LATIN + 1):
        if word[:at] in vocabulary.known and word[at:] in vocabulary.known:
            yield Change(start, start + len(word), f"{word[:at]} {word[at:]}", 0.5)


def _han_changes(run: str, start: int, vocabulary: Vocabulary) -> list[Change]:
    """Words that make the run one with fewer pairs that stand in no title: another character, or two swapped."""
    strange = _strange_pairs(run, vocabulary)
    if not 0 < len(strange) <= MOST_STRANGE:
        return []
    places = [Change(at, at + 2, run[at + 1] + run[at], 0.5) for at in strange]
    for length in HAN_LENGTHS:
        begins = range(max(strange[0] + 2 - length, 0), min(strange[-1], len(run) - length) + 1)
        for begin in begins[:MOST_WINDOWS]:
            places += _one_character_off(run[begin : begin + length], begin, vocabulary)
    return [
        Change(start + change.start, start + change.end, change.word, change.cost + left)
        for change in places
        if (left := len(_strange_pairs(_changed(run, change), vocabulary))) < len(strange)
    ]


def _strange_pairs(run: str, vocabulary: Vocabulary) -> list[int]:
    pairs = range(min(len(run), LONGEST_RUN) - 1)
    return [at for at in pairs if run[at : at + 2] not in vocabulary.known]


def _changed(run: str, change: Change) -> str:
    return run[: change.start] + change.word + run[change.end :]


def _one_character_off(word: str, start: int, vocabulary: Vocabulary) -> Iterator[Change]:
    near = process.extract(
        word, vocabulary.han.get(len(word), []), scorer=Hamming.distance, score_cutoff=1, limit=MOST_COMPARED
    )
    for other, _distance, _at in near:
        alike = _sound_alike(word, other)
        if alike or len(word) > 2:
            yield Change(start, start + len(word), other, 0.5 if alike else 0.9)


def _sound_alike(word: str, other: str) -> bool:
    return syllables(word) == syllables(other)


# --- the vocabulary of this process ---
# Did you mean: the words of titles, kept in the process, and the nearest of them to what was typed.

#: A process keeps so many words; an index with more corrects by the first of them.
MOST_WORDS = 200_000
#: Rows written at the same time may appear in another order than they are numbered; so many are looked at again.
LOOK_BACK = 500

_lock = threading.Lock()
_vocabulary = Vocabulary()
_reached = 0


def nearest_queries(text: str, limit: int = 3) -> list[str]:
    """Queries near ``text``, nearest first. One statement, which reads only words that are new to the process.

    They come from titles of everything there is: show only what the reader finds something by.
    """
    with _lock:
        _learn()
        return corrections(text, _vocabulary, limit)


def corrected_text(text: str, words: Collection[str]) -> str:
    """``text`` (folded) with those of its ``words`` that are one slip away from a word of a title spelt like it.

    Empty when there is none. At most one statement.
    """
    folded = fold(text)
    with _lock:
        _learn()
        slips = {word: near for word in words if (near := slip(word, _vocabulary))}
    spelt = folded
    for word, near in slips.items():
        spelt = re.sub(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", near, spelt)
    return spelt if spelt != folded else ""


def forget() -> None:
    """Read the words anew next time: after a rebuild dropped some, and between tests."""
    global _vocabulary, _reached
    with _lock:
        _vocabulary, _reached = Vocabulary(), 0


def _learn() -> None:
    global _reached
    left = MOST_WORDS - len(_vocabulary.known) + LOOK_BACK
    if left <= 0:
        return
    rows = list(
        Word.objects.filter(pk__gt=_reached - LOOK_BACK).order_by("pk").values_list("pk", "text")[:left]
    )
    _vocabulary.add(text for _pk, text in rows)
    _reached = max(_reached, rows[-1][0]) if rows else _reached
