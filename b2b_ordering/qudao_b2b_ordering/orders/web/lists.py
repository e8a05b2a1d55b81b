"""The list of a company's orders, and the seller's list of what it received."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from qudao_core import api as core
from qudao_core.pages import Page

from .. import queries
from ..forms import OrderFilterForm
from ..queries.access import BUYER_ROLES
from .shown import order_row

PER_PAGE = 25


class OrdersPage(Page):
    """What the viewer's company ordered."""

    roles = BUYER_ROLES
    side = "buyer"

    def get(self, request: HttpRequest) -> HttpResponse:
        form = OrderFilterForm(request.GET or None)
        wanted = _wanted(form, request, self.side)
        page = Paginator(queries.orders(self.viewer, wanted), PER_PAGE).get_page(request.GET.get("page"))
        rows = [order_row(row) for row in queries.order_rows(self.viewer, page.object_list)]
        step = queries.step_name(self.viewer, wanted.step)
        context = {
            "page": page,
            "orders": rows,
            "filter_form": form,
            "kept": {name: request.GET[name] for name in ("mine", "late", "step") if request.GET.get(name)},
            "active": sum(1 for name in ("status", "since", "until") if request.GET.get(name)),
            "chips": _chips(form, request, step),
            "clear_href": request.path,
            "show_company": self.side == "seller",
            **self.words(),
        }
        return render(request, "qudao_b2b_ordering/orders/list.html", context)

    def words(self) -> dict[str, str]:
        return {
            "page_title": _("Orders"),
            "empty_title": _("You have not ordered anything yet."),
            "empty_text": _("Your orders and their progress will appear here."),
        }


class SalesOrdersPage(OrdersPage):
    """What the viewer's company received as seller."""

    roles = ()
    side = "seller"

    def require(self) -> None:
        if not queries.may_see_board(self.viewer):
            raise core.Forbidden("no_board", _("Only staff of a selling company can see this list."))

    def words(self) -> dict[str, str]:
        return {
            "page_title": _("Orders received"),
            "empty_title": _("No orders yet."),
            "empty_text": _("New orders appear here as soon as a dealer submits them."),
        }


def _wanted(form: OrderFilterForm, request: HttpRequest, side: str) -> queries.OrderFilter:
    """The filter in the address bar; what cannot be read is told by the form and left out."""
    form.is_valid()
    data = getattr(form, "cleaned_data", {})
    return queries.OrderFilter(
        q=data.get("q") or "",
        status=data.get("status") or "",
        step=request.GET.get("step", "")[:40],
        since=data.get("since"),
        until=data.get("until"),
        side=side,
        mine=request.GET.get("mine") == "1",
        late=request.GET.get("late") == "1",
    )


def _chips(form: OrderFilterForm, request: HttpRequest, step: str) -> list[dict[str, str]]:
    """One chip per filter in force, each with the address that removes it."""
    labels: dict[str, Any] = {"mine": _("Needs my action"), "late": _("Overdue")}
    data = getattr(form, "cleaned_data", {})
    for name, bound in form.fields.items():
        if data.get(name):
            labels[name] = core.with_label(bound.label, _said(form, name, data[name]))
    if request.GET.get("step"):
        labels["step"] = _("Step: %(step)s") % {"step": step or _("unknown")}
    return [
        {"label": label, "href": _without(request, name)}
        for name, label in labels.items()
        if request.GET.get(name)
    ]


def _said(form: OrderFilterForm, name: str, value: Any) -> str:
    if isinstance(value, date):
        return date_format(value)
    choices = dict(getattr(form.fields[name], "choices", ()))
    return str(choices.get(value, value))


def _without(request: HttpRequest, name: str) -> str:
    query = request.GET.copy()
    query.pop(name, None)
    query.pop("page", None)
    return f"{request.path}?{query.urlencode()}" if query else request.path
