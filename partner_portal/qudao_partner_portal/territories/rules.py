"""Where a territory stands in the tree, read from its code alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: treebeard's materialised path: four digits of base 36 for each level.
STEP = 4
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Place:
    """One row of the territory table, with its place in treebeard's materialised-path tree."""

    code: str
    name: str
    name_zh: str
    path: str
    depth: int
    numchild: int


def parent_code(code: str) -> str:
    """The code one level up: a city belongs to its province, a province to its country, a country to none.

    >>> parent_code("CN-5101"), parent_code("CN-429004"), parent_code("CN-51"), parent_code("CN")
    ('CN-51', 'CN-42', 'CN', '')
    """
    country, _hyphen, rest = code.partition("-")
    if not rest:
        return ""
    return country if len(rest) <= 2 else f"{country}-{rest[:2]}"


def places(rows: Iterable[tuple[str, str, str]]) -> list[Place]:
    """Lay out ``(code, name, Chinese name)`` rows as a tree ordered by code, parents before children.

    :raises ValueError: the parent of a row is not among the rows.
    """
    ordered = sorted(rows, key=lambda row: (_depth(row[0]), row[0]))
    paths: dict[str, str] = {}
    children: dict[str, int] = {}
    for code, _name, _zh in ordered:
        parent = parent_code(code)
        if parent and parent not in paths:
            raise ValueError(f"{code} stands below {parent}, which is missing")
        children[parent] = children.get(parent, 0) + 1
        paths[code] = paths.get(parent, "") + step(children[parent])
    return [
        Place(code, name, zh, paths[code], len(paths[code]) // STEP, children.get(code, 0))
        for code, name, zh in ordered
    ]


def step(number: int) -> str:
    """The path step of the ``number``-th child.

    >>> step(1), step(36), step(37)
    ('0001', '0010', '0011')
    """
    text = ""
    while number:
        number, digit = divmod(number, len(DIGITS))
        text = DIGITS[digit] + text
    return text.rjust(STEP, "0")


def _depth(code: str) -> int:
    parent = parent_code(code)
    return 1 if not parent else _depth(parent) + 1
