"""The judged snippets: what people paste, with what a person reads in it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from qudao_b2b_ordering.quick_order import rules

HERE = Path(__file__).parent / "snippets"


@dataclass(frozen=True)
class Judged:
    """A line of a snippet: what was expected and what was recognised."""

    text: str
    expected: str
    got: str

    @property
    def is_right(self) -> bool:
        return self.expected == self.got

    @property
    def is_wrong_quantity(self) -> bool:
        """A quantity without a mark which is not the one a person reads."""
        taken = not self.got.endswith("?") and " | " in self.got and not self.got.startswith("!")
        return taken and self.expected != self.got


def catalogue() -> dict[str, int]:
    codes = (HERE / "catalogue.txt").read_text(encoding="utf-8").split("\n")
    return {code.upper(): number for number, code in enumerate(filter(None, codes), start=1)}


def judge(name: str) -> list[Judged]:
    """Every line of the snippets in a file."""
    found = []
    for snippet in (HERE / f"{name}.txt").read_text(encoding="utf-8").strip().split("\n\n"):
        pairs = [line.rsplit(" => ", 1) for line in snippet.split("\n")]
        text = "\n".join(pair[0].replace("⇥", "\t") for pair in pairs)
        got = [_shown(each) for each in recognised(text)]
        found += [Judged(pair[0], pair[1], each) for pair, each in zip(pairs, got, strict=True)]
    return found


def recognised(text: str) -> list[rules.Recognised]:
    numbers = catalogue()
    lines = rules.read_lines(text)
    known = {
        code: rules.CodeMatch((numbers[code.upper()],))
        for code in rules.codes_of(lines)
        if code.upper() in numbers
    }
    return rules.recognise(lines, known)


def _shown(line: rules.Recognised) -> str:
    if line.kind != rules.ITEM:
        return {"header": "#", "other": "-"}[line.kind]
    if rules.CODE_SEVERAL in line.marks:
        return "?"
    names = {number: code for code, number in catalogue().items()}
    code = names[line.products[0]] if line.products else f"!{line.code}"
    quantity = "?" if line.quantity is None else f"{_plain(line.quantity)} {line.unit}".strip()
    return f"{code} | {quantity}"


def _plain(quantity: Decimal) -> str:
    return f"{quantity:f}"
