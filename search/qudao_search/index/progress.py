"""How far a rebuild is: a bar that is drawn over itself on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from typing import Any

WIDTH = 30
#: Seconds between two drawings on a terminal, and two lines elsewhere.
EVERY, EVERY_LINE = 0.2, 5.0


class Bar:
    """Called with the kind, how many are done and how many there are (0: not known)."""

    def __init__(self, out: Any) -> None:
        self._out = out
        self._on_terminal = bool(out.isatty())
        self._kind = ""
        #: A kind is told of when its first thousand are done; it began when the one before ended.
        self._started = time.monotonic()
        self._drawn = 0.0
        self._drawn_done = -1

    def __call__(self, kind: str, done: int, total: int = 0) -> None:
        now = time.monotonic()
        if kind != self._kind:
            self.close()
            self._kind, self._drawn = kind, 0.0
        self._last = (kind, done, total)
        if now - self._drawn >= (EVERY if self._on_terminal else EVERY_LINE) or done == total:
            self._draw(now)

    def close(self) -> None:
        """Draw what is done now, and go on in the next line."""
        if self._kind:
            self._draw(time.monotonic())
            if self._on_terminal:
                self._out.write("")
            self._started = time.monotonic()
        self._kind = ""
        self._drawn_done = -1

    def _draw(self, now: float) -> None:
        kind, done, total = self._last
        if done == self._drawn_done:
            return
        self._drawn, self._drawn_done = now, done
        rate = done / max(now - self._started, 0.001)
        text = line(kind, done, total, rate)
        if self._on_terminal:
            self._out.write(f"\r{text}\x1b[K", ending="")
            self._out.flush()
        else:
            self._out.write(text)


def line(kind: str, done: int, total: int, rate: float) -> str:
    """``product  [=====     ]  50 %  25,000 of 50,000  3,120/s``."""
    if not total:
        return f"{kind:<10} {done:>9,}  {rate:,.0f}/s"
    share = min(done / total, 1.0)
    drawn = "=" * int(share * WIDTH)
    return f"{kind:<10} [{drawn:<{WIDTH}}] {share:>4.0%}  {done:,} of {total:,}  {rate:,.0f}/s"
