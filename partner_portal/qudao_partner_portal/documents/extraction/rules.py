"""What the reading of a file is asked, and what it answers. Plain Python, in both processes."""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass

#: Outcomes. ``skipped`` is a file of a kind that has no text for us, such as a picture.
READY, UNREADABLE, EMPTY, SKIPPED = "ready", "unreadable", "empty", "skipped"
#: Why a file cannot be read …
ENCRYPTED, CORRUPT, ZIP_BOMB, UNSUPPORTED = "encrypted", "corrupt", "zip_bomb", "unsupported"
TOO_LARGE, TIMED_OUT, OUT_OF_MEMORY, CRASHED, MISSING = (
    "too_large",
    "timed_out",
    "out_of_memory",
    "crashed",
    "missing",
)
#: … or only its beginning was.
TOO_MANY_PAGES, TOO_LONG = "too_many_pages", "too_long"

PAGE_BREAK = "\f"
_UNSEEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffd\ufffe\uffff]")
_BLANKS = re.compile(r"[^\S\n\f]+")
_EMPTY_LINES = re.compile(r"\s*\n\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Limits:
    """How far the reading of one file may go. ``ratio`` counts only for archives of more than 20 MB unpacked."""

    seconds: float = 20.0
    memory: int = 512 << 20
    size: int = 100 << 20
    pages: int = 500
    characters: int = 200_000
    unpacked: int = 256 << 20
    ratio: int = 150
    entries: int = 5_000


@dataclass(frozen=True, slots=True)
class Extracted:
    """What came of a file. ``pages`` are pages of a PDF, slides, or sheets; 0 where the format has none."""

    state: str
    reason: str = ""
    format: str = ""
    pages: int = 0
    text: str = ""


class Unreadable(Exception):
    """The file cannot be read; ``reason`` is one of the codes above."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Enough(Exception):
    """As much text as is kept has been read, or the time is nearly over; the rest is not looked at."""


class Pieces:
    """Collects text up to a number of characters and a moment (of the monotonic clock).

    >>> pieces = Pieces(12)
    >>> pieces.add("cable  NYM\\x00-J"); pieces.text
    'cable NYM-J'
    """

    def __init__(self, most: int, until: float = math.inf) -> None:
        self.pages = 0
        self.is_late = False
        self._left = most
        self._until = until
        self._pieces: list[str] = []

    def add(self, text: str, end: str = "\n") -> None:
        """Keep ``text``.

        :raises Enough: nothing more is kept.
        """
        self.is_late = time.monotonic() > self._until
        text = tidy(text)[: self._left]
        if text:
            self._pieces.append(text + end)
            self._left -= len(text) + 1
        if self._left <= 0 or self.is_late:
            raise Enough

    def page(self) -> None:
        """What follows stands on the next page."""
        self._pieces.append(PAGE_BREAK)

    @property
    def text(self) -> str:
        return "".join(self._pieces).strip()


def tidy(text: str) -> str:
    """Without characters that are not seen or that a database refuses; blanks in a row become one."""
    return _EMPTY_LINES.sub("\n", _BLANKS.sub(" ", _UNSEEN.sub("", text))).strip()


def language_of(text: str) -> str:
    """``zh-hans`` when a fair part of the letters is Chinese, else ``en``: the two languages the site has.

    >>> language_of("适用于办公室的平板灯 LED Panel"), language_of("A panel (面板)")
    ('zh-hans', 'en')
    """
    sample = text[:20_000]
    han = sum("\u3400" <= letter <= "\u9fff" for letter in sample)
    letters = sum(letter.isalpha() for letter in sample)
    return "zh-hans" if han * 5 > letters else "en"
