"""Checkout: the buyer looks once more at prices and terms, says where to, and places the order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from qudao_core import api as core
from qudao_core.numbers import rules as numbers
from qudao_core.pages import Page, show_refusal
from qudao_partner_portal import api as portal

from ..orders import rules as order_rules
from ..orders import services as orders
from ..orders.forms import CheckoutForm
from ..orders.models import Order
from ..orders.queries import same_reference
from . import queries
from .models import Cart
from .rows import cart_rows, problem_entries, problem_summary, summary_title


class CheckoutPage(Page):
    """A cart with problems goes back to the cart; everything else is said here and nothing typed is lost."""

    roles = ("buyer",)

    def get(self, request: HttpRequest) -> HttpResponse:
        cart = queries.get_cart(self.viewer)
        priced = queries.price_cart(self.viewer, cart)
        if not priced.can_submit:
            return _back_to_cart(request, priced)
        form = CheckoutForm(viewer=self.viewer, initial=_initial(cart))
        return render(
            request, "qudao_b2b_ordering/checkout/page.html", _context(self.viewer, cart, priced, form)
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        cart = self._cart(request)
        form = CheckoutForm(request.POST, viewer=self.viewer)
        refusal: core.Refusal | None = None
        if form.is_valid():
            try:
                order = orders.submit(
                    viewer=self.viewer,
                    cart_id=cart.pk,
                    request=form.request(_accepted(request.POST), _shown(request)),
                )
            except core.Refusal as error:
                refusal = error
            else:
                messages.success(request, _("Order %(number)s has been placed.") % {"number": order.number})
                _tell_same_reference(request, order)
                return redirect("ordering:order", order.number)
        return self._again(request, cart, form, refusal)

    def _cart(self, request: HttpRequest) -> Cart:
        """The cart the form was made for: a form sent twice leads to the order of the first time."""
        sent = request.POST.get("cart", "")
        return queries.get_cart(self.viewer, int(sent) if sent.isascii() and sent.isdigit() else None)

    def _again(
        self, request: HttpRequest, cart: Cart, form: CheckoutForm, refusal: core.Refusal | None
    ) -> HttpResponse:
        priced = queries.price_cart(self.viewer, cart)
        if refusal is not None and not priced.can_submit:
            return _back_to_cart(request, priced)
        context = _context(self.viewer, cart, priced, form)
        if refusal is not None and refusal.code == "changed_since_shown":
            context["changed"] = refusal.problems
        elif refusal is not None and refusal.code != "price_changed":
            context |= {
                "summary": problem_entries(refusal.problems or (refusal.problem,)),
                "summary_title": "",
            }
        return render(request, "qudao_b2b_ordering/checkout/page.html", context, status=422)


def _tell_same_reference(request: HttpRequest, order: Order) -> None:
    """Two orders under one number of the buyer may be meant, or one order placed twice."""
    others = same_reference(order)
    if others:
        words = {"po": order.po_number, "numbers": core.join_list(others)}
        messages.warning(request, _("Your order number %(po)s is also used on %(numbers)s.") % words)


def _back_to_cart(request: HttpRequest, priced: queries.PricedCart) -> HttpResponse:
    for problem in priced.problems:
        show_refusal(request, core.Refusal(problem.code, problem.message, remedy=problem.remedy))
    if priced.problem_lines:
        messages.warning(request, _("Some lines need attention before you can order."))
    return redirect("ordering:cart")


def _initial(cart: Cart) -> dict[str, Any]:
    """A changed order begins with what was said the first time."""
    order = cart.revises
    if order is None:
        return {}
    return {
        "po_number": order.po_number,
        "note": order.note,
        "payment": order.payment,
        "requested_on": order.requested_on,
    }


def _context(
    viewer: core.Viewer, cart: Cart, priced: queries.PricedCart, form: CheckoutForm
) -> dict[str, Any]:
    rows = cart_rows(priced.lines, viewer.language)
    return {
        "viewer": viewer,
        "cart": cart,
        "step": "checkout",
        "form": form,
        "rows": rows,
        "totals": priced.totals,
        "summary": problem_summary(priced),
        "summary_title": summary_title(priced),
        "price_changes": _changes(priced, rows),
        "accept_prices": [f"{change.line_id}:{change.new}" for change in priced.price_changes],
        "shown": orders.shown_now(viewer, priced).as_text(),
        "terms": _terms(viewer),
        "path": _path(viewer, priced),
        "may_order": viewer.may_trade,
    }


def _changes(priced: queries.PricedCart, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = {row["id"]: row["name"] for row in rows}
    return [
        {"sku": change.sku, "name": names[change.line_id], "before": change.old, "now": change.new}
        for change in priced.price_changes
    ]


def _accepted(data: QueryDict) -> dict[int, Decimal]:
    """``accept=<line id>:<price>`` fields: the prices the page showed. Anything unreadable accepts nothing."""
    found: dict[int, Decimal] = {}
    for value in data.getlist("accept"):
        line_id, _separator, price = value.partition(":")
        try:
            line, amount = int(line_id), numbers.read_number(price, numbers.PROGRAM)
        except ValueError:  # an unreadable number is one too
            continue
        if amount.is_finite():
            found[line] = amount
    return found


def _terms(viewer: core.Viewer) -> str:
    company = apps.get_model("qudao_partner_portal", "Company")
    row = company.objects.filter(pk=viewer.company_id).values_list("payment_terms", flat=True).first()
    return portal.payment_terms(str(row or ""))


def _path(viewer: core.Viewer, priced: queries.PricedCart) -> str:
    """The steps this order would walk, as one line."""
    steps = queries.expected_steps(viewer, priced)
    return " → ".join(step.label(viewer.language) for step in steps) or _("the seller confirms your order")


def _shown(request: HttpRequest) -> order_rules.Shown | None:
    """What the page showed that this form stood on."""
    return order_rules.read_shown(request.POST.get("shown", ""))
