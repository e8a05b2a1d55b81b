"""The content of a question: one value for each type of question, frozen, read from and written to JSON by pydantic.

Texts are HTML fragments as editors write them; whoever stores them has sanitised them. Keys (``a``, ``b``, …) name a
choice inside one version of a question: answers refer to them, and none of them tells what is right. ``weight`` is
the percentage of the points that a choice or an accepted answer earns, as in Moodle and GIFT.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

#: So many choices, accepted answers, blanks, items or pairs a question may have; the longest text, in characters.
MOST_CHOICES, MOST_PARTS, LONGEST_TEXT, LONGEST_ANSWER = 50, 20, 20_000, 500
FULL = Decimal(100)
#: How partly right answers are marked: only the whole counts; each right one counts, a wrong one takes one away;
#: by the weights of the choices.
ALL, EACH, WEIGHTS = "all", "each", "weights"

Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
Short = Annotated[str, Field(max_length=LONGEST_ANSWER)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9]{1,4}$")]
Weight = Annotated[Decimal, Field(ge=-100, le=100, max_digits=8, decimal_places=5)]
Number = Annotated[Decimal, Field(max_digits=30, decimal_places=12)]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a question cannot be used. ``field`` names the input (``choices.2.weight``), ``code`` is stable."""

    code: str
    field: str = ""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(_Value):
    """Something to choose, with what it earns and what is said to whoever chose it."""

    key: Key
    text: Text
    weight: Weight = Decimal(0)
    feedback: Text = ""


class SingleChoice(_Value):
    """Exactly one choice may be taken."""

    kind: Literal["single"] = "single"
    choices: tuple[Choice, ...] = Field(max_length=MOST_CHOICES)
    shuffle: bool = True

    def faults(self) -> Iterator[Fault]:
        """What keeps this from being asked."""
        yield from _of_choices(self.choices)
        if max((each.weight for each in self.choices), default=Decimal(0)) != FULL:
            yield Fault("no_right_choice", "choices")


class MultipleChoice(_Value):
    """Any number of choices may be taken; those with a positive weight are right."""

    kind: Literal["multiple"] = "multiple"
    choices: tuple[Choice, ...] = Field(max_length=MOST_CHOICES)
    scoring: Annotated[str, Field(pattern="^(all|each|weights)$")] = "each"
    shuffle: bool = True

    @property
    def right(self) -> frozenset[str]:
        """The keys of the right choices."""
        return frozenset(each.key for each in self.choices if each.weight > 0)

    def faults(self) -> Iterator[Fault]:
        """What keeps this from being asked."""
        yield from _of_choices(self.choices)
        if not self.right:
            yield Fault("no_right_choice", "choices")
        elif self.scoring == WEIGHTS and not _about_full(
            sum(each.weight for each in self.choices if each.weight > 0)
        ):
            yield Fault("weights_not_full", "choices")


class TrueFalse(_Value):
    """A statement that is true or false."""

    kind: Literal["true_false"] = "true_false"
    is_true: bool
    feedback_true: Text = ""
    feedback_false: Text = ""

    def faults(self) -> Iterator[Fault]:
        """Nothing can be wrong with it."""
        return iter(())


class AcceptedText(_Value):
    """A text that is taken for an answer. ``*`` stands for any characters, ``\\*`` for an asterisk."""

    text: Short
    weight: Weight = FULL
    feedback: Text = ""


class Blank(_Value):
    """One gap to fill in. ``case_sensitive``: capital letters matter (they do in ``mA`` and ``MA``)."""

    accepted: tuple[AcceptedText, ...] = Field(max_length=MOST_CHOICES)
    case_sensitive: bool = False

    def faults(self, field: str) -> Iterator[Fault]:
        """What is wrong with the gap."""
        if not any(each.weight == FULL for each in self.accepted):
            yield Fault("no_right_answer", field)
        for number, each in enumerate(self.accepted):
            if not each.text.strip():
                yield Fault("empty_answer", f"{field}.{number}.text")


class FillIn(_Value):
    """One or several gaps, each filled in by typing. Where the question's text has gaps, they are ``____``."""

    kind: Literal["fill_in"] = "fill_in"
    blanks: tuple[Blank, ...] = Field(max_length=MOST_PARTS)

    def faults(self) -> Iterator[Fault]:
        """What keeps this from being asked."""
        if not self.blanks:
            yield Fault("no_blank", "blanks")
        for number, blank in enumerate(self.blanks):
            yield from blank.faults(f"blanks.{number}.accepted")


class AcceptedNumber(_Value):
    """A number, and how far an answer may be off it."""

    value: Number
    tolerance: Annotated[Number, Field(ge=0)] = Decimal(0)
    weight: Weight = FULL
    feedback: Text = ""

    def accepts(self, number: Decimal) -> bool:
        """Whether ``number`` is near enough; both ends count."""
        return abs(number - self.value) <= self.tolerance


class Unit(_Value):
    """A unit an answer may be given in. ``factor``: one of it is so many of the unit asked for (m for mm: 1000)."""

    name: Annotated[str, Field(min_length=1, max_length=20)]
    factor: Annotated[Number, Field(gt=0)] = Decimal(1)


class Numeric(_Value):
    """A number, with a unit where ``units`` has any; the first is the one that is asked for."""

    kind: Literal["numeric"] = "numeric"
    accepted: tuple[AcceptedNumber, ...] = Field(max_length=MOST_CHOICES)
    units: tuple[Unit, ...] = Field(default=(), max_length=MOST_PARTS)
    unit_required: bool = False

    def faults(self) -> Iterator[Fault]:
        """What keeps this from being asked."""
        if not any(each.weight == FULL for each in self.accepted):
            yield Fault("no_right_answer", "accepted")
        if self.unit_required and not self.units:
            yield Fault("no_unit", "units")
        if self.units and self.units[0].factor != 1:
            yield Fault("first_unit_factor", "units.0.factor")
        yield from _doubled((each.name for each in self.units), "units")


class Item(_Value):
    """Something to be put in order, or one side of a pair."""

    key: Key
    text: Text


class Ordering(_Value):
    """Items to be put in order; ``right_order`` lists their keys. Keys follow the texts, so they tell nothing."""

    kind: Literal["ordering"] = "ordering"
    items: tuple[Item, ...] = Field(max_length=MOST_CHOICES)
    right_order: tuple[Key, ...]
    scoring: Annotated[str, Field(pattern="^(all|each)$")] = "each"

    @classmethod
    def of(cls, texts: Sequence[str], **settings: Any) -> Ordering:
        """From the texts in their right order."""
        keys = _keys_by_text(texts)
        return cls(
            items=tuple(Item(key=keys[text], text=text) for text in sorted(keys)),
            right_order=tuple(keys[text] for text in texts),
            **settings,
        )

    def faults(self) -> Iterator[Fault]:
        """What keeps this from being asked."""
        if len(self.items) < 2:
            yield Fault("too_few_items", "items")
        yield from _of_texts(self.items, "items")
        if sorted(self.right_order) != sorted(each.key for each in self.items):
            yield Fault("order_incomplete", "right_order")


class Matching(_Value):
    """What stands left is matched to what stands right; some of the right may match nothing.

    ``pairs`` names the right one of each left key. The keys of the right follow the texts, so they tell nothing.
    """

    kind: Literal["matching"] = "matching"
    left: tuple[Item, ...] = Field(max_length=MOST_CHOICES)
    right: tuple[Item, ...] = Field(max_length=MOST_CHOICES)
    pairs: dict[Key, Key]
    scoring: Annotated[str, Field(pattern="^(all|each)$")] = "each"

    @classmethod
    def of(
        cls, pairs: Sequence[tuple[str, str]], distractors: Iterable[str] = (), **settings: Any
    ) -> Matching:
        """From pairs of texts, and texts of the right side that match nothing."""
        keys = _keys_by_text([right for _left, right in pairs] + list(distractors))
        left = tuple(Item(key=str(number + 1), text=text) for number, (text, _right) in enumerate(pairs))
        return cls(
            left=left,
            right=tuple(Item(key=keys[text], text=text) for text in sorted(keys)),
            pairs={item.key: keys[right] for item, (_left, right) in zip(left, pairs, strict=True)},
            **settings,
        )

    def faults(self) -> Iterator[Fault]:
        """What keeps this from being asked."""
        if len(self.left) < 2 or len(self.right) < 2:
            yield Fault("too_few_pairs", "left")
        yield from _of_texts(self.left, "left")
        yield from _of_texts(self.right, "right")
        known = {each.key for each in self.right}
        if set(self.pairs) != {each.key for each in self.left} or not set(self.pairs.values()) <= known:
            yield Fault("pairs_incomplete", "pairs")


class Essay(_Value):
    """A text that a person grades. ``guidance`` is for the grader and never shown to a learner."""

    kind: Literal["essay"] = "essay"
    guidance: Text = ""
    most_characters: Annotated[int, Field(ge=1, le=20_000)] = 5_000

    def faults(self) -> Iterator[Fault]:
        """Nothing can be wrong with it."""
        return iter(())


class Description(_Value):
    """A text between questions: nothing is asked and nothing earned."""

    kind: Literal["description"] = "description"

    def faults(self) -> Iterator[Fault]:
        """Nothing can be wrong with it."""
        return iter(())


Simple = Annotated[
    SingleChoice | MultipleChoice | TrueFalse | FillIn | Numeric | Ordering | Matching | Essay,
    Field(discriminator="kind"),
]


class Part(_Value):
    """One question of a case, with its share: a part of 2 points counts twice as much as one of 1."""

    key: Key
    text: Text
    content: Simple
    points: Annotated[Decimal, Field(gt=0, le=1000, max_digits=6, decimal_places=2)] = Decimal(1)
    explanation: Text = ""


class Case(_Value):
    """A story with several questions about it."""

    kind: Literal["case"] = "case"
    parts: tuple[Part, ...] = Field(max_length=MOST_PARTS)

    def faults(self) -> Iterator[Fault]:
        """What keeps this from being asked."""
        if not self.parts:
            yield Fault("no_part", "parts")
        yield from _doubled((each.key for each in self.parts), "parts")
        for number, part in enumerate(self.parts):
            if not part.text.strip():
                yield Fault("empty_text", f"parts.{number}.text")
            for fault in part.content.faults():
                yield Fault(fault.code, f"parts.{number}.content.{fault.field}".rstrip("."))


Content = Annotated[
    SingleChoice
    | MultipleChoice
    | TrueFalse
    | FillIn
    | Numeric
    | Ordering
    | Matching
    | Essay
    | Case
    | Description,
    Field(discriminator="kind"),
]
#: Reads a content from JSON-like values and writes it (``dump_python(…, mode="json")``).
CONTENT: TypeAdapter[Content] = TypeAdapter(Content)
#: How hard a question is said to be, before any figures say it.
DIFFICULTIES = ("easy", "medium", "hard")


class Question(_Value):
    """A whole question, as it is written by hand and carried by files; where it lies is its bank's business.

    ``topic`` is a path (``Switches/Wiring``), ``language`` a code (``zh-hans``), ``explanation`` is shown after the
    exam to everybody, whatever they answered.
    """

    name: Annotated[str, Field(max_length=200)] = ""
    text: Text
    content: Content
    explanation: Text = ""
    topic: Annotated[str, Field(max_length=300)] = ""
    difficulty: Annotated[str, Field(pattern="^(easy|medium|hard)$")] = "medium"
    language: Annotated[str, Field(max_length=12)] = ""
    external_key: Annotated[str, Field(max_length=100)] = ""

    def faults(self) -> list[Fault]:
        """What keeps this from being asked; empty: nothing does."""
        own = [] if self.text.strip() else [Fault("empty_text", "text")]
        return own + [Fault(each.code, f"content.{each.field}".rstrip(".")) for each in self.content.faults()]


def choices_of(rows: Iterable[tuple[str, Decimal | int, str]]) -> tuple[Choice, ...]:
    """Choices with the keys ``a``, ``b``, … from (text, weight, feedback)."""
    return tuple(
        Choice(key=_letter(number), text=text, weight=Decimal(weight), feedback=feedback)
        for number, (text, weight, feedback) in enumerate(rows)
    )


def _letter(number: int) -> str:
    """``a`` … ``z``, ``a1`` … ``z1``, ``a2`` …"""
    around, at = divmod(number, 26)
    return chr(ord("a") + at) + (str(around) if around else "")


def _keys_by_text(texts: Iterable[str]) -> dict[str, str]:
    return {text: _letter(number) for number, text in enumerate(sorted(set(texts)))}


def _about_full(total: Decimal | int) -> bool:
    """Three times 33.33333 is full."""
    return abs(FULL - total) <= Decimal("0.01")


def _of_choices(choices: Sequence[Choice]) -> Iterator[Fault]:
    if len(choices) < 2:
        yield Fault("too_few_choices", "choices")
    yield from _of_texts(choices, "choices")


def _of_texts(items: Sequence[Choice | Item], field: str) -> Iterator[Fault]:
    for number, each in enumerate(items):
        if not each.text.strip():
            yield Fault("empty_text", f"{field}.{number}.text")
    yield from _doubled((each.text.strip() for each in items), field)
    yield from _doubled((each.key for each in items), field, "doubled_key")


def _doubled(texts: Iterable[str], field: str, code: str = "doubled") -> Iterator[Fault]:
    met: Counter[str] = Counter()
    for number, text in enumerate(texts):
        met[text] += 1
        if text and met[text] == 2:
            yield Fault(code, f"{field}.{number}")
