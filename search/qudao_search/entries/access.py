"""Which groups are open to a reader now. All in memory: groups and doors are known, policies are asked."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from ..hooks import Reader, policies, sources
from . import group_cache
from .group_cache import Known, PolicyDoors
from .rules import DoorFacts, GroupFacts

#: So many different sets of open doors are kept: people of one tier and company see the same.
MOST_KEPT = 200

#: The first is what was known when it was worked out; held, so that nothing else can take its place in memory.
_kept: OrderedDict[tuple[object, ...], tuple[Known, frozenset[int]]] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Reach:
    """What a reader may open: ids of groups, among all that were known."""

    known: Known
    open: frozenset[int]

    @property
    def open_groups(self) -> list[GroupFacts]:
        groups = self.known.groups
        return [groups[group] for group in self.open]


def reach(reader: Reader) -> Reach:
    """The groups ``reader`` may open at this moment. Every policy is asked once, about all its doors."""
    now = group_cache.known()
    decisions = tuple(
        (policy, bytes(_decided(reader, policy, doors))) for policy, doors in now.policies.items()
    )
    kinds = frozenset(kind for kind, _source in sources.items())
    return Reach(now, _kept_or_found(now, reader.language, kinds, decisions))


def everything() -> Reach:
    """Every group there is, whoever may open it: for the back office, whose pages have rights of their own."""
    now = group_cache.known()
    return Reach(now, frozenset(group.id for group in now.groups.values() if sources.get(group.kind)))


def _kept_or_found(
    now: Known, language: str, kinds: frozenset[str], decisions: tuple[tuple[str, bytes], ...]
) -> frozenset[int]:
    """Worked out once for all who look in the same language and find the same doors open."""
    key = (id(now), language, kinds, decisions)
    kept = _kept.get(key)
    if kept and kept[0] is now:
        return kept[1]
    found = _open_groups(language, kinds, now, dict(decisions))
    _kept[key] = (now, found)
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    return found


def is_open(reader: Reader, door: DoorFacts) -> bool:
    """Whether one door is open to ``reader`` now."""
    return _decided(reader, door.policy, PolicyDoors((door.id,), (door.tokens,))) == [True]


def _decided(reader: Reader, name: str, doors: PolicyDoors) -> list[bool]:
    """For each door whether it is open. Of a policy that is not registered no door is."""
    policy = policies.get(name)
    if policy is None:
        return [False] * len(doors.ids)
    decided = [bool(each) for each in policy(reader, doors.tokens)]
    if len(decided) != len(doors.ids):
        raise ValueError(
            f"The policy {name!r} was asked about {len(doors.ids)} doors, and answered {len(decided)}."
        )
    return decided


def _open_groups(
    language: str, kinds: frozenset[str], now: Known, decisions: dict[str, bytes]
) -> frozenset[int]:
    """Groups of kinds that have a source, in the reader's language, with one open door at least."""
    open_doors = {
        door
        for policy, doors in now.policies.items()
        for door, is_open in zip(doors.ids, decisions[policy], strict=True)
        if is_open
    }
    return frozenset(
        group.id
        for group in now.groups.values()
        if group.kind in kinds
        and not open_doors.isdisjoint(group.doors)
        and (not group.languages or language in group.languages)
    )
