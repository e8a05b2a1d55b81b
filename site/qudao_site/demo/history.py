"""The orders of the last two years: which company orders what when, and how far each order gets.

Until :data:`STARTED` days ago they come from the old system, through the import; since then people act on each.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.utils import timezone
from qudao_b2b_ordering import api as ordering
from qudao_catalog import api as catalog
from qudao_core import api as core

from .channel import Channel
from .families import Item
from .order_simulation import Actors, Plan
from .scale import Scale

#: How many days ago the channel began to order here; its first order came so many days ago.
STARTED, FIRST_PAST = 180, 725
#: Where an order may stand today, in the order of the flow; each names the last thing that happened to it.
OPEN_STATES = (
    "submitted",
    "approved",
    "financed",
    "released",
    "part-shipped",
    "shipped",
    "part-received",
    "returned",
    "revised",
)
#: About how many hours an order needs to get there.
HOURS_TO = {
    "submitted": 0,
    "approved": 8,
    "financed": 16,
    "released": 24,
    "part-shipped": 44,
    "shipped": 44,
    "part-received": 110,
    "returned": 8,
    "revised": 14,
}
CLOSED_STATES = ("rejected", "cancelled", "claimed")


def make_actors(channel: Channel, companies: Mapping[str, Any]) -> Actors:
    """Who acts in which role; what nobody is named for in a company that sells, its salespeople do."""
    membership = apps.get_model("qudao_partner_portal", "MembershipRole")
    rows = membership.objects.select_related("membership__user", "membership__company").order_by("pk")
    actors = Actors({}, {}, {}, companies, channel)
    for row in rows:
        code, user = row.membership.company.code, row.membership.user
        if row.role == "buyer":
            actors.buyers.setdefault(code, user)
        if row.role in ("approver", "admin"):
            actors.approvers.setdefault(code, user)
        if row.role in ("sales", "finance", "warehouse"):
            actors.staff.setdefault((code, row.role), user)
    for code in {code for code, _role in actors.staff}:
        someone = actors.staff.get((code, "sales")) or next(
            user for (firm, _role), user in actors.staff.items() if firm == code
        )
        for role in ("sales", "finance", "warehouse"):
            actors.staff.setdefault((code, role), someone)
    return actors


# --- What is ordered --------------------------------------------------------------------------------------------------


class Basket:
    """Chooses goods a company may see and that are there; none where it may see none."""

    def __init__(self, goods: Sequence[Item], avoid: set[str]) -> None:
        self.goods = {item.sku: item for item in goods if item.sku not in avoid}
        self._seen: dict[frozenset[str], list[str]] = {}

    def choose(self, viewer: core.Viewer, chance: random.Random, count: int) -> list[tuple[str, Decimal]]:
        visible = self._visible(viewer)
        skus = chance.sample(visible, min(count, len(visible)))
        return [(sku, self._quantity(self.goods[sku], chance)) for sku in skus]

    def _visible(self, viewer: core.Viewer) -> list[str]:
        if viewer.audience not in self._seen:
            rows = catalog.visible_profiles(viewer).filter(sku__in=list(self.goods), status="active")
            self._seen[viewer.audience] = sorted(rows.values_list("sku", flat=True))
        return self._seen[viewer.audience]

    def _quantity(self, item: Item, chance: random.Random) -> Decimal:
        family = item.family
        if family.whole_packs or (family.pack <= 30 and chance.random() < 0.6):
            return Decimal(family.pack * chance.choice((1, 1, 2, 2, 3, 5)))
        return Decimal(max(family.minimum, chance.choice((5, 10, 12, 20, 24, 30, 50, 60, 100))))


# --- Plans ------------------------------------------------------------------------------------------------------------


def plans(scale: Scale, actors: Actors, basket: Basket, now: datetime, seed: int) -> list[Plan]:
    """Every order since the start, oldest first: closed ones all the time, open ones of the last days."""
    chance = random.Random(f"{seed}-orders")
    wanted = [
        ("complete", 20 + (STARTED - 20) * place / max(scale.complete, 1)) for place in range(scale.complete)
    ]
    wanted += [
        (state, chance.uniform(15, STARTED)) for state in CLOSED_STATES for _each in range(scale.each_state)
    ]
    for state in OPEN_STATES:
        wanted += [(state, _age(state, chance)) for _each in range(scale.each_state + 1)]
    buyers = [code for code in actors.buyers if code in actors.companies and actors.seller_of(code)]
    found = [
        _plan(
            state,
            now - timedelta(days=days),
            _company(place, buyers, actors, chance),
            actors,
            basket,
            now,
            chance,
        )
        for place, (state, days) in enumerate(wanted)
    ]
    return sorted((plan for plan in found if plan.lines), key=lambda plan: plan.at)


def _age(state: str, chance: random.Random) -> float:
    """How many days ago an order that stands at ``state`` today was placed: the way there, and how long it waits.

    Most wait since today; every fourth is late.
    """
    waits = chance.uniform(28, 60) if chance.random() < 0.25 else chance.uniform(1, 18)
    return (HOURS_TO[state] + waits) / 24


def _company(place: int, buyers: Sequence[str], actors: Actors, chance: random.Random) -> str:
    """Some companies order more often than others."""
    for code, every in actors.orders.often.items():
        if place % every == 0 and code in buyers:
            return code
    return chance.choice(buyers)


def _plan(
    state: str,
    at: datetime,
    company: str,
    actors: Actors,
    basket: Basket,
    now: datetime,
    chance: random.Random,
) -> Plan:
    own = random.Random(chance.random())
    local = timezone.localtime(at).replace(
        hour=own.randrange(8, 18), minute=own.randrange(60), second=own.randrange(60)
    )
    viewer = actors.viewer(actors.buyers[company], company)
    lines = basket.choose(viewer, own, own.randrange(3, 9))
    at = min(local, now - timedelta(hours=own.uniform(1, 9)))
    return Plan(at, company, state, lines, now, own, moment=at)


# --- Before the platform ----------------------------------------------------------------------------------------------


def import_past(
    system: core.Viewer,
    scale: Scale,
    actors: Actors,
    basket: Basket,
    prices: Mapping[str, Decimal],
    now: datetime,
    seed: int,
) -> int:
    """Orders from the old system, all that is older than the start, through the import service of each seller."""
    chance = random.Random(f"{seed}-past")
    sellers = {code: actors.seller_of(code) for code in actors.buyers}
    buyers = [code for code, seller in sellers.items() if seller]
    rows: dict[str, list[ordering.PastOrder]] = {}
    for place in range(scale.past if buyers else 0):
        code = buyers[place % len(buyers)]
        chosen = basket.choose(actors.viewer(actors.buyers[code], code), chance, chance.randrange(2, 9))
        if not chosen:
            continue
        days = FIRST_PAST - (FIRST_PAST - STARTED) * place / scale.past
        order = ordering.PastOrder(
            external_key=f"OLD-{place + 1:05d}",
            company=code,
            ordered_at=now - timedelta(days=days, hours=chance.uniform(0, 9)),
            lines=tuple(
                ordering.PastLine(sku, quantity, (prices[sku] * Decimal("0.86")).quantize(Decimal("0.01")))
                for sku, quantity in chosen
            ),
            status="cancelled" if place % 23 == 22 else "complete",
        )
        rows.setdefault(sellers[code], []).append(order)
    return sum(
        ordering.import_orders(actor=system, seller=actors.companies[seller], rows=own).created
        for seller, own in rows.items()
    )
