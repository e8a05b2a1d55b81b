"""For tests of plugins and hosts: a source whose documents stand in memory, and people who look.

>>> things = InMemorySource("thing")  # doctest: +SKIP
>>> things.put("1", "Lamp", access=["everyone"])  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from .hooks import AccessRule, Card, Document, FacetText, policies, sources
from .index import services

#: The policy of these sources: an access rule is open to whoever holds one of its tokens.
POLICY = "keys"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who looks, holding keys."""

    user_id: int | None = None
    language: str = "en"
    keys: frozenset[str] = frozenset({"everyone"})


def open_to_keys(reader: Any, access_rules: Sequence[frozenset[str]]) -> list[bool]:
    return [not reader.keys.isdisjoint(tokens) for tokens in access_rules]


@dataclass
class InMemorySource:
    """A source with documents in memory. ``hidden`` are items whose card nobody gets, whatever the index says."""

    kind: str
    label: str = "Things"
    icon: str = "box"
    documents_by_item: dict[str, Document] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    prices: dict[str, int] = field(default_factory=dict)

    def put(
        self,
        item: str,
        title: str | Mapping[str, str],
        *,
        access: Collection[str] = ("everyone",),
        **more: Any,
    ) -> Document:
        """Put a document into the source and into the index."""
        document = self.lay(item, title, access=access, **more)
        services.update(kind=self.kind, items=[item])
        return document

    def lay(
        self,
        item: str,
        title: str | Mapping[str, str],
        *,
        access: Collection[str] = ("everyone",),
        **more: Any,
    ) -> Document:
        """Put a document into the source only."""
        titles = {"en": title} if isinstance(title, str) else dict(title)
        access_rules = tuple(AccessRule(POLICY, frozenset({key})) for key in access)
        self.documents_by_item[item] = Document(item=item, titles=titles, access=access_rules, **more)
        return self.documents_by_item[item]

    def change(self, item: str, **changes: Any) -> None:
        """Change a document and bring the index up to date."""
        self.documents_by_item[item] = replace(self.documents_by_item[item], **changes)
        services.update(kind=self.kind, items=[item])

    def take(self, item: str) -> None:
        """Take a document away and bring the index up to date."""
        del self.documents_by_item[item]
        services.update(kind=self.kind, items=[item])

    def items(self) -> Iterable[str]:
        return list(self.documents_by_item)

    def documents(self, items: Sequence[str]) -> list[Document]:
        return [self.documents_by_item[item] for item in items if item in self.documents_by_item]

    def cards(self, reader: Any, items: Sequence[str], request: Any = None) -> dict[str, Card]:
        return {
            item: self._card(reader, self.documents_by_item[item])
            for item in items
            if item in self.documents_by_item and item not in self.hidden
        }

    def _card(self, reader: Any, document: Document) -> Card:
        title = document.titles.get(reader.language) or next(iter(document.titles.values()), "")
        return Card(title=title, url=f"/{self.kind}/{document.item}/", data={"id": document.item})

    def facet_texts(self, reader: Any, facets: Mapping[str, Collection[str]]) -> dict[str, FacetText]:
        """Every facet and value is called as it is spelt, with a capital."""
        return {
            key: FacetText(key.capitalize(), {value: value.capitalize() for value in values})
            for key, values in facets.items()
        }

    def by_price(self, reader: Any, items: Sequence[str], *, descending: bool) -> list[str]:
        """Items by ``prices``; those without one last."""
        priced = [item for item in items if item in self.prices]
        priced.sort(key=lambda item: self.prices[item], reverse=descending)
        return priced + [item for item in items if item not in self.prices]


@contextmanager
def in_memory_sources(*kinds: str) -> Iterator[tuple[InMemorySource, ...]]:
    """Sources of these kinds as the only sources, with their policy as the only one; afterwards all is as before."""
    kept = [(registry, dict(registry._entries)) for registry in (sources, policies)]
    found = tuple(InMemorySource(kind, label=f"{kind.capitalize()}s") for kind in kinds)
    for registry, _entries in kept:
        registry._entries.clear()
    policies.register(POLICY, open_to_keys)
    for place, source in enumerate(found):
        sources.register(source.kind, source, order=place)
    try:
        yield found
    finally:
        for registry, entries in kept:
            registry._entries.clear()
            registry._entries.update(entries)


def dated(year: int, month: int = 1, day: int = 1) -> datetime:
    """A day, aware."""
    return datetime.fromisoformat(f"{year:04d}-{month:02d}-{day:02d}T12:00:00+00:00")
