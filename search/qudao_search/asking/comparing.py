"""A question and what was found, prepared for comparing: one ``in`` of padded texts each. Plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from ..text.rules import compact, fold, is_han, query_tokens, sounds, tokens
from . import initials
from .intents import intents
from .pieces import is_asked
from .rules import Phrase, Question

#: Of a thing with more part numbers than this the rest is not compared.
MOST_CODES = 100
#: What a part of the first number is worth, which is the thing's own; barcodes have every short stretch of figures.
OWN_NUMBER = 0.8
#: Pinyin of fewer letters is not looked for among other words.
SHORTEST_SPOKEN = 5
#: What a title in another language than the reader's is worth.
FOREIGN = 0.8


class Tier(IntEnum):
    """Why a hit stands where it stands, from best to least."""

    CODE = 10
    TITLE = 9
    CODE_START = 8
    TITLE_PHRASE = 6
    TITLE_WORDS = 5
    CODE_PART = 4
    KEYWORDS = 3
    SOME_TITLE_WORDS = 2
    ELSEWHERE = 1
    SOUND = 0


Judged = tuple[Tier, float]
NOTHING: Judged = (Tier.ELSEWHERE, 0.0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A hit as far as its order needs it. ``place`` counts from 0, in the engine's order."""

    entry_id: int
    place: int
    titles: Mapping[str, str]
    codes: Sequence[str] = ()
    boost: float = 1.0
    keywords: Sequence[str] = ()
    #: The weights of the clauses it answers, where any of them will do.
    score: float = 0.0
    #: Whether it is of a kind that answers questions.
    answers: bool = False
    #: What it says, where any of the clauses will do; only of the best is it read.
    texts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """Where a hit came to stand, and why."""

    entry_id: int
    tier: Tier
    quality: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question prepared for comparing: padded strings of tokens, so that a comparison is one ``in``."""

    whole: str
    phrase: str
    code: str
    code_has_digits: bool
    #: For each clause what answers it in a title, and what in a part number.
    clauses: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    sounds: tuple[str, ...]
    #: Letters that may be the initials of a name, when there is nothing else.
    initials: str
    is_question: bool
    #: Whether it is after something beyond the things it names: how to fit them, what is wrong with them.
    is_after: bool
    #: For each clause the pinyin that answers it in a title of the reader's language.
    spoken: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(cls, question: Question, asked: str, language: str = "") -> Wanted:
        code = compact(asked)
        every = [*(clause.phrases for clause in question.clauses), question.whole]
        heard = tuple(phrase.tokens[0] for phrases in every for phrase in _in(phrases, "sounds"))
        return cls(
            whole=padded(tokens(asked)),
            phrase=_open(query_tokens(asked)),
            code=code,
            code_has_digits=any(map(str.isdigit, code)),
            clauses=tuple(
                (_title_needles(clause.phrases), _code_needles(clause.phrases)) for clause in question.clauses
            ),
            sounds=heard,
            initials=code if heard == (code,) and len(code) in initials.LENGTHS else "",
            is_question=is_asked(asked),
            is_after=any(intents(fold(asked))),
            spoken=tuple(_spoken(clause.phrases, language) for clause in question.clauses),
        )


def _spoken(phrases: Sequence[Phrase], language: str) -> tuple[str, ...]:
    """Pinyin of a word or more: letters of which each may begin a syllable stand in too many titles."""
    if not language.startswith("zh"):
        return ()
    return tuple(
        phrase.tokens[0] for phrase in _in(phrases, "sounds") if len(phrase.tokens[0]) >= SHORTEST_SPOKEN
    )


def is_heard(spoken: Sequence[str], title: str) -> bool:
    """Whether a title sounds like one of these."""
    return bool(spoken) and any(sound.startswith(tuple(spoken)) for sound in _sounds_of(title))


@lru_cache(maxsize=2_048)
def _sounds_of(title: str) -> tuple[str, ...]:
    return tuple(sounds([title]))


def _title_needles(phrases: Sequence[Phrase]) -> tuple[str, ...]:
    return tuple(map(_needle, _in(phrases, "words", "titles")))


def _code_needles(phrases: Sequence[Phrase]) -> tuple[str, ...]:
    return tuple(phrase.tokens[0] for phrase in _in(phrases, "codes", "fragments"))


def _in(phrases: Sequence[Phrase], *fields: str) -> list[Phrase]:
    return [phrase for phrase in phrases if phrase.field in fields]


def padded(found: Sequence[str]) -> str:
    return f" {' '.join(found)} " if found else ""


def _open(found: Sequence[str]) -> str:
    """As :func:`padded`, but one Han character at the end goes on: 机 is the beginning of 机械."""
    whole = padded(found)
    return whole[:-1] if found and len(found[-1]) == 1 and is_han(found[-1]) else whole


def _needle(phrase: Phrase) -> str:
    whole = padded(phrase.tokens)
    return whole[:-1] if phrase.prefix else whole


@lru_cache(maxsize=8_192)
def read_title(title: str) -> str:
    return padded(tokens(title))


@lru_cache(maxsize=8_192)
def read_code(code: str) -> str:
    return compact(code)


def by_code(wanted: Wanted, codes: Sequence[str]) -> Judged:
    if wanted.code in codes:
        return Tier.CODE, 1.0
    if len(wanted.code) < 2:
        return NOTHING
    begun = any(code.startswith(wanted.code) for code in codes)
    if begun and wanted.code_has_digits:
        return Tier.CODE_START, 1.0
    if begun or any(wanted.code in code for code in codes):
        return Tier.CODE_PART, 1.0 if begun else OWN_NUMBER * (wanted.code in codes[0])
    return NOTHING


def length_found(needles: Sequence[str], title: str) -> int:
    return next((len(needle) for needle in needles if needle in title), 0)


def in_codes(parts: Sequence[str], codes: Sequence[str]) -> int:
    return next((len(part) for part in parts if any(part in code for code in codes)), 0)


def in_keywords(needles: Sequence[str], keywords: Sequence[str]) -> float:
    """How much of the keyword that says it best a clause is; 0 when none does."""
    joined, apart = read_keywords(tuple(keywords))
    there = [needle for needle in needles if needle in joined]
    return max(
        (len(needle) / len(keyword) for needle in there for keyword in apart if needle in keyword),
        default=0.0,
    )


@lru_cache(maxsize=2_048)
def read_keywords(keywords: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    apart = tuple(padded(tokens(keyword)) for keyword in keywords)
    return "|".join(apart), apart


def share(part: int, whole: int) -> float:
    """In steps, so that a character more or less does not outweigh the engine's order."""
    return round(min(part / whole, 1.0) * 20) / 20
