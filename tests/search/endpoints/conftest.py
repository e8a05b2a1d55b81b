"""Two kinds of things to find, made for these tests: notes of companies and rules of the house."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from qudao_core import api as core
from qudao_partner_portal.testing import make_back_office, make_company, make_person
from qudao_search import api as search
from qudao_search import hooks
from qudao_search.entries import group_cache
from qudao_search.hooks import AccessRule, Card, Document, FacetText


@dataclass
class Notes:
    """A source kept in memory: item → (title, text, audience key, room)."""

    label: str
    icon: str = "file-text"
    rows: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)

    def items(self) -> list[str]:
        return list(self.rows)

    def documents(self, items: Sequence[str]) -> Iterator[Document]:
        for number, item in enumerate(item for item in items if item in self.rows):
            title, text, key, room = self.rows[item]
            yield Document(
                item=item,
                titles={"en": title},
                texts={"en": text},
                access=(AccessRule("test-audience", frozenset({key})),),
                facets={"room": (room,)} if room else {},
                dated_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number),
            )

    def cards(self, reader: Any, items: Sequence[str], request: Any = None) -> dict[str, Card]:
        return {
            item: Card(title=self.rows[item][0], url=f"/notes/{item}/", path=("Shelf",), data={"id": item})
            for item in items
            if item in self.rows
        }

    def facet_texts(self, reader: Any, facets: Mapping[str, Collection[str]]) -> dict[str, FacetText]:
        return {
            key: FacetText("Room", {value: value.title() for value in values})
            for key, values in facets.items()
            if key == "room"
        }


class PricedNotes(Notes):
    """The same with prices: the longer the title, the dearer."""

    def by_price(self, reader: Any, items: Sequence[str], *, descending: bool) -> list[str]:
        return sorted(items, key=lambda item: len(self.rows[item][0]), reverse=descending)


@dataclass
class House:
    """Who looks, and what there is."""

    buyer: Any
    colleague: Any
    stranger: Any
    office: Any
    notes: PricedNotes
    rules: Notes

    def put(self, item: str, title: str, text: str = "", key: str = "members", room: str = "") -> None:
        self.notes.rows[item] = (title, text, key, room)
        search.update(kind="note", items=[item])

    def rule(self, item: str, title: str, text: str = "", key: str = "members") -> None:
        self.rules.rows[item] = (title, text, key, "")
        search.update(kind="rule", items=[item])


@pytest.fixture
def house(db: None) -> Iterator[House]:
    maker = make_company("Maker")
    dealer = make_company("Dealer", parent=maker, tier="gold")
    other = make_company("Other", parent=maker)
    notes, rules = PricedNotes("Notes", "notebook-pen"), Notes("House rules")
    group_cache.clear()  # access rules that other tests made have policies that are asked, which costs statements
    kept = hooks.sources.items()
    for key, _source in kept:
        hooks.sources.unregister(key)
    hooks.sources.register("note", notes, order=1)
    hooks.sources.register("rule", rules, order=2)
    hooks.policies.register("test-audience", _open)
    yield House(
        buyer=make_person(dealer, roles=["buyer"], name="Bai Buyer"),
        colleague=make_person(dealer, roles=["learner"], name="Cao Colleague"),
        stranger=make_person(other, roles=["buyer"], name="Stu Stranger"),
        office=make_back_office("Olga Office"),
        notes=notes,
        rules=rules,
    )
    for key in ("note", "rule"):
        hooks.sources.unregister(key)
    for order, (key, source) in enumerate(kept):
        hooks.sources.register(key, source, order=10 * (order + 1))
    hooks.policies.unregister("test-audience")


def _open(reader: core.Viewer, rules: Sequence[frozenset[str]]) -> list[bool]:
    return [bool(tokens & reader.audience) for tokens in rules]


@pytest.fixture
def shelf(house: House) -> House:
    """Three notes for members, one for gold dealers, one rule, and one for nobody here."""
    house.put("1", "Lamp with dimmer", "How the dimmer of the lamp is wired.", room="office")
    house.put("2", "Lamp without anything", "A plain lamp.", room="kitchen")
    house.put("3", "Cable <b>& lamp</b> socket", room="office")
    house.put("4", "Lamp margins", key="tier:gold", room="vault")
    house.put("5", "Lamp secrets", key="tier:platinum", room="bunker")
    house.rule("1", "How lamps are returned", "Every lamp comes back in its box.")
    return house


def sign_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client
