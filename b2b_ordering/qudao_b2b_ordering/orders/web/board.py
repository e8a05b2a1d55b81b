"""The seller's board: what waits at which step, and deciding about many orders at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from qudao_core import api as core
from qudao_core.pages import Page

from ...flow import rules as flow_rules
from ...flow.words import role_label
from .. import queries, services
from ..queries import Card, Column
from . import said

#: The way forward at a kind of step that many orders can take at once.
FORWARD = {flow_rules.APPROVAL: "approve", flow_rules.RELEASE: "release"}
#: What may be taken back, and of how many orders at once.
UNDOABLE, MOST_UNDONE = ("approve", "release", "forward"), 50


class BoardPage(Page):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(request, [], undoable=request.GET.get("done", "").split(",")[:MOST_UNDONE])

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do the same to every selected order; those that refuse are named and stay as they are."""
        action = request.POST.get("action", "")
        picked = [_picked(value) for value in request.POST.getlist("order")]
        try:
            outcomes = list(self._act(picked, action, request.POST.get(f"{action}_note", "")))
        except core.Refusal as refusal:
            return self._show(request, [_entry("", refusal.problem)])
        done = [outcome.number for outcome in outcomes if outcome.done]
        if done:
            messages.success(request, said.many_done(action, done))
        failed = [_entry(each.number, each.problem) for each in outcomes if each.problem]
        if failed:
            return self._show(request, failed, undoable=done if action in UNDOABLE else ())
        address = reverse("ordering:board")
        if done and action in UNDOABLE:
            address += "?" + urlencode({"done": ",".join(done[:MOST_UNDONE])})
        return redirect(address)

    def _act(
        self, picked: list[tuple[str, services.Target]], action: str, note: str
    ) -> Iterable[services.Outcome]:
        """``forward`` is whatever moves each order on: an approval or a release."""
        if action != "forward":
            yield from services.act_on_many(
                viewer=self.viewer, targets=[target for _kind, target in picked], action=action, note=note
            )
            return
        by_verb = {
            verb: [target for kind, target in picked if FORWARD.get(kind) == verb]
            for verb in FORWARD.values()
        }
        if not any(by_verb.values()):
            raise core.Refusal("no_orders", _("Select at least one order that can be approved or released."))
        for verb, targets in by_verb.items():
            if targets:
                yield from services.act_on_many(viewer=self.viewer, targets=targets, action=verb)

    def _show(
        self, request: HttpRequest, failed: list[dict[str, Any]], undoable: Sequence[str] = ()
    ) -> HttpResponse:
        """The board; ``undoable`` are orders just moved on, of which those that may be taken back are offered."""
        board = queries.board(self.viewer)
        context = {
            "viewer": self.viewer,
            "columns": [_column(column) for column in board.columns] if board.count else [],
            "may": _verbs(board.columns),
            "failed": failed,
            "undo": queries.to_undo(self.viewer, undoable),
        }
        return render(request, "qudao_b2b_ordering/board/page.html", context, status=422 if failed else 200)


def _verbs(columns: Iterable[Column]) -> set[str]:
    """What the person may do to some of the cards that can be selected: nobody is offered what no step here knows."""
    kinds = {column.kind for column in columns if column.may_act} & FORWARD.keys()
    return {verb for kind in kinds for verb in flow_rules.ACTIONS[kind]}


def _picked(value: str) -> tuple[str, services.Target]:
    """``<kind>:<step>:<revision>:<number>`` as the board wrote it; anything else names an order nobody finds."""
    kind, _first, rest = value.partition(":")
    step, _second, rest = rest.partition(":")
    revision, _third, number = rest.partition(":")
    read = int(revision) if revision.isascii() and revision.isdigit() else None
    return kind, services.Target(number or value, revision=read, step=step or None)


def _column(column: Column) -> dict[str, Any]:
    return {
        "code": column.code,
        "label": column.name,
        "is_empty": not column.count,
        "who": role_label(column.role),
        "count": column.count,
        "late": column.late,
        "amounts": column.amounts,
        "cards": [_card(column, card) for card in column.cards],
        "more": column.more,
        "more_href": f"{reverse('ordering:sales-orders')}?{urlencode({'step': column.code})}",
    }


def _card(column: Column, card: Card) -> dict[str, Any]:
    ships = "ship" in card.actions
    return {
        "number": card.number,
        "pick": f"{column.kind}:{column.code}:{card.revision}:{card.number}",
        "url": reverse("ordering:order", args=[card.number]),
        "company": card.company_name,
        "gross": card.gross,
        "currency": card.currency,
        "line_count": card.line_count,
        "since": card.since,
        "is_late": card.late,
        "blocked": card.blocked,
        "may_act": card.may_act and column.kind in FORWARD,
        "href": reverse("ordering:order-ship", args=[card.number]) if ships else "",
        "action_label": _("Ship"),
    }


def _entry(number: str, problem: core.Problem | None) -> dict[str, Any]:
    assert problem is not None
    return {
        "message": core.with_label(number, problem.message) if number else problem.message,
        "href": reverse("ordering:order", args=[number]) if number else "",
        "remedy": problem.remedy,
        "remedy_url": problem.remedy_url,
    }
