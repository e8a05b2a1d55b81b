"""The cart's pages. Every change works as a plain form; with htmx the page's content is swapped in place."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.headless import is_first_submission
from qudao_core.pages import Page, show_refusal

from . import queries, services
from .presenters import (
    CartWindow,
    added_line,
    cart_bar,
    cart_context,
    changed_line,
    is_live,
    not_added,
    problem_text,
    removed_line,
    request_cart,
    restored_line,
    with_cart_count,
)
from .rules import LineInput


class CartPage(Page):
    """The current cart as an editable table."""

    def get(self, request: HttpRequest) -> HttpResponse:
        context = cart_context(self.viewer, CartWindow.read(request.GET))
        return render(request, "qudao_b2b_ordering/cart/page.html", context)


class CartLines(Page):
    """Add one product to the current cart, from a list, a product page or the cart's own field."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("ordering:cart")

    def post(self, request: HttpRequest) -> HttpResponse:
        sku, quantity = request.POST.get("sku", "").strip(), request.POST.get("quantity", "").strip()
        mode = "set" if request.POST.get("mode") == "set" else "add"
        if mode == "set" and quantity in ("", "0"):
            return self._out(request, sku)
        line = LineInput(sku, quantity or "1")
        if request.POST.get("from") == "cart":
            return self._in_cart(request, line)
        result = services.add_lines(viewer=self.viewer, lines=[line], mode=mode).lines[0]
        return self._in_list(request, result)

    def _out(self, request: HttpRequest, sku: str) -> HttpResponse:
        """An emptied quantity field in a list takes the product out."""
        services.remove_product(viewer=self.viewer, code=sku)
        if not is_live(request):
            return redirect(_back(request))
        bar = cart_bar(self.viewer)
        response = render(request, "qudao_b2b_ordering/cart/added.html", {"cart_bar": bar})
        return with_cart_count(response, bar["lines"])

    def _in_cart(self, request: HttpRequest, line: LineInput) -> HttpResponse:
        """The cart's own field adds to what is there; the same form sent twice adds once."""
        before = queries.line_products(self.viewer)
        with transaction.atomic():
            if not is_first_submission(int(self.viewer.user_id or 0), request.POST.get("request_key", "")):
                return added_line(request, self.viewer, None, was_empty=True, was_there=False)
            result = services.add_lines(viewer=self.viewer, lines=[line]).lines[0]
            if not result.kept:
                transaction.set_rollback(True)
        for problem in result.problems:
            messages.warning(request, problem_text(problem))
        if not result.kept:
            return not_added(request, self.viewer, {"sku": str(line.code), "quantity": str(line.quantity)})
        was_there = result.product_id in before
        return added_line(request, self.viewer, result.line_id, was_empty=not before, was_there=was_there)

    def _in_list(self, request: HttpRequest, result: services.LineResult) -> HttpResponse:
        if not is_live(request):
            for problem in result.problems:
                messages.warning(request, problem_text(problem))
            if result.kept:
                messages.success(request, self._kept(request, result.name or result.sku))
            return redirect(_back(request))
        bar = cart_bar(self.viewer)
        status = 200 if result.kept else 422
        context = {"result": result, "cart_bar": bar, "is_problem": result.status == "over_stock"}
        response = render(request, "qudao_b2b_ordering/cart/added.html", context, status=status)
        value = catalog.plain_number(result.quantity) if result.kept and result.quantity is not None else None
        field = (
            {"qd:quantity": {"field": f"quantity-{result.product_id}", "value": str(value)}} if value else {}
        )
        return with_cart_count(response, bar["lines"], **field)

    def _kept(self, request: HttpRequest, name: str) -> str:
        """Where a product went: while an order is being revised that is not the cart the reader is used to."""
        cart = request_cart(request, self.viewer)
        if cart.revises:
            return _("%(name)s is in order %(number)s.") % {"name": name, "number": cart.revises}
        return _("%(name)s is in your cart.") % {"name": name}


class CartLineChange(Page):
    """Set a line's quantity."""

    def post(self, request: HttpRequest, line_id: int) -> HttpResponse:
        typed = request.POST.get("quantity", "").strip()
        try:
            result = services.set_line(viewer=self.viewer, line_id=line_id, quantity=typed)
        except core.Refusal as refusal:
            return changed_line(
                request, self.viewer, line_id, error=problem_text(refusal.problem), typed=typed
            )
        rounded = (problem.message for problem in result.problems if problem.code == "rounded")
        note = core.join_sentences(*rounded)
        return changed_line(request, self.viewer, line_id, note=note)


class CartLineRemove(Page):
    """Take a line out; the answer holds what brings it back."""

    def post(self, request: HttpRequest, line_id: int) -> HttpResponse:
        removed = queries.line_to_restore(self.viewer, line_id)
        services.remove_line(viewer=self.viewer, line_id=line_id)
        return removed_line(request, self.viewer, removed)


class CartLineRestore(Page):
    """Undo: put a line that was taken out back at its place."""

    def post(self, request: HttpRequest) -> HttpResponse:
        product, position = (_number(request.POST.get(name, "")) for name in ("product", "position"))
        try:
            result = services.restore_line(
                viewer=self.viewer,
                product_id=product,
                quantity=request.POST.get("quantity", ""),
                note=request.POST.get("note", ""),
                position=position,
            )
        except core.Refusal as refusal:
            show_refusal(request, refusal)
            return (
                HttpResponse(headers={"HX-Refresh": "true"})
                if is_live(request)
                else redirect("ordering:cart")
            )
        return restored_line(request, self.viewer, result.line_id)


class CartClear(Page):
    def post(self, request: HttpRequest, cart_id: int) -> HttpResponse:
        services.clear(viewer=self.viewer, cart_id=cart_id)
        return redirect("ordering:cart")


class CartNew(Page):
    def post(self, request: HttpRequest) -> HttpResponse:
        return _then_cart(
            request, lambda: services.start_cart(viewer=self.viewer, name=request.POST.get("name", ""))
        )


class CartSwitch(Page):
    def post(self, request: HttpRequest, cart_id: int) -> HttpResponse:
        return _then_cart(request, lambda: services.switch_cart(viewer=self.viewer, cart_id=cart_id))


class CartRename(Page):
    def post(self, request: HttpRequest, cart_id: int) -> HttpResponse:
        name = request.POST.get("name", "")
        return _then_cart(
            request, lambda: services.rename_cart(viewer=self.viewer, cart_id=cart_id, name=name)
        )


class CartDelete(Page):
    def post(self, request: HttpRequest, cart_id: int) -> HttpResponse:
        return _then_cart(request, lambda: services.delete_cart(viewer=self.viewer, cart_id=cart_id))


def _then_cart(request: HttpRequest, change: Any) -> HttpResponse:
    """Do a change of the cart as a whole and show the cart; a refusal is told there."""
    try:
        change()
    except core.Refusal as refusal:
        show_refusal(request, refusal)
    return redirect("ordering:cart")


def _number(text: str) -> int:
    """A whole number of a hidden field; 0 for whatever is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _back(request: HttpRequest) -> str:
    """Where the form stood, when it is a page of ours; else the cart."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if target and safe else reverse("ordering:cart")
