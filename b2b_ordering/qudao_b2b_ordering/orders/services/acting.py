"""Approve, reject, return, release, cancel, undo, comment."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core

from ...cart.problems import suspended
from ...flow import rules as flow_rules
from .. import problems, rules
from ..models import Order, OrderTransition
from ..queries import access
from .goods import line_states, release_stock
from .last_prices import settle_confirmation
from .moving import Move, advance, close, current_step, lock_order, write

DECISIONS = ("approve", "release", "reject", "return")


@transaction.atomic
def act(
    *,
    viewer: core.Viewer,
    number: str,
    action: str,
    note: str = "",
    revision: int | None = None,
    step: str | None = None,
) -> Order:
    """Decide about an order at the step it waits at: ``approve``, ``release``, ``reject`` or ``return``.

    ``revision`` or ``step`` (what the person saw) keep a repeated click from deciding the next step too. Approving and
    releasing move the order on and promise stock where its flow says so; rejecting closes it and gives its stock back;
    returning lets the buyer change it, with its stock kept. Writes transition, audit entry and event.

    :raises NotFound: ``order_not_found``. :raises Forbidden: ``not_your_step``.
    :raises Conflict: ``changed_meanwhile``, ``moved_on``, ``order_closed``, ``wrong_action``.
    :raises Refusal: ``unknown_action``, ``reason_required``, ``not_enough_stock``.
    """
    if action == "cancel":
        return cancel(viewer=viewer, number=number, note=note, revision=revision, step=step)
    if action not in DECISIONS:
        raise core.Refusal(
            "unknown_action",
            _("An order can be approved, released, returned, rejected or cancelled."),
            field="action",
            status=400,
        )
    if action in flow_rules.NEEDS_REASON and not note.strip():
        raise problems.reason_required()
    order = lock_order(viewer, number, revision=revision, step=step)
    _refuse_unless_due(viewer, order, action)
    move = Move(order, viewer, action, note.strip())
    if action in ("approve", "release"):
        advance(move)
    elif action == "reject":
        _end(move, rules.REJECTED)
    else:
        _give_back(move)
    return order


@transaction.atomic
def cancel(
    *, viewer: core.Viewer, number: str, note: str, revision: int | None = None, step: str | None = None
) -> Order:
    """Call an order off, with a reason the other side reads. Its stock is free again.

    The buyer may until the point its flow names, the seller until something was shipped; an order returned for change
    may be cancelled by both.

    :raises Forbidden: ``not_yours_to_cancel``. :raises Conflict: ``order_closed``, ``too_late_to_cancel``.
    :raises Refusal: ``reason_required``.
    """
    if not note.strip():
        raise problems.reason_required()
    order = lock_order(viewer, number, revision=revision, step=step)
    _refuse_closed(order)
    mine = [side for side in flow_rules.ROLES if access.may_call_off(viewer, order, side)]
    if not mine:
        raise core.Forbidden(
            "not_yours_to_cancel",
            _("Only a buyer of the company or the seller's sales staff can cancel an order."),
        )
    shipped = order.shipments.exists()
    if not any(access.may_cancel(order, side, shipped=shipped) for side in mine):
        raise core.Conflict(
            "too_late_to_cancel",
            _("It is too late to cancel this order."),
            remedy=_("Ask your sales contact."),
        )
    _end(Move(order, viewer, "cancel", note.strip()), rules.CANCELLED)
    return order


@transaction.atomic
def undo(*, viewer: core.Viewer, number: str, revision: int | None = None) -> Order:
    """Take back the last approval or release, by whoever gave it, within an hour and before anything was shipped.

    Stock promised by it is given back where the flow promises it on approval.

    :raises Conflict: ``nothing_to_undo``, ``changed_meanwhile``.
    """
    order = lock_order(viewer, number, revision=revision)
    last = _undoable(viewer, order)
    if last is None:
        raise core.Conflict(
            "nothing_to_undo",
            _("There is nothing you can undo."),
            remedy=_(
                "An approval or release can be undone within one hour, unless something else has happened since."
            ),
        )
    flow, facts = access.flow_of(order), access.facts_of(order)
    step = flow.find(last.from_step)
    if not flow_rules.allocates_before(flow, facts, step, submitted=True):
        release_stock(order)
    settle_confirmation(order, confirmed=flow_rules.is_confirmed(flow, facts, step))
    left, now = order.step, timezone.now()
    order.step, order.step_since = last.from_step, now
    order.step_due = flow_rules.due_at(step, now) if step else None
    write(Move(order, viewer, "undo", details={"undone": last.action}), from_step=left)
    return order


@transaction.atomic
def note(*, viewer: core.Viewer, number: str, text: str) -> Order:
    """Add a comment that both sides read.

    :raises Forbidden: ``may_not_comment``. :raises Refusal: ``note_required``, ``note_too_long``.
    """
    if not text.strip():
        raise core.Refusal("note_required", _("Enter some text first."), field="note")
    if len(text) > rules.MOST_NOTE:
        raise core.Refusal("note_too_long", _("A note can have at most 2,000 characters."), field="note")
    order = lock_order(viewer, number)
    if not access.sides(viewer, order):
        raise core.Forbidden("may_not_comment", _("You can read this order, but not comment on it."))
    write(Move(order, viewer, "note", text.strip()), from_step=order.step)
    return order


def _refuse_unless_due(viewer: core.Viewer, order: Order, action: str) -> None:
    _refuse_closed(order)
    step = current_step(order)
    if step is None or order.status != rules.OPEN:
        raise core.Conflict(
            "with_the_buyer", _("Order %(number)s was returned for changes.") % {"number": order.number}
        )
    if action not in step.actions:
        raise core.Conflict(
            "wrong_action",
            _("This is not possible at the order's current step."),
            params={"step": step.code, "actions": list(step.actions)},
        )
    if not access.may_do(viewer, order, step):
        raise problems.not_your_step(step)
    if action == "approve" and access.is_held(viewer, order):
        held = suspended(viewer.company_name)
        raise core.Refusal(held.code, held.message, remedy=held.remedy)


def _refuse_closed(order: Order) -> None:
    if order.status not in (rules.OPEN, rules.RETURNED):
        raise core.Conflict(
            "order_closed",
            _("Order %(number)s is closed.") % {"number": order.number},
            params={"status": order.status},
        )


def _end(move: Move, status: str) -> None:
    """Close the order without its goods: what was promised to it is free again."""
    left = move.order.step
    release_stock(move.order)
    settle_confirmation(move.order, confirmed=False)
    close(move.order, status)
    write(move, from_step=left)


def _give_back(move: Move) -> None:
    """To the buyer for change. What was promised stays promised until the order is changed or cancelled."""
    order, left = move.order, move.order.step
    settle_confirmation(order, confirmed=False)
    order.status, order.step, order.step_due = rules.RETURNED, "", None
    order.step_since = timezone.now()
    write(move, from_step=left)


def _undoable(viewer: core.Viewer, order: Order) -> OrderTransition | None:
    last = list(order.transitions.order_by("-at", "-pk")[:1])
    return access.undoable(viewer, order, last, any(line.shipped for line in line_states(order).values()))
