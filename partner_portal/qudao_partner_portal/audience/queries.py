"""Names of audience keys for people, and keys to choose from for editors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext, override

from ..companies.models import Company, Tier
from ..hooks import audience_kinds
from ..territories.models import Territory
from ..wording import labelled
from . import rules

#: Most values that one search offers, per kind.
CHOICES = 20


def audience_label(key: str, language: str) -> str:
    """How ``key`` reads: ``tier:gold`` → "Tier: Gold". A key whose value is gone reads as the key itself."""
    return audience_labels([key], language)[key]


def audience_labels(keys: Iterable[str], language: str) -> dict[str, str]:
    """The same for many keys: one statement per kind that occurs."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        kind, _colon, value = key.partition(":")
        by_kind[kind].append(value)
    with override(language):
        return {
            rules.key_of(kind, value): _label(kind, value, names)
            for kind, values in by_kind.items()
            for names in [_names(kind, values, language)]
            for value in values
        }


def audience_choices(query: str = "", language: str = "en", limit: int = CHOICES) -> list[tuple[str, str]]:
    """Keys that an editor may choose, with their labels: the one that is ``query``, and at most
    ``limit`` of each kind whose name matches it."""
    exact = audience_labels([query], language) if query and not unknown_keys([query]) else {}
    with override(language):
        found = list(exact.items())
        found += [(key, label) for key, label in _fixed() if query.lower() in label.lower()]
        for kind, pairs in _offers(query.strip(), language, limit):
            found += [
                (rules.key_of(kind, value), _label(kind, value, {value: name})) for value, name in pairs
            ]
    return list(dict(found).items())


def unknown_keys(keys: Iterable[str]) -> list[str]:
    """Those of ``keys`` that name nothing that exists: for validation of what editors and programs enter."""
    wanted = list(keys)
    known: set[str] = set()
    by_kind: dict[str, list[str]] = defaultdict(list)
    for key in wanted:
        kind, _colon, value = key.partition(":")
        by_kind[kind].append(value)
    for kind, values in by_kind.items():
        known.update(rules.key_of(kind, value) for value in _names(kind, values, "en"))
    return [key for key in wanted if key not in known]


def _label(kind: str, value: str, names: dict[str, str]) -> str:
    if value not in names:
        return rules.key_of(kind, value)
    heading = _heading(kind)
    return labelled(heading, names[value]) if heading else names[value]


def _heading(kind: str) -> str:
    own = {
        "tier": gettext("Tier"),
        "kind": gettext("Kind"),
        "company": gettext("Company"),
        "below": gettext("Company and everyone below"),
        "territory": gettext("Territory"),
    }
    foreign = audience_kinds.get(kind)
    return own.get(kind) or (str(foreign.label) if foreign else "")


def _names(kind: str, values: list[str], language: str) -> dict[str, str]:
    """Value → name of the values that exist."""
    if kind in (rules.EVERYONE, rules.MEMBERS):
        return {"": dict(_fixed())[kind]} if "" in values else {}
    if kind in ("company", "below"):
        ids = [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19]
        rows = Company.objects.filter(pk__in=ids).order_by().values_list("pk", "code", "name")
        return {str(pk): f"{code} {name}" for pk, code, name in rows}
    if kind == "kind":
        return {value: label for value, label in _kinds() if value in values}
    if kind == "tier":
        return {row.code: _local(row, language) for row in Tier.objects.filter(code__in=values)}
    if kind == "territory":
        return {
            row.code: _local(row, language) for row in Territory.objects.filter(code__in=values).order_by()
        }
    foreign = audience_kinds.get(kind)
    return foreign.names(values, language) if foreign else {}


def _offers(query: str, language: str, limit: int) -> list[tuple[str, list[tuple[str, str]]]]:
    by_name = Q(name__icontains=query) | Q(name_zh__icontains=query) | Q(code__icontains=query)
    firms = Q(name__icontains=query) | Q(short_name__icontains=query) | Q(code__icontains=query)
    tiers = [(row.code, _local(row, language)) for row in Tier.objects.filter(by_name)[:limit]]
    kinds = [(value, label) for value, label in _kinds() if query.lower() in label.lower()]
    places = [(row.code, _local(row, language)) for row in Territory.objects.filter(by_name)[:limit]]
    rows = Company.objects.filter(firms).values_list("pk", "code", "name")[:limit]
    companies = [(str(pk), f"{code} {name}") for pk, code, name in rows]
    offers = [("tier", tiers), ("kind", kinds), ("company", companies), ("below", companies)]
    offers.append(("territory", places))
    return offers + [(kind, entry.choices(query, limit)) for kind, entry in audience_kinds.items()]


def _fixed() -> list[tuple[str, str]]:
    return [
        (rules.EVERYONE, gettext("Everyone, including guests")),
        (rules.MEMBERS, gettext("Everyone who works for a company of the channel")),
    ]


def _kinds() -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in Company.Kind.choices]


def _local(row: Tier | Territory, language: str) -> str:
    return row.name_zh if language.startswith("zh") and row.name_zh else row.name
