"""The groups and access rules this process knows. They never change, so what is known stays right for good."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from . import sql
from .models import AccessRule, Group
from .rules import AccessRuleFacts, GroupFacts


@dataclass(frozen=True, slots=True)
class PolicyRules:
    """The access rules of one policy, in one order: their ids, and the token sets the policy is asked about."""

    ids: tuple[int, ...]
    tokens: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class GroupCache:
    """What was known at a moment. ``policies`` has the access rules by policy, as policies are asked."""

    groups: Mapping[int, GroupFacts] = field(default_factory=dict)
    access_rules: Mapping[int, AccessRuleFacts] = field(default_factory=dict)
    policies: Mapping[str, PolicyRules] = field(default_factory=dict)


_lock = threading.Lock()
_cache = GroupCache()
_has_read_all = False


def current() -> GroupCache:
    return _cache


def add(groups: Iterable[GroupFacts], access_rules: Iterable[AccessRuleFacts]) -> None:
    """Keep what this process wrote or read itself."""
    global _cache
    with _lock:
        fresh_groups = {group.id: group for group in groups if group.id not in _cache.groups}
        fresh_rules = {rule.id: rule for rule in access_rules if rule.id not in _cache.access_rules}
        if fresh_groups or fresh_rules:
            all_rules = {**_cache.access_rules, **fresh_rules}
            policies = _by_policy(all_rules.values()) if fresh_rules else _cache.policies
            _cache = GroupCache({**_cache.groups, **fresh_groups}, all_rules, policies)


def load(ids: Collection[int]) -> bool:
    """Read the groups of ``ids`` that are not known yet; whether there were any. Nothing is read when none is missing.

    Whoever meets a stranger for the first time reads all there are, afterwards strangers only.
    """
    global _has_read_all
    missing = [each for each in ids if each not in _cache.groups]
    if not missing:
        return False
    if not load_all():
        groups = _read_groups(missing)
        add(groups, _read_rules({rule for group in groups for rule in group.access_rules}))
    return any(each in _cache.groups for each in missing)


def load_all() -> bool:
    """Read all groups, once in the life of a process; whether that was now."""
    global _has_read_all
    if _has_read_all:
        return False
    _has_read_all = True
    groups = _read_groups(None)
    add(groups, _read_rules({rule for group in groups for rule in group.access_rules}))
    return True


def load_new() -> bool:
    """Read the groups that other processes have added meanwhile; whether there were any."""
    return load(list(Group.objects.order_by().values_list("pk", flat=True)))


def clear() -> None:
    """Forget everything, as a process that has just started. For tests."""
    global _cache, _has_read_all
    with _lock:
        _cache, _has_read_all = GroupCache(), False


def _read_groups(ids: Collection[int] | None) -> list[GroupFacts]:
    rows = Group.objects.order_by()
    if ids is not None:
        rows = rows.extra(where=[sql.one_of("id")], params=[sql.listed(list(ids))])
    return [
        GroupFacts(
            pk,
            kind,
            tuple(access_rules),
            {key: tuple(values) for key, values in facets.items()},
            tuple(languages),
        )
        for pk, kind, access_rules, facets, languages in rows.values_list(
            "pk", "kind", "access_rules", "facets", "languages"
        )
    ]


def _read_rules(ids: Collection[int]) -> list[AccessRuleFacts]:
    missing = [each for each in ids if each not in _cache.access_rules]
    rows = AccessRule.objects.order_by().extra(where=[sql.one_of("id")], params=[sql.listed(missing)])
    return [AccessRuleFacts(pk, policy, frozenset(tokens)) for pk, policy, tokens in rows.values_list()]


def _by_policy(access_rules: Iterable[AccessRuleFacts]) -> dict[str, PolicyRules]:
    sorted_rules = sorted(access_rules, key=lambda rule: (rule.policy, rule.id))
    found: dict[str, tuple[list[int], list[frozenset[str]]]] = {}
    for rule in sorted_rules:
        ids, tokens = found.setdefault(rule.policy, ([], []))
        ids.append(rule.id)
        tokens.append(rule.tokens)
    return {policy: PolicyRules(tuple(ids), tuple(tokens)) for policy, (ids, tokens) in found.items()}
