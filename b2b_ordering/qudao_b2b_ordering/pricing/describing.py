"""The API's answers about prices, and what its query strings and codes mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.numbers import rules as numbers
from qudao_partner_portal import api as portal

from . import rules
from .models import PriceList, PriceListLine, PriceRow
from .queries import LastPaid
from .rows import RowsGiven
from .services import PricesSet
from .words import outcome_words


def describe_price(price: rules.Price, facts: catalog.ProductFacts, paid: LastPaid | None) -> dict[str, Any]:
    net = None if price.unit_price is None else rules.line_net(price.unit_price, price.quantity)
    return {
        "sku": facts.sku,
        "product_id": price.product_id,
        "quantity": numbers.quantity(price.quantity),
        "unit_price": numbers.unit_price(price.unit_price),
        "currency": price.currency,
        "net": numbers.amount(net),
        "tax_rate": numbers.rate(facts.tax_rate),
        "from_quantity": numbers.quantity(price.from_quantity),
        "breaks": [_break(each) for each in price.breaks],
        "valid_until": price.valid_until,
        "note": price.note,
        "price_list": _reference(price.list_code, price.list_name),
        "last_paid": None if paid is None else _paid(paid),
    }


def unknown_product(code: int | str, known: catalog.Found[catalog.ProductFacts]) -> dict[str, Any]:
    """The answer to a code that names no product of the viewer's, or several."""
    named = {"sku": str(code), "problem": {"code": "product_not_found", "field": "product"}}
    if code in known.ambiguous:
        found = core.join_list(known.ambiguous[code])
        named["problem"] = {"code": "ambiguous_reference", "field": "product"}
        message = _("“%(reference)s” matches more than one: %(candidates)s.")
        return _told(named, message % {"reference": code, "candidates": found})
    return _told(named, _("There is no product “%(sku)s” in your catalogue.") % {"sku": code})


def _told(named: dict[str, Any], message: str) -> dict[str, Any]:
    return named | {"problem": named["problem"] | {"message": message}}


def describe_explanation(found: rules.Explanation, language: str) -> dict[str, Any]:
    labels = portal.audience_labels([e.audience_key for e in found.considered if e.audience_key], language)
    return {
        "on": found.on,
        "quantity": numbers.quantity(found.price.quantity),
        "unit_price": numbers.unit_price(found.price.unit_price),
        "currency": found.price.currency,
        "note": found.price.note,
        "price_list": _reference(found.price.list_code, found.price.list_name),
        "considered": [
            {
                "price_list": _reference(each.list_code, each.list_name),
                "audience_key": each.audience_key,
                "audience": labels.get(each.audience_key, each.audience_key),
                "priority": each.priority,
                "outcome": each.outcome,
                "why": outcome_words(each.outcome),
                "unit_price": numbers.unit_price(each.unit_price),
                "from_quantity": numbers.quantity(each.from_quantity),
                "valid_from": each.valid_from,
                "valid_until": each.valid_until,
            }
            for each in found.considered
        ],
    }


def describe_list(row: PriceList) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "name_zh": row.name_zh,
        "seller": row.seller.code,
        "currency": row.currency,
        "kind": row.kind,
        "base": row.base.code if row.base else None,
        "percent": numbers.unit_price(row.percent),
        "lines": [
            {"line": each.line.code, "percent": numbers.unit_price(each.percent)} for each in _percents(row)
        ],
        "rounding": row.rounding,
        "rounding_step": numbers.unit_price(row.rounding_step),
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "is_active": row.is_active,
        "assignments": [
            {"audience_key": each.audience_key, "priority": each.priority} for each in row.assignments.all()
        ],
        "updated_at": row.updated_at,
        "rows_removed_at": row.rows_removed_at,
    }


def describe_row(row: PriceRow) -> dict[str, Any]:
    return {
        "id": row.pk,
        "product_id": row.product_id,
        "sku": row.product.profile.sku,
        "title": catalog.title_of(row.product),
        "min_quantity": numbers.quantity(row.min_quantity),
        "unit_price": numbers.unit_price(row.unit_price),
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "updated_at": row.updated_at,
    }


def describe_set(done: PricesSet, given: RowsGiven) -> dict[str, Any]:
    refused = {each.line: {"code": each.code, "message": str(each.message)} for each in done.problems}
    results: list[dict[str, Any]] = [
        {"line": line, "outcome": "refused", "problem": refused[line]}
        if line in refused
        else {"line": line, "outcome": done.outcomes[line]}
        for line in range(1, len(given.rows) + 1)
    ]
    return {
        "created": done.created,
        "changed": done.changed,
        "unchanged": done.unchanged,
        "removed": done.removed,
        "refused": len(refused),
        "results": results,
        **({"warnings": [_warning(each) for each in done.warnings]} if done.warnings else {}),
    }


def _warning(each: core.Problem) -> dict[str, Any]:
    return {"line": each.line, "code": each.code, "message": str(each.message), "remedy": str(each.remedy)}


def list_filters(given: Mapping[str, Any]) -> Q:
    """The filter of the managed lists for a query string."""
    found = Q()
    if given.get("search"):
        found &= Q(code__icontains=given["search"]) | Q(name__icontains=given["search"])
        found |= Q(name_zh__icontains=given["search"])
    for name in ("currency", "kind"):
        if given.get(name):
            found &= Q(**{name: given[name]})
    if given.get("is_active") is not None:
        found &= Q(is_active=given["is_active"])
    if given.get("on"):
        found &= Q(valid_from__lte=given["on"]) & (Q(valid_until=None) | Q(valid_until__gte=given["on"]))
    return found


def percents_by_line(lines: Iterable[Mapping[str, Any]]) -> dict[int, Decimal]:
    """Product line id → percent.

    :raises Refusal: ``unknown_product_line``.
    """
    given = {each["line"]: each["percent"] for each in lines}
    model = PriceListLine._meta.get_field("line").related_model
    known = dict(model._default_manager.filter(code__in=given).values_list("code", "pk"))
    missing = sorted(given.keys() - known.keys())
    if missing:
        raise core.Refusal(
            "unknown_product_line",
            _("There is no product line “%(line)s”.") % {"line": missing[0]},
            field="lines",
            params={"lines": missing},
        )
    return {known[code]: percent for code, percent in given.items()}


def _percents(row: PriceList) -> list[PriceListLine]:
    return sorted(row.line_percents.all(), key=lambda each: each.line.code)


def _break(each: rules.Break) -> dict[str, Any]:
    return {
        "min_quantity": numbers.quantity(each.min_quantity),
        "unit_price": numbers.unit_price(each.unit_price),
        "valid_until": each.valid_until,
    }


def _paid(paid: LastPaid) -> dict[str, Any]:
    return {
        "unit_price": numbers.unit_price(paid.unit_price),
        "quantity": numbers.quantity(paid.quantity),
        "ordered_on": paid.ordered_on,
        "order_number": paid.order_number,
    }


def _reference(code: str, name: str) -> dict[str, str] | None:
    return {"code": code, "name": name} if code else None
