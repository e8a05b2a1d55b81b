"""Shapes of the API's requests and answers about prices. ``describe_…`` make the answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from qudao_catalog import api as catalog
from qudao_partner_portal import api as portal
from rest_framework import serializers

from . import rules
from .models import PriceList, PriceListLine, PriceRow
from .queries import LastPaid
from .rows import RowsGiven
from .services import PricesSet
from .words import outcome_words

NO_SUCH_BASE = gettext_lazy("There is no such price list.")
QUANTITY = {"max_digits": 14, "decimal_places": 3}
UNIT_PRICE = {"max_digits": 14, "decimal_places": 4}
PERCENT = {"max_digits": 7, "decimal_places": 4}
_POSITIVE = Decimal("0.001")


class WantedInput(serializers.Serializer):  # type: ignore[type-arg]
    sku = serializers.CharField(max_length=90, help_text=gettext_lazy("SKU, barcode or external key."))
    quantity = serializers.DecimalField(
        **QUANTITY,
        min_value=_POSITIVE,
        required=False,
        help_text=gettext_lazy("In units; the smallest that may be ordered if not said."),
    )


class PriceQueryInput(serializers.Serializer):  # type: ignore[type-arg]
    products = WantedInput(many=True, min_length=1, max_length=2000)
    on = serializers.DateField(required=False, allow_null=True)


class BreakOutput(serializers.Serializer):  # type: ignore[type-arg]
    min_quantity = serializers.CharField()
    unit_price = serializers.CharField()
    valid_until = serializers.DateField(allow_null=True)


class ListReference(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.CharField()
    name = serializers.CharField()


class LastPaidOutput(serializers.Serializer):  # type: ignore[type-arg]
    unit_price = serializers.CharField()
    quantity = serializers.CharField()
    ordered_on = serializers.DateField()
    order_number = serializers.CharField()


class ProblemOutput(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField(required=False)


class PriceOutput(serializers.Serializer):  # type: ignore[type-arg]
    """`note`: why there is no price. `problem` instead of everything else: not in your catalogue."""

    line = serializers.IntegerField()
    sku = serializers.CharField()
    product_id = serializers.IntegerField(required=False)
    quantity = serializers.CharField(required=False)
    unit_price = serializers.CharField(allow_null=True, required=False)
    currency = serializers.CharField(required=False)
    net = serializers.CharField(allow_null=True, required=False)
    tax_rate = serializers.CharField(required=False)
    from_quantity = serializers.CharField(allow_null=True, required=False)
    breaks = BreakOutput(many=True, required=False)
    valid_until = serializers.DateField(allow_null=True, required=False)
    note = serializers.CharField(allow_null=True, required=False)
    price_list = ListReference(allow_null=True, required=False)
    last_paid = LastPaidOutput(allow_null=True, required=False)
    problem = ProblemOutput(required=False)


class PricesOutput(serializers.Serializer):  # type: ignore[type-arg]
    on = serializers.DateField()
    currency = serializers.CharField()
    results = PriceOutput(many=True)


class ExplainInput(serializers.Serializer):  # type: ignore[type-arg]
    sku = serializers.CharField(max_length=90)
    quantity = serializers.DecimalField(**QUANTITY, min_value=_POSITIVE, required=False, allow_null=True)
    on = serializers.DateField(required=False, allow_null=True)
    company = serializers.CharField(
        max_length=80, required=False, help_text=gettext_lazy("Code of a company that buys from yours.")
    )


class ConsideredOutput(serializers.Serializer):  # type: ignore[type-arg]
    price_list = ListReference()
    audience_key = serializers.CharField()
    audience = serializers.CharField()
    priority = serializers.IntegerField()
    outcome = serializers.CharField()
    why = serializers.CharField()
    unit_price = serializers.CharField(allow_null=True)
    from_quantity = serializers.CharField(allow_null=True)
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)


class ExplanationOutput(serializers.Serializer):  # type: ignore[type-arg]
    on = serializers.DateField()
    quantity = serializers.CharField()
    unit_price = serializers.CharField(allow_null=True)
    currency = serializers.CharField()
    note = serializers.CharField(allow_null=True)
    price_list = ListReference(allow_null=True)
    considered = ConsideredOutput(many=True)


class PercentOutput(serializers.Serializer):  # type: ignore[type-arg]
    line = serializers.CharField(help_text=gettext_lazy("Code of a product line."))
    percent = serializers.DecimalField(**PERCENT)


class AssignmentInput(serializers.Serializer):  # type: ignore[type-arg]
    audience_key = serializers.CharField(max_length=80, help_text="tier:gold, company:42, everyone …")
    priority = serializers.IntegerField(default=0, min_value=-32768, max_value=32767)


class AssignmentsInput(serializers.Serializer):  # type: ignore[type-arg]
    assignments = AssignmentInput(many=True, max_length=2000)


class PercentsInput(serializers.Serializer):  # type: ignore[type-arg]
    lines = PercentOutput(many=True, max_length=1000)
    percent = serializers.DecimalField(**PERCENT, required=False)


class PriceListOutput(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.CharField()
    name = serializers.CharField()
    seller = serializers.CharField(help_text=gettext_lazy("Code of the company."))
    currency = serializers.CharField()
    kind = serializers.ChoiceField(choices=PriceList.Kind.choices)
    base = serializers.CharField(allow_null=True)
    percent = serializers.CharField()
    lines = PercentOutput(many=True)
    rounding = serializers.ChoiceField(choices=PriceList.Rounding.choices)
    rounding_step = serializers.CharField()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)
    is_active = serializers.BooleanField()
    assignments = AssignmentInput(many=True)
    updated_at = serializers.DateTimeField()


class PriceListChange(serializers.Serializer):  # type: ignore[type-arg]
    name = serializers.CharField(max_length=120, required=False)
    base = serializers.CharField(max_length=60, required=False, allow_null=True)
    percent = serializers.DecimalField(**PERCENT, required=False)
    rounding = serializers.ChoiceField(choices=PriceList.Rounding.choices, required=False)
    rounding_step = serializers.DecimalField(**UNIT_PRICE, required=False)
    valid_from = serializers.DateField(required=False)
    valid_until = serializers.DateField(required=False, allow_null=True)
    is_active = serializers.BooleanField(required=False)


class PriceListInput(PriceListChange):
    code = serializers.SlugField(max_length=60)
    name = serializers.CharField(max_length=120)
    currency = serializers.RegexField(r"^[A-Z]{3}$", default="CNY")
    seller = serializers.CharField(
        max_length=80, required=False, help_text=gettext_lazy("For the back office; else your company.")
    )


class CopyInput(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.SlugField(max_length=60)
    name = serializers.CharField(max_length=120)
    valid_from = serializers.DateField(required=False)
    valid_until = serializers.DateField(required=False, allow_null=True)


class PriceListFilters(serializers.Serializer):  # type: ignore[type-arg]
    search = serializers.CharField(required=False, max_length=80)
    currency = serializers.CharField(required=False, max_length=3)
    kind = serializers.ChoiceField(required=False, choices=PriceList.Kind.choices)
    is_active = serializers.BooleanField(required=False, allow_null=True, default=None)
    on = serializers.DateField(required=False, help_text=gettext_lazy("Valid on that day."))


class RowFilters(serializers.Serializer):  # type: ignore[type-arg]
    search = serializers.CharField(required=False, max_length=80)
    sku = serializers.CharField(required=False, max_length=90)
    on = serializers.DateField(required=False, help_text=gettext_lazy("Valid on that day."))


class RowInput(serializers.Serializer):  # type: ignore[type-arg]
    """Name the product by `sku`, `product_id` or `external_key`."""

    sku = serializers.CharField(required=False)
    product_id = serializers.IntegerField(required=False)
    external_key = serializers.CharField(required=False)
    min_quantity = serializers.DecimalField(**QUANTITY, default=Decimal(1))
    unit_price = serializers.DecimalField(**UNIT_PRICE)
    valid_from = serializers.DateField(required=False, allow_null=True)
    valid_until = serializers.DateField(required=False, allow_null=True)


class RowsInput(serializers.Serializer):  # type: ignore[type-arg]
    rows = RowInput(many=True)
    replace = serializers.BooleanField(default=False)
    partial = serializers.BooleanField(default=False)
    reference = serializers.CharField(default="", max_length=80)


class RowResult(serializers.Serializer):  # type: ignore[type-arg]
    line = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=["created", "changed", "unchanged", "refused"])
    problem = ProblemOutput(required=False)


class RowsOutput(serializers.Serializer):  # type: ignore[type-arg]
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    removed = serializers.IntegerField()
    refused = serializers.IntegerField()
    results = RowResult(many=True)


class RowOutput(RowInput):
    id = serializers.IntegerField()
    title = serializers.CharField()


class RemoveInput(serializers.Serializer):  # type: ignore[type-arg]
    ids = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=1, max_length=10_000)


class RemovedOutput(serializers.Serializer):  # type: ignore[type-arg]
    removed = serializers.IntegerField()


def describe_price(price: rules.Price, facts: catalog.ProductFacts, paid: LastPaid | None) -> dict[str, Any]:
    net = None if price.unit_price is None else rules.line_net(price.unit_price, price.quantity)
    return {
        "sku": facts.sku,
        "product_id": price.product_id,
        "quantity": catalog.plain_number(price.quantity),
        "unit_price": price.unit_price,
        "currency": price.currency,
        "net": net,
        "tax_rate": facts.tax_rate,
        "from_quantity": _plain(price.from_quantity),
        "breaks": [_break(each) for each in price.breaks],
        "valid_until": price.valid_until,
        "note": price.note,
        "price_list": _reference(price.list_code, price.list_name),
        "last_paid": None if paid is None else _paid(paid),
    }


def unknown_product(code: str) -> dict[str, Any]:
    message = _("There is no product “%(sku)s” in your catalogue.") % {"sku": code}
    return {"sku": code, "problem": {"code": "product_not_found", "message": message, "field": "sku"}}


def describe_explanation(found: rules.Explanation, language: str) -> dict[str, Any]:
    labels = portal.audience_labels([e.audience_key for e in found.considered if e.audience_key], language)
    return {
        "on": found.on,
        "quantity": catalog.plain_number(found.price.quantity),
        "unit_price": found.price.unit_price,
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
                "unit_price": each.unit_price,
                "from_quantity": _plain(each.from_quantity),
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
        "seller": row.seller.code,
        "currency": row.currency,
        "kind": row.kind,
        "base": row.base.code if row.base else None,
        "percent": row.percent,
        "lines": [{"line": each.line.code, "percent": each.percent} for each in _percents(row)],
        "rounding": row.rounding,
        "rounding_step": row.rounding_step,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "is_active": row.is_active,
        "assignments": [
            {"audience_key": each.audience_key, "priority": each.priority} for each in row.assignments.all()
        ],
        "updated_at": row.updated_at,
    }


def describe_row(row: PriceRow) -> dict[str, Any]:
    return {
        "id": row.pk,
        "product_id": row.product_id,
        "sku": row.product.profile.sku,
        "title": row.product.get_title(),
        "min_quantity": catalog.plain_number(row.min_quantity),
        "unit_price": row.unit_price,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
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
    }


def list_filters(given: Mapping[str, Any]) -> Q:
    """The filter of the managed lists for a query string."""
    found = Q()
    if given.get("search"):
        found &= Q(code__icontains=given["search"]) | Q(name__icontains=given["search"])
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

    :raises Refusal: ``line_unknown``.
    """
    given = {each["line"]: each["percent"] for each in lines}
    model = PriceListLine._meta.get_field("line").related_model
    known = dict(model._default_manager.filter(code__in=given).values_list("code", "pk"))
    missing = sorted(given.keys() - known.keys())
    if missing:
        raise portal.Refusal(
            "line_unknown",
            _("There is no product line “%(line)s”.") % {"line": missing[0]},
            field="lines",
            params={"lines": missing},
        )
    return {known[code]: percent for code, percent in given.items()}


def _percents(row: PriceList) -> list[PriceListLine]:
    return sorted(row.line_percents.all(), key=lambda each: each.line.code)


def _break(each: rules.Break) -> dict[str, Any]:
    return {
        "min_quantity": _plain(each.min_quantity),
        "unit_price": each.unit_price,
        "valid_until": each.valid_until,
    }


def _paid(paid: LastPaid) -> dict[str, Any]:
    return {
        "unit_price": paid.unit_price,
        "quantity": _plain(paid.quantity),
        "ordered_on": paid.ordered_on,
        "order_number": paid.order_number,
    }


def _plain(number: Decimal | None) -> Decimal | None:
    return None if number is None else catalog.plain_number(number)


def _reference(code: str, name: str) -> dict[str, str] | None:
    return {"code": code, "name": name} if code else None
