"""What is read of a pasted text, as plain values, and what is said of a line."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

#: Lines that are not empty, and characters, of one text.
MOST_LINES, MOST_TEXT = 5000, 1_000_000
#: Characters of a line that are read, and of a code.
LONGEST_LINE, LONGEST_CODE = 1000, 64
#: Texts of a line that are looked up as its code.
MOST_CANDIDATES = 16

ITEM, HEADER, OTHER = "item", "header", "other"
CODE_UNKNOWN, CODE_SEVERAL, CODE_SCIENTIFIC = "code_unknown", "code_several", "code_scientific"
QUANTITY_MISSING, QUANTITY_SEVERAL, QUANTITY_UNCLEAR = (
    "quantity_missing",
    "quantity_several",
    "quantity_unclear",
)
LINE_TOO_LONG = "line_too_long"


class PasteTooLarge(ValueError):
    """The text has too many ``lines`` or ``characters``; ``most`` of them are taken."""

    def __init__(self, what: str, given: int, most: int) -> None:
        super().__init__(what)
        self.what, self.given, self.most = what, given, most


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch of a line that could be its code."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PastedLine:
    """A line that is not empty. ``number`` counts all lines of the text from 1.

    ``plain`` is ``text`` with ASCII digits, letters and signs in the place of full-width ones.
    """

    number: int
    text: str
    plain: str
    candidates: tuple[Candidate, ...] = ()
    is_too_long: bool = False


@dataclass(frozen=True, slots=True)
class CodeMatch:
    """The products that a code names; ``exact``: as it stands there, not only without its hyphens or zeros."""

    products: tuple[int, ...]
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a line says. ``kind`` ``other``: no order line (a greeting, a total), kept all the same.

    ``quantity`` is ``None`` where it has to be asked; ``readings`` are the numbers it could be. ``rest`` is what is
    neither code nor quantity. ``marks`` say what has to be asked.
    """

    number: int
    text: str
    kind: str
    code: str = ""
    products: tuple[int, ...] = ()
    quantity: Decimal | None = None
    unit: str = ""
    rest: str = ""
    readings: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


# --- What becomes of a line ------------------------------------------------------------------------------------------

READY, ROUNDED, PART, MERGED = "ready", "rounded", "part", "merged"
NO_PRICE, DISCONTINUED, UNKNOWN, AMBIGUOUS = "no_price", "discontinued", "unknown", "ambiguous"
QUESTION, NOT_ALLOWED, NOT_A_LINE = "question", "not_allowed", "not_a_line"
#: Statuses of lines that go into the cart (a merged one with the line it was added to).
GOOD = frozenset({READY, ROUNDED, PART})
STATUSES = (
    READY,
    ROUNDED,
    PART,
    MERGED,
    NO_PRICE,
    DISCONTINUED,
    UNKNOWN,
    AMBIGUOUS,
    QUESTION,
    NOT_ALLOWED,
    NOT_A_LINE,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line of quick order before it is looked at: ``text`` as given, ``quantity`` as people write it (``3箱``).

    ``marks`` and ``readings`` are what the recognition could not decide, ``choices`` the products it could mean.
    """

    number: int
    text: str
    code: str
    quantity: str = ""
    rest: str = ""
    marks: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    choices: tuple[int, ...] = ()
    is_line: bool = True
    #: Of the kept line, where it is one.
    id: int | None = None


def wanted(line: Recognised) -> Wanted:
    """A recognised line as a line of quick order."""
    quantity = "" if line.quantity is None else f"{line.quantity:f} {line.unit}".strip()
    return Wanted(
        line.number,
        line.text,
        line.code,
        quantity,
        line.rest[:200],
        line.marks,
        tuple([reading[:40] for reading in line.readings[:10]]),
        line.products if len(line.products) > 1 else (),
        line.kind == ITEM,
    )
