"""Doors and their tokens, paths of trees. Plain Python.

Tokens of a door are audience keys, and what Wagtail's view restrictions ask for: ``signed-in``, and ``group:3,5``
for "in one of these groups". One shared audience key is needed, and every restriction must be met.

>>> sorted(with_ancestors(["000100020003"], 4))
['0001', '00010002', '000100020003']
>>> any_group([5, 3])
'group:3,5'
"""

from __future__ import annotations

from collections.abc import Iterable

SIGNED_IN = "signed-in"
GROUP = "group:"


def along(path: str, steplen: int) -> list[str]:
    """The paths from the root down to ``path`` itself."""
    return [path[:end] for end in range(steplen, len(path) + 1, steplen)]


def with_ancestors(paths: Iterable[str], steplen: int) -> set[str]:
    return {each for path in paths for each in along(path, steplen)}


def any_group(ids: Iterable[int]) -> str:
    """The token for people in one of the groups."""
    return GROUP + ",".join(str(pk) for pk in sorted(ids))


def is_restriction(token: str) -> bool:
    return token == SIGNED_IN or token.startswith(GROUP)


def opens(
    tokens: frozenset[str], *, audience: frozenset[str], signed_in: bool, groups: frozenset[int]
) -> bool:
    """Whether a door with these tokens is open to somebody with these keys, in these groups.

    >>> door, gold = frozenset({"tier:gold", "signed-in"}), frozenset({"tier:gold"})
    >>> opens(door, audience=gold, signed_in=True, groups=frozenset())
    True
    """
    asked = {token for token in tokens if is_restriction(token)}
    if audience.isdisjoint(tokens - asked):
        return False
    return all(_met(token, signed_in, groups) for token in asked)


def _met(token: str, signed_in: bool, groups: frozenset[int]) -> bool:
    if token == SIGNED_IN:
        return signed_in
    return not groups.isdisjoint(int(pk) for pk in token.removeprefix(GROUP).split(",") if pk)
