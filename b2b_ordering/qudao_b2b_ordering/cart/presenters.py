"""Carts as pages show them: rows, the part of a long cart that is shown, the bar, and answers to changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from qudao_catalog import api as catalog
from qudao_core import api as core

from . import queries
from .queries import PricedCart, PricedLine

WHOLE, PAGE = 200, 100
LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class CartWindow:
    """What was asked for: a page, the page with a line, or the lines whose name, SKU or note contains a text."""

    page: str = ""
    line: int = 0
    find: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> CartWindow:
        line = query.get("line", "")
        found = int(line) if line.isascii() and line.isdigit() and len(line) < 19 else 0
        return cls(query.get("page", ""), found, query.get("find", "").strip()[:LONGEST_TEXT])


def is_long(cart: PricedCart) -> bool:
    return len(cart.lines) > WHOLE


def window(cart: PricedCart, shown: CartWindow, language: str) -> Page[PricedLine]:
    """The lines to show; a number beyond the end is the last page, a line that is not there is on the first."""
    lines: Sequence[PricedLine] = cart.lines
    if shown.find:
        lines = [line for line in lines if _contains(line, shown.find.casefold(), language)]
    size = PAGE if is_long(cart) else WHOLE
    number: Any = shown.page
    if shown.line and not shown.page:  # links to other pages keep the rest of the address
        place = next((place for place, line in enumerate(lines) if line.line_id == shown.line), 0)
        number = place // size + 1
    return Paginator(lines, size).get_page(number)


def line_href(cart: PricedCart, line_id: int) -> str:
    """Leads to a line on the cart's page, from wherever in a long cart."""
    return f"?{urlencode({'line': line_id})}#line-{line_id}" if is_long(cart) else f"#line-{line_id}"


def line_url(line_id: int | None) -> str:
    """The address of the cart's page that shows a line."""
    page = reverse("ordering:cart")
    return f"{page}?{urlencode({'line': line_id})}#line-{line_id}" if line_id else page


def _contains(line: PricedLine, text: str, language: str) -> bool:
    name = line.facts.name(language) if line.facts else ""
    return any(text in part.casefold() for part in (line.sku, name, line.note))


#: The width of the picture beside a line.
THUMBNAIL = 96
#: How many problems of lines a summary lists.
MOST_PROBLEMS = 20


def cart_rows(lines: Iterable[PricedLine], language: str) -> list[dict[str, Any]]:
    """One mapping per line, in their order."""
    return [cart_row(line, language) for line in lines]


def cart_row(line: PricedLine, language: str) -> dict[str, Any]:
    hints = [notice for notice in line.notices if notice.code != "price_changed"]
    return {
        **_product(line, language),
        "id": line.line_id,
        "field_id": f"quantity-{line.line_id}",
        "sku": line.sku,
        "note": line.note,
        "quantity": catalog.plain_number(line.quantity),
        "unit_price": line.unit_price,
        "net": line.net,
        "last_price": _told_before(line),
        "changed_from": line.price_change.old if line.price_change else None,
        "stock": catalog.stock_display(line.stock),
        "problems": line.problems,
        "state": "error" if line.problems else "info" if hints else "",
        "sentences": [*_sentences(line.problems), *_hints(hints)],
    }


def _sentences(problems: Iterable[core.Problem]) -> Iterator[dict[str, Any]]:
    """What is wrong with a line, each problem followed by what helps."""
    for problem in problems:
        yield {"icon": "circle-alert", "text": problem.message}
        if problem.remedy:
            yield {"text": problem.remedy, "href": problem.remedy_url}


def _hints(notices: Iterable[core.Problem]) -> Iterator[dict[str, Any]]:
    for notice in notices:
        yield {"icon": "info", "text": notice.message}


def _product(line: PricedLine, language: str) -> dict[str, Any]:
    facts = line.facts
    if facts is None:
        return {"name": line.sku, "url": "", "image_url": "", "unit": "", "pack": 1, "min": 0, "max": None}
    return {
        "name": facts.name(language),
        "url": reverse("catalog:product", args=[facts.sku]),
        "image_url": catalog.picture_url(facts.picture, THUMBNAIL) if facts.picture else "",
        "unit": facts.unit_name(language),
        **catalog.quantity_field(facts, language),
    }


def _told_before(line: PricedLine) -> Any:
    """The last price paid, where it says something new."""
    paid = line.last_paid.unit_price if line.last_paid else None
    return paid if paid is not None and paid != line.unit_price else None


def problem_summary(
    cart: PricedCart, href: Callable[[PricedLine], str] = lambda line: f"#line-{line.line_id}"
) -> list[dict[str, Any]]:
    """Those of the cart as a whole, then 20 at most of its lines: each names its product and links to its line."""
    whole = [problem_entry(problem, "") for problem in cart.problems if problem.code != "cart_empty"]
    lines = (_line_entry(line, problem, href) for line in cart.lines for problem in line.problems)
    return whole + list(islice(lines, MOST_PROBLEMS))


def summary_title(cart: PricedCart) -> str:
    """How many problems there are, where more are not listed."""
    number = sum(len(line.problems) for line in cart.lines)
    if number <= MOST_PROBLEMS:
        return ""
    words = ngettext(
        "%(number)d problem; the first %(listed)d are listed",
        "%(number)d problems; the first %(listed)d are listed",
        number,
    )
    return words % {"number": number, "listed": MOST_PROBLEMS}


def _line_entry(line: PricedLine, problem: core.Problem, href: Callable[[PricedLine], str]) -> dict[str, Any]:
    return problem_entry(problem, href(line), line.sku)


def problem_entries(problems: Iterable[core.Problem]) -> list[dict[str, Any]]:
    """Problems of a refusal for the theme's list; those of a line lead to it."""
    return [problem_entry(problem, "") for problem in problems]


def problem_entry(problem: core.Problem, href: str = "", sku: str = "") -> dict[str, Any]:
    """A problem for the theme's list; ``href`` leads to the line it stands on, ``sku`` names its product."""
    is_named = not sku or sku in str(problem.message)
    return {
        "message": problem.message if is_named else core.with_label(sku, problem.message),
        "href": href,
        "remedy": problem.remedy,
        "remedy_url": problem.remedy_url,
    }


# What the cart's pages show and answer: the page, and with htmx only the parts that a change touches.
#
# No answer replaces a field somebody may be typing in: a changed line gets its price, stock, amount and message anew, a
# line taken out gives its place to a row that can bring it back.


Row = dict[str, Any]


def is_live(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def cart_context(viewer: core.Viewer, shown: CartWindow = CartWindow()) -> dict[str, Any]:  # noqa: B008 - frozen
    """Everything the cart page shows, at today's prices; of a long cart a page of its lines."""
    context, priced = _cart(viewer)
    page = window(priced, shown, viewer.language)
    return context | {
        "rows": cart_rows(page.object_list, viewer.language),
        "carts": queries.carts(viewer),
        "window": page,
        "find": shown.find,
        "is_long": is_long(priced),
    }


def _cart(viewer: core.Viewer) -> tuple[dict[str, Any], queries.PricedCart]:
    """What every answer says of the cart as a whole, and the cart."""
    if not queries.may_order(viewer):
        raise core.Forbidden(
            "role_required",
            _("You need the role Buyer to order for your company."),
            remedy=_("An administrator of your company can give you the role."),
        )
    cart = queries.get_cart(viewer)
    priced = queries.price_cart(viewer, cart)
    may_order = viewer.may_trade and viewer.seller_id is not None
    context = {
        "cart": cart,
        "step": "cart",
        "line_count": len(priced.lines),
        "totals": priced.totals,
        "summary": problem_summary(priced, lambda line: line_href(priced, line.line_id)),
        "summary_title": summary_title(priced),
        "may_order": may_order,
        "why_not": _why_not(priced),
        "request_key": get_random_string(20),
        "cart_bar": _bar_of_cart(priced, may_order=may_order),
    }
    return context, priced


def _with_row(viewer: core.Viewer, line_id: int) -> tuple[dict[str, Any], Row | None]:
    """The cart as a whole and one of its lines, for an answer that changes just this line."""
    context, priced = _cart(viewer)
    line = next((line for line in priced.lines if line.line_id == line_id), None)
    return context, cart_row(line, viewer.language) if line else None


def _why_not(priced: queries.PricedCart) -> str:
    blocking = [problem for problem in priced.problems if problem.code != "cart_empty"]
    return core.join_sentences(*(problem_text(problem) for problem in blocking))


def problem_text(problem: core.Problem) -> str:
    return core.join_sentences(problem.message, problem.remedy)


# --- the bar at the bottom ---


def request_cart(request: HttpRequest, viewer: core.Viewer) -> queries.CartCount:
    """The viewer's current cart in short, read once for everything a page shows of it."""
    found: queries.CartCount | None = getattr(request, "_qudao_cart", None)
    if found is None:
        found = queries.cart_count(viewer)
        request._qudao_cart = found  # type: ignore[attr-defined]
    return found


def cart_bar(viewer: core.Viewer) -> dict[str, Any]:
    """Lines and net total of the current cart for the bar at the bottom of catalogue pages.

    ``against``: product id → what is wrong with its line, for the lists that show what is in the cart;
    ``units``: product id → the unit it is counted in.
    """
    priced = queries.price_cart(viewer, queries.get_cart(viewer))
    return {
        "lines": len(priced.lines),
        "total": priced.totals.net,
        "currency": priced.currency,
        "url": reverse("ordering:cart"),
        "name": priced.name,
        "revises": priced.revises,
        "problems": len(priced.problem_lines),
        "against": {line.product_id: line.problems[0].message for line in priced.problem_lines},
        "units": {
            line.product_id: line.facts.unit_name(viewer.language) for line in priced.lines if line.facts
        },
    }


def _bar_of_cart(priced: queries.PricedCart, *, may_order: bool) -> dict[str, Any]:
    """On the cart's own page the bar leads on: to the checkout, or to the first line with a problem."""
    bar = {
        "lines": len(priced.lines),
        "total": priced.totals.gross,
        "total_label": _("Total"),
        "currency": priced.currency,
        "problems": len(priced.problem_lines),
        "page": "cart",
    }
    if priced.problem_lines:
        return bar | {
            "url": line_href(priced, priced.problem_lines[0].line_id),
            "action": _("Show the problem"),
        }
    return bar | {"url": reverse("ordering:checkout") if may_order else "", "action": _("Check out")}


def with_cart_count(response: HttpResponse, lines: int, **events: Any) -> HttpResponse:
    """Every answer that changes a cart says how many lines it has now; the navigation shows the number."""
    response["HX-Trigger"] = json.dumps({"qd:cart": {"lines": lines}} | events)
    return response


# --- answers to a change on the cart's page ---


def whole_cart(request: HttpRequest, viewer: core.Viewer, **changes: Any) -> HttpResponse:
    """The content of the cart for htmx, the whole page otherwise; a page that lost nothing is asked for anew."""
    context = cart_context(viewer) | changes
    if not is_live(request):
        return render(request, "qudao_b2b_ordering/cart/page.html", context, status=422)
    response = render(request, "qudao_b2b_ordering/cart/_content.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = "#cart-page", "innerHTML"
    return with_cart_count(response, context["line_count"], **_toast(request))


def changed_line(
    request: HttpRequest,
    viewer: core.Viewer,
    line_id: int,
    *,
    note: str = "",
    error: str = "",
    typed: str = "",
) -> HttpResponse:
    """A line after its quantity was set, or could not be."""
    if not is_live(request):
        return _page_after_change(request, viewer, line_id, note=note, error=error, typed=typed)
    context, row = _with_row(viewer, line_id)
    if row is None:
        return _afresh()
    context |= {"row": row, "say": error or note, "say_state": "error" if error else "low"}
    status = 422 if error else 200
    response = render(request, "qudao_b2b_ordering/cart/_changed.html", context, status=status)
    value = {} if error else {"qd:quantity": {"field": row["field_id"], "value": str(row["quantity"])}}
    return with_cart_count(response, context["line_count"], **value)


def _page_after_change(
    request: HttpRequest, viewer: core.Viewer, line_id: int, *, note: str, error: str, typed: str
) -> HttpResponse:
    context = cart_context(viewer, CartWindow(line=line_id)) if error else {"rows": []}
    row = next((row for row in context["rows"] if row["id"] == line_id), None)
    if row is not None:
        row["quantity_error"], row["quantity"] = error, typed
        return render(request, "qudao_b2b_ordering/cart/page.html", context, status=422)
    if note or error:
        messages.info(request, note or error)
    return redirect(line_url(line_id))


def added_line(
    request: HttpRequest, viewer: core.Viewer, line_id: int | None, *, was_empty: bool, was_there: bool
) -> HttpResponse:
    """The add form empty again, and the line: at the end, or changed where it stands."""
    if not is_live(request):
        return redirect(line_url(line_id))
    if was_empty:
        return whole_cart(request, viewer, focus_add=True)
    context, row = _with_row(viewer, line_id or 0)
    context |= {"focus_add": True, "added": not was_there, "row": row}
    response = render(request, "qudao_b2b_ordering/cart/_added.html", context)
    value = (
        {"qd:quantity": {"field": row["field_id"], "value": str(row["quantity"])}}
        if row and was_there
        else {}
    )
    return with_cart_count(response, context["line_count"], **_toast(request), **value)


def not_added(request: HttpRequest, viewer: core.Viewer, typed: dict[str, str]) -> HttpResponse:
    """What was typed stays, and why it was not taken is said."""
    if not is_live(request):
        return whole_cart(request, viewer, typed=typed)
    context = {"typed": typed, "request_key": get_random_string(20), "focus_add": True}
    response = render(request, "qudao_b2b_ordering/cart/_add_form.html", context)
    response["HX-Trigger"] = json.dumps(_toast(request))
    return response


def removed_line(request: HttpRequest, viewer: core.Viewer, removed: Row | None) -> HttpResponse:
    """At the place of the line that is gone stands what brings it back."""
    if removed is None and not is_live(request):
        return redirect("ordering:cart")
    if not is_live(request):
        context = cart_context(
            viewer, CartWindow(line=queries.line_at(viewer, removed["position"]) if removed else 0)
        )
        context["removed"] = removed
        return render(request, "qudao_b2b_ordering/cart/page.html", context)
    context, _priced = _cart(viewer)
    response = render(
        request, "qudao_b2b_ordering/cart/_removed.html", context | {"removed": removed, "oob": True}
    )
    return with_cart_count(response, context["line_count"])


def restored_line(request: HttpRequest, viewer: core.Viewer, line_id: int | None) -> HttpResponse:
    """The line at its old place."""
    if not is_live(request):
        return redirect(line_url(line_id))
    context, row = _with_row(viewer, line_id or 0)
    if row is None:
        return _afresh()
    response = render(request, "qudao_b2b_ordering/cart/_restored.html", context | {"row": row})
    return with_cart_count(response, context["line_count"])


def _afresh() -> HttpResponse:
    """The page shows what is no longer so."""
    return HttpResponse(headers={"HX-Refresh": "true"})


def _toast(request: HttpRequest) -> dict[str, Any]:
    """Messages told during an htmx request appear as a toast instead of on some later page."""
    told = [str(message) for message in messages.get_messages(request)]
    return {"qd:toast": {"message": core.join_sentences(*told), "kind": "warn"}} if told else {}
