"""A channel of named people for the catalogue's tests: who sees what is their subject."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from qudao_catalog import hooks
from qudao_core import api as core
from qudao_partner_portal.testing import make_back_office, make_company, make_person, viewer_of


@dataclass(frozen=True)
class Channel:
    """A maker, a distributor below it, the distributor's gold dealer in Sichuan, and a stranger's dealer."""

    maker: Any
    distributor: Any
    dealer: Any
    stranger_company: Any
    buyer: Any
    learner: Any
    parent_buyer: Any
    stranger: Any
    office: Any
    editor: Any

    def sees(self, person: Any, language: str = "en") -> core.Viewer:
        return viewer_of(person, language=language)


@pytest.fixture
def channel(db: None) -> Channel:
    maker = make_company("Maker", code="MAKER")
    distributor = make_company("West", parent=maker, kind="distributor", code="WEST")
    dealer = make_company("Chengdu", parent=distributor, tier="gold", territories=["CN-51"], code="CHENGDU")
    other = make_company("Harbin", parent=maker, tier="silver", code="HARBIN")
    return Channel(
        maker=maker,
        distributor=distributor,
        dealer=dealer,
        stranger_company=other,
        buyer=make_person(dealer, roles=["buyer"], name="Wang Buyer"),
        learner=make_person(dealer, roles=["learner"], name="Li Learner"),
        parent_buyer=make_person(distributor, roles=["buyer"], name="Zhao Distributor"),
        stranger=make_person(other, roles=["buyer"], name="Sun Stranger"),
        office=make_back_office("Olga Office", permissions=["catalogue.view_product"]),
        editor=make_back_office(
            "Emil Editor", permissions=["catalogue.view_product", "catalogue.change_product"]
        ),
    )


@pytest.fixture
def buyer(channel: Channel) -> core.Viewer:
    return channel.sees(channel.buyer)


@pytest.fixture
def nothing_sold() -> Iterator[None]:
    """A site without ordering: no plugin offers anything."""
    registered = hooks.offers.items()
    for key, _entry in registered:
        hooks.offers.unregister(key)
    yield
    for key, entry in registered:
        hooks.offers.register(key, entry)
