"""The order flow in plain values: which step comes next, who may do it, until when, and what may still be cancelled.

An order starts at the first step that applies to it and walks forward only; when no step is left it is complete.
Submission and completion are not steps: they are the two ends of every flow.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

#: The states of an order.
OPEN, RETURNED, REJECTED, CANCELLED, COMPLETE = "open", "returned", "rejected", "cancelled", "complete"
APPROVAL, RELEASE, SHIPMENT, RECEIPT = "approval", "release", "shipment", "receipt"
KINDS = (APPROVAL, RELEASE, SHIPMENT, RECEIPT)
SELLER, BUYER = "seller", "buyer"
#: Roles that can be bound to a step, by the side that does it. An administrator of the company may do every step.
ROLES: Mapping[str, tuple[str, ...]] = {
    SELLER: ("sales", "finance", "warehouse", "approver", "admin"),
    BUYER: ("buyer", "approver", "finance", "admin"),
}
#: The side that must do a kind of step; approvals may be asked of either.
SIDE_OF_KIND: Mapping[str, str] = {RELEASE: SELLER, SHIPMENT: SELLER, RECEIPT: BUYER}
ACTIONS: Mapping[str, tuple[str, ...]] = {
    APPROVAL: ("approve", "return", "reject"),
    RELEASE: ("release", "return"),
    SHIPMENT: ("ship",),
    RECEIPT: ("receive",),
}
#: Actions that say no; they need a reason the other side can read.
NEEDS_REASON = frozenset({"return", "reject", "cancel"})
ON_SUBMISSION, ON_APPROVAL = "submission", "approval"
MAX_STEPS = 30


@dataclass(frozen=True, slots=True)
class Condition:
    """When a step applies; everything named must hold. Empty: always.

    ``min_amount`` is gross and inclusive; ``lines`` are codes of product lines, one of which must be on the order.
    """

    min_amount: Decimal | None = None
    only_over_credit: bool = False
    lines: frozenset[str] = frozenset()

    @property
    def is_always(self) -> bool:
        return self.min_amount is None and not self.only_over_credit and not self.lines

    def holds(self, facts: Facts) -> bool:
        if self.min_amount is not None and facts.amount < self.min_amount:
            return False
        if self.only_over_credit and not facts.over_credit:
            return False
        return not self.lines or not self.lines.isdisjoint(facts.lines)


ALWAYS = Condition()


@dataclass(frozen=True, slots=True)
class Facts:
    """What conditions are read from: the order's gross amount, whether it exceeds the credit, its product lines."""

    amount: Decimal
    over_credit: bool = False
    lines: frozenset[str] = frozenset()

    def as_data(self) -> dict[str, Any]:
        return {
            "amount": str(self.amount),
            "over_credit": self.over_credit,
            "lines": sorted(self.lines),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any], *, amount: Decimal) -> Facts:
        """Facts as they were kept with an order; ``amount`` stands in where none was kept."""
        return cls(
            Decimal(data["amount"]) if "amount" in data else amount,
            bool(data.get("over_credit", False)),
            frozenset(data.get("lines", ())),
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One step: ``kind`` is the fact it brings about, ``side`` and ``role`` say who does it."""

    code: str
    name: str
    kind: str
    side: str
    role: str
    name_zh: str = ""
    enabled: bool = True
    condition: Condition = field(default_factory=Condition)
    service_hours: int | None = None

    def label(self, language: str) -> str:
        return self.name_zh if language.startswith("zh") and self.name_zh else self.name

    def applies(self, facts: Facts) -> bool:
        return self.enabled and (self.condition == ALWAYS or self.condition.holds(facts))

    @property
    def actions(self) -> tuple[str, ...]:
        return ACTIONS.get(self.kind, ())


@dataclass(frozen=True, slots=True)
class Flow:
    steps: tuple[Step, ...]
    allocate_on: str = ON_SUBMISSION
    buyer_may_cancel_until: str = RELEASE
    auto_receive_days: int | None = None

    def find(self, code: str) -> Step | None:
        for step in self.steps:
            if step.code == code:
                return step
        return None


def first_step(flow: Flow, facts: Facts) -> Step | None:
    """Where an order with these facts starts; ``None`` when it is complete at once."""
    return next((step for step in flow.steps if step.applies(facts)), None)


def next_step(flow: Flow, facts: Facts, after: str) -> Step | None:
    """The step that follows ``after``, skipping what is off or does not apply; ``None``: the order is complete.

    :raises ValueError: the flow has no step ``after``.
    """
    return next((step for step in _following(flow, after) if step.applies(facts)), None)


def path(flow: Flow, facts: Facts) -> tuple[Step, ...]:
    """Every step an order with these facts walks, in order."""
    return tuple([step for step in flow.steps if step.applies(facts)])


def remaining(flow: Flow, facts: Facts, at: str) -> tuple[Step, ...]:
    """The step the order waits at and what comes after it. ``at`` counts even if it would not apply any more."""
    here = flow.find(at)
    if here is None:
        return ()
    return (here, *[step for step in _following(flow, at) if step.applies(facts)])


def _following(flow: Flow, after: str) -> tuple[Step, ...]:
    for index, step in enumerate(flow.steps):
        if step.code == after:
            return flow.steps[index + 1 :]
    raise ValueError(f"the flow has no step {after!r}")


def may_act(step: Step, *, sides: Collection[str], roles: Collection[str]) -> bool:
    """Whether somebody standing on ``sides`` with ``roles`` in the company may do ``step``."""
    return step.side in sides and ("admin" in roles or step.role in roles)


def due_at(step: Step, since: datetime) -> datetime | None:
    """When the step should be done; ``None`` where none is set. Hours run through, day and night."""
    return since + timedelta(hours=step.service_hours) if step.service_hours else None


def allocates_at_submission(flow: Flow, facts: Facts) -> bool:
    """Whether stock is allocated when the order is submitted: by setting, or because nothing is left to approve."""
    return allocates_before(flow, facts, first_step(flow, facts), submitted=True)


def allocates_before(flow: Flow, facts: Facts, step: Step | None, *, submitted: bool = False) -> bool:
    """Whether stock must be allocated before the order goes to ``step`` (``None``: to its end)."""
    if submitted and flow.allocate_on == ON_SUBMISSION:
        return True
    return is_confirmed(flow, facts, step)


def is_confirmed(flow: Flow, facts: Facts, step: Step | None) -> bool:
    """Whether an order that waits at ``step`` (``None``: its end) needs no approval any more."""
    ahead = () if step is None else remaining(flow, facts, step.code)
    return APPROVAL not in [each.kind for each in ahead]


def may_cancel(flow: Flow, facts: Facts, at: str, *, side: str, shipped: bool) -> bool:
    """Whether ``side`` may still cancel the order while it waits ``at`` a step.

    Nobody may once something was shipped. The seller may until then; the buyer until the point the flow names.
    Where the order has no step of that kind, the next later kind on its way is the point.
    """
    if shipped:
        return False
    if side == SELLER:
        return True
    later_kinds = KINDS[KINDS.index(flow.buyer_may_cancel_until) :]
    way = path(flow, facts)
    codes = [step.code for step in way]
    for kind in later_kinds:
        for step in way:
            if step.kind == kind:
                return at in codes and codes.index(at) <= codes.index(step.code)
    return False


def ships_itself(flow: Flow, facts: Facts, to: Step | None) -> bool:
    """Whether going to ``to`` (``None``: the end) means the goods left although no step of the flow ships them."""
    if to is not None and to.kind != RECEIPT:
        return False
    return all(step.kind != SHIPMENT for step in path(flow, facts))


def may_receive(flow: Flow) -> bool:
    """Whether any order of this flow is received by its buyer."""
    return any(step.enabled and step.kind == RECEIPT for step in flow.steps)


def awaits_receipt(flow: Flow, facts: Facts) -> bool:
    """Whether the buyer confirms what arrives."""
    return any(step.kind == RECEIPT for step in path(flow, facts))


# --- A flow as a kept value --------------------------------------------------------------------------------------


def as_data(flow: Flow) -> dict[str, Any]:
    """The definition as JSON; equal flows give equal data."""
    return {
        "allocate_on": flow.allocate_on,
        "buyer_may_cancel_until": flow.buyer_may_cancel_until,
        "auto_receive_days": flow.auto_receive_days,
        "steps": [_step_data(step) for step in flow.steps],
    }


def from_data(data: Mapping[str, Any]) -> Flow:
    """The flow that :func:`as_data` wrote."""
    return Flow(
        tuple([_step(each) for each in data.get("steps", ())]),
        data.get("allocate_on", ON_SUBMISSION),
        data.get("buyer_may_cancel_until", RELEASE),
        data.get("auto_receive_days"),
    )


def _step_data(step: Step) -> dict[str, Any]:
    condition = step.condition
    return {
        "code": step.code,
        "name": step.name,
        "name_zh": step.name_zh,
        "kind": step.kind,
        "side": step.side,
        "role": step.role,
        "enabled": step.enabled,
        "min_amount": None if condition.min_amount is None else format(condition.min_amount, "f"),
        "only_over_credit": condition.only_over_credit,
        "lines": sorted(condition.lines),
        "service_hours": step.service_hours,
    }


def _step(data: Mapping[str, Any]) -> Step:
    amount = data.get("min_amount")
    condition = Condition(
        None if amount is None else Decimal(amount),
        bool(data.get("only_over_credit", False)),
        frozenset(data.get("lines", ())),
    )
    return Step(
        code=data["code"],
        name=data["name"],
        name_zh=data.get("name_zh", ""),
        kind=data["kind"],
        side=data["side"],
        role=data["role"],
        enabled=bool(data.get("enabled", True)),
        condition=condition,
        service_hours=data.get("service_hours"),
    )


# --- What a flow must not be -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FlowIssue:
    """What is wrong with a flow. ``step`` counts from 0, ``None``: the flow as a whole. ``params`` fill the words."""

    code: str
    step: int | None = None
    field: str = ""
    params: tuple[tuple[str, str], ...] = ()


def check(flow: Flow) -> tuple[FlowIssue, ...]:
    """Everything that would make the flow impossible to walk, so that saving can say all of it at once."""
    issues: list[FlowIssue] = []
    if len(flow.steps) > MAX_STEPS:
        issues.append(FlowIssue("too_many_steps"))
    if flow.buyer_may_cancel_until not in (APPROVAL, RELEASE, SHIPMENT):
        issues.append(FlowIssue("unknown_cancel_point", field="buyer_may_cancel_until"))
    if flow.allocate_on not in (ON_SUBMISSION, ON_APPROVAL):
        issues.append(FlowIssue("unknown_allocation", field="allocate_on"))
    for index, step in enumerate(flow.steps):
        issues += _check_step(index, step)
    return (*issues, *_check_codes(flow.steps), *_check_order(flow.steps))


def _check_step(index: int, step: Step) -> Iterable[FlowIssue]:
    if not step.code:
        yield FlowIssue("code_missing", index, "code")
    if not step.name:
        yield FlowIssue("name_missing", index, "name")
    if step.kind not in KINDS:
        yield FlowIssue("unknown_kind", index, "kind")
    elif SIDE_OF_KIND.get(step.kind, step.side) != step.side:
        yield FlowIssue("wrong_side", index, "side", (("side", SIDE_OF_KIND[step.kind]),))
    if step.side not in ROLES:
        yield FlowIssue("unknown_side", index, "side")
    elif step.role not in ROLES[step.side]:
        yield FlowIssue("wrong_role", index, "role", (("roles", ", ".join(ROLES[step.side])),))
    if step.condition.min_amount is not None and step.condition.min_amount < 0:
        yield FlowIssue("negative_amount", index, "min_amount")
    if step.service_hours is not None and step.service_hours < 1:
        yield FlowIssue("no_time", index, "service_hours")


def _check_codes(steps: tuple[Step, ...]) -> Iterable[FlowIssue]:
    seen: set[str] = set()
    for index, step in enumerate(steps):
        if step.code and step.code in seen:
            yield FlowIssue("code_twice", index, "code")
        seen.add(step.code)


def _check_order(steps: tuple[Step, ...]) -> Iterable[FlowIssue]:
    """At most one release, shipment and receipt that is on; each kind after the kinds before it in :data:`KINDS`."""
    last, seen = -1, set()
    for index, step in enumerate(steps):
        if not step.enabled or step.kind not in KINDS:
            continue
        rank = KINDS.index(step.kind)
        if step.kind != APPROVAL and step.kind in seen:
            yield FlowIssue("kind_twice", index, "kind")
        elif rank < last:
            yield FlowIssue("wrong_order", index, "kind", (("before", KINDS[last]),))
        last = max(last, rank)
        seen.add(step.kind)


DEFAULT = Flow(
    (
        Step("sales-approval", "Sales approval", APPROVAL, SELLER, "sales", "供货方审批", service_hours=24),
        Step(
            "finance-approval", "Finance approval", APPROVAL, SELLER, "finance", "财务审批", service_hours=24
        ),
        Step("release", "Release to warehouse", RELEASE, SELLER, "warehouse", "出库", service_hours=24),
        Step("shipment", "Shipment", SHIPMENT, SELLER, "warehouse", "发货", service_hours=48),
        Step("receipt", "Receipt", RECEIPT, BUYER, "buyer", "收货", service_hours=24 * 14),
    ),
    auto_receive_days=30,
)
