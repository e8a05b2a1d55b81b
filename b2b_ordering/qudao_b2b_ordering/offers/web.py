"""The page "why this price"; on the product page it opens in place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.numbers import rules as numbers
from qudao_core.pages import Page

from ..pricing import queries as pricing
from ..pricing.labels import explanation_rows

TEMPLATES = "qudao_b2b_ordering/offers"


class WhyPricePage(Page):
    """Which price list gives the viewer's price of a product, for a quantity and a day, and why not another.

    The last day that may be asked for is five years ahead.
    """

    in_previews = pricing.SEE_PRICES

    def get(self, request: HttpRequest) -> HttpResponse:
        versions = core.Versions.read()
        facts = catalog.facts_of(self.viewer, request.GET.get("sku", ""), versions)
        quantity, quantity_error = _quantity(request.GET.get("quantity", ""), facts, self.viewer.language)
        on, on_error = _day(request.GET.get("on", ""))
        found = pricing.explain(self.viewer, facts.id, quantity, on, versions=versions)
        context: dict[str, Any] = {
            "facts": facts,
            "name": facts.name(self.viewer.language),
            "unit": facts.unit_name(self.viewer.language),
            "quantity": catalog.plain_number(quantity),
            "quantity_text": request.GET.get("quantity", "") or catalog.plain_number(quantity),
            "quantity_error": quantity_error,
            "on": on,
            "on_error": on_error,
            "price": found.price,
            "from_quantity": catalog.plain_number(found.price.from_quantity or quantity),
            "rows": explanation_rows(found, self.viewer.language),
            "last_paid": pricing.last_prices(self.viewer, [facts.id]).get(facts.id),
        }
        in_place = bool(request.headers.get("HX-Request"))
        context["rows_template"] = f"{TEMPLATES}/{'_why_list' if in_place else '_why_table'}.html"
        return render(request, f"{TEMPLATES}/{'_why' if in_place else 'why'}.html", context)


def _quantity(text: str, facts: catalog.ProductFacts, language: str) -> tuple[Decimal, Any]:
    """The quantity asked for; the smallest that may be ordered, with a message, where it cannot be read."""
    lowest = catalog.lowest_quantity(facts)
    if not text.strip():
        return lowest, ""
    try:
        quantity = catalog.parse_quantity(text, facts, numbers.number_format_of(language))
    except catalog.UnreadableQuantity as unreadable:
        return lowest, catalog.quantity_problem(facts, unreadable.issue).message
    return (quantity, "") if quantity > 0 else (lowest, _("Enter a quantity above zero."))


def _day(text: str) -> tuple[date, str]:
    today = timezone.localdate()
    if not text.strip():
        return today, ""
    try:
        day = parse_date(text.strip())
    except ValueError:
        day = None
    if day is None or not date(2000, 1, 1) <= day <= today.replace(year=today.year + 5, day=1):
        return today, _("Enter a day such as 2026-12-31, at most five years ahead.")
    return day, ""
