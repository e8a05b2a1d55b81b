"""How much each word of a question matters: what is asked for before what it is for. Plain Python.

``which driver for 5 m of strip`` asks for a driver, 12V灯带用多大的电源 for 电源; what a thing is to be without tells
less than what it is to have.
"""

from __future__ import annotations

import re

from ..text.rules import HAN

#: What a word is worth that is asked for, that only says what for, and that the thing is to be without.
ASKED_FOR, CONTEXT, AVOIDED = 1.4, 0.85, 0.5
#: From this worth on a clause is a word of the question, not a part of one.
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


class Worths:
    """What the words of one question (folded) are worth."""

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
