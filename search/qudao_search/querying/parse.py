"""From what somebody typed to what engines match. Whatever is typed is text: there are no operators to fall over.

:func:`read` asks for every piece; :func:`relaxed` makes of it the query to ask when that finds nothing. An empty
query matches everything in an engine, so whoever asks looks at ``Query.is_empty`` first: text of punctuation
alone finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..synonyms.rules import NO_SYNONYMS, Key, Synonyms
from ..text.forms import could_be_pinyin, forms, stem
from ..text.intents import intents
from ..text.numbers import MEASURE, apart, joined, measured, spellings
from ..text.rules import HAN, compact, fold, is_han, query_tokens, spans, tokens
from ..text.segmenting import asks, is_function_word, is_known, segmented
from ..values import Clause, Phrase, Query

MOST_CLAUSES = 24
#: Of a query with more clauses the words are not broken up.
MOST_BROKEN_UP = 12
MOST_PHRASES = 24
MOST_TOKENS = 64
#: A part number typed in pieces has few of them.
MOST_CODE_PIECES = 6
LONGEST_WHOLE = 40
LONGEST_SOUND = 24
#: What a part of a word is worth beside the word.
PART = 0.3
#: And what it is worth where the word occurs nowhere.
APART = 0.7
#: What it is worth that a title is about what the query is after.
INTENT = 0.7
#: From this length on a word of letters is also found by its beginning.
SHORTEST_BEGINNING = 4

_PROTECTION = re.compile("[0-6][0-8]")
_DIGIT = re.compile(r"\d")
_MARKING = re.compile(r"(?<=\d[-_/.])[a-z](?=\d+$)")
_LETTERS = re.compile(r"[a-z]+")
_LETTER_AMONG_FIGURES = re.compile(r"(?<=\d)[oil]|[oil](?=\d)")
_FIGURES = {"o": "0", "i": "1", "l": "1"}


def read(text: str, *, synonyms: Synonyms = NO_SYNONYMS, as_you_type: bool = False) -> Query:
    """The query to ask first: every piece has to be found. ``as_you_type``: the last word may go on."""
    parts = segments(text, synonyms)
    open_end = as_you_type and bool(parts) and not text[-1:].isspace()
    clauses = [
        clause
        for part in parts
        if tokens(part.text)
        for clause in _clauses(part, open_end and part is parts[-1])
    ]
    return Query(clauses=tuple(dict.fromkeys(clauses))[:MOST_CLAUSES], whole=_unique(_wholes(parts)))


def _clauses(part: Segment, open_end: bool) -> Iterator[Clause]:
    """A clause for a piece. A Han run is its words, of which each is also answered by the run as it is written."""
    whole = tuple(_phrases(part, open_end))
    words = words_of(part.text)
    for word in words:
        yield Clause(_unique((*_own_phrases(word, open_end), *whole)), part.worth)
    if not words:
        yield Clause(_unique(whole), part.worth)


def words_of(text: str) -> tuple[str, ...]:
    """The words that a Han run is looked for by, when it is several and the dictionary knows one of them."""
    if not is_han(text):
        return ()
    found = segmented(text)
    telling = tuple(word for word in found if not is_function_word(word))
    return telling if len(found) > 1 and any(len(word) > 1 for word in telling) else ()


def relaxed(query: Query, text: str = "") -> Query:
    """The query to ask when nothing has every piece: any piece will do, and long ones are broken up.

    ``text``: what was typed; what it is after decides between what is found.
    """
    after = tuple(_after(text))
    broken_up = _broken_up if len(query.clauses) <= MOST_BROKEN_UP else _in_one
    clauses = dict.fromkeys(loose for clause in query.clauses for loose in broken_up(clause))
    chosen = tuple(clauses)[:MOST_CLAUSES]
    if after and is_question_text(text):
        chosen = tuple(_beside(clause, after) for clause in chosen)
    chosen += after
    return Query(clauses=chosen, whole=query.whole, any_clause=True)


def _after(text: str) -> Iterator[Clause]:
    """Hints at the titles that answer what a query is after."""
    for titles in intents(fold(text)):
        phrases = (Phrase("titles", tuple(query_tokens(title))) for title in titles)
        yield Clause(_unique(phrases), weight=INTENT, is_hint=True)


def _beside(clause: Clause, hints: Sequence[Clause]) -> Clause:
    """The clause; worth little when a hint says the same, for what is to be done says less than what it is done to."""
    own = {phrase.tokens for phrase in clause.phrases if phrase.field == "words"}
    said = any(phrase.tokens in own for hint in hints for phrase in hint.phrases)
    return replace(clause, weight=PART) if said else clause


def _unique(phrases: Iterable[Phrase]) -> tuple[Phrase, ...]:
    return tuple(dict.fromkeys(phrase for phrase in phrases if phrase.tokens))[:MOST_PHRASES]


def _phrases(part: Segment, open_end: bool) -> Iterator[Phrase]:
    """What answers for a piece; the words themselves come first."""
    yield from _own_phrases(part.text, open_end)
    yield from (Phrase("words", tuple(query_tokens(other))) for other in part.spellings)
    for other in part.alternatives:
        yield from _alternative(other)


def _own_phrases(text: str, open_end: bool) -> Iterator[Phrase]:
    found = tuple(query_tokens(text))[:MOST_TOKENS]
    yield Phrase("words", found, prefix=open_end or _is_one_character(found[-1]))
    if not text.isascii() and not _DIGIT.search(text):
        return
    whole = compact(text)
    if _DIGIT.search(text):
        yield from _code_phrases(text, whole)
    elif len(whole) >= 2:
        yield from _word_phrases(found, whole)


def _is_one_character(token: str) -> bool:
    """A Han character by itself (or any other script's): found wherever a pair begins with it."""
    return len(token) == 1 and not token.isascii()


def _code_phrases(text: str, whole: str) -> Iterator[Phrase]:
    if len(whole) >= 2 and text.isascii():
        yield Phrase("codes", (whole,))
        yield Phrase("fragments", (whole,), prefix=True)
        yield from _without_marking(text)


def _word_phrases(found: tuple[str, ...], whole: str) -> Iterator[Phrase]:
    if len(found) == 1:
        yield from (Phrase("words", (form,)) for form in forms(whole)[1:])
        if len(whole) >= SHORTEST_BEGINNING:
            yield Phrase("words", found, prefix=True)
    else:
        yield Phrase("words", (whole,))
    yield Phrase("codes", (whole,), prefix=True)
    yield from _sound(whole)


def _sound(letters: str) -> Iterator[Phrase]:
    if _LETTERS.fullmatch(letters) and could_be_pinyin(letters[:LONGEST_SOUND]):
        yield Phrase("sounds", (letters[:LONGEST_SOUND],), prefix=True)


def _alternative(text: str) -> Iterator[Phrase]:
    found = tuple(query_tokens(text))[:MOST_TOKENS]
    if not found:
        return
    yield Phrase("words", found, prefix=len(found) == 1 and _is_one_character(found[0]))
    if len(found) == 1:
        yield from (Phrase("words", (form,)) for form in forms(found[0])[1:])
    if _DIGIT.search(text):
        yield from _code_phrases(text, compact(text))


def _wholes(parts: list[Segment]) -> Iterator[Phrase]:
    """Answers for the query in one: a part number with blanks in it, or pinyin by syllables."""
    if not 2 <= len(parts) <= MOST_CODE_PIECES or not all(part.text.isascii() for part in parts):
        return
    whole = "".join(compact(part.text) for part in parts)
    if len(whole) > LONGEST_WHOLE:
        return
    if _DIGIT.search(whole):
        yield Phrase("codes", (whole,))
        yield Phrase("fragments", (whole,), prefix=True)
    else:
        yield from _sound(whole)


def _broken_up(clause: Clause) -> Iterator[Clause]:
    """The clause, and one for each token of it that says something: a part of a word is worth less than the word.

    Parts of a Han word count in titles only, for in a text they stand by accident. Single characters of a word that
    the dictionary has are no more than a hint (电钻 is neither 电 nor 钻, but a 厨卫灯 is for a 厨房); those of a word
    that is put together by whoever asks (厨灯) are parts. What has the word has its parts.
    """
    own = clause.phrases[0]
    yield from _in_one(clause)
    if _higher(own.tokens):
        yield replace(clause, weight=PART)
    if own.field != "words":
        return
    if len(own.tokens) > 1:
        for token in _telling(own.tokens):
            part = Phrase("titles" if is_han(token) else "words", (token,))
            yield Clause((part, *clause.phrases), weight=PART)
    elif len(own.tokens[0]) == 2 and is_han(own.tokens[0]):
        for character in own.tokens[0]:
            part = Phrase("titles", (character,), prefix=True)
            hint = is_known(own.tokens[0])
            yield Clause((part,) if hint else (part, *clause.phrases), weight=PART, is_hint=hint)


def _in_one(clause: Clause) -> Iterator[Clause]:
    """The clause, with what it may have been misread from and what is more than it."""
    misread, higher = _misread(clause.phrases), _higher(clause.phrases[0].tokens)
    yield replace(clause, phrases=_unique((*clause.phrases, *misread, *higher)))


def _higher(found: tuple[str, ...]) -> tuple[Phrase, ...]:
    """The degrees of protection that are more than the one asked for: what is IP67 is also IP65."""
    if len(found) != 2 or found[0] != "ip" or not _PROTECTION.fullmatch(found[1]):
        return ()
    solid, water = found[1]
    return tuple(Phrase("words", ("ip", f"{solid}{more}")) for more in range(int(water) + 1, 9))


def _telling(found: tuple[str, ...]) -> list[str]:
    """Tokens worth looking for one by one; of one letter with a figure (``C32``) both, of a measure (``24V``) none."""
    if len(found) == 2 and any(map(str.isdecimal, found)):
        return list(found) if len(found[0]) == 1 and found[0].isalpha() else []
    return [token for token in found if len(token) > 1]


def _misread(phrases: Iterable[Phrase]) -> Iterator[Phrase]:
    """The letter O among figures is a nought, I and L are ones."""
    for phrase in phrases:
        if phrase.field in ("codes", "fragments"):
            token = _LETTER_AMONG_FIGURES.sub(lambda found: _FIGURES[found.group()], phrase.tokens[0])
            if token != phrase.tokens[0]:
                yield Phrase(phrase.field, (token,), prefix=phrase.prefix)


def _without_marking(text: str) -> Iterator[Phrase]:
    """A part number as it is printed on the thing, with the letter of its kind before the last figure: ``BC1-C16``."""
    plain = _MARKING.sub("", text)
    if plain != text:
        yield Phrase("codes", (compact(plain),))
        yield Phrase("fragments", (compact(plain),), prefix=True)


# --- emphasis ---
# How much each word of a query matters: what is asked for before what it is for.
#
# ``which driver for 5 m of strip`` asks for a driver, 12V灯带用多大的电源 for 电源; what a thing is to be without tells
# less than what it is to have.

#: What a word is worth that is asked for, that only says what for, and that the thing is to be without.
ASKED_FOR, CONTEXT, AVOIDED = 1.4, 0.85, 0.5
#: From this worth on a clause is a word of the query, not a part of one.
WHOLE = 0.8

_AVOIDED = re.compile(r"\b(?:no|without|non)[ -]([a-z]+)")
_ASKED_FOR = re.compile(
    r"\b(?:which|what(?: (?:size|kind|type|sort|colou?r|rating)(?: of)?)?|how (?:big|large|thick)(?: an?)?)"
    r" ([a-z]+(?: [a-z]+)?)"
)
#: What is measured rather than wanted: what IP rating, which height.
_MEASURES = frozenset(
    {"size", "rating", "height", "angle", "distance", "colour", "color", "number", "length", "way"}
)
_FOR = re.compile(r" for (.+)")
_MEASURE_ASKED = "(?:功率|规格|型号|尺寸|平方|平|瓦|安|寸|开|位|路|回路|米|k)"
_ASKED_FOR_IN_CHINESE = re.compile(
    rf"(?:多[大粗长]{_MEASURE_ASKED}?的?|什么(?!时候|意思|区别|样)|啥(?!时候|样|区别)|哪[种款个]|什么样的"
    rf"|几{_MEASURE_ASKED}的?)(?=[{HAN}])"
)
_FIRST_WORDS = re.compile(r"[a-z]+")


class Emphasis:
    """What the words of one query (folded) are worth."""

    def __init__(self, folded: str) -> None:
        self._avoided = frozenset(_AVOIDED.findall(folded))
        self._heads = (
            frozenset(word for found in _ASKED_FOR.findall(folded) for word in found.split()) - _MEASURES
        )
        self._behind = tuple(folded[found.end() :] for found in _ASKED_FOR_IN_CHINESE.finditer(folded))
        behind_for = _FOR.search(folded)
        self._context = frozenset(_FIRST_WORDS.findall(behind_for[1])) if behind_for else frozenset()

    def of(self, text: str) -> float:
        """What a piece is worth."""
        if text in self._avoided:
            return AVOIDED
        words = frozenset(text.split())
        if words & self._heads or any(rest.startswith(text) for rest in self._behind):
            return ASKED_FOR
        return CONTEXT if words & self._context else 1.0


# --- segments ---
# Cutting a query into the pieces that are looked for one by one.
#
# ``LED投光灯 8口`` is four things at most: ``led``, ``投光灯`` and ``8口``. A part number stays in one piece, script
# changes are borders, a number keeps its measure word, and what editors keep as a synonym is a piece of its own.

#: Of a query longer than any allowed one the rest is not read.
LONGEST_READ = 500

_LATIN = rf"[^\W_{HAN}]+"
#: What joins: in words and part numbers always, between figures also what separates figures.
_JOIN = r"(?:[-_.'’]|(?<=\d)[/+*:=#]|[/+*:=#](?=\d))"
PIECE = re.compile(rf"{_LATIN}(?:{_JOIN}{_LATIN})*|[{HAN}]+")
#: Words of a sentence that say nothing about what is looked for, unless they are all there is.
_IDLE = re.compile(
    "an?|about|after|all|also|always|am|and|any|are|as|at|be|been|before|between|but|by|can|could|did|do|does|doing|don.?t"
    "|every|for|from|gets?|getting|got|has|have|having|how|i|if|in|into|is|isn.?t|it|its|just|keeps?|kept|like|long"
    "|makes?|many|may|mean|means|me|much|must|my|needs?|needed|no|not|of|off|on|one|only|or|our|out|over|per|please|put|shall|should|so"
    "|some|than|that|the|their|them|then|there|these|they|this|those|to|too|under|up|us|use|used|using|very|want|was|way|we"
    "|were|what|when|where|which|who|whose|why|will|with|without|won.?t|works?|working|would|x|yours?|you"
)
#: Words that make a question, or tell of something that is wrong; and how many idle words make a sentence.
_ASKING = re.compile(
    r"\b(?:how|why|what|when|which|where|who|can i|can you|do i|do you|does|is it|should|keeps?|my|won.?t|doesn.?t"
    r"|isn.?t|not working|stopped|aren.?t|cannot|can.?t"
    r"|customers? (?:says?|asks?|wants?|thinks?|complains?))\b"
    r"|^(?:is|are|was|could|do|did|would|should|has|have|need to|want to)\b"
    r"|^(?:can|will) (?!lights?\b)|[a-z] or (?!more\b|less\b)[a-z]"
)
_SENTENCE = 2
#: Idle words that stand in a description as well: they make no sentence.
_DESCRIBING = frozenset(
    {"a", "an", "the", "and", "or", "of", "for", "with", "without", "in", "on", "to", "from", "by", "at"}
    | {"no", "not", "per", "only", "over", "under", "out", "all", "like"}
)
#: Words of what is wrong with a thing: whoever types one wants it explained.
_TROUBLE = re.compile(
    r"\b(?:flicker\w*|tripp(?:ed|ing)|trips|buzz\w*|humm(?:s|ing)|broken|faulty|fault|dead|burn(?:t|ed|ing)|smell\w*|blinking"
    r"|melt\w*|overheat\w*|problem|dimmer at|darker|far end|difference|vs|versus|dangerous|safe|died|dies|wrong|missing"
    r"|damaged|lost|rust(?:y|s|ed|ing)|corroded|leak(?:s|ed|ing)?|hurts?|too \w+|fell|falls|falling|peel(?:s|ed|ing)"
    r"|cheaper|complain\w*|before \w+ing|after \d+ (?:days?|weeks?|months?|years?))\b"
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of folded text, what editors say it finds as well, and other ways to write the piece itself."""

    text: str
    alternatives: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    #: How much it matters beside the others.
    worth: float = 1.0

    @property
    def is_han(self) -> bool:
        """Whether it is one run of Han characters."""
        return is_han(self.text)


def is_question_text(text: str) -> bool:
    """Whether ``text`` is said as a question: how, why, which, 怎么, 多少, or with the mark of one."""
    folded = fold(text[:LONGEST_READ])
    if "?" in folded or _ASKING.search(folded) or _TROUBLE.search(folded):
        return True
    words = (word for word in folded.split() if word not in _DESCRIBING)
    if sum(_IDLE.fullmatch(word) is not None for word in words) >= _SENTENCE:
        return True
    return any(asks(folded[start:end]) for start, end, han in spans(folded) if han)


def segments(text: str, synonyms: Synonyms) -> list[Segment]:
    """The pieces of a query in order, without idle words when others remain."""
    folded = fold(text[:LONGEST_READ])
    parts: list[Segment] = []
    done = 0
    for start, end, key in _synonyms_in(folded, synonyms):
        parts += _plain(folded[done:start])
        parts.append(Segment(folded[start:end], synonyms.alternatives[key]))
        done = end
    parts += _plain(folded[done:])
    worths = Emphasis(folded)
    parts = [replace(part, worth=worths.of(part.text)) for part in parts]
    return [part for part in parts if part.alternatives or not _is_idle(part.text)] or parts


def _is_idle(text: str) -> bool:
    if _IDLE.fullmatch(text) or is_function_word(text):
        return True
    return is_han(text) and all(map(is_function_word, segmented(text)))


def _synonyms_in(folded: str, synonyms: Synonyms) -> Iterator[tuple[int, int, Key]]:
    """The stretches of ``folded`` that are a synonym, leftmost and longest first, not overlapping."""
    if not synonyms.by_first:
        return
    spans = list(_atoms(folded))
    atoms = [stem(folded[start:end]) for start, end in spans]
    borders = _borders(folded)
    at = 0
    while at < len(atoms):
        for key in synonyms.starting(atoms, at):
            start, end = spans[at][0], spans[at + len(key) - 1][1]
            if borders[start] and borders[end] and not _splits_a_word(folded, start, end):
                yield start, end, key
                at += len(key) - 1
                break
        at += 1


def _atoms(folded: str) -> Iterator[tuple[int, int]]:
    """Where the atoms that synonyms are compared by stand: each Han character, each other run."""
    for start, end, han in spans(folded):
        yield from ((at, at + 1) for at in range(start, end)) if han else ((start, end),)


def _borders(folded: str) -> list[bool]:
    """At which offsets a synonym may begin or end: not inside a part number, not leaving one Han character alone."""
    allowed = [True] * (len(folded) + 1)
    for found in PIECE.finditer(folded):
        start, end = behind_measure(folded, found.start()), found.end()
        closed = (start + 1, end - 1) if is_han(found.group()) else range(start + 1, end)
        for at in closed:
            if start < at < end:
                allowed[at] = False
    return allowed


def behind_measure(folded: str, start: int) -> int:
    """Where a Han run goes on behind the measure word of a figure: 12路配电箱 is 12路 and 配电箱."""
    measure = MEASURE.match(folded, start) if start and folded[start - 1].isdigit() else None
    return measure.end() if measure else start


def _splits_a_word(folded: str, start: int, end: int) -> bool:
    """Whether one Han character would be cut out of a longer run."""
    around = folded[max(start - 1, 0) : end + 1]
    return end - start == 1 and is_han(folded[start]) and around != folded[start] and is_han(around)


def _plain(text: str) -> Iterator[Segment]:
    """Pieces of text that holds no synonym."""
    done = 0
    for start, end in measured(text):
        yield from _worded(text[done:start])
        each = joined(text[start:end])
        yield Segment(each, spellings=spellings(each))
        done = end
    yield from _worded(text[done:])


def _worded(text: str) -> Iterator[Segment]:
    """Pieces of text that holds no measured figure."""
    for found in PIECE.finditer(text):
        piece = found.group()
        if is_han(piece):
            yield from map(Segment, _without_idle(piece))
        else:
            yield from (Segment(each, spellings=spellings(each)) for each in apart(piece))


def _without_idle(run: str) -> list[str]:
    """The stretches of a Han run between words that only make it a sentence; the run when there are no others."""
    found = [""]
    for word in segmented(run):
        if is_function_word(word):
            found.append("")
        else:
            found[-1] += word
    return [part for part in found if part] or [run]
