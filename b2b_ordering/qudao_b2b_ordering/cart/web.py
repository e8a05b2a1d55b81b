"""The cart's pages. Every change works as a plain form; with htmx the page's content is swapped in place."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from qudao_partner_portal import api as portal
from qudao_partner_portal.pages import Page, tell

from . import queries, services
from .rows import cart_rows, problem_summary
from .rules import LineInput


class CartPage(Page):
    """The current cart as an editable table."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "qudao_b2b_ordering/cart/page.html", cart_context(self.viewer))


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
        result = services.add_lines(viewer=self.viewer, lines=[line], mode=mode).lines[0]
        if request.POST.get("from") == "cart":
            return self._in_cart(request, line, result)
        return self._in_list(request, result)

    def _out(self, request: HttpRequest, sku: str) -> HttpResponse:
        """An emptied quantity field in a list takes the product out."""
        services.remove_product(viewer=self.viewer, code=sku)
        if not request.headers.get("HX-Request"):
            return redirect(_back(request))
        return render(request, "qudao_b2b_ordering/cart/added.html", {"cart_bar": cart_bar(self.viewer)})

    def _in_cart(self, request: HttpRequest, line: LineInput, result: services.LineResult) -> HttpResponse:
        typed = None if result.kept else {"sku": line.code, "quantity": line.quantity}
        for problem in result.problems:
            messages.warning(request, _said(problem))
        return _cart_answer(request, self.viewer, typed=typed)

    def _in_list(self, request: HttpRequest, result: services.LineResult) -> HttpResponse:
        if not request.headers.get("HX-Request"):
            for problem in result.problems:
                messages.warning(request, _said(problem))
            if result.kept:
                messages.success(request, self._kept(request, result.name or result.sku))
            return redirect(_back(request))
        context = {"result": result, "cart_bar": cart_bar(self.viewer)}
        status = 200 if result.kept else 422
        return render(request, "qudao_b2b_ordering/cart/added.html", context, status=status)

    def _kept(self, request: HttpRequest, name: str) -> str:
        """Where a product went: while an order is being revised that is not the cart the reader is used to."""
        cart = request_cart(request, self.viewer)
        if cart.revises:
            return _("%(name)s is in order %(number)s.") % {"name": name, "number": cart.revises}
        return _("%(name)s is in your cart.") % {"name": name}


class CartLineChange(Page):
    """Set a line's quantity."""

    def post(self, request: HttpRequest, line_id: int) -> HttpResponse:
        try:
            result = services.set_line(
                viewer=self.viewer, line_id=line_id, quantity=request.POST.get("quantity", "").strip()
            )
        except portal.Refusal as refusal:
            error = {line_id: (str(refusal.message), request.POST.get("quantity", ""))}
            return _cart_answer(request, self.viewer, errors=error)
        said = " ".join(str(problem.message) for problem in result.problems if problem.code == "rounded")
        return _cart_answer(request, self.viewer, notes={line_id: said})


class CartLineRemove(Page):
    def post(self, request: HttpRequest, line_id: int) -> HttpResponse:
        services.remove_line(viewer=self.viewer, line_id=line_id)
        return _cart_answer(request, self.viewer)


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
    except portal.Refusal as refusal:
        tell(request, refusal)
    return redirect("ordering:cart")


def cart_context(viewer: portal.Viewer) -> dict[str, Any]:
    """Everything the cart page shows, at today's prices."""
    if not queries.may_order(viewer):
        raise portal.Forbidden(
            "role_required",
            _("You need the role Buyer to order for your company."),
            remedy=_("An administrator of your company can give you the role."),
        )
    cart = queries.get_cart(viewer)
    priced = queries.price_cart(viewer, cart)
    return {
        "cart": cart,
        "step": "cart",
        "carts": queries.carts(viewer),
        "rows": cart_rows(priced, viewer.language),
        "totals": priced.totals,
        "summary": problem_summary(priced),
        "may_order": viewer.may_trade and viewer.seller_id is not None,
        "why_not": _why_not(priced),
    }


def _why_not(priced: queries.PricedCart) -> str:
    blocking = [problem for problem in priced.problems if problem.code != "cart_empty"]
    return " ".join(_said(problem) for problem in blocking)


def _cart_answer(
    request: HttpRequest,
    viewer: portal.Viewer,
    *,
    typed: dict[str, Any] | None = None,
    errors: dict[int, tuple[str, str]] | None = None,
    notes: dict[int, str] | None = None,
) -> HttpResponse:
    """The cart after a change: its content for htmx, the whole page (nothing typed is lost) otherwise."""
    context = cart_context(viewer) | {"typed": typed}
    for row in context["rows"]:
        message, entered = (errors or {}).get(row["id"], ("", ""))
        if message:
            row["quantity_error"], row["quantity"] = message, entered
        row["rounded"] = (notes or {}).get(row["id"], "")
    live = bool(request.headers.get("HX-Request"))
    if not live and not typed and not errors:
        for words in filter(None, (notes or {}).values()):
            messages.info(request, words)
        return redirect("ordering:cart")
    template = "_content.html" if live else "page.html"
    response = render(request, f"qudao_b2b_ordering/cart/{template}", context, status=422 if errors else 200)
    if live:
        _toast(request, response)
    return response


def _toast(request: HttpRequest, response: HttpResponse) -> None:
    """Messages told during an htmx request appear as a toast instead of on some later page."""
    told = [str(message) for message in messages.get_messages(request)]
    if told:
        response["HX-Trigger"] = json.dumps({"qd:toast": {"message": " ".join(told), "kind": "warn"}})


def request_cart(request: HttpRequest, viewer: portal.Viewer) -> queries.CartCount:
    """The viewer's current cart in short, read once for everything a page shows of it."""
    found: queries.CartCount | None = getattr(request, "_qudao_cart", None)
    if found is None:
        found = queries.cart_count(viewer)
        request._qudao_cart = found  # type: ignore[attr-defined]
    return found


def cart_bar(viewer: portal.Viewer) -> dict[str, Any]:
    """Lines and net total of the current cart for the bar at the bottom of catalogue pages."""
    priced = queries.price_cart(viewer, queries.get_cart(viewer))
    return {
        "lines": len(priced.lines),
        "total": priced.totals.net,
        "currency": priced.currency,
        "url": reverse("ordering:cart"),
        "name": priced.name,
        "revises": priced.revises,
        "problems": len(priced.problem_lines),
    }


def _back(request: HttpRequest) -> str:
    """Where the form stood, when it is a page of ours; else the cart."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if target and safe else reverse("ordering:cart")


def _said(problem: portal.Problem) -> str:
    return " ".join(str(words) for words in (problem.message, problem.remedy) if words)
