"""From what somebody typed to what engines match. Whatever is typed is text: there are no operators to fall over.

:func:`read` asks for every piece; :func:`loosened` makes of it the question to ask when that finds nothing. An empty
question matches everything in an engine, so whoever asks looks at ``Question.is_empty`` first: text of punctuation
alone finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ..text.forms import could_be_pinyin, forms
from ..text.rules import compact, fold, is_han, query_tokens, tokens
from ..text.segmenting import is_function_word, is_known, segmented
from ..words.rules import NO_SYNONYMS, Synonyms
from .intents import intents
from .pieces import Part, cut, is_asked
from .rules import Clause, Phrase, Question

MOST_CLAUSES = 24
#: Of a question with more clauses the words are not broken up.
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
#: What it is worth that a title is about what the question is after.
INTENT = 0.7
#: From this length on a word of letters is also found by its beginning.
SHORTEST_BEGINNING = 4

_PROTECTION = re.compile("[0-6][0-8]")
_DIGIT = re.compile(r"\d")
_MARKING = re.compile(r"(?<=\d[-_/.])[a-z](?=\d+$)")
_LETTERS = re.compile(r"[a-z]+")
_LETTER_AMONG_FIGURES = re.compile(r"(?<=\d)[oil]|[oil](?=\d)")
_FIGURES = {"o": "0", "i": "1", "l": "1"}


def read(text: str, *, synonyms: Synonyms = NO_SYNONYMS, as_you_type: bool = False) -> Question:
    """The question to ask first: every piece has to be found. ``as_you_type``: the last word may go on."""
    parts = cut(text, synonyms)
    open_end = as_you_type and bool(parts) and not text[-1:].isspace()
    clauses = [
        clause
        for part in parts
        if tokens(part.text)
        for clause in _clauses(part, open_end and part is parts[-1])
    ]
    return Question(clauses=tuple(dict.fromkeys(clauses))[:MOST_CLAUSES], whole=_unique(_wholes(parts)))


def _clauses(part: Part, open_end: bool) -> Iterator[Clause]:
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


def loosened(question: Question, text: str = "") -> Question:
    """The question to ask when nothing has every piece: any piece will do, and long ones are broken up.

    ``text``: what was typed; what it is after decides between what is found.
    """
    after = tuple(_after(text))
    broken_up = _broken_up if len(question.clauses) <= MOST_BROKEN_UP else _in_one
    clauses = dict.fromkeys(loose for clause in question.clauses for loose in broken_up(clause))
    chosen = tuple(clauses)[:MOST_CLAUSES]
    if after and is_asked(text):
        chosen = tuple(_beside(clause, after) for clause in chosen)
    chosen += after
    return Question(clauses=chosen, whole=question.whole, any_clause=True)


def _after(text: str) -> Iterator[Clause]:
    """Hints at the titles that answer what a question is after."""
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


def _phrases(part: Part, open_end: bool) -> Iterator[Phrase]:
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


def _wholes(parts: list[Part]) -> Iterator[Phrase]:
    """Answers for the question in one: a part number with blanks in it, or pinyin by syllables."""
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
