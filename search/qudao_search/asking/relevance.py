"""The order of the best hits, the same whatever engine found them. Plain Python.

An engine's own score is good at telling long texts apart and bad at what people mean by "first": the part number they
typed, the thing of that name. So the best of what it found is sorted again, by tiers that can be explained; inside a
tier by how much of the title was asked for and the document's boost, then by the engine's order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..text.rules import sounds
from . import initials
from .comparing import (
    FOREIGN,
    MOST_CODES,
    NOTHING,
    Candidate,
    Judged,
    Ranked,
    Tier,
    Wanted,
    by_code,
    in_codes,
    in_keywords,
    length_found,
    read_code,
    read_title,
    share,
)
from .rules import Question
from .weighing import weighed

__all__ = ["Candidate", "Ranked", "Tier", "order"]

#: How much of the engine's order counts inside a tier: the first gets 1, this one a half.
HALFWAY = 20
#: What it is worth that a title begins with what was asked for. Little: a Chinese compound ends with what it is.
BEGINS = 0.1

#: Here names and numbers say all there is to say: among equals the engine has no better reason than the order of keys.
DECIDED = frozenset(
    {Tier.CODE, Tier.TITLE, Tier.CODE_START, Tier.TITLE_PHRASE, Tier.TITLE_WORDS, Tier.CODE_PART}
)


def order(
    question: Question, asked: str, candidates: Sequence[Candidate], *, language: str = ""
) -> list[Ranked]:
    """The candidates, best first. ``asked`` is what was typed; titles in ``language`` count before others.

    Ties go by the engine's place, then by entry id.
    """
    wanted = Wanted.of(question, asked, language)
    if question.any_clause:
        ranked = [weighed(question, wanted, candidate, language) for candidate in candidates]
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
    if wanted.initials and initials.are_of_the_name(wanted.initials, title):
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
    if len(wanted.clauses) == 1 and (length := length_found(wanted.clauses[0][0], title)):
        # A synonym of all that was asked, or another form of it, is as good.
        return Tier.TITLE_PHRASE, worth * share(length, len(title))
    return _by_words(wanted, title, codes, keywords, worth)


def _by_words(
    wanted: Wanted, title: str, codes: Sequence[str], keywords: Sequence[str], worth: float
) -> Judged:
    """By how many of the clauses the title or a part number answers. Numbers alone do not make it a title's hit."""
    named = [length_found(needles, title) for needles, _parts in wanted.clauses]
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
