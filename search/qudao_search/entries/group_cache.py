"""The groups and doors this process knows. They never change, so what is known stays right for good."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from . import sql
from .models import Door, Group
from .rules import DoorFacts, GroupFacts


@dataclass(frozen=True, slots=True)
class PolicyDoors:
    """The doors of one policy, in one order: their ids, and the token sets the policy is asked about."""

    ids: tuple[int, ...]
    tokens: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What was known at a moment. ``policies`` has the doors by policy, as policies are asked."""

    groups: Mapping[int, GroupFacts] = field(default_factory=dict)
    doors: Mapping[int, DoorFacts] = field(default_factory=dict)
    policies: Mapping[str, PolicyDoors] = field(default_factory=dict)


_lock = threading.Lock()
_known = Known()
_has_read_all = False


def known() -> Known:
    return _known


def remember(groups: Iterable[GroupFacts], doors: Iterable[DoorFacts]) -> None:
    """Keep what this process wrote or read itself."""
    global _known
    with _lock:
        fresh_groups = {group.id: group for group in groups if group.id not in _known.groups}
        fresh_doors = {door.id: door for door in doors if door.id not in _known.doors}
        if fresh_groups or fresh_doors:
            all_doors = {**_known.doors, **fresh_doors}
            policies = _by_policy(all_doors.values()) if fresh_doors else _known.policies
            _known = Known({**_known.groups, **fresh_groups}, all_doors, policies)


def learn(ids: Collection[int]) -> bool:
    """Read the groups of ``ids`` that are not known yet; whether there were any. Nothing is read when none is missing.

    Whoever meets a stranger for the first time reads all there are, afterwards strangers only.
    """
    global _has_read_all
    missing = [each for each in ids if each not in _known.groups]
    if not missing:
        return False
    if not learn_all():
        groups = _read_groups(missing)
        remember(groups, _read_doors({door for group in groups for door in group.doors}))
    return any(each in _known.groups for each in missing)


def learn_all() -> bool:
    """Read all groups, once in the life of a process; whether that was now."""
    global _has_read_all
    if _has_read_all:
        return False
    _has_read_all = True
    groups = _read_groups(None)
    remember(groups, _read_doors({door for group in groups for door in group.doors}))
    return True


def learn_new() -> bool:
    """Read the groups that other processes have added meanwhile; whether there were any."""
    return learn(list(Group.objects.order_by().values_list("pk", flat=True)))


def forget() -> None:
    """Forget everything, as a process that has just started. For tests."""
    global _known, _has_read_all
    with _lock:
        _known, _has_read_all = Known(), False


def _read_groups(ids: Collection[int] | None) -> list[GroupFacts]:
    rows = Group.objects.order_by()
    if ids is not None:
        rows = rows.extra(where=[sql.one_of("id")], params=[sql.listed(list(ids))])
    return [
        GroupFacts(
            pk, kind, tuple(doors), {key: tuple(values) for key, values in facets.items()}, tuple(languages)
        )
        for pk, kind, doors, facets, languages in rows.values_list(
            "pk", "kind", "doors", "facets", "languages"
        )
    ]


def _read_doors(ids: Collection[int]) -> list[DoorFacts]:
    missing = [each for each in ids if each not in _known.doors]
    rows = Door.objects.order_by().extra(where=[sql.one_of("id")], params=[sql.listed(missing)])
    return [DoorFacts(pk, policy, frozenset(tokens)) for pk, policy, tokens in rows.values_list()]


def _by_policy(doors: Iterable[DoorFacts]) -> dict[str, PolicyDoors]:
    sorted_doors = sorted(doors, key=lambda door: (door.policy, door.id))
    found: dict[str, tuple[list[int], list[frozenset[str]]]] = {}
    for door in sorted_doors:
        ids, tokens = found.setdefault(door.policy, ([], []))
        ids.append(door.id)
        tokens.append(door.tokens)
    return {policy: PolicyDoors(tuple(ids), tuple(tokens)) for policy, (ids, tokens) in found.items()}
