"""What is wrong with a cart and its lines, in the reader's words, each with what to do next."""

from __future__ import annotations

from decimal import Decimal

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.errors import Problem

from ..stock.rules import StockView
from .rules import PriceChange, PriceIssue, Supply

figure = catalog.figure


def money(amount: Decimal, currency: str) -> str:
    """An amount or unit price with its currency; unit prices keep their 4 places only where they are used."""
    places = 2 if amount == amount.quantize(Decimal("0.01")) else 4
    return f"{amount:,.{places}f} {currency}"


def not_available(code: str, line: int | None = None) -> Problem:
    return Problem(
        "not_available",
        _("%(code)s is not in your catalogue.") % {"code": code},
        field="sku",
        line=line,
        remedy=_("Check the number, or remove the line."),
        params={"code": code},
    )


def ambiguous(code: str, skus: list[str], line: int | None = None) -> Problem:
    return Problem(
        "ambiguous_reference",
        _("%(code)s matches several products: %(skus)s.") % {"code": code, "skus": core.join_list(skus)},
        field="sku",
        line=line,
        remedy=_("Enter the SKU of the product you want."),
        params={"code": code, "candidates": skus},
    )


def no_price(issue: PriceIssue, facts: catalog.ProductFacts, line: int | None = None) -> Problem:
    if issue.code == "below_first_break":
        start = issue.params["from_quantity"]
        assert isinstance(start, Decimal)
        return Problem(
            "below_first_break",
            _("Your price starts at %(from)s.") % {"from": _counted(start, facts)},
            field="quantity",
            line=line,
            remedy=_("Order more, or ask your sales contact for a price."),
            params=issue.params,
        )
    return Problem(
        "price_on_request",
        _("Price on request: it cannot be ordered here."),
        field="sku",
        line=line,
        remedy=_("Ask your sales contact for a price, or remove the line."),
    )


def price_changed(change: PriceChange, line: int | None = None) -> Problem:
    new = money(change.new, change.currency)
    if change.old is None:
        message = _("The price is now %(new)s.") % {"new": new}
    else:
        message = _("The price has changed from %(old)s to %(new)s.") % {
            "old": money(change.old, change.currency),
            "new": new,
        }
    return Problem(
        "price_changed",
        message,
        field="unit_price",
        line=line,
        remedy=_("Accept the new price, or remove the line."),
        params={"sku": change.sku, "old": change.old, "new": change.new, "currency": change.currency},
    )


def not_enough(
    wanted: Decimal, found: Supply, view: StockView, facts: catalog.ProductFacts, line: int | None = None
) -> Problem:
    """Too little stock: how much there is for those who may know it, the band for the others, and what to do."""
    exact = view.mode == "exact"
    words = _figures(facts, found) | {"wanted": figure(wanted) if exact else _counted(wanted, facts)}
    remedy = _("Order less, or ask your sales contact how much can be delivered.")
    now = catalog.orderable_part(facts, found.now) if exact else None
    if now is not None:
        remedy = _("Order %(now)s now and the rest later.") % {"now": _counted(now, facts)}
    elif exact:
        remedy = _("Remove the line, or ask your sales contact when more arrives.")
    return Problem(
        "not_enough_stock",
        _shortage_words(found, view) % words,
        field="quantity",
        line=line,
        remedy=remedy,
        params=_supply_params(wanted, found, exact),
    )


def _figures(facts: catalog.ProductFacts, found: Supply) -> dict[str, str]:
    return {
        "now": _counted(found.now, facts),
        "rest": figure(found.missing or found.later),
        "day": formats.date_format(found.expected_on, "MONTH_DAY_FORMAT") if found.expected_on else "",
    }


def _counted(quantity: Decimal, facts: catalog.ProductFacts) -> str:
    return catalog.quantity_text(quantity, facts.unit_name(get_language() or "en"))


def partly_later(
    wanted: Decimal, found: Supply, view: StockView, facts: catalog.ProductFacts, line: int | None = None
) -> Problem:
    """A backorder: not a reason to stop, but to know."""
    exact = view.mode == "exact"
    words = _figures(facts, found)
    if not exact:
        text = (
            _("Part of it will follow, expected on %(day)s.")
            if found.expected_on
            else _("Part of it will follow.")
        )
    elif found.now <= 0:
        text = (
            _("Not in stock now; expected on %(day)s.")
            if found.expected_on
            else _("Not in stock now; it will follow as soon as it arrives.")
        )
    elif found.expected_on:
        text = _("%(now)s in stock; the other %(rest)s are expected on %(day)s.")
    else:
        text = _("%(now)s in stock; the other %(rest)s will follow.")
    return Problem(
        "partly_later", text % words, field="quantity", line=line, params=_supply_params(wanted, found, exact)
    )


def _shortage_words(found: Supply, view: StockView) -> str:
    due = found.expected_on is not None
    if view.mode == "exact" and found.now > 0:
        if due:
            return _("%(now)s in stock; the other %(rest)s are expected on %(day)s.")
        return _("%(now)s in stock; you asked for %(wanted)s.")
    if view.band == "out" or (view.mode == "exact" and found.now <= 0):
        return _("Out of stock; more is expected on %(day)s.") if due else _("Out of stock.")
    if view.mode == "banded" and view.band == "low":
        if due:
            return _("Few left, not enough for %(wanted)s; more is expected on %(day)s.")
        return _("Few left, not enough for %(wanted)s.")
    if due:
        return _("There is not enough in stock for %(wanted)s; more is expected on %(day)s.")
    return _("There is not enough in stock for %(wanted)s.")


def _supply_params(wanted: Decimal, found: Supply, exact: bool) -> dict[str, object]:
    params: dict[str, object] = {"wanted": wanted}
    if exact:
        params["available"] = found.now
    if found.expected_on:
        params["expected_on"] = found.expected_on.isoformat()
    return params


def rounded(
    facts: catalog.ProductFacts, asked: Decimal, quantity: Decimal, line: int | None = None
) -> Problem:
    """``rounded to 36 pieces = 3 cartons``: said whenever a quantity was brought to what can be ordered."""
    packs = catalog.pack_count(facts, quantity)
    words = {
        "quantity": _counted(quantity, facts),
        "packs": ""
        if packs is None
        else catalog.quantity_text(packs, facts.pack_name(get_language() or "en")),
    }
    above = facts.max_quantity is not None and asked > facts.max_quantity
    if above:
        text = _("At most %(quantity)s per order: quantity adjusted.")
    elif packs is not None:
        text = _("Rounded to %(quantity)s = %(packs)s.")
    elif asked < facts.min_quantity:
        text = _("Raised to the minimum of %(quantity)s.")
    else:
        text = _("Rounded to %(quantity)s.")
    return Problem(
        "above_maximum" if above else "rounded",
        text % words,
        field="quantity",
        line=line,
        params={"asked": asked, "quantity": quantity},
    )


def amount_too_large(field: str | None, line: int | None = None) -> Problem:
    """More than any document can hold: a slip of the keyboard, or several orders."""
    return Problem(
        "amount_too_large",
        _("The amount is too large for one order."),
        field=field,
        line=line,
        remedy=_("Check the quantity, or split it into several orders."),
    )


def suspended(company_name: str) -> Problem:
    return Problem(
        "company_not_active",
        _("%(company)s cannot order at the moment.") % {"company": company_name},
        remedy=_("Ask your sales contact. Your carts are kept."),
    )


def no_seller() -> Problem:
    return Problem("no_seller", _("Your company has no seller here."), remedy=_("Ask your sales contact."))


def empty() -> Problem:
    return Problem("cart_empty", _("The cart is empty."), remedy=_("Add products first."))
