"""Access rules and their tokens, paths of trees. Plain Python.

Tokens of an access rule are audience keys, and what Wagtail's view restrictions ask for: ``signed-in``, ``group:3,5``
for "in one of these groups". One shared audience key is needed, and every restriction must be met.

>>> sorted(with_ancestors(["000100020003"], 4))
['0001', '00010002', '000100020003']
>>> any_group([5, 3])
'group:3,5'
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

SIGNED_IN = "signed-in"
GROUP = "group:"
_RESTRICTIONS = "restriction"


def along(path: str, steplen: int) -> list[str]:
    """The paths from the root down to ``path`` itself."""
    return [path[:end] for end in range(steplen, len(path) + 1, steplen)]


def with_ancestors(paths: Iterable[str], steplen: int) -> set[str]:
    return {each for path in paths for each in along(path, steplen)}


def any_group(ids: Iterable[int]) -> str:
    """The token for people in one of the groups."""
    return GROUP + ",".join(str(pk) for pk in sorted(ids))


def is_restriction(token: str) -> bool:
    """Whether a token is a restriction of Wagtail's and not an audience key."""
    return token == SIGNED_IN or token.startswith(GROUP)


def keys_and_restrictions(tokens: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The tokens of an access rule apart: audience keys, of which one is needed, and restrictions, which all hold.

    >>> keys_and_restrictions(frozenset({"tier:gold", "signed-in"}))
    (frozenset({'tier:gold'}), frozenset({'signed-in'}))
    """
    asked = frozenset(token for token in tokens if is_restriction(token))
    return tokens - asked, asked


class SplitTokens(NamedTuple):
    """An access rule of another policy behind restrictions."""

    policy: str
    tokens: frozenset[str]
    restrictions: frozenset[str]


def join_tokens(policy: str, tokens: frozenset[str], restrictions: frozenset[str]) -> frozenset[str]:
    """One token set for an access rule of ``policy`` behind restrictions; :func:`split_tokens` is the way back.

    >>> parted(joined("assortment", frozenset({"line:3"}), frozenset({"signed-in"})))
    Parted(policy='assortment', tokens=frozenset({'line:3'}), restrictions=frozenset({'signed-in'}))
    """
    return frozenset(
        {f"{policy}/{token}" for token in tokens} | {f"{_RESTRICTIONS}/{token}" for token in restrictions}
    )


def split_tokens(tokens: frozenset[str]) -> SplitTokens:
    pairs = [token.partition("/")[::2] for token in tokens]
    policies = {policy for policy, _token in pairs} - {_RESTRICTIONS}
    return SplitTokens(
        next(iter(policies), ""),
        frozenset(token for policy, token in pairs if policy != _RESTRICTIONS),
        frozenset(token for policy, token in pairs if policy == _RESTRICTIONS),
    )


def restrictions_met(restrictions: Iterable[str], *, signed_in: bool, groups: frozenset[int]) -> bool:
    """Whether somebody in these groups may pass every restriction."""
    return all(_met(token, signed_in, groups) for token in restrictions)


def _met(token: str, signed_in: bool, groups: frozenset[int]) -> bool:
    if token == SIGNED_IN:
        return signed_in
    return not groups.isdisjoint(int(pk) for pk in token.removeprefix(GROUP).split(",") if pk)
