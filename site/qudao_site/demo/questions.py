"""The demo's question banks as their files say them: each question once, with its words in every language.

What does not depend on the language (a figure, a unit, what is true) is written once. One bank per language comes of
a file, so that a paper is never mixed; both have the same keys, followed by the language (``PB-001-en``).
"""

from __future__ import annotations

from decimal import Decimal
from string import ascii_lowercase
from typing import Any, Literal

from pydantic import Field, model_validator

from .files import Part

Kind = Literal[
    "single", "multiple", "true_false", "fill_in", "numeric", "ordering", "matching", "essay", "case"
]
#: What a question of a type needs besides its text.
_NEEDED = {
    "single": ("right", "wrong"),
    "multiple": ("right", "wrong"),
    "fill_in": ("blanks",),
    "ordering": ("order",),
    "matching": ("pairs",),
    "essay": ("guidance",),
    "case": ("parts",),
}


class Facts(Part):
    """What is the same in every language. ``units``: the first is asked for; one of a unit is so many of the first."""

    kind: Kind
    is_true: bool | None = None
    value: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    units: dict[str, Decimal] = {}

    @model_validator(mode="after")
    def _complete(self) -> Facts:
        if self.kind == "true_false" and self.is_true is None:
            raise ValueError("is_true is missing")
        if self.kind == "numeric" and self.value is None:
            raise ValueError("value is missing")
        return self


class Said(Part):
    """A question in one language. A wrong choice may be a pair: the choice, and what whoever took it is told."""

    text: str
    why: str = ""
    right: tuple[str, ...] = ()
    wrong: tuple[str | tuple[str, str], ...] = ()
    blanks: tuple[tuple[str, ...], ...] = ()
    order: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    extra: tuple[str, ...] = ()
    guidance: str = ""
    parts: tuple[CasePart, ...] = ()


class CasePart(Facts, Said):
    """One question of a case."""


class Entry(Facts):
    """A question with its words in all languages. ``topic`` is one of the bank's."""

    key: str
    topic: str
    difficulty: Literal["easy", "medium", "hard"]
    en: Said
    zh_hans: Said = Field(alias="zh-hans")

    @model_validator(mode="after")
    def _said(self) -> Entry:
        for said in (self.en, self.zh_hans):
            if lacks := [name for name in _NEEDED.get(self.kind, ()) if not getattr(said, name)]:
                raise ValueError(f"{', '.join(lacks)} is missing")
        return self

    def said(self, language: str) -> Said:
        return self.en if language == "en" else self.zh_hans


class BankFile(Part):
    """A bank: ``topics`` gives each key its path in every language."""

    name: str
    name_zh: str
    about: str = ""
    topics: dict[str, dict[str, str]]
    questions: tuple[Entry, ...]

    def rows(self, language: str) -> list[dict[str, Any]]:
        """The questions in one language, as learning reads them."""
        return [
            {
                "text": entry.said(language).text,
                "content": _content(entry, entry.said(language)),
                "explanation": entry.said(language).why,
                "topic": self.topics[entry.topic][language],
                "difficulty": entry.difficulty,
                "language": language,
                "external_key": f"{entry.key}-{language}",
            }
            for entry in self.questions
        ]


def _content(facts: Facts, said: Said) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": facts.kind}
    match facts.kind:
        case "single" | "multiple":
            found["choices"] = _choices(said)
        case "true_false":
            found["is_true"] = facts.is_true
        case "fill_in":
            found["blanks"] = [{"accepted": [{"text": text} for text in blank]} for blank in said.blanks]
        case "numeric":
            found["accepted"] = [{"value": facts.value, "tolerance": facts.tolerance}]
            found["units"] = [{"name": name, "factor": factor} for name, factor in facts.units.items()]
        case "ordering":
            keys = _keys(said.order)
            found |= {"items": _items(keys), "right_order": [keys[text] for text in said.order]}
        case "matching":
            rights = _keys([right for _left, right in said.pairs] + list(said.extra))
            lefts = {left: str(at) for at, (left, _right) in enumerate(said.pairs, start=1)}
            found |= {"left": _items(lefts), "right": _items(rights)}
            found["pairs"] = {lefts[left]: rights[right] for left, right in said.pairs}
        case "essay":
            found["guidance"] = said.guidance
        case "case":
            found["parts"] = [_part(at, part) for at, part in enumerate(said.parts, start=1)]
    return found


def _part(at: int, part: CasePart) -> dict[str, Any]:
    return {"key": f"p{at}", "text": part.text, "content": _content(part, part), "explanation": part.why}


def _choices(said: Said) -> list[dict[str, Any]]:
    """The choices in the order of their texts, so that neither key nor place tells what is right."""
    weight = (Decimal(100) / len(said.right)).quantize(Decimal("0.00001"))
    rows = {text: (weight, "") for text in said.right}
    for wrong in said.wrong:
        text, feedback = (wrong, "") if isinstance(wrong, str) else wrong
        rows[text] = (Decimal(0), feedback)
    return [
        {"key": key, "text": text, "weight": rows[text][0], "feedback": rows[text][1]}
        for text, key in _keys(list(rows)).items()
    ]


def _keys(texts: list[str] | tuple[str, ...]) -> dict[str, str]:
    return dict(zip(sorted(set(texts)), ascii_lowercase, strict=False))


def _items(keys: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "text": text} for text, key in keys.items()]
