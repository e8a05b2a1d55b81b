"""Shapes of the API's requests and answers about stock."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy
from qudao_catalog import api as catalog
from qudao_core.headless import ChangeFilters
from qudao_core.numbers import rules as numbers
from qudao_core.numbers.serializers import DecimalField
from rest_framework import serializers

from . import rules
from .models import Arrival, StockLevel, StockPolicy, StockTerms, Warehouse
from .services import SetResult

QUANTITY = {"max_digits": 14, "decimal_places": 3}
ZERO = Decimal(0)


class StockQueryInput(serializers.Serializer):  # type: ignore[type-arg]
    products = serializers.ListField(
        child=catalog.ProductField(),
        min_length=1,
        max_length=2000,
        help_text=gettext_lazy("SKUs, barcodes or external keys; or ids as numbers."),
    )


class ArrivalSeen(serializers.Serializer):  # type: ignore[type-arg]
    expected_on = serializers.DateField()
    quantity = serializers.CharField(allow_null=True)


class ProblemOutput(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField(required=False)


class StockOutput(serializers.Serializer):  # type: ignore[type-arg]
    """As much as you may see. `mode`: exact (with `quantity`), banded (with `band`) or hidden."""

    line = serializers.IntegerField()
    sku = serializers.CharField()
    product_id = serializers.IntegerField(required=False)
    mode = serializers.ChoiceField(choices=StockPolicy.Mode.choices, required=False)
    quantity = serializers.CharField(allow_null=True, required=False)
    band = serializers.ChoiceField(
        choices=["in", "low", "out", "plenty", "unlimited"], allow_null=True, required=False
    )
    backorder = serializers.BooleanField(required=False)
    arrivals = ArrivalSeen(many=True, required=False)
    problem = ProblemOutput(required=False)


class StockAnswers(serializers.Serializer):  # type: ignore[type-arg]
    results = StockOutput(many=True)


class LevelFilters(ChangeFilters):
    search = serializers.CharField(required=False, max_length=80)
    product = catalog.ProductField(required=False, help_text=gettext_lazy("SKU, ext:KEY, barcode:… or id:…."))
    sku = catalog.ProductField(required=False, help_text=gettext_lazy("Use the field “product” instead."))
    warehouse = serializers.CharField(required=False, max_length=40)
    state = serializers.ChoiceField(required=False, choices=["free", "out", "over"])


class LevelOutput(serializers.Serializer):  # type: ignore[type-arg]
    """`saleable` is on hand − allocated and never below 0; `over` says that more is promised than was counted."""

    warehouse = serializers.CharField()
    product_id = serializers.IntegerField()
    sku = serializers.CharField()
    title = serializers.CharField()
    on_hand = serializers.CharField()
    allocated = serializers.CharField()
    saleable = serializers.CharField()
    over = serializers.BooleanField()
    updated_at = serializers.DateTimeField()


class CountInput(catalog.NamesProduct):
    """What was counted of a product in a warehouse."""

    warehouse = serializers.CharField(max_length=40)
    on_hand = DecimalField(**QUANTITY, min_value=ZERO)


class CountsInput(serializers.Serializer):  # type: ignore[type-arg]
    rows = CountInput(many=True, max_length=20_000)
    partial = serializers.BooleanField(default=False)
    reference = serializers.CharField(max_length=80, allow_blank=True, default="")


class ExpectedInput(catalog.NamesProduct):
    warehouse = serializers.CharField(max_length=40)
    quantity = DecimalField(**QUANTITY, min_value=ZERO)
    expected_on = serializers.DateField()
    external_key = serializers.CharField(max_length=80, allow_blank=True, default="")


class ExpectedRowsInput(serializers.Serializer):  # type: ignore[type-arg]
    rows = ExpectedInput(many=True, max_length=20_000)
    partial = serializers.BooleanField(default=False)


class RefusedRow(ProblemOutput):
    line = serializers.IntegerField()


class SetOutput(serializers.Serializer):  # type: ignore[type-arg]
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = RefusedRow(many=True)


class ReceiveInput(serializers.Serializer):  # type: ignore[type-arg]
    quantity = DecimalField(
        **QUANTITY, min_value=ZERO, required=False, help_text=gettext_lazy("If omitted, the full quantity.")
    )


class WarehouseInput(serializers.Serializer):  # type: ignore[type-arg]
    name = serializers.CharField(max_length=120)
    name_zh = serializers.CharField(max_length=120, required=False, allow_blank=True)
    priority = serializers.IntegerField(min_value=0, max_value=32767, required=False)
    is_active = serializers.BooleanField(required=False)


class WarehouseOutput(WarehouseInput):
    code = serializers.CharField()
    seller = serializers.CharField()


class ArrivalFilters(serializers.Serializer):  # type: ignore[type-arg]
    warehouse = serializers.CharField(required=False, max_length=40)
    received = serializers.BooleanField(required=False, allow_null=True, default=None)


class ArrivalOutput(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    external_key = serializers.CharField()
    warehouse = serializers.CharField()
    product_id = serializers.IntegerField()
    sku = serializers.CharField()
    quantity = serializers.CharField()
    expected_on = serializers.DateField()
    received_at = serializers.DateTimeField(allow_null=True)


class PolicyInput(serializers.Serializer):  # type: ignore[type-arg]
    mode = serializers.ChoiceField(choices=StockPolicy.Mode.choices)
    low_threshold = DecimalField(**QUANTITY, min_value=ZERO, required=False)
    plenty_threshold = DecimalField(**QUANTITY, min_value=ZERO, required=False, allow_null=True)
    show_arrivals = serializers.BooleanField(required=False)
    priority = serializers.IntegerField(min_value=-32768, max_value=32767, required=False)


class PolicyOutput(PolicyInput):
    audience_key = serializers.CharField()


class TermsInput(serializers.Serializer):  # type: ignore[type-arg]
    backorder = serializers.BooleanField(default=False)
    backorder_limit = DecimalField(**QUANTITY, min_value=ZERO, allow_null=True, default=None)
    is_unlimited = serializers.BooleanField(default=False)
    low_threshold = DecimalField(**QUANTITY, min_value=ZERO, allow_null=True, default=None)


class TermsOutput(TermsInput):
    sku = serializers.CharField()


def describe_stock(view: rules.StockView, facts: catalog.ProductFacts) -> dict[str, Any]:
    return {
        "sku": facts.sku,
        "product_id": facts.id,
        "mode": view.mode,
        "quantity": numbers.quantity(view.quantity),
        "band": view.band,
        "backorder": view.backorder,
        "arrivals": [
            {"expected_on": day, "quantity": numbers.quantity(amount)} for day, amount in view.arrivals
        ],
    }


def describe_level(row: StockLevel) -> dict[str, Any]:
    free = row.on_hand - row.allocated
    return {
        "warehouse": row.warehouse.code,
        "product_id": row.product_id,
        "sku": row.product.profile.sku,
        "title": catalog.title_of(row.product),
        "on_hand": numbers.quantity(row.on_hand),
        "allocated": numbers.quantity(row.allocated),
        "saleable": numbers.quantity(max(free, ZERO)),
        "over": free < 0,
        "updated_at": row.updated_at,
    }


def describe_set(done: SetResult) -> dict[str, Any]:
    return {
        "created": done.created,
        "changed": done.changed,
        "unchanged": done.unchanged,
        "refused": [
            {"line": each.line, "code": each.code, "message": str(each.message), "field": each.field}
            for each in done.problems
        ],
    }


def describe_warehouse(row: Warehouse) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "name_zh": row.name_zh,
        "seller": row.seller.code,
        "priority": row.priority,
        "is_active": row.is_active,
    }


def describe_arrival(row: Arrival) -> dict[str, Any]:
    return {
        "id": row.pk,
        "external_key": row.external_key,
        "warehouse": row.warehouse.code,
        "product_id": row.product_id,
        "sku": row.product.profile.sku,
        "quantity": numbers.quantity(row.quantity),
        "expected_on": row.expected_on,
        "received_at": row.received_at,
    }


def describe_policy(row: StockPolicy) -> dict[str, Any]:
    return {
        "audience_key": row.audience_key,
        "mode": row.mode,
        "low_threshold": numbers.quantity(row.low_threshold),
        "plenty_threshold": numbers.quantity(row.plenty_threshold),
        "show_arrivals": row.show_arrivals,
        "priority": row.priority,
    }


def describe_terms(row: StockTerms, sku: str) -> dict[str, Any]:
    return {
        "sku": sku,
        "backorder": row.backorder,
        "backorder_limit": numbers.quantity(row.backorder_limit),
        "is_unlimited": row.is_unlimited,
        "low_threshold": numbers.quantity(row.low_threshold),
    }
