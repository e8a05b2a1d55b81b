"""What an import changed, as plain values: the state of each thing before and after it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

#: The state of one thing as JSON values, in the order of :attr:`Undo.fields`.
Image = list[Any]
#: By the thing's id.
Images = dict[str, Image]
SHOWN = 20
KEPT_OBSTACLES = 100


@dataclass(frozen=True, slots=True)
class Change:
    """One thing before and after an import; ``None``: it did not exist."""

    id: str
    before: Image | None
    after: Image | None

    @property
    def action(self) -> str:
        """What undoing it does: ``remove``, ``restore`` or ``recreate``."""
        return "remove" if self.before is None else "recreate" if self.after is None else "restore"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why one thing cannot be taken back."""

    name: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class UndoneRow:
    """One thing as a person reads it: its name, what undoing does, and (field, now, afterwards)."""

    name: str
    action: str
    values: tuple[tuple[str, str, str], ...] = ()


@dataclass(slots=True)
class UndoPlan:
    """What undoing would do. ``obstacles`` are the first of ``blocked`` things that stand in its way."""

    remove: int = 0
    restore: int = 0
    recreate: int = 0
    blocked: int = 0
    rows: list[UndoneRow] = field(default_factory=list)
    obstacles: list[Obstacle] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.remove + self.restore + self.recreate

    @property
    def is_possible(self) -> bool:
        return bool(self.total) and not self.blocked


def changes_between(before: Mapping[str, Image], after: Mapping[str, Image]) -> list[Change]:
    """What became different, in the order things were first seen.

    >>> [change.action for change in changes_between({"1": ["a"], "2": ["b"]}, {"1": ["c"], "3": ["d"]})]
    ['restore', 'recreate', 'remove']
    """
    ids = [*before, *(one for one in after if one not in before)]
    return [Change(one, before.get(one), after.get(one)) for one in ids if before.get(one) != after.get(one)]


def packed(changes: Iterable[Change]) -> bytes:
    text = json.dumps([[each.id, each.before, each.after] for each in changes], separators=(",", ":"))
    return zlib.compress(text.encode(), 6)


def unpacked(data: bytes) -> list[Change]:
    return [Change(*each) for each in json.loads(zlib.decompress(bytes(data)))]


def touched_since(changes: Sequence[Change], now: Mapping[str, Image]) -> set[str]:
    """Those that are not any more as the import left them."""
    return {each.id for each in changes if now.get(each.id) != each.after}
