"""How much of the demo channel is built."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """``families_each``: families per category, ``topics_each``: topics per chapter of the handbook (0: all);
    ``firms``: how many companies; the rest are orders.
    """

    name: str
    families_each: int
    firms: int
    complete: int
    past: int
    each_state: int
    topics_each: int = 0


FULL = Scale("full", families_each=0, firms=40, complete=40, past=304, each_state=5)
SMALL = Scale("small", families_each=1, firms=20, complete=6, past=6, each_state=1, topics_each=1)
SCALES = {scale.name: scale for scale in (FULL, SMALL)}
