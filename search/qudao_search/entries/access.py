"""Which groups are open to a reader now. All in memory: groups and access rules are known, policies are asked."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from ..hooks import Reader, policies, sources
from . import group_cache
from .group_cache import GroupCache, PolicyRules
from .rules import AccessRuleFacts, GroupFacts

#: So many different sets of open access rules are kept: people of one tier and company see the same.
MOST_CACHED = 200

#: The first is what was known when it was worked out; held, so that nothing else can take its place in memory.
_cached: OrderedDict[tuple[object, ...], tuple[GroupCache, frozenset[int]]] = OrderedDict()


@dataclass(frozen=True, slots=True)
class AccessibleGroups:
    """What a reader may open: ids of groups, among all that were known."""

    cache: GroupCache
    open: frozenset[int]

    @property
    def open_groups(self) -> list[GroupFacts]:
        groups = self.cache.groups
        return [groups[group] for group in self.open]


def accessible_groups(reader: Reader) -> AccessibleGroups:
    """The groups ``reader`` may open at this moment. Every policy is asked once, about all its access rules."""
    now = group_cache.current()
    decisions = tuple(
        (policy, bytes(_decided(reader, policy, access_rules)))
        for policy, access_rules in now.policies.items()
    )
    kinds = frozenset(kind for kind, _source in sources.items())
    return AccessibleGroups(now, _cached_or_computed(now, reader.language, kinds, decisions))


def all_groups() -> AccessibleGroups:
    """Every group there is, whoever may open it: for the back office, whose pages have rights of their own."""
    now = group_cache.current()
    return AccessibleGroups(
        now, frozenset(group.id for group in now.groups.values() if sources.get(group.kind))
    )


def _cached_or_computed(
    now: GroupCache, language: str, kinds: frozenset[str], decisions: tuple[tuple[str, bytes], ...]
) -> frozenset[int]:
    """Worked out once for all who look in the same language and find the same access rules open."""
    key = (id(now), language, kinds, decisions)
    cached = _cached.get(key)
    if cached and cached[0] is now:
        return cached[1]
    found = _open_groups(language, kinds, now, dict(decisions))
    _cached[key] = (now, found)
    while len(_cached) > MOST_CACHED:
        _cached.popitem(last=False)
    return found


def is_open(reader: Reader, rule: AccessRuleFacts) -> bool:
    """Whether one access rule is open to ``reader`` now."""
    return _decided(reader, rule.policy, PolicyRules((rule.id,), (rule.tokens,))) == [True]


def _decided(reader: Reader, name: str, access_rules: PolicyRules) -> list[bool]:
    """For each access rule whether it is open. Of a policy that is not registered no access rule is."""
    policy = policies.get(name)
    if policy is None:
        return [False] * len(access_rules.ids)
    decided = [bool(each) for each in policy(reader, access_rules.tokens)]
    if len(decided) != len(access_rules.ids):
        raise ValueError(
            f"The policy {name!r} was asked about {len(access_rules.ids)} access rules, and answered {len(decided)}."
        )
    return decided


def _open_groups(
    language: str, kinds: frozenset[str], now: GroupCache, decisions: dict[str, bytes]
) -> frozenset[int]:
    """Groups of kinds that have a source, in the reader's language, with one open access rule at least."""
    open_rules = {
        rule
        for policy, access_rules in now.policies.items()
        for rule, is_open in zip(access_rules.ids, decisions[policy], strict=True)
        if is_open
    }
    return frozenset(
        group.id
        for group in now.groups.values()
        if group.kind in kinds
        and not open_rules.isdisjoint(group.access_rules)
        and (not group.languages or language in group.languages)
    )
