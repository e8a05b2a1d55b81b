"""The order where any of the words will do: by the words that name a thing, and by what it says. Plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ..text.rules import tokens
from .comparing import (
    FOREIGN,
    MOST_CODES,
    Candidate,
    Ranked,
    Tier,
    Wanted,
    by_code,
    in_codes,
    in_keywords,
    is_heard,
    length_found,
    padded,
    read_code,
    read_title,
    share,
)
from .rules import Question

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


def weighed(question: Question, wanted: Wanted, candidate: Candidate, language: str) -> Ranked:
    """By the weights of the words that name it, and of those that stand anywhere in it."""
    codes = tuple(read_code(code) for code in candidate.codes[:MOST_CODES])
    numbered = by_code(wanted, codes)
    if numbered[0] > Tier.CODE_PART:
        return Ranked(candidate.entry_id, *numbered)
    total = question.weight or 1.0
    titles = {key: read_title(title) for key, title in candidate.titles.items()}
    named = max(
        (
            _named(question, wanted, candidate, key, codes) * (1.0 if key == language else FOREIGN)
            for key in titles
        ),
        default=0.0,
    )
    said = _said(question, wanted, candidate, " ".join(titles.values()))
    said *= SAID if candidate.answers else SAID_OF_THINGS
    quality = NAMED * named + FOUND * min(candidate.score / total, 1.0) + said
    quality *= candidate.boost
    if candidate.answers:
        quality *= ANSWERS if wanted.is_question else EXPLAINS if wanted.is_after else DESCRIBES
    return Ranked(candidate.entry_id, Tier.SOME_TITLE_WORDS, round(quality, 4))


def _named(question: Question, wanted: Wanted, candidate: Candidate, key: str, codes: Sequence[str]) -> float:
    """The share of the weights that title, part numbers and keywords have; a little more for a title that is short."""
    found, length, told, is_named = 0.0, 0, 0.0, False
    title = read_title(candidate.titles[key])
    short = [line for text in candidate.texts if len(text) <= LINE for line in _read_text(text)]
    asked = zip(question.clauses, wanted.clauses, wanted.spoken, strict=True)
    for clause, (needles, parts), spoken in asked:
        if there := length_found(needles, title):
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
    return found / (question.weight or 1.0) + CLOSE * share(length, len(title))


def _said(question: Question, wanted: Wanted, candidate: Candidate, titles: str) -> float:
    """How much of the question stands together in one passage, under the title it has; more when it is said often."""
    total = question.weight or 1.0
    weights = [0.0 if clause.is_hint else clause.weight for clause in question.clauses]
    named = [length_found(needles, titles) > 0 for needles, _parts in wanted.clauses]
    often = [0] * len(weights)
    best = 0.0
    for text in candidate.texts:
        passages = _read_text(text)
        whole = "".join(passages[::2])
        # Most of the words stand nowhere in a long text: they are not looked for in each of its passages.
        there = [length_found(needles, whole) > 0 for needles, _parts in wanted.clauses]
        for passage in passages:
            together = 0.0
            for at, (needles, _parts) in enumerate(wanted.clauses):
                if there[at] and length_found(needles, passage):
                    often[at] += 1
                    together += weights[at]
                elif named[at]:
                    together += UNDER * weights[at]
            best = max(best, together)
    repeated = sum(weight * times / (times + SATURATED) for weight, times in zip(weights, often, strict=True))
    return (TOGETHER * best + (1 - TOGETHER) * repeated) / total


# A long text read takes some hundred kilobytes: a few questions' worth of them is kept, not a catalogue's.
@lru_cache(maxsize=256)
def _read_text(text: str) -> tuple[str, ...]:
    """The passages of a text: each line with the one below it."""
    lines = [padded(tokens(line)) for line in text[:LONGEST_READ].splitlines() if line.strip()]
    return tuple(map("".join, zip(lines, [*lines[1:], ""], strict=False)))
