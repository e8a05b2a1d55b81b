"""Names of audience keys for people, and keys to choose from for editors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext, override
from qudao_core.wording import with_label

from ..companies.models import Company, Tier
from ..hooks import audience_kinds
from ..people.models import Role
from ..territories.models import Territory
from . import rules

#: Most values that one search offers, per kind.
CHOICES = 20
#: Kinds that a person answers to, not the company.
OF_PEOPLE = frozenset({"role"})


@dataclass(frozen=True, slots=True)
class Offer:
    """An audience that an editor may choose. ``group`` is the heading it stands under, ``name`` how it reads there."""

    key: str
    label: str
    group: str
    name: str


def audience_label(key: str, language: str) -> str:
    """How ``key`` reads: ``tier:gold`` → "Tier: Gold". One whose value is gone reads "tier:gold (no longer exists)"."""
    return audience_labels([key], language)[key]


def audience_labels(keys: Iterable[str], language: str) -> dict[str, str]:
    """The same for many keys: one statement per kind that occurs."""
    return {key: label for key, (label, _exists) in audience_names(keys, language).items()}


def audience_names(keys: Iterable[str], language: str) -> dict[str, tuple[str, bool]]:
    """Key → how it reads, and whether it names something that exists: one statement per kind that occurs."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        kind, _colon, value = key.partition(":")
        by_kind[kind].append(value)
    with override(language):
        return {
            rules.key_of(kind, value): (_label(kind, value, names), value in names)
            for kind, values in by_kind.items()
            for names in [_names(kind, values, language)]
            for value in values
        }


def audience_choices(query: str = "", language: str = "en", limit: int = CHOICES) -> list[tuple[str, str]]:
    """Keys that an editor may choose, with their labels: the one that is ``query``, and at most
    ``limit`` of each kind whose name matches it."""
    return [(offer.key, offer.label) for offer in audience_offers(query, language, limit)]


def audience_offers(
    query: str = "", language: str = "en", limit: int = CHOICES, *, of_people: bool = True
) -> list[Offer]:
    """The same with the headings they stand under. Without ``of_people`` none that a company alone cannot answer to."""
    found: dict[str, Offer] = {}
    with override(language):
        if query and not unknown_keys([query], of_people=of_people):
            kind, _colon, value = query.partition(":")
            found[query] = _offer(kind, value, _names(kind, [value], language)[value])
        for kind, pairs in _offers(query.strip(), language, limit):
            if of_people or kind not in OF_PEOPLE:
                offers = [_offer(kind, value, name) for value, name in pairs]
                found |= {each.key: each for each in offers if each.key not in found}
    return list(found.values())


def unknown_keys(keys: Iterable[str], *, of_people: bool = False) -> list[str]:
    """Those of ``keys`` that name nothing that exists: for validation of what editors and programs enter.

    ``of_people``: also roles may be named. Prices, assortments, stock and order flows are a company's, so they may not.
    """
    wanted = list(keys)
    known: set[str] = set()
    by_kind: dict[str, list[str]] = defaultdict(list)
    for key in wanted:
        kind, _colon, value = key.partition(":")
        if of_people or kind not in OF_PEOPLE:
            by_kind[kind].append(value)
    for kind, values in by_kind.items():
        known.update(rules.key_of(kind, value) for value in _names(kind, values, "en"))
    return [key for key in wanted if key not in known]


def _offer(kind: str, value: str, name: str) -> Offer:
    label = _label(kind, value, {value: name})
    return Offer(rules.key_of(kind, value), label, _heading(kind) or gettext("General"), name)


def _label(kind: str, value: str, names: dict[str, str]) -> str:
    if value not in names:
        return gettext("%(key)s (no longer exists)") % {"key": rules.key_of(kind, value)}
    heading = _heading(kind)
    return with_label(heading, names[value]) if heading else names[value]


def _heading(kind: str) -> str:
    own = {
        "tier": gettext("Tier"),
        "kind": gettext("Kind"),
        "role": gettext("Role"),
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
    if kind in ("kind", "role"):
        return {
            value: label for value, label in (_kinds() if kind == "kind" else _roles()) if value in values
        }
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
    roles = [(value, label) for value, label in _roles() if query.lower() in label.lower()]
    fixed = [(key, [("", label)]) for key, label in _fixed() if query.lower() in label.lower()]
    places = [(row.code, _local(row, language)) for row in Territory.objects.filter(by_name)[:limit]]
    rows = Company.objects.filter(firms).values_list("pk", "code", "name")[:limit]
    companies = [(str(pk), f"{code} {name}") for pk, code, name in rows]
    offers = [*fixed, ("tier", tiers), ("kind", kinds), ("role", roles), ("company", companies)]
    offers += [("below", companies), ("territory", places)]
    return offers + [(kind, entry.choices(query, limit)) for kind, entry in audience_kinds.items()]


def _fixed() -> list[tuple[str, str]]:
    return [
        (rules.EVERYONE, gettext("Everyone, including guests")),
        (rules.MEMBERS, gettext("Everyone who works for a company of the channel")),
    ]


def _kinds() -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in Company.Kind.choices]


def _roles() -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in Role.choices]


def _local(row: Tier | Territory, language: str) -> str:
    return row.name_zh if language.startswith("zh") and row.name_zh else row.name
