"""Orders of the last twelve months, walked through the real services with the clock set back."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from qudao_b2b_ordering import api as ordering
from qudao_catalog import api as catalog
from qudao_partner_portal import api as portal

from .clock import clock_at
from .content.channel import CARRIERS, DEALER, DISTRIBUTOR, FIRMS, PEOPLE
from .content.families import Item
from .scale import Scale

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
CLOSED_STATES = ("rejected", "cancelled", "claimed")
NOTES = ("请随货附合格证", "周五前到货，谢谢", "送货前请电话联系", "工地急用", "Please pack by room", "")


@dataclass(slots=True)
class Cast:
    """Who acts: buyers by company, staff by seller and role."""

    buyers: dict[str, Any]
    approvers: dict[str, Any]
    staff: dict[tuple[str, str], Any]
    companies: Mapping[str, Any]

    def viewer(self, user: Any, code: str) -> portal.Viewer:
        return portal.viewer_for(
            user, company_id=self.companies[code].pk, language=user.language or "zh-hans"
        )


@dataclass(slots=True)
class Plan:
    """One order to come: who, when, what, and how far it gets."""

    at: datetime
    company: str
    state: str
    lines: list[tuple[str, Decimal]]
    now: datetime
    chance: random.Random
    number: str = ""
    moment: datetime = field(default_factory=timezone.now)

    def later(self, hours: float) -> datetime:
        """Somebody acts some hours after the last one did, in the day, never in the future."""
        moment = self.moment + timedelta(hours=hours * self.chance.uniform(0.6, 1.4))
        local = timezone.localtime(moment)
        if local.hour < 8 or local.hour > 18:
            moment = (local + timedelta(days=local.hour > 18)).replace(
                hour=9, minute=self.chance.randrange(60)
            )
        self.moment = min(moment, self.now - timedelta(minutes=self.chance.randrange(3, 40)))
        return self.moment


def make_cast(companies: Mapping[str, Any], users: Mapping[str, Any]) -> Cast:
    membership = apps.get_model("qudao_partner_portal", "MembershipRole")
    rows = membership.objects.select_related("membership__user", "membership__company").order_by("pk")
    cast = Cast({}, {}, {}, companies)
    for row in rows:
        code, user = row.membership.company.code, row.membership.user
        if row.role == "buyer":
            cast.buyers.setdefault(code, user)
        if row.role in ("approver", "admin"):
            cast.approvers.setdefault(code, user)
        if row.role in ("sales", "finance", "warehouse"):
            cast.staff.setdefault((code, row.role), user)
    for role in ("sales", "finance", "warehouse"):
        cast.staff.setdefault((DISTRIBUTOR, role), users["distributor@example.com"])
    return cast


def seller_of(code: str) -> str:
    """The code of the company that ``code`` buys from: the nearest one above that sells."""
    firms = {firm.code: firm for firm in FIRMS}
    above = firms[code].parent
    while above and not firms[above].sells:
        above = firms[above].parent
    return above


# --- Flows ------------------------------------------------------------------------------------------------------------


def make_flows(system: portal.Viewer, companies: Mapping[str, Any]) -> None:
    """The maker's standard flow, a fast lane for platinum, and the distributor's short one."""
    day, two_days, fortnight = 24, 48, 24 * 14
    sales = ordering.Step(
        "sales-approval", "Sales approval", "approval", "seller", "sales", "审批", service_hours=day
    )
    finance = ordering.Step(
        "finance-approval", "Finance approval", "approval", "seller", "finance", "财务审批", service_hours=day
    )
    release = ordering.Step(
        "release", "Release to warehouse", "release", "seller", "warehouse", "出库", service_hours=day
    )
    ship = ordering.Step(
        "shipment", "Shipment", "shipment", "seller", "warehouse", "发货", service_hours=two_days
    )
    receipt = ordering.Step(
        "receipt", "Receipt", "receipt", "buyer", "buyer", "收货", service_hours=fortnight
    )
    for code, name, seller, audience, steps in (
        ("standard", "标准流程", "LH", "everyone", (_own(12_000), sales, finance, release, ship, receipt)),
        ("platinum", "白金快速流程", "LH", "tier:platinum", (sales, release, ship, receipt)),
        ("jinyu", "锦屿流程", DISTRIBUTOR, "everyone", (_own(3_000), sales, release, ship, receipt)),
    ):
        wanted = ordering.FlowInput(
            name=name, steps=steps, code=code, audience_key=audience, seller_id=companies[seller].pk
        )
        ordering.save_flow(viewer=system, wanted=wanted)


def _own(amount: int) -> ordering.Step:
    """The buying company's own approval of larger orders."""
    return ordering.Step(
        "company-approval",
        "Company approval",
        "approval",
        "buyer",
        "approver",
        "公司审批",
        condition=ordering.Condition(min_amount=Decimal(amount)),
        service_hours=48,
    )


# --- What is ordered --------------------------------------------------------------------------------------------------


class Basket:
    """Chooses goods a company may see and that are there."""

    def __init__(self, goods: Sequence[Item], avoid: set[str]) -> None:
        self.goods = {item.sku: item for item in goods if item.sku not in avoid}
        self._seen: dict[frozenset[str], list[str]] = {}

    def choose(self, viewer: portal.Viewer, chance: random.Random, count: int) -> list[tuple[str, Decimal]]:
        skus = chance.sample(self._visible(viewer), count)
        return [(sku, self._quantity(self.goods[sku], chance)) for sku in skus]

    def _visible(self, viewer: portal.Viewer) -> list[str]:
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


def plans(scale: Scale, cast: Cast, basket: Basket, now: datetime, seed: int) -> list[Plan]:
    """Every order of the year, oldest first: closed ones through the year, open ones of the last days."""
    chance = random.Random(f"{seed}-orders")
    wanted = [("complete", 20 + 340 * place / max(scale.complete, 1)) for place in range(scale.complete)]
    wanted += [
        (state, chance.uniform(15, 300)) for state in CLOSED_STATES for _each in range(scale.each_state)
    ]
    for state in OPEN_STATES:
        wanted += [(state, _age(state, chance)) for _each in range(scale.each_state + 1)]
    buyers = [code for code in cast.buyers if code in cast.companies and seller_of(code)]
    found = [
        _plan(state, now - timedelta(days=days), _company(place, buyers, chance), cast, basket, now, chance)
        for place, (state, days) in enumerate(wanted)
    ]
    return sorted(found, key=lambda plan: plan.at)


def _age(state: str, chance: random.Random) -> float:
    """How many days ago an order that stands at ``state`` today was placed; some are late."""
    steps = OPEN_STATES.index(state)
    return chance.uniform(0.15, 1.1) + min(steps, 5) * chance.uniform(0.3, 1.2)


def _company(place: int, buyers: Sequence[str], chance: random.Random) -> str:
    """The demo dealer and the demo distributor order more often than others."""
    if place % 5 == 0 and DEALER in buyers:
        return DEALER
    if place % 7 == 0 and DISTRIBUTOR in buyers:
        return DISTRIBUTOR
    return chance.choice(buyers)


def _plan(
    state: str, at: datetime, company: str, cast: Cast, basket: Basket, now: datetime, chance: random.Random
) -> Plan:
    own = random.Random(chance.random())
    local = timezone.localtime(at).replace(
        hour=own.randrange(8, 18), minute=own.randrange(60), second=own.randrange(60)
    )
    viewer = cast.viewer(cast.buyers[company], company)
    lines = basket.choose(viewer, own, own.randrange(3, 9))
    at = min(local, now - timedelta(hours=own.uniform(1, 9)))
    return Plan(at, company, state, lines, now, own, moment=at)


# --- Walking ----------------------------------------------------------------------------------------------------------


def walk(plan: Plan, cast: Cast) -> str:
    """Order, and let everybody do their part as far as the plan goes; returns the order's number."""
    buyer = cast.buyers[plan.company]
    with clock_at(plan.at):
        viewer = cast.viewer(buyer, plan.company)
        lines = [ordering.LineInput(sku, quantity) for sku, quantity in plan.lines]
        ordering.add_lines(viewer=viewer, lines=lines, mode="set")
        request = ordering.SubmitRequest(
            po_number=f"{plan.company}-{plan.at:%m%d}-{plan.chance.randrange(100, 999)}",
            note=plan.chance.choice(NOTES),
            requested_on=timezone.localdate(plan.at) + timedelta(days=plan.chance.randrange(4, 14)),
        )
        plan.number = ordering.submit(viewer=viewer, cart_id=None, request=request).number
    _Walk(plan, cast).go()
    return plan.number


def walk_if_possible(plan: Plan, cast: Cast) -> bool:
    """As :func:`walk`; goods that are out by now are left out of the cart first. False: nothing was left to order."""
    with transaction.atomic():
        viewer = cast.viewer(cast.buyers[plan.company], plan.company)
        lines = [ordering.LineInput(sku, quantity) for sku, quantity in plan.lines]
        with clock_at(plan.at):
            result = ordering.add_lines(viewer=viewer, lines=lines, mode="set")
        good = {line.code for line in result.lines if line.status in ("ok", "rounded")}
        transaction.set_rollback(True)
    plan.lines = [line for line in plan.lines if line[0] in good]
    if plan.lines:
        walk(plan, cast)
    return bool(plan.lines)


class _Walk:
    """Acts on one order, each time a little later, as whoever's turn it is."""

    def __init__(self, plan: Plan, cast: Cast) -> None:
        self.plan = plan
        self.cast = cast
        self.seller = seller_of(plan.company)
        self.buyer = cast.buyers[plan.company]

    def go(self) -> None:
        state = self.plan.state
        ends: dict[str, Callable[[], None]] = {
            "submitted": lambda: None,
            "rejected": lambda: self.decide("reject", "超出本季度信用额度，请先与财务联系。"),
            "returned": lambda: self.decide("return", "请将灯带改为整卷数量。"),
            "revised": self.revise,
            "cancelled": self.cancel,
        }
        if state in ends:
            ends[state]()
            return
        self.approve_until({"approved": 1, "financed": 2}.get(state, 9))
        if state in ("approved", "financed", "released"):
            if state == "released":
                self.decide("release", at_step="release")
            return
        self.decide("release", at_step="release")
        self.send()

    def revise(self) -> None:
        """Returned for change, changed, and on its way again."""
        self.decide("return", "请补充收货联系人。")
        if self.order().status != "returned":
            return
        with clock_at(self.plan.later(4)):
            viewer = self.cast.viewer(self.buyer, self.plan.company)
            cart = ordering.revise(viewer=viewer, number=self.plan.number)
            ordering.submit(
                viewer=viewer, cart_id=cart.pk, request=ordering.SubmitRequest(note="收货联系人：仓库小吴")
            )

    def order(self) -> Any:
        model = apps.get_model("qudao_b2b_ordering", "Order")
        return model.objects.get(number=self.plan.number)

    def approve_until(self, times: int) -> None:
        for _each in range(times):
            order = self.order()
            if order.status != "open" or not order.step.endswith("approval"):
                return
            self.decide("approve")

    def decide(self, action: str, note: str = "", at_step: str = "") -> None:
        order = self.order()
        if order.status != "open" or (at_step and order.step != at_step):
            return
        with clock_at(self.plan.later(5)):
            ordering.act(viewer=self.whose_turn(order.step), number=order.number, action=action, note=note)

    def whose_turn(self, step: str) -> portal.Viewer:
        if step == "company-approval":
            return self.cast.viewer(self.cast.approvers[self.plan.company], self.plan.company)
        role = {"sales-approval": "sales", "finance-approval": "finance"}.get(step, "warehouse")
        return self.cast.viewer(self.cast.staff[self.seller, role], self.seller)

    def cancel(self) -> None:
        with clock_at(self.plan.later(3)):
            viewer = self.cast.viewer(self.buyer, self.plan.company)
            ordering.cancel(viewer=viewer, number=self.plan.number, note="客户变更方案，暂不需要。")

    def send(self) -> None:
        """Ship all or half of it, and let the buyer confirm what the plan says."""
        state = self.plan.state
        halves = state in ("part-shipped", "part-received") or self.plan.chance.random() < 0.2
        first = self.ship(half=halves)
        if state in ("part-shipped", "shipped") or not first:
            return
        if halves and state != "part-received":
            self.ship(half=False)
        self.receive(claim=state == "claimed", only=first if state == "part-received" else "")

    def ship(self, *, half: bool) -> str:
        order = self.order()
        if order.step != "shipment":
            return ""
        lines = list(order.lines.order_by("position"))
        some = lines[: max(len(lines) // 2, 1)] if half else []
        parts = [ordering.ShipLine(line.position, line.allocated) for line in some if line.allocated > 0]
        if half and not parts:
            return ""
        with clock_at(self.plan.later(14)):
            made = ordering.ship(
                viewer=self.whose_turn("shipment"),
                number=order.number,
                shipment=ordering.ShipmentInput(
                    lines=parts,
                    carrier=self.plan.chance.choice(CARRIERS),
                    tracking_number=f"LT{self.plan.chance.randrange(10**9, 10**10)}",
                ),
            )
        return str(made.number)

    def receive(self, *, claim: bool, only: str) -> None:
        claims: list[ordering.ReceiptLine] = []
        shipment = only
        if claim:
            last = self.order().shipments.order_by("pk").last()
            shipment = last.number
            line = last.lines.select_related("line").first()
            claims = [
                ordering.ReceiptLine(line.line.position, damaged=Decimal(1), note="外箱破损，一件玻璃碎裂。")
            ]
        with clock_at(self.plan.later(52)):
            viewer = self.cast.viewer(self.buyer, self.plan.company)
            ordering.confirm_receipt(viewer=viewer, number=self.plan.number, shipment=shipment, lines=claims)


# --- Before the platform ----------------------------------------------------------------------------------------------


def import_past(
    system: portal.Viewer,
    scale: Scale,
    cast: Cast,
    basket: Basket,
    prices: Mapping[str, Decimal],
    now: datetime,
    seed: int,
) -> int:
    """Orders from the old system, twelve to twenty-four months ago, through the import service."""
    chance = random.Random(f"{seed}-past")
    buyers = [code for code in cast.buyers if seller_of(code) == "LH"]
    rows = []
    for place in range(scale.past):
        code = buyers[place % len(buyers)]
        chosen = basket.choose(cast.viewer(cast.buyers[code], code), chance, chance.randrange(2, 9))
        rows.append(
            ordering.PastOrder(
                external_key=f"OLD-{place + 1:05d}",
                company=code,
                ordered_at=now - timedelta(days=725 - 360 * place / scale.past, hours=chance.uniform(0, 9)),
                lines=tuple(
                    ordering.PastLine(
                        sku, quantity, (prices[sku] * Decimal("0.86")).quantize(Decimal("0.01"))
                    )
                    for sku, quantity in chosen
                ),
                status="cancelled" if place % 23 == 22 else "complete",
            )
        )
    seller = cast.companies["LH"]
    return ordering.import_orders(actor=system, seller=seller, rows=rows).created


def people_to_sign_in() -> list[tuple[str, str]]:
    """(who, e-mail address) of the people a visitor may sign in as."""
    return [(person.who, person.email) for person in PEOPLE]
