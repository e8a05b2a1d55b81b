"""One order: its page, decisions about it, ordering again, its documents."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from qudao_core import api as core
from qudao_core.pages import Page, show_refusal

from ...cart.answers import request_cart
from .. import queries, services
from . import said
from .shown import detail_context


class OrderPage(Page):
    """The order with its timeline, what happens next and who has to do it."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        detail = queries.order_detail(self.viewer, number)
        context = detail_context(self.viewer, detail)
        if self.viewer.is_staff:
            context["history"] = _history(detail.order)
        return render(request, "qudao_b2b_ordering/orders/detail.html", context)


def _history(order: Any) -> list[dict[str, Any]]:
    return [
        {"label": entry.label, "who": entry.actor_name, "when": entry.at, "state": "done"}
        for entry in core.history(order)
    ]


class OrderAct(Page):
    """A decision about the order as the person saw it; a stale page is told so and decides nothing."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        action, note = request.POST.get("action", ""), request.POST.get("note", "")
        try:
            order = services.perform(
                viewer=self.viewer, number=number, action=action, note=note, revision=_revision(request)
            )
        except core.NotFound:
            raise
        except core.Refusal as refusal:
            show_refusal(request, refusal)
        else:
            messages.success(request, said.done(self.viewer, action, order))
        return redirect("ordering:order", number)


def _put(number: str, count: int, revised: str | None) -> str:
    """Where an order's lines went: while another order is being revised that is not the cart one is used to."""
    if revised:
        words = ngettext(
            "Order %(number)s: %(count)d line is now in order %(revised)s.",
            "Order %(number)s: %(count)d lines are now in order %(revised)s.",
            count,
        )
    else:
        words = ngettext(
            "Order %(number)s: %(count)d line is in your cart.",
            "Order %(number)s: %(count)d lines are in your cart.",
            count,
        )
    return words % {"count": count, "number": number, "revised": revised}


class OrderReorder(Page):
    """Everything of an order into the cart again, at today's prices; what changed is said there."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        try:
            result = services.reorder(viewer=self.viewer, number=number)
        except core.NotFound:
            raise
        except core.Refusal as refusal:
            show_refusal(request, refusal)
            return redirect("ordering:order", number)
        messages.success(request, _put(number, result.kept, request_cart(request, self.viewer).revises))
        for line in result.with_problems[:10]:
            words = core.join_sentences(*(problem.message for problem in line.problems))
            messages.warning(request, core.with_label(line.sku or line.code, words))
        return redirect("ordering:cart")


class OrderRevise(Page):
    """Change a returned order in a cart of its own."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        try:
            services.revise(viewer=self.viewer, number=number)
        except core.NotFound:
            raise
        except core.Refusal as refusal:
            show_refusal(request, refusal)
            return redirect("ordering:order", number)
        return redirect("ordering:cart")


class OrderStopRevising(Page):
    """The way out of the revision: the cart from before is current again."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        services.stop_revising(viewer=self.viewer, number=number)
        messages.success(
            request,
            _(
                "Order %(number)s was not changed. Your changes so far are kept for the next time you revise it."
            )
            % {"number": number},
        )
        return redirect("ordering:order", number)


def _revision(request: HttpRequest) -> int | None:
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isascii() and sent.isdigit() else None
