"""The shapes of the cart endpoints, for reading input and for the API reference."""

from __future__ import annotations

from decimal import Decimal

from qudao_catalog import api as catalog
from qudao_core.numbers.serializers import DecimalField
from rest_framework import serializers

from . import rules


class LineInputSchema(catalog.NamesProduct):
    """A product, how much of it, and a note."""

    quantity = serializers.CharField(max_length=40, help_text="Units, or packs such as “3 ctn” or “3箱”.")
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class LinesInput(serializers.Serializer):  # type: ignore[type-arg]
    mode = serializers.ChoiceField(
        ["add", "set"], default="add", help_text="Add to the cart, or set quantities."
    )
    lines = LineInputSchema(many=True, allow_empty=False, max_length=rules.MOST_LINES)


class LineChange(serializers.Serializer):  # type: ignore[type-arg]
    quantity = serializers.CharField(max_length=40, required=False)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class CartInput(serializers.Serializer):  # type: ignore[type-arg]
    name = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")


class CartChange(serializers.Serializer):  # type: ignore[type-arg]
    name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    is_current = serializers.BooleanField(required=False)


class SeenPrice(serializers.Serializer):  # type: ignore[type-arg]
    line = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="The line's id.")
    unit_price = DecimalField(14, 4, min_value=Decimal(0))


class AcceptInput(serializers.Serializer):  # type: ignore[type-arg]
    prices = SeenPrice(many=True, allow_empty=False, max_length=rules.MOST_LINES)


class ProblemSchema(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.CharField()
    message = serializers.CharField()
    line = serializers.IntegerField(required=False)
    remedy = serializers.CharField(required=False)
    remedy_url = serializers.CharField(required=False)
    params = serializers.DictField(required=False)

    def get_fields(self):  # type: ignore[no-untyped-def]  # noqa: ANN201 - "field" would hide DRF's attribute
        return {**super().get_fields(), "field": serializers.CharField(required=False)}


class CartSummarySchema(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    name = serializers.CharField()
    is_current = serializers.BooleanField()
    line_count = serializers.IntegerField()
    revises = serializers.CharField(allow_null=True, help_text="The returned order this cart changes.")
    revision = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


class LineResultSchema(serializers.Serializer):  # type: ignore[type-arg]
    number = serializers.IntegerField(help_text="Place of the given line, from 1.")
    code = serializers.CharField()
    status = serializers.ChoiceField(
        [rules.OK, rules.ROUNDED, rules.OVER_STOCK, rules.UNKNOWN, rules.NOT_ALLOWED, rules.INVALID]
    )
    kept = serializers.BooleanField()
    line = serializers.IntegerField(allow_null=True)
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.DecimalField(14, 3, allow_null=True, help_text="What now lies in the cart.")
    unit_price = serializers.DecimalField(14, 4, allow_null=True)
    currency = serializers.CharField()
    problems = ProblemSchema(many=True)


class BulkResultSchema(serializers.Serializer):  # type: ignore[type-arg]
    cart = serializers.IntegerField()
    revision = serializers.IntegerField()
    line_count = serializers.IntegerField()
    kept = serializers.IntegerField()
    lines = LineResultSchema(many=True)


class RateTotalSchema(serializers.Serializer):  # type: ignore[type-arg]
    rate = serializers.DecimalField(6, 4)
    net = serializers.DecimalField(14, 2)
    tax = serializers.DecimalField(14, 2)


class TotalsSchema(serializers.Serializer):  # type: ignore[type-arg]
    net = serializers.DecimalField(14, 2)
    tax = serializers.DecimalField(14, 2)
    gross = serializers.DecimalField(14, 2)
    by_rate = RateTotalSchema(many=True)


class CartLineSchema(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    number = serializers.IntegerField()
    product = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    quantity = serializers.DecimalField(14, 3)
    packs = serializers.DecimalField(14, 3, allow_null=True)
    note = serializers.CharField()
    unit_price = serializers.DecimalField(14, 4, allow_null=True)
    seen_price = serializers.DecimalField(14, 4, allow_null=True)
    last_price = serializers.DecimalField(14, 4, allow_null=True)
    net = serializers.DecimalField(14, 2, allow_null=True)
    tax_rate = serializers.DecimalField(6, 4)
    problems = ProblemSchema(many=True, help_text="What keeps the cart from being ordered.")
    notices = ProblemSchema(many=True, help_text="What to know; a changed price has to be accepted.")


class CartSchema(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()
    revision = serializers.IntegerField()
    currency = serializers.CharField()
    is_current = serializers.BooleanField()
    revises = serializers.CharField(allow_null=True)
    order = serializers.CharField(allow_null=True, help_text="The order this cart became.")
    can_submit = serializers.BooleanField()
    lines = CartLineSchema(many=True)
    totals = TotalsSchema()
    problems = ProblemSchema(many=True)


class CheckoutStepSchema(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    side = serializers.CharField()
    role = serializers.CharField()


class CheckoutSchema(serializers.Serializer):  # type: ignore[type-arg]
    cart = CartSchema()
    terms = serializers.CharField()
    address = serializers.IntegerField(allow_null=True, help_text="The default address.")
    invoice_title = serializers.IntegerField(allow_null=True, help_text="The default invoice title.")
    steps = CheckoutStepSchema(many=True, help_text="The way the order would go.")
