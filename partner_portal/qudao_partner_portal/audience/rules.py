"""Audience keys: short strings that say for whom something is meant.

``everyone`` (also guests) · ``members`` (anybody signed in for an admitted company) · ``kind:dealer`` · ``tier:gold`` ·
``company:42`` · ``below:42`` (company 42 and everyone below it) · ``territory:CN-51`` (and everything inside it) ·
``role:buyer`` (people with this role, for what is read; prices and the like are a company's, whoever asks).
Other plugins add kinds of their own (``certified:switches``) through :mod:`qudao_partner_portal.hooks`.

A viewer carries the set of keys it answers to; a thing carries the keys it is meant for; one shared key opens it.
"""

from __future__ import annotations

from collections.abc import Iterable

EVERYONE = "everyone"
MEMBERS = "members"
#: The narrower the audience, the smaller the number; used where one thing of several must win (prices).
RANKS = {
    "company": 1,
    "below": 2,
    "territory": 3,
    "tier": 4,
    "kind": 5,
    "role": 5,
    "members": 6,
    "everyone": 7,
}
OTHER_RANK = 5
#: The role that includes every other.
ADMIN = "admin"
#: Roles of people who act for a company that sells.
SELLING = frozenset({"sales", "warehouse"})


def rank(key: str) -> int:
    """How narrow ``key`` is: contract (company) before territory before tier before everyone."""
    return RANKS.get(key.partition(":")[0], OTHER_RANK)


def company_keys(
    *,
    company_id: int,
    ancestor_ids: Iterable[int],
    kind: str,
    tier: str | None,
    territories: Iterable[str],
) -> frozenset[str]:
    """Keys of a signed-in person of an admitted company. ``territories`` holds the codes and all their ancestors."""
    keys = {EVERYONE, MEMBERS, f"company:{company_id}", f"below:{company_id}", f"kind:{kind}"}
    keys.update(f"below:{pk}" for pk in ancestor_ids)
    keys.update(f"territory:{code}" for code in territories)
    if tier:
        keys.add(f"tier:{tier}")
    return frozenset(keys)


def role_keys(roles: Iterable[str], every: Iterable[str], *, sells: bool) -> frozenset[str]:
    """Keys of somebody's roles; an administrator has those of ``every`` role there is in the company.

    >>> sorted(role_keys(["admin"], ["admin", "buyer", "sales"], sells=False))
    ['role:admin', 'role:buyer']
    """
    held = set(roles)
    names = set(every) if ADMIN in held else held
    return frozenset(f"role:{name}" for name in names if sells or name not in SELLING)


def guest_keys() -> frozenset[str]:
    """Keys of a visitor who has not signed in."""
    return frozenset({EVERYONE})


def key_of(kind: str, value: str = "") -> str:
    """
    >>> key_of("tier", "gold"), key_of("everyone")
    ('tier:gold', 'everyone')
    """
    return f"{kind}:{value}" if value else kind
