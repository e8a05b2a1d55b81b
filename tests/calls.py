"""How many functions of ours a piece of work calls: what the interpreter reports, by file."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).parents[1]


class Calls(Counter[tuple[str, str]]):
    """Calls by file and function. A generator counts each time that it is resumed, as it does for cProfile."""

    def most(self, count: int = 25) -> str:
        """The functions called most, for the message of a test that fails."""
        lines = (f"{number:6} {path} {name}" for (path, name), number in self.most_common(count))
        return "\n".join([f"{self.total():6} calls of ours", *lines])


@contextmanager
def counted() -> Iterator[Calls]:
    """Count the calls of functions in our plugins, but not those of tests and migrations."""
    codes: Counter[Any] = Counter()

    def profile(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call":
            codes[frame.f_code] += 1

    calls, before = Calls(), sys.getprofile()
    sys.setprofile(profile)
    try:
        yield calls
    finally:
        sys.setprofile(before)
        for code, number in codes.items():
            if (path := _ours(code.co_filename)) is not None:
                calls[path, code.co_qualname] += number


def _ours(filename: str) -> str | None:
    path = Path(filename)
    if not path.is_relative_to(ROOT):
        return None
    inside = path.relative_to(ROOT)
    return str(inside) if len(inside.parts) > 1 and inside.parts[1].startswith("qudao_") else None
