"""The shapes of the quick-order endpoints, for reading input and for the API reference."""

from __future__ import annotations

from rest_framework import serializers

from ..cart.schemas import ProblemSchema
from . import rules


class QuickLineInput(serializers.Serializer):  # type: ignore[type-arg]
    """A code and how much of it."""

    code = serializers.CharField(
        max_length=rules.LONGEST_CODE,
        help_text="SKU, external key, barcode or your company's own item number.",
    )
    quantity = serializers.CharField(max_length=40, help_text="Units, or packs such as “3 ctn” or “3箱”.")


class QuickOrderInput(serializers.Serializer):  # type: ignore[type-arg]
    lines = QuickLineInput(many=True, required=False, max_length=rules.MOST_LINES)
    text = serializers.CharField(
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        max_length=rules.MOST_TEXT,
        help_text="Instead of lines: text as people paste it, one line of the order per line.",
    )
    add_to_cart = serializers.BooleanField(
        default=True, help_text="False: only say what would become of every line."
    )
    keep_rest = serializers.BooleanField(
        default=False,
        help_text="Keep the lines that did not go into the cart on the person's quick-order page.",
    )


class QuickProductSchema(serializers.Serializer):  # type: ignore[type-arg]
    id = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()


class QuickLineSchema(serializers.Serializer):  # type: ignore[type-arg]
    number = serializers.IntegerField(help_text="Place of the given line, from 1.")
    text = serializers.CharField(help_text="The line as it was given.")
    code = serializers.CharField()
    status = serializers.ChoiceField(rules.STATUSES)
    in_cart = serializers.BooleanField(help_text="Whether it went into the cart.")
    kept = serializers.BooleanField(help_text="Whether the person keeps it in quick order.")
    product = QuickProductSchema(allow_null=True)
    own_number = serializers.CharField()
    asked = serializers.DecimalField(14, 3, allow_null=True, help_text="In units, with merged lines.")
    quantity = serializers.DecimalField(14, 3, allow_null=True, help_text="What can be ordered.")
    unit_price = serializers.DecimalField(14, 4, allow_null=True)
    currency = serializers.CharField()
    into = serializers.IntegerField(allow_null=True, help_text="The line that a merged line is counted at.")
    candidates = QuickProductSchema(many=True, help_text="What an ambiguous code could mean.")
    replacement = QuickProductSchema(allow_null=True, help_text="What to order instead.")
    problems = ProblemSchema(many=True)


class QuickOrderSchema(serializers.Serializer):  # type: ignore[type-arg]
    cart = serializers.IntegerField(allow_null=True, help_text="Null where nothing went into a cart.")
    added = serializers.IntegerField(help_text="Lines that went into the cart.")
    lines = QuickLineSchema(many=True)


class OwnNumberRow(serializers.Serializer):  # type: ignore[type-arg]
    product = serializers.CharField(max_length=100, help_text="SKU, ext:, barcode: or id: and that name.")
    number = serializers.CharField(max_length=64, allow_blank=True, help_text="Empty: remove it.")


class OwnNumbersInput(serializers.Serializer):  # type: ignore[type-arg]
    numbers = OwnNumberRow(many=True, allow_empty=False, max_length=rules.MOST_LINES)


class OwnNumbersResult(serializers.Serializer):  # type: ignore[type-arg]
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    problems = ProblemSchema(many=True, help_text="Rows that were refused, by line.")


class OwnNumberSchema(serializers.Serializer):  # type: ignore[type-arg]
    number = serializers.CharField()
    product = serializers.IntegerField()
    sku = serializers.CharField()
