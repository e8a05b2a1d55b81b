"""The shapes of the list endpoints, for the API reference."""

from __future__ import annotations

from rest_framework import serializers


class CountOutput(serializers.Serializer):
    value = serializers.CharField()
    name = serializers.CharField()
    count = serializers.IntegerField()


class PriceSpanOutput(serializers.Serializer):
    min = serializers.DecimalField(14, 4)
    max = serializers.DecimalField(14, 4)
    currency = serializers.CharField()


class AttributeFacetOutput(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(["option", "flag", "range"])
    unit = serializers.CharField()
    parameter = serializers.CharField(help_text="Name of the filter in the address.")
    options = CountOutput(many=True)
    min = serializers.FloatField(allow_null=True)
    max = serializers.FloatField(allow_null=True)


class FacetOutput(serializers.Serializer):
    total = serializers.IntegerField()
    lines = CountOutput(many=True)
    available = serializers.IntegerField(allow_null=True)
    price = PriceSpanOutput(allow_null=True)
    attributes = AttributeFacetOutput(many=True)


class CategoryOutput(serializers.Serializer):
    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    parent = serializers.CharField(allow_null=True)
    depth = serializers.IntegerField()
    description = serializers.CharField()
    picture = serializers.URLField(allow_null=True)
    products = serializers.IntegerField(help_text="What the caller sees in it and below.")


class LineOutput(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
