"""Every action on an order by its name, for one order or for many: what pages, API and other services call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_core import contention

from .. import rules
from ..models import Order
from ..queries import access
from .acting import DECISIONS, act, cancel, undo
from .acting import note as add_note
from .shipping import close_rest

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
