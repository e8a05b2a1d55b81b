"""The shapes of the flow endpoints, for reading input and for the API reference."""

from __future__ import annotations

from decimal import Decimal

from qudao_core.numbers.serializers import DecimalField
from rest_framework import serializers

from . import rules
from .models import Flow


class StepInput(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.SlugField(max_length=40)
    name = serializers.CharField(max_length=80)
    name_zh = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    kind = serializers.ChoiceField(rules.KINDS)
    side = serializers.ChoiceField(list(rules.ROLES))
    role = serializers.CharField(max_length=20)
    enabled = serializers.BooleanField(default=True)
    min_amount = DecimalField(
        14,
        2,
        min_value=Decimal(0),
        required=False,
        allow_null=True,
        default=None,
        help_text="Gross, inclusive.",
    )
    only_over_credit = serializers.BooleanField(default=False)
    lines = serializers.ListField(
        child=serializers.CharField(max_length=40),
        required=False,
        default=list,
        max_length=200,
        help_text="Codes of product lines; one of them on the order is enough.",
    )
    service_hours = serializers.IntegerField(
        min_value=1, max_value=32767, required=False, allow_null=True, default=None
    )


class FlowInputSchema(serializers.Serializer):  # type: ignore[type-arg]
    name = serializers.CharField(max_length=120)
    audience_key = serializers.CharField(max_length=80, default="everyone")
    priority = serializers.IntegerField(min_value=-32768, max_value=32767, default=0)
    allocate_on = serializers.ChoiceField(Flow.AllocateOn.choices, default=rules.ON_SUBMISSION)
    buyer_may_cancel_until = serializers.ChoiceField(
        ["approval", "release", "shipment"], default=rules.RELEASE
    )
    auto_receive_days = serializers.IntegerField(
        min_value=1, max_value=32767, required=False, allow_null=True, default=None
    )
    is_active = serializers.BooleanField(default=True)
    steps = StepInput(many=True, max_length=rules.MAX_STEPS)


class NewFlowInput(FlowInputSchema):
    code = serializers.RegexField(
        r"^[-a-zA-Z0-9_]*$", max_length=60, required=False, allow_blank=True, default=""
    )
    seller = serializers.IntegerField(
        min_value=1,
        max_value=2**63 - 1,
        required=False,
        help_text="For the back office; else the own company.",
    )


class FlowSchema(FlowInputSchema):
    code = serializers.CharField()
    seller = serializers.CharField(help_text="The seller's code.")
    version = serializers.IntegerField(allow_null=True, help_text="What new orders take.")
    published_at = serializers.DateTimeField(allow_null=True)


class PreviewQuery(serializers.Serializer):  # type: ignore[type-arg]
    amount = DecimalField(14, 2, min_value=Decimal(0))
    over_credit = serializers.BooleanField(required=False, default=False)
    lines = serializers.CharField(
        required=False, allow_blank=True, default="", help_text="Codes of product lines, with commas."
    )


class PreviewSchema(serializers.Serializer):  # type: ignore[type-arg]
    amount = serializers.DecimalField(14, 2)
    steps = StepInput(many=True)
