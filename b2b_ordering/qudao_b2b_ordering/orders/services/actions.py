"""Every action on an order, for one order or for many: what pages, API and other services call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_core import contention

from ...cart.problems import suspended
from ...flow import rules as flow_rules
from .. import problems, rules
from ..models import Order, OrderTransition
from ..queries import access
from .fulfilment import close_rest
from .transitions import (
    Transition,
    apply_transition,
    current_step,
    ending,
    going_back,
    going_on,
    line_states,
    lock_order,
    returning,
)

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
    releasing move the order on and allocate stock where its flow says so; rejecting closes it and gives its stock back;
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
    transition = Transition(order, viewer, action, note.strip())
    if action in ("approve", "release"):
        apply_transition(transition, going_on(order))
    elif action == "reject":
        apply_transition(transition, ending(rules.REJECTED))
    else:
        apply_transition(transition, returning())
    return order


@transaction.atomic
def cancel(
    *, viewer: core.Viewer, number: str, note: str, revision: int | None = None, step: str | None = None
) -> Order:
    """Cancel an order, with a reason the other side reads. Its stock is free again.

    The buyer may until the point its flow names, the seller until something was shipped; an order returned for change
    may be cancelled by both.

    :raises Forbidden: ``not_yours_to_cancel``. :raises Conflict: ``order_closed``, ``too_late_to_cancel``.
    :raises Refusal: ``reason_required``.
    """
    if not note.strip():
        raise problems.reason_required()
    order = lock_order(viewer, number, revision=revision, step=step)
    _refuse_closed(order)
    mine = [side for side in flow_rules.ROLES if access.may_cancel_for(viewer, order, side)]
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
    apply_transition(Transition(order, viewer, "cancel", note.strip()), ending(rules.CANCELLED))
    return order


@transaction.atomic
def undo(*, viewer: core.Viewer, number: str, revision: int | None = None) -> Order:
    """Take back the last approval or release, by whoever gave it, within an hour and before anything was shipped.

    Stock allocated by it is released where the flow allocates on approval.

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
    step = access.flow_of(order).find(last.from_step)
    apply_transition(
        Transition(order, viewer, "undo", details={"undone": last.action}), going_back(order, step)
    )
    return order


@transaction.atomic
def add_note(*, viewer: core.Viewer, number: str, text: str) -> Order:
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
    apply_transition(Transition(order, viewer, "note", text.strip()))
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


def _undoable(viewer: core.Viewer, order: Order) -> OrderTransition | None:
    last = list(order.transitions.order_by("-at", "-pk")[:1])
    return access.undoable(viewer, order, last, any(line.shipped for line in line_states(order).values()))


@transaction.atomic
def set_external_key(
    *, viewer: core.Viewer, number: str, external_key: str, revision: int | None = None
) -> Order:
    """Keep what the seller's system calls this order. Audited; the order does not move.

    :raises Forbidden: ``not_your_side``. :raises Conflict: ``external_key_taken``, ``changed_meanwhile``.
    """
    order = lock_order(viewer, number, revision=revision)
    if flow_rules.SELLER not in access.sides(viewer, order):
        raise core.Forbidden("not_your_side", _("Only the seller can set the external key."))
    key = external_key.strip()[:80]
    if key == order.external_key:
        return order
    if key and Order.objects.filter(seller_id=order.seller_id, external_key=key).exists():
        raise core.Conflict(
            "external_key_taken", _("Another order has this external key."), field="external_key"
        )
    changes = {"external_key": [order.external_key, key]}
    order.external_key = key
    order.revision += 1
    order.save(update_fields=["external_key", "revision", "updated_at"])
    core.record(actor=viewer.user_id, instance=order, action="qudao.order.keyed", data={"changes": changes})
    return order


# --- Actions by their name -------------------------------------------------------------------------------------------


#: What somebody does to an order with nothing but a note. Shipping and receiving take more and have their own services.
ACTIONS = (*DECISIONS, "cancel", "undo", "note", "close_rest")
#: What can be done to many orders at once.
BULK_ACTIONS = (*DECISIONS, "cancel", "undo")


@dataclass(frozen=True, slots=True)
class Target:
    """One of many orders, as the person saw it."""

    number: str
    revision: int | None = None
    step: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it: the order as it is now, or what kept it from being done."""

    number: str
    order: Order | None = None
    problem: core.Problem | None = None

    @property
    def done(self) -> bool:
        return self.order is not None

    @property
    def is_busy(self) -> bool:
        """Nothing was done because others were changing the same: it may be tried again."""
        return self.problem is not None and self.problem.code == "busy"


def perform(
    *,
    viewer: core.Viewer,
    number: str,
    action: str,
    note: str = "",
    revision: int | None = None,
    step: str | None = None,
) -> Order:
    """Do one of :data:`ACTIONS`, the names that an order's ``actions`` offer. What each does, its own service says.

    :raises Refusal: ``unknown_action``, and whatever the action's service raises.
    """
    return _service(action)(viewer=viewer, target=Target(number, revision, step), note=note)


def act_on_many(
    *,
    viewer: core.Viewer,
    targets: Sequence[Target],
    action: str,
    note: str = "",
    first_time: Callable[[str], bool] | None = None,
) -> list[Outcome]:
    """Do the same to up to 200 orders, each in a transaction of its own: one that refuses does not stop the others.

    They are done in the order of their primary keys, so that two callers with the same orders do not stop each
    other; one that others hold too long answers ``busy``. An order listed twice is done once. ``first_time(number)``
    is asked in the order's transaction; where it says no, the order answers as done and nothing happens.

    :raises Refusal: ``too_many_orders``, ``no_orders``, ``unknown_action``.
    """
    if not targets:
        raise core.Refusal("no_orders", _("Select at least one order."), field="orders")
    if len(targets) > rules.MOST_AT_ONCE:
        raise core.Refusal(
            "too_many_orders",
            _("At most 200 orders at once."),
            field="orders",
            params={"given": len(targets)},
        )
    if action not in BULK_ACTIONS:
        raise _unknown_action()
    rows = access.visible(viewer).filter(number__in={target.number for target in targets})
    places = {
        number: place for place, number in enumerate(rows.order_by("pk").values_list("number", flat=True))
    }
    outcomes: dict[int, Outcome] = {}
    done: dict[str, Outcome] = {}
    for index, target in sorted(enumerate(targets), key=lambda each: places.get(each[1].number, -1)):
        outcome = done.get(target.number) or _outcome(viewer, target, action, note, first_time)
        outcomes[index] = outcome
        if outcome.done:
            done[target.number] = outcome
    return [outcomes[index] for index in range(len(targets))]


def _outcome(
    viewer: core.Viewer,
    target: Target,
    action: str,
    note: str,
    first_time: Callable[[str], bool] | None,
) -> Outcome:
    once = partial(_one_of_many, viewer, target, action, note, first_time)
    try:
        return Outcome(target.number, contention.repeat(once))
    except core.Refusal as refusal:
        return Outcome(target.number, problem=refusal.problem)


@transaction.atomic
def _one_of_many(
    viewer: core.Viewer,
    target: Target,
    action: str,
    note: str,
    first_time: Callable[[str], bool] | None,
) -> Order:
    if first_time is not None and not first_time(target.number):
        return access.get_order(viewer, target.number)
    return _service(action)(viewer=viewer, target=target, note=note)


def _service(action: str) -> Callable[..., Order]:
    if action in DECISIONS:
        return partial(_act, action)
    if action not in _SERVICES:
        raise _unknown_action()
    return _SERVICES[action]


def _act(action: str, *, viewer: core.Viewer, target: Target, note: str) -> Order:
    return act(
        viewer=viewer,
        number=target.number,
        action=action,
        note=note,
        revision=target.revision,
        step=target.step,
    )


def _cancel(*, viewer: core.Viewer, target: Target, note: str) -> Order:
    return cancel(viewer=viewer, number=target.number, note=note, revision=target.revision, step=target.step)


def _undo(*, viewer: core.Viewer, target: Target, note: str) -> Order:
    return undo(viewer=viewer, number=target.number, revision=target.revision)


def _note(*, viewer: core.Viewer, target: Target, note: str) -> Order:
    return add_note(viewer=viewer, number=target.number, text=note)


def _close_rest(*, viewer: core.Viewer, target: Target, note: str) -> Order:
    return close_rest(viewer=viewer, number=target.number, note=note, revision=target.revision)


_SERVICES: Mapping[str, Callable[..., Order]] = {
    "cancel": _cancel,
    "undo": _undo,
    "note": _note,
    "close_rest": _close_rest,
}


def _unknown_action() -> core.Refusal:
    return core.Refusal(
        "unknown_action",
        _("There is no such action on an order."),
        field="action",
        status=400,
        params={"actions": list(ACTIONS)},
    )
