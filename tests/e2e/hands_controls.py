"""What a hand knows of a control: what it is, a value to type into it, and which need not act."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

EXCEPTIONS = Path(__file__).with_name("hands_exceptions.txt")

#: A day in the future.
FAR_AHEAD = f"{datetime.now(UTC).year + 5}-05-06"
#: What is typed or chosen in a field of this name, or of a name like this; the next one where it has that already.
VALUES: list[tuple[str, ...]] = [
    (r"e-?mail|login", "other.person@example.com"),
    (r"password|^again$", "light-the-channel"),
    (r"phone", "+86 139 0013 9000"),
    (r"tax_number", "91510100MA61UJX36N", "91510100MA61UJX37R"),
    (r"^province$", "CN-51", "CN-44"),  # with several cities
    (r"^code$|slug", "h-code", "h-code-2"),
    (r"currency", "EUR", "USD"),
    (r"postcode", "610041"),
    (r"bank_account", "6222020200112233445"),
    (r"_on$|since|until|date", FAR_AHEAD),
    (r"short|damaged", "1"),
    (r"quantity", "3"),
    (r"^sku$", "N-029"),
    (r"^text$", "N-005 4711-A", "N-006 4712-A"),  # own item numbers; a line of quick order
    (r"days|expires|number$|amount|_min|_max", "7"),
    # the back office
    (r"^skus$", "N-001", "N-002"),
    (r"^language$", "zh-hans", "en"),
    (r"^above$|^territory$", "CN-51", "CN-44"),
    (r"^rate$", "0.06", "0.09"),
    (r"^decimals$", "2", "1"),
    (r"^rounding_step$", "0.01", "0.1"),
    (r"percent|threshold|on_hand|_limit$|^change$", "7"),
]


@dataclass(frozen=True)
class Control:
    """One control of a page as `hands_page.js` describes it."""

    number: int
    kind: str
    tag: str
    type: str
    name: str
    id: str
    key: str
    method: str
    form: int
    live: bool
    shell: bool
    value: str
    checked: bool
    href: str
    options: tuple[str, ...]
    disabled: bool
    readonly: bool
    by_key: bool
    pattern: str

    @property
    def usual(self) -> list[str]:
        """What is typed or chosen in a field with such a name."""
        return next((list(values) for pattern, *values in VALUES if re.search(pattern, self.name)), [])

    def other_of(self, options: Iterable[str], unlike: str = "") -> str:
        left = [each for each in options if each and each not in {self.value, unlike}]
        return next((each for each in [*self.usual, *left] if each in left), "")

    def other_value(self, unlike: str = "") -> str:
        """A valid value that is not the one it has, nor `unlike`."""
        taken = {self.value, unlike}
        if self.options:
            return self.other_of(self.options, unlike)
        usual = self.usual or ["7" if self.type == "number" else f"Hand {self.name}"]
        known = next((each for each in usual if each not in taken), usual[0])
        while known in taken:
            known = f"1{known}" if "@" in known else known[:-1] + str((ord(known[-1]) + 1) % 10)
        return known


def exceptions(label: str) -> dict[str, str]:
    """The reviewed exceptions of one page: key → reason."""
    return {key: reason for where, key, reason in _reviewed() if where == label}


def _reviewed() -> Iterator[tuple[str, str, str]]:
    for line in EXCEPTIONS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            where, key, reason = line.split(" | ")
            yield where, key, reason
