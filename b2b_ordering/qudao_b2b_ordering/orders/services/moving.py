"""Move an order along its flow. The one place that writes transitions, audit entries and events of an order."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core

from ... import signals
from ...flow import rules as flow_rules
from .. import rules
from ..models import Order, OrderTransition
from ..queries import access
from .goods import promise_stock, ship_everything
from .last_prices import settle_confirmation
from .numbers import number_order

TOPICS = {
    "submit": "order.submitted",
    "approve": "order.approved",
    "release": "order.released",
    "ship": "order.shipped",
    "receive": "order.received",
    "reject": "order.rejected",
    "return": "order.returned",
    "cancel": "order.cancelled",
    "complete": "order.completed",
    "undo": "order.undone",
    "note": "order.noted",
}


@dataclass
class Move:
    """One thing that somebody does to a locked order, as it will be written down. ``details`` is JSON."""

    order: Order
    viewer: core.Viewer
    action: str
    note: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def lock_order(
    viewer: core.Viewer, number: str, *, revision: int | None = None, step: str | None = None
) -> Order:
    """The order, locked until the transaction ends, if it is still as the caller saw it.

    :raises NotFound: ``order_not_found``.
    :raises Outdated: ``changed_meanwhile`` (another revision), ``moved_on`` (it waits at another step).
    """
    rows = access.visible(viewer).select_for_update(of=("self",)).select_related("flow", "company", "seller")
    order = rows.filter(number=number).first()
    if order is None:
        raise access.order_not_found()
    if revision is not None and order.revision != revision:
        raise core.Outdated(
            "changed_meanwhile",
            _("The order has changed in the meantime."),
            remedy=_("Review it again before you decide."),
            params={"revision": order.revision},
        )
    if step is not None and order.step != step:
        raise core.Conflict(
            "moved_on", _("The order is no longer at this step."), params={"step": order.step}
        )
    return order


def current_step(order: Order) -> flow_rules.Step | None:
    return access.flow_of(order).find(order.step) if order.step else None


def advance(move: Move) -> None:
    """Go on to the next step that applies, or complete the order; write everything down."""
    order = move.order
    flow, facts = access.flow_of(order), access.facts_of(order)
    following = flow_rules.next_step(flow, facts, order.step)
    go_to(move, following)


def go_to(move: Move, following: flow_rules.Step | None, *, submitted: bool = False) -> None:
    """Let the order arrive at ``following`` (``None``: its end). Promises stock where the flow says it is time."""
    order = move.order
    flow, facts = access.flow_of(order), access.facts_of(order)
    if flow_rules.allocates_before(flow, facts, following, submitted=submitted):
        promise_stock(order, move.viewer)
    if flow_rules.ships_itself(flow, facts, following):
        ship_everything(move.viewer, order)
    number_order(order)
    settle_confirmation(order, confirmed=flow_rules.is_confirmed(flow, facts, following))
    left = order.step
    _arrive(order, following)
    write(move, from_step=left)
    if following is None:
        write(Move(order, move.viewer, "complete"), first=False)


def _arrive(order: Order, step: flow_rules.Step | None) -> None:
    now = timezone.now()
    order.step = step.code if step else ""
    order.step_since = now if step else None
    order.step_due = flow_rules.due_at(step, now) if step else None
    if step is None:
        close(order, rules.COMPLETE)
    else:
        order.status = rules.OPEN


def close(order: Order, status: str) -> None:
    order.status, order.closed_at = status, timezone.now()
    order.step, order.step_since, order.step_due = "", None, None


def write(move: Move, *, from_step: str = "", first: bool = True) -> OrderTransition:
    """Save the order at its next revision, with a transition row, an audit entry and an outbox event."""
    order, viewer = move.order, move.viewer
    if first:
        order.revision += 1 if move.action != "submit" or order.revision > 1 else 0
    order.save(update_fields=_CHANGING)
    transition = OrderTransition.objects.create(
        order=order,
        at=timezone.now(),
        actor_id=viewer.user_id,
        actor_name=viewer.user_name[:160],
        actor_company=viewer.company_name[:200],
        action=move.action,
        from_step=from_step,
        to_step=order.step,
        note=move.note[: rules.MOST_NOTE],
        details=move.details,
    )
    _tell(move, transition)
    return transition


_CHANGING = [
    "number",
    "status",
    "step",
    "step_since",
    "step_due",
    "revision",
    "confirmed_at",
    "closed_at",
    "updated_at",
]


def _tell(move: Move, transition: OrderTransition) -> None:
    order, topic = move.order, TOPICS[move.action]
    core.record(
        actor=move.viewer.user_id,
        instance=order,
        action=f"qudao.{topic}",
        data={"note": transition.note, "changes": _step_change(transition)},
    )
    core.emit(
        topic,
        aggregate=f"order:{order.pk}",
        payload={
            "order_id": order.pk,
            "number": order.number,
            "transition_id": transition.pk,
            "company_id": order.company_id,
            "seller_id": order.seller_id,
            "status": order.status,
            "step": order.step,
            "actor_id": move.viewer.user_id,
        },
    )
    transaction.on_commit(
        partial(signals.order_changed.send_robust, Order, order_id=order.pk, action=move.action, topic=topic)
    )


def _step_change(transition: OrderTransition) -> dict[str, list[str]]:
    if transition.from_step == transition.to_step:
        return {}
    return {"step": [transition.from_step, transition.to_step]}
