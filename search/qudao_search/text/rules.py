"""How text is read: the tokens that stand in the index and those a query is made of. Plain Python.

Letters, digits and Han characters are separate runs, so ``LED36W``, ``LED 36 W`` and ``led-36-w`` are the same three
tokens side by side. A Han run is its overlapping pairs and, at its end, its last character: 交换机 is 交换, 换机, 机.
Phrases of pairs are exact, one character is found by its beginning, and no phrase runs on over the end of a run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import add

from qudao_core.folding import fold, legible

__all__ = [
    "Analysed",
    "analyse",
    "analyse_for_cluster",
    "cluster_text",
    "code_words",
    "compact",
    "fold",
    "fragments",
    "legible",
    "query_tokens",
    "sounds",
    "tokens",
    "vocabulary",
]

LONGEST_TOKEN = 40
LONGEST_SOUND = 24
LONGEST_TITLE = 120
MOST_FRAGMENTS = 2_000
#: Stands between two Han runs in a cluster's text. A letter no text has, so no phrase runs over it.
BOUNDARY = "\ua66e"

#: Characters of which every one is a word or a part of one: Han, and Hiragana, which is written the same way.
HAN = "\u3005\u3007\u3041-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
KANA = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
_RUN = re.compile(rf"([{HAN}]+)|[{KANA}]+|\d+|[^\W\d_{HAN}{KANA}]+")
_HAN_OR_OTHER = re.compile(_RUN.pattern.replace("|", "|(", 1) + ")")
_HAN_RUN = re.compile(rf"[{HAN}]+")
_ANY_RUN = re.compile(_RUN.pattern.replace("(", "(?:"))
_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}]) (?=[{HAN}])")
_TOO_LONG = re.compile(rf"[^ {HAN}]{{{LONGEST_TOKEN + 1},}}")
_WORD = re.compile(r"[^\W_]+")


def is_han(text: str) -> bool:
    """Whether ``text`` is one unbroken Han run (folded text)."""
    return _HAN_RUN.fullmatch(text) is not None


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """The runs of folded text in order: (characters, whether they are Han)."""
    for found in _RUN.finditer(text):
        yield found.group(), found.group(1) is not None


def spans(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where the runs of folded text begin and end, and whether they are Han."""
    for found in _RUN.finditer(text):
        yield found.start(), found.end(), found.group(1) is not None


def tokens(text: str) -> list[str]:
    """The tokens of a text as they stand in the index, in order."""
    found: list[str] = []
    for han, other in _HAN_OR_OTHER.findall(fold(text)):
        if other:
            found.append(other[:LONGEST_TOKEN])
        else:
            found += map(add, han, han[1:])
            found.append(han[-1])
    return found


def query_tokens(text: str) -> list[str]:
    """The tokens that a phrase of ``text`` asks for: as in the index, but a Han run at the end may go on there."""
    found = tokens(text)
    if len(found) > 1 and ends_in_pair(found):
        found.pop()
    return found


def ends_in_pair(found: Sequence[str]) -> bool:
    """Whether the last token only closes the Han run of the pair before it."""
    pair, last = found[-2], found[-1]
    return len(last) == 1 and len(pair) == 2 and pair[1] == last and is_han(pair)


def compact(code: str) -> str:
    """A part number without separators: ``QX-2048-A`` → ``qx2048a``."""
    return "".join(_WORD.findall(fold(code)))[:LONGEST_TOKEN]


def code_words(code: str) -> list[str]:
    """Tokens of a part number: the whole without separators, then its parts."""
    whole = compact(code)
    return list(dict.fromkeys([whole, *tokens(code)])) if whole else []


def fragments(codes: Iterable[str]) -> list[str]:
    """Every end (of two characters or more) of every part number: the prefix of one is any part of the number."""
    found: dict[str, None] = {}
    for code in codes:
        whole = compact(code)
        found.update(dict.fromkeys(whole[at:] for at in range(len(whole) - 1)))
        if len(found) >= MOST_FRAGMENTS:
            break
    return list(found)[:MOST_FRAGMENTS]


def sounds(titles: Iterable[str]) -> list[str]:
    """Pinyin and initials of the titles' Han runs, from every character on: ``jiaohuanji``, ``huanji``, ``jhj``, …"""
    found: dict[str, None] = {}
    for title in titles:
        for run in _HAN_RUN.findall(fold(title[:LONGEST_TITLE])):
            found.update(dict.fromkeys(_run_sounds(run)))
    return list(found)


@lru_cache(maxsize=1_000)
def _run_sounds(run: str) -> tuple[str, ...]:
    spoken = syllables(run)
    starts = range(len(spoken))
    whole = ["".join(spoken[at:])[:LONGEST_SOUND] for at in starts]
    initials = ["".join(syllable[0] for syllable in spoken[at:])[:LONGEST_SOUND] for at in starts]
    return tuple(dict.fromkeys(whole + initials))


def syllables(run: str) -> list[str]:
    """The pinyin of a Han run, a syllable for each character that has one, letters only."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - 25 MB that processes which only read never pay

    spoken = (fold(syllable) for syllable in lazy_pinyin(run, errors="ignore"))
    return [syllable for syllable in spoken if syllable.isalpha()]


@dataclass(frozen=True, slots=True)
class Analysed:
    """The tokens of a document, field by field. ``words`` are those of keywords and texts."""

    titles: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    fragments: tuple[str, ...] = ()
    sounds: tuple[str, ...] = ()


def analyse(
    *,
    titles: Mapping[str, str],
    codes: Sequence[str],
    texts: Mapping[str, str],
    keywords: Sequence[str],
    longest: int,
) -> Analysed:
    """Read a document; of its texts the first ``longest`` characters in all."""
    named = list(dict.fromkeys(titles.values()))
    return Analysed(
        titles=tuple(_tokens_of(named)),
        words=tuple(_tokens_of([*keywords, *_bounded(texts.values(), longest)])),
        codes=_code_tokens(codes),
        fragments=tuple(fragments(codes)),
        sounds=tuple(sounds(named)),
    )


def analyse_for_cluster(
    *,
    titles: Mapping[str, str],
    codes: Sequence[str],
    texts: Mapping[str, str],
    keywords: Sequence[str],
    longest: int,
) -> dict[str, str | list[str]]:
    """What :func:`analyse` finds, field by field as a cluster takes it, in a fraction of the time."""
    named = list(dict.fromkeys(titles.values()))
    return {
        "titles": cluster_texts(named),
        "words": cluster_texts([*keywords, *_bounded(texts.values(), longest)]),
        "codes": " ".join(_code_tokens(codes)),
        "fragments": fragments(codes),
        "sounds": sounds(named),
    }


def _code_tokens(codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(token for code in codes for token in code_words(code)))


def _tokens_of(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from tokens(text)


def _bounded(texts: Iterable[str], longest: int) -> Iterator[str]:
    left = longest
    for text in dict.fromkeys(texts):
        if left > 0:
            yield text[:left]
        left -= len(text)


def cluster_text(found: str | Iterable[str]) -> str:
    """Text for a cluster's ``standard`` analyzer, from a text or from tokens of it.

    That analyzer makes every Han character a word of its own; a phrase of them is our phrase of pairs. Runs are set
    apart by blanks, and two Han runs that follow each other by :data:`BOUNDARY`, for blanks alone would not keep a
    phrase from running over.
    """
    pieces: list[str] = []
    for run in cluster_runs(tokens(found) if isinstance(found, str) else found):
        if pieces and is_han(run) and is_han(pieces[-1]):
            pieces.append(BOUNDARY)
        pieces.append(run)
    return " ".join(pieces)


def cluster_texts(texts: Iterable[str]) -> str:
    """:func:`cluster_text` of the tokens of several texts, without making the tokens."""
    joined = " ".join(_ANY_RUN.findall(" ".join(map(fold, texts))))
    return _BETWEEN_HAN.sub(f" {BOUNDARY} ", _TOO_LONG.sub(_cut, joined))


def _cut(found: re.Match[str]) -> str:
    return found.group()[:LONGEST_TOKEN]


def cluster_runs(found: Iterable[str]) -> list[str]:
    """The runs that tokens came from: 交换, 换机, 机, ``8`` → 交换机, ``8``."""
    made: list[list[str]] = []
    last, open_run = "", False
    for token in found:
        han = is_han(token)
        if han and open_run and token[0] == last:
            made[-1].append(token[1:])
        else:
            made.append([token])
        last, open_run = token[-1], han and len(token) == 2
    return ["".join(run) for run in made]


def vocabulary(titles: Iterable[str]) -> set[str]:
    """Words that stand in titles, to correct misspelt ones by: Latin words, and two to four Han characters together."""
    found: set[str] = set()
    for title in titles:
        for word in _WORD.findall(fold(title[:LONGEST_TITLE])):
            found.update(_words_in(word))
    return found


def _words_in(word: str) -> Iterator[str]:
    for run, han in runs(word):
        if han:
            yield from (run[at : at + n] for n in (2, 3, 4) for at in range(len(run) - n + 1))
        elif run.isalpha() and 3 <= len(run) <= LONGEST_TOKEN:
            yield run
