"""A query and what was found, prepared for comparing: one ``in`` of padded texts each. Plain Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from qudao_core.folding import fold

from ..text.intents import intents
from ..text.rules import compact, is_han, query_tokens, runs, sounds, syllables, tokens
from ..text.segmenting import segmented
from ..values import Phrase, Query
from .parse import is_question_text

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
    """A query prepared for comparing: padded strings of tokens, so that a comparison is one ``in``."""

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
    def of(cls, query: Query, asked: str, language: str = "") -> Wanted:
        code = compact(asked)
        every = [*(clause.phrases for clause in query.clauses), query.whole]
        heard = tuple(phrase.tokens[0] for phrases in every for phrase in _in(phrases, "sounds"))
        return cls(
            whole=padded(tokens(asked)),
            phrase=_open(query_tokens(asked)),
            code=code,
            code_has_digits=any(map(str.isdigit, code)),
            clauses=tuple(
                (_title_needles(clause.phrases), _code_needles(clause.phrases)) for clause in query.clauses
            ),
            sounds=heard,
            initials=code if heard == (code,) and len(code) in INITIALS else "",
            is_question=is_question_text(asked),
            is_after=any(intents(fold(asked))),
            spoken=tuple(_spoken(clause.phrases, language) for clause in query.clauses),
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


def matched_length(needles: Sequence[str], title: str) -> int:
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


# --- initials ---
# Whether letters are the initials of what a title calls the thing: ``td`` of 嵌入式筒灯.

#: Letters that are the initials of a name: of two characters to six.
INITIALS = range(2, 7)


def are_of_the_name(letters: str, title: str) -> bool:
    """Whether a Han run of the title ends with whole words that have these initials."""
    return letters in _names(title)


@lru_cache(maxsize=4_096)
def _names(title: str) -> frozenset[str]:
    return frozenset(name for run, han in runs(fold(title)) if han and is_han(run) for name in _of_run(run))


def _of_run(run: str) -> Iterator[str]:
    """The initials of the last word, of the last two, and so on."""
    length = 0
    for word in reversed(segmented(run)):
        length += len(word)
        if length in INITIALS:
            spoken = syllables(run[-length:])
            if len(spoken) == length:
                yield "".join(syllable[0] for syllable in spoken)


# --- order ---
# The order of the best hits, the same whatever engine found them.
#
# An engine's own score is good at telling long texts apart and bad at what people mean by "first": the part number they
# typed, the thing of that name. So the best of what it found is sorted again, by tiers that can be explained; inside a
# tier by how much of the title was asked for and the document's boost, then by the engine's order.

__all__ = ["Candidate", "Ranked", "Tier", "order"]

#: How much of the engine's order counts inside a tier: the first gets 1, this one a half.
HALFWAY = 20
#: What it is worth that a title begins with what was asked for. Little: a Chinese compound ends with what it is.
BEGINS = 0.1

#: Here names and numbers say all there is to say: among equals the engine has no better reason than the order of keys.
DECIDED = frozenset(
    {Tier.CODE, Tier.TITLE, Tier.CODE_START, Tier.TITLE_PHRASE, Tier.TITLE_WORDS, Tier.CODE_PART}
)


def order(query: Query, asked: str, candidates: Sequence[Candidate], *, language: str = "") -> list[Ranked]:
    """The candidates, best first. ``asked`` is what was typed; titles in ``language`` count before others.

    Ties go by the engine's place, then by entry id.
    """
    wanted = Wanted.of(query, asked, language)
    if query.any_clause:
        ranked = [weighed(query, wanted, candidate, language) for candidate in candidates]
        return sorted(ranked, key=lambda r: (-r.tier, -r.quality, r.entry_id))
    judged = [(candidate, *_judged(wanted, candidate, language)) for candidate in candidates]
    if wanted.sounds and all(tier <= Tier.ELSEWHERE for _candidate, tier, _part in judged):
        judged = [
            (candidate, *_by_sound(wanted.sounds, candidate.titles)) for candidate, _tier, _part in judged
        ]
    ranked = [_ranked(*each) for each in judged]
    return sorted(ranked, key=lambda r: (-r.tier, -r.quality, r.entry_id))


def _ranked(candidate: Candidate, tier: Tier, part: float) -> Ranked:
    place = 1.0 if tier in DECIDED else HALFWAY / (HALFWAY + candidate.place)
    return Ranked(candidate.entry_id, tier, round(candidate.boost * (part + place), 4))


def _judged(wanted: Wanted, candidate: Candidate, language: str) -> Judged:
    """The best that can be said for a candidate: its tier and how much of the title was asked for (0 to 1)."""
    codes = tuple(read_code(code) for code in candidate.codes[:MOST_CODES])
    return max(
        by_code(wanted, codes),
        _by_initials(wanted, candidate.titles.get(language, "")),
        *(
            _by_title(
                wanted,
                read_title(title),
                codes,
                candidate.keywords,
                1.0 if key == language else FOREIGN,
            )
            for key, title in candidate.titles.items()
        ),
        NOTHING,
    )


def _by_initials(wanted: Wanted, title: str) -> Judged:
    """What is called so by its initials, before part numbers that have these letters."""
    if wanted.initials and are_of_the_name(wanted.initials, title):
        return Tier.TITLE_WORDS, share(len(wanted.initials), len(title))
    return NOTHING


def _by_title(
    wanted: Wanted, title: str, codes: Sequence[str], keywords: Sequence[str], worth: float
) -> Judged:
    if not wanted.whole or not title:
        return NOTHING
    if title == wanted.whole:
        return Tier.TITLE, worth
    if wanted.phrase in title:
        begins = BEGINS * title.startswith(wanted.phrase)
        return Tier.TITLE_PHRASE, worth * (begins + share(len(wanted.phrase), len(title)))
    if len(wanted.clauses) == 1 and (length := matched_length(wanted.clauses[0][0], title)):
        # A synonym of all that was asked, or another form of it, is as good.
        return Tier.TITLE_PHRASE, worth * share(length, len(title))
    return _by_words(wanted, title, codes, keywords, worth)


def _by_words(
    wanted: Wanted, title: str, codes: Sequence[str], keywords: Sequence[str], worth: float
) -> Judged:
    """By how many of the clauses the title or a part number answers. Numbers alone do not make it a title's hit."""
    named = [matched_length(needles, title) for needles, _parts in wanted.clauses]
    found = [
        length or in_codes(parts, codes)
        for length, (_needles, parts) in zip(named, wanted.clauses, strict=True)
    ]
    answered = sum(length > 0 for length in found)
    if not answered:
        return NOTHING
    if answered == len(found):
        return (
            (Tier.TITLE_WORDS, worth * share(sum(found), len(title))) if any(named) else (Tier.CODE_PART, 0.0)
        )
    tier = Tier.SOME_TITLE_WORDS
    if all(
        length or in_keywords(needles, keywords)
        for length, (needles, _parts) in zip(found, wanted.clauses, strict=True)
    ):
        tier = Tier.KEYWORDS
    return tier, worth * answered / len(found)


def _by_sound(heard: Sequence[str], titles: Mapping[str, str]) -> Judged:
    """By pinyin and initials, best when the title begins with what was typed."""
    for title in titles.values():
        spoken = sounds([title])
        if any(sound.startswith(letters) for sound in spoken for letters in heard):
            begins = spoken[0].startswith(tuple(heard)) or _initials(spoken).startswith(tuple(heard))
            return Tier.SOUND, 1.0 if begins else 0.5
    return NOTHING


def _initials(spoken: Sequence[str]) -> str:
    """The initials from the first character on: they stand behind the pinyin from every character on."""
    return spoken[len(spoken) // 2] if len(spoken) > 1 else ""


# --- order by weights ---
# The order where any of the words will do: by the words that name a thing, and by what it says.

#: Where any of the words will do: how much those count that name a thing, the rest being those that stand anywhere.
NAMED, FOUND, SAID = 0.5, 0.1, 0.4
#: A topic is what it says, a thing is what it is called.
SAID_OF_THINGS = 0.35
#: Of what is said: how much the passage that says most counts, the rest being how often the words are said.
TOGETHER = 0.6
#: What a word of the title is worth in a passage below it.
UNDER = 0.5
#: So many times said count half of ever so many.
SATURATED = 2.0
LONGEST_READ = 20_000
#: What a word among the keywords is worth beside one in the title: so much, and more when it is the whole keyword.
IN_KEYWORD, KEYWORD = 0.3, 0.5
#: A figure that is a keyword (IP65, 30mA) says what the thing is, like its title.
WHOLE_KEYWORD = 0.99
#: What it is worth in a text so short that it is a line about the thing.
IN_LINE, LINE = 0.55, 200
#: What it is worth that the title says little else.
CLOSE = 0.15
#: What it is worth to answer questions, where one was asked.
ANSWERS = 3.0
#: And what it is worth where none was: less when only a thing is named.
EXPLAINS, DESCRIBES = 0.9, 0.75


def weighed(query: Query, wanted: Wanted, candidate: Candidate, language: str) -> Ranked:
    """By the weights of the words that name it, and of those that stand anywhere in it."""
    codes = tuple(read_code(code) for code in candidate.codes[:MOST_CODES])
    numbered = by_code(wanted, codes)
    if numbered[0] > Tier.CODE_PART:
        return Ranked(candidate.entry_id, *numbered)
    total = query.weight or 1.0
    titles = {key: read_title(title) for key, title in candidate.titles.items()}
    named = max(
        (
            _named(query, wanted, candidate, key, codes) * (1.0 if key == language else FOREIGN)
            for key in titles
        ),
        default=0.0,
    )
    said = _said(query, wanted, candidate, " ".join(titles.values()))
    said *= SAID if candidate.answers else SAID_OF_THINGS
    quality = NAMED * named + FOUND * min(candidate.score / total, 1.0) + said
    quality *= candidate.boost
    if candidate.answers:
        quality *= ANSWERS if wanted.is_question else EXPLAINS if wanted.is_after else DESCRIBES
    return Ranked(candidate.entry_id, Tier.SOME_TITLE_WORDS, round(quality, 4))


def _named(query: Query, wanted: Wanted, candidate: Candidate, key: str, codes: Sequence[str]) -> float:
    """The share of the weights that title, part numbers and keywords have; a little more for a title that is short."""
    found, length, told, is_named = 0.0, 0, 0.0, False
    title = read_title(candidate.titles[key])
    short = [line for text in candidate.texts if len(text) <= LINE for line in _read_text(text)]
    asked = zip(query.clauses, wanted.clauses, wanted.spoken, strict=True)
    for clause, (needles, parts), spoken in asked:
        if there := matched_length(needles, title):
            found, length = found + clause.weight, length + there
            is_named = is_named or not clause.is_hint
        elif in_codes(parts, codes):
            found += clause.weight
        elif worth := in_keywords(needles, candidate.keywords):
            is_figure = worth >= WHOLE_KEYWORD and any(map(str.isdigit, needles[0]))
            found += (1.0 if is_figure else IN_KEYWORD + KEYWORD * worth) * clause.weight
        elif is_heard(spoken, candidate.titles[key]):
            found, is_named = found + clause.weight, True
        elif any(needle in line for line in short for needle in needles):
            told += IN_LINE * clause.weight
    # A line about the thing counts where the title, too, has something of what was asked for.
    found += told if is_named else 0.0
    return found / (query.weight or 1.0) + CLOSE * share(length, len(title))


def _said(query: Query, wanted: Wanted, candidate: Candidate, titles: str) -> float:
    """How much of the query stands together in one passage, under the title it has; more when it is said often."""
    total = query.weight or 1.0
    weights = [0.0 if clause.is_hint else clause.weight for clause in query.clauses]
    named = [matched_length(needles, titles) > 0 for needles, _parts in wanted.clauses]
    often = [0] * len(weights)
    best = 0.0
    for text in candidate.texts:
        passages = _read_text(text)
        whole = "".join(passages[::2])
        # Most of the words stand nowhere in a long text: they are not looked for in each of its passages.
        there = [matched_length(needles, whole) > 0 for needles, _parts in wanted.clauses]
        for passage in passages:
            together = 0.0
            for at, (needles, _parts) in enumerate(wanted.clauses):
                if there[at] and matched_length(needles, passage):
                    often[at] += 1
                    together += weights[at]
                elif named[at]:
                    together += UNDER * weights[at]
            best = max(best, together)
    repeated = sum(weight * times / (times + SATURATED) for weight, times in zip(weights, often, strict=True))
    return (TOGETHER * best + (1 - TOGETHER) * repeated) / total


# A long text read takes some hundred kilobytes: a few queries' worth of them is kept, not a catalogue's.
@lru_cache(maxsize=256)
def _read_text(text: str) -> tuple[str, ...]:
    """The passages of a text: each line with the one below it."""
    lines = [padded(tokens(line)) for line in text[:LONGEST_READ].splitlines() if line.strip()]
    return tuple(map("".join, zip(lines, [*lines[1:], ""], strict=False)))
