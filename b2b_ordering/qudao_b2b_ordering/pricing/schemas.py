"""Shapes of the API's requests and answers about prices."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy
from qudao_catalog import api as catalog
from qudao_core.headless import ChangeFilters, ReferenceField
from qudao_core.numbers.serializers import DecimalField
from rest_framework import serializers

from .models import PriceList

NO_SUCH_BASE = gettext_lazy("There is no such price list.")
QUANTITY = {"max_digits": 14, "decimal_places": 3}
UNIT_PRICE = {"max_digits": 14, "decimal_places": 4}
PERCENT = {"max_digits": 7, "decimal_places": 4}
_POSITIVE = Decimal("0.001")


class WantedInput(catalog.NamesProduct):
    quantity = DecimalField(
        **QUANTITY,
        min_value=_POSITIVE,
        required=False,
        help_text=gettext_lazy("In units; if omitted, the smallest quantity that can be ordered."),
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


class ExplainInput(catalog.NamesProduct):
    quantity = DecimalField(**QUANTITY, min_value=_POSITIVE, required=False, allow_null=True)
    on = serializers.DateField(required=False, allow_null=True)
    company = ReferenceField(
        required=False, help_text=gettext_lazy("A company that buys from yours: code, ext:KEY or id.")
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
    percent = DecimalField(**PERCENT)


class AssignmentInput(serializers.Serializer):  # type: ignore[type-arg]
    audience_key = serializers.CharField(max_length=80, help_text="tier:gold, company:42, everyone …")
    priority = serializers.IntegerField(default=0, min_value=-32768, max_value=32767)


class AssignmentsInput(serializers.Serializer):  # type: ignore[type-arg]
    assignments = AssignmentInput(many=True, max_length=2000)


class PercentsInput(serializers.Serializer):  # type: ignore[type-arg]
    lines = PercentOutput(many=True, max_length=1000)
    percent = DecimalField(**PERCENT, required=False)


class PriceListOutput(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.CharField()
    name = serializers.CharField()
    name_zh = serializers.CharField(help_text=gettext_lazy("Shown to Chinese readers; empty: the name."))
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
    updated_at = serializers.DateTimeField(
        help_text=gettext_lazy("When the list or its prices last changed.")
    )
    rows_removed_at = serializers.DateTimeField(
        allow_null=True,
        help_text=gettext_lazy("When prices were last removed: a copy older than this must be reloaded."),
    )


class PriceListChange(serializers.Serializer):  # type: ignore[type-arg]
    name = serializers.CharField(max_length=120, required=False)
    name_zh = serializers.CharField(max_length=120, required=False, allow_blank=True)
    base = serializers.CharField(max_length=60, required=False, allow_null=True)
    percent = DecimalField(**PERCENT, required=False)
    rounding = serializers.ChoiceField(choices=PriceList.Rounding.choices, required=False)
    rounding_step = DecimalField(**UNIT_PRICE, required=False)
    valid_from = serializers.DateField(required=False)
    valid_until = serializers.DateField(required=False, allow_null=True)
    is_active = serializers.BooleanField(required=False)


class PriceListInput(PriceListChange):
    code = serializers.SlugField(max_length=60)
    name = serializers.CharField(max_length=120)
    currency = serializers.RegexField(r"^[A-Z]{3}$", default="CNY")
    seller = ReferenceField(
        required=False,
        help_text=gettext_lazy("For the back office: code, ext:KEY or id; otherwise your company."),
    )


class CopyInput(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.SlugField(max_length=60)
    name = serializers.CharField(max_length=120)
    valid_from = serializers.DateField(required=False)
    valid_until = serializers.DateField(required=False, allow_null=True)


class PriceListFilters(ChangeFilters):
    search = serializers.CharField(required=False, max_length=80)
    currency = serializers.CharField(required=False, max_length=3)
    kind = serializers.ChoiceField(required=False, choices=PriceList.Kind.choices)
    is_active = serializers.BooleanField(required=False, allow_null=True, default=None)
    on = serializers.DateField(required=False, help_text=gettext_lazy("Valid on that day."))


class RowFilters(ChangeFilters):
    search = serializers.CharField(required=False, max_length=80)
    product = catalog.ProductField(required=False, help_text=gettext_lazy("SKU, ext:KEY, barcode:… or id:…."))
    sku = catalog.ProductField(required=False, help_text=gettext_lazy("Use the field “product” instead."))
    on = serializers.DateField(required=False, help_text=gettext_lazy("Valid on that day."))


class RowInput(serializers.Serializer):  # type: ignore[type-arg]
    """Name the product by `product`; `sku`, `product_id` and `external_key` are its names of before."""

    product = catalog.ProductField(
        required=False, help_text=gettext_lazy("SKU, ext:KEY, barcode:…, or the id as a number.")
    )
    sku = serializers.CharField(required=False, help_text=gettext_lazy("Use the field “product” instead."))
    product_id = serializers.IntegerField(
        required=False, help_text=gettext_lazy("Use the field “product” instead.")
    )
    external_key = serializers.CharField(
        required=False, help_text=gettext_lazy("Use the field “product” instead.")
    )
    min_quantity = DecimalField(**QUANTITY, default=Decimal(1))
    unit_price = DecimalField(**UNIT_PRICE)
    valid_from = serializers.DateField(required=False, allow_null=True)
    valid_until = serializers.DateField(required=False, allow_null=True)


class RowsInput(serializers.Serializer):  # type: ignore[type-arg]
    rows = RowInput(many=True)
    replace = serializers.BooleanField(default=False)
    partial = serializers.BooleanField(default=False)
    reference = serializers.CharField(allow_blank=True, default="", max_length=80)


class RowResult(serializers.Serializer):  # type: ignore[type-arg]
    line = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=["created", "changed", "unchanged", "refused"])
    problem = ProblemOutput(required=False)


class RowWarning(serializers.Serializer):  # type: ignore[type-arg]
    """Written as sent, but worth a look: `dearer_break`, a larger quantity that costs more than a smaller one."""

    line = serializers.IntegerField()
    code = serializers.CharField()
    message = serializers.CharField()
    remedy = serializers.CharField()


class RowsOutput(serializers.Serializer):  # type: ignore[type-arg]
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    removed = serializers.IntegerField()
    refused = serializers.IntegerField()
    warnings = RowWarning(many=True, required=False)
    results = RowResult(many=True)


class RowOutput(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    updated_at = serializers.DateTimeField()
    sku = serializers.CharField()
    product_id = serializers.IntegerField()
    min_quantity = DecimalField(**QUANTITY)
    unit_price = DecimalField(**UNIT_PRICE)
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)
    title = serializers.CharField()


class RemoveInput(serializers.Serializer):  # type: ignore[type-arg]
    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), min_length=1, max_length=10_000
    )


class RemovedOutput(serializers.Serializer):  # type: ignore[type-arg]
    removed = serializers.IntegerField()
