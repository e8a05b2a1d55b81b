"""One order's way through the real services, with the clock set back: who acts, when, and how far it gets."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from qudao_b2b_ordering import api as ordering
from qudao_core import api as core

from .channel import Channel, Orders
from .clock import clock_at


@dataclass(slots=True)
class Actors:
    """Who acts: buyers by company, staff by seller and role."""

    buyers: dict[str, Any]
    approvers: dict[str, Any]
    staff: dict[tuple[str, str], Any]
    companies: Mapping[str, Any]
    channel: Channel

    @property
    def orders(self) -> Orders:
        return self.channel.trade.orders

    def seller_of(self, code: str) -> str:
        """The code of the company that ``code`` buys from: the nearest one above that sells."""
        firms = {firm.code: firm for firm in self.channel.firms}
        above = firms[code].parent
        while above and not firms[above].sells:
            above = firms[above].parent
        return above

    def viewer(self, user: Any, code: str) -> core.Viewer:
        return core.viewer_for(user, company_id=self.companies[code].pk, language=user.language or "zh-hans")


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


def walk(plan: Plan, actors: Actors) -> str:
    """Order, and let everybody do their part as far as the plan goes; returns the order's number."""
    buyer = actors.buyers[plan.company]
    with clock_at(plan.at):
        viewer = actors.viewer(buyer, plan.company)
        lines = [ordering.LineInput(sku, quantity) for sku, quantity in plan.lines]
        ordering.add_lines(viewer=viewer, lines=lines, mode="set")
        request = ordering.SubmitRequest(
            po_number=f"{plan.company}-{plan.at:%m%d}-{plan.chance.randrange(100, 999)}",
            note=plan.chance.choice(actors.orders.said.order),
            requested_on=timezone.localdate(plan.at) + timedelta(days=plan.chance.randrange(4, 14)),
        )
        plan.number = ordering.submit(viewer=viewer, cart_id=None, request=request).number
    _Walk(plan, actors).go()
    return plan.number


def walk_if_possible(plan: Plan, actors: Actors) -> bool:
    """As :func:`walk`; goods that are out by now are left out of the cart first. False: nothing was left to order."""
    with transaction.atomic():
        viewer = actors.viewer(actors.buyers[plan.company], plan.company)
        lines = [ordering.LineInput(sku, quantity) for sku, quantity in plan.lines]
        with clock_at(plan.at):
            result = ordering.add_lines(viewer=viewer, lines=lines, mode="set")
        good = {line.code for line in result.lines if line.status in ("ok", "rounded")}
        transaction.set_rollback(True)
    plan.lines = [line for line in plan.lines if line[0] in good]
    if plan.lines:
        walk(plan, actors)
    return bool(plan.lines)


class _Walk:
    """Acts on one order, each time a little later, as whoever's turn it is."""

    def __init__(self, plan: Plan, actors: Actors) -> None:
        self.plan = plan
        self.actors = actors
        self.seller = actors.seller_of(plan.company)
        self.said = actors.orders.said
        self.buyer = actors.buyers[plan.company]

    def go(self) -> None:
        state = self.plan.state
        ends: dict[str, Callable[[], None]] = {
            "submitted": lambda: None,
            "rejected": lambda: self.decide("reject", self.said.reject, at="approval"),
            "returned": lambda: self.decide("return", self.said.return_lines, at="approval"),
            "revised": self.revise,
            "cancelled": self.cancel,
        }
        if state in ends:
            ends[state]()
            return
        self.approve_until({"approved": 1, "financed": 2}.get(state, 9))
        if state in ("approved", "financed", "released"):
            if state == "released":
                self.decide("release", at="release")
            return
        self.decide("release", at="release")
        self.send()

    def revise(self) -> None:
        """Returned for change, changed, and on its way again."""
        self.decide("return", self.said.return_contact, at="approval")
        if self.order().status != "returned":
            return
        with clock_at(self.plan.later(4)):
            viewer = self.actors.viewer(self.buyer, self.plan.company)
            cart = ordering.revise(viewer=viewer, number=self.plan.number)
            ordering.submit(
                viewer=viewer, cart_id=cart.pk, request=ordering.SubmitRequest(note=self.said.revised)
            )

    def order(self) -> Any:
        model = apps.get_model("qudao_b2b_ordering", "Order")
        return model.objects.get(number=self.plan.number)

    def approve_until(self, times: int) -> None:
        for _each in range(times):
            order = self.order()
            if order.status != "open" or self.kind_of(order.step) != "approval":
                return
            self.decide("approve")

    def decide(self, action: str, note: str = "", at: str = "") -> None:
        """Act, if the order waits for somebody, and for a step of the kind ``at``."""
        order = self.order()
        if order.status != "open" or (at and self.kind_of(order.step) != at):
            return
        with clock_at(self.plan.later(5)):
            ordering.act(viewer=self.whose_turn(order.step), number=order.number, action=action, note=note)

    def kind_of(self, step: str) -> str:
        known = self.actors.channel.trade.steps.get(step)
        return known.kind if known else ""

    def whose_turn(self, step: str) -> core.Viewer:
        wanted = self.actors.channel.trade.steps[step]
        if wanted.side == "buyer":
            return self.actors.viewer(self.actors.approvers[self.plan.company], self.plan.company)
        role = wanted.role
        return self.actors.viewer(self.actors.staff[self.seller, role], self.seller)

    def cancel(self) -> None:
        with clock_at(self.plan.later(3)):
            viewer = self.actors.viewer(self.buyer, self.plan.company)
            ordering.cancel(viewer=viewer, number=self.plan.number, note=self.said.cancel)

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
        if self.kind_of(order.step) != "shipment":
            return ""
        lines = list(order.lines.order_by("position"))
        some = lines[: max(len(lines) // 2, 1)] if half else []
        parts = [ordering.ShipLine(line.position, line.allocated) for line in some if line.allocated > 0]
        if half and not parts:
            return ""
        with clock_at(self.plan.later(14)):
            made = ordering.ship(
                viewer=self.whose_turn(order.step),
                number=order.number,
                shipment=ordering.ShipmentInput(
                    lines=parts,
                    carrier=self.plan.chance.choice(self.actors.orders.carriers),
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
            claims = [ordering.ReceiptLine(line.line.position, damaged=Decimal(1), note=self.said.damaged)]
        with clock_at(self.plan.later(52)):
            viewer = self.actors.viewer(self.buyer, self.plan.company)
            ordering.confirm_receipt(viewer=viewer, number=self.plan.number, shipment=shipment, lines=claims)
