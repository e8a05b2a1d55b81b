"""The shapes of the product endpoints, for reading input and for the API reference."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from . import services


class UnitOutput(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField(help_text="In the caller's language.")
    decimals = serializers.IntegerField(help_text="Places a quantity may have.")


class PackOutput(serializers.Serializer):
    unit = serializers.CharField()
    name = serializers.CharField()
    size = serializers.DecimalField(14, 3, help_text="Units per pack.")
    whole_packs_only = serializers.BooleanField()


class TaxOutput(serializers.Serializer):
    rate = serializers.DecimalField(6, 4, help_text="A fraction: 0.13 is 13 %.")

    def get_fields(self):  # type: ignore[no-untyped-def]  # noqa: ANN201 - "class" is no Python name
        return {"class": serializers.CharField(), **super().get_fields()}


class BreakOutput(serializers.Serializer):
    min_quantity = serializers.DecimalField(14, 3)
    unit_price = serializers.DecimalField(14, 4)


class ArrivalOutput(serializers.Serializer):
    date = serializers.DateField()
    quantity = serializers.DecimalField(14, 3, allow_null=True)


class StockOutput(serializers.Serializer):
    mode = serializers.ChoiceField(["exact", "banded", "hidden"])
    band = serializers.ChoiceField(["in", "low", "out", "plenty", "unlimited"], allow_null=True)
    quantity = serializers.DecimalField(14, 3, allow_null=True)
    backorder = serializers.BooleanField()
    arrivals = ArrivalOutput(many=True)


class OfferProblemOutput(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()
    remedy = serializers.CharField(allow_null=True)
    remedy_url = serializers.CharField(allow_null=True)
    params = serializers.DictField()


class OfferOutput(serializers.Serializer):
    unit_price = serializers.DecimalField(14, 4, allow_null=True, help_text="Net; null: on request.")
    currency = serializers.CharField()
    from_quantity = serializers.DecimalField(14, 3)
    breaks = BreakOutput(many=True)
    price_note = serializers.CharField(allow_null=True)
    last_price = serializers.DecimalField(14, 4, allow_null=True, help_text="What the company last paid.")
    stock = StockOutput(allow_null=True)
    in_cart = serializers.DecimalField(14, 3)
    orderable = serializers.BooleanField()
    problems = OfferProblemOutput(many=True)


class ProductOutput(serializers.Serializer):
    id = serializers.IntegerField()
    sku = serializers.CharField()
    external_key = serializers.CharField()
    barcode = serializers.CharField()
    name = serializers.CharField(help_text="In the caller's language.")
    names = serializers.DictField(child=serializers.CharField(), help_text="By language.")
    line = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(["active", "announced", "discontinued"])
    unit = UnitOutput()
    pack = PackOutput(allow_null=True)
    min_quantity = serializers.DecimalField(14, 3)
    max_quantity = serializers.DecimalField(14, 3, allow_null=True)
    tax = TaxOutput()
    parent_id = serializers.IntegerField(allow_null=True)
    replacement_id = serializers.IntegerField(allow_null=True)
    picture = serializers.URLField(allow_null=True)
    offer = OfferOutput(allow_null=True)


class ProductRowOutput(ProductOutput):
    """A product in a list. With ``?fields=`` only the fields it names are there."""

    def get_fields(self):  # type: ignore[no-untyped-def]  # noqa: ANN201
        fields = super().get_fields()
        for each in fields.values():
            each.required = False
        return fields


class AttributeOutput(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    value = serializers.CharField()
    unit = serializers.CharField()


class ProductDocumentOutput(serializers.Serializer):
    title = serializers.CharField()
    kind = serializers.CharField()
    language = serializers.CharField()
    url = serializers.URLField(help_text="Checks who asks.")


class ProductDetailOutput(ProductOutput):
    description = serializers.CharField()
    pictures = serializers.ListField(
        child=serializers.DictField(child=serializers.CharField()), help_text="Address by width, and caption."
    )
    attributes = AttributeOutput(many=True)
    documents = ProductDocumentOutput(many=True)
    categories = serializers.ListField(child=serializers.CharField())
    family = serializers.CharField(allow_null=True)
    variants = ProductOutput(many=True, help_text="Of a family: what can be ordered.")
    variant_skus = serializers.ListField(child=serializers.CharField())
    related_skus = serializers.ListField(child=serializers.CharField())
    replacement_sku = serializers.CharField(allow_null=True)

    def get_fields(self):  # type: ignore[no-untyped-def]  # noqa: ANN201
        """A family is not ordered itself: what only its variants have is null."""
        fields = super().get_fields()
        for name in set(ProductOutput().fields) - {"id", "sku", "name", "names"}:
            fields[name].allow_null = True
        return fields


_STATUSES = ["active", "announced", "discontinued"]


class ProductInput(serializers.Serializer):
    """One product. Fields that are left out stay, empty ones are cleared."""

    takes_more = True  # title_zh-hans, attribute:colour; what is unknown refuses its row

    sku = serializers.CharField(max_length=64)
    title = serializers.CharField(max_length=255, required=False)
    titles = serializers.DictField(
        child=serializers.CharField(max_length=255), required=False, help_text="By language, such as zh-hans."
    )
    description = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    descriptions = serializers.DictField(
        child=serializers.CharField(max_length=20_000), required=False, help_text="By language."
    )
    external_key = serializers.CharField(max_length=80, required=False, allow_blank=True)
    barcode = serializers.CharField(max_length=32, required=False, allow_blank=True)
    status = serializers.ChoiceField(_STATUSES, required=False)
    line = serializers.CharField(max_length=40, required=False, allow_blank=True)
    unit = serializers.CharField(max_length=20, required=False)
    pack_unit = serializers.CharField(max_length=20, required=False, allow_blank=True)
    pack_size = serializers.DecimalField(14, 3, required=False)
    sold_in_packs = serializers.BooleanField(required=False)
    min_quantity = serializers.DecimalField(14, 3, required=False)
    max_quantity = serializers.DecimalField(14, 3, required=False, allow_null=True)
    tax_class = serializers.CharField(max_length=40, required=False)
    product_type = serializers.CharField(max_length=128, required=False)
    parent = serializers.CharField(max_length=64, required=False, allow_blank=True)
    replacement = serializers.CharField(max_length=64, required=False, allow_blank=True)
    categories = serializers.ListField(child=serializers.CharField(), required=False)
    attributes = serializers.DictField(
        required=False, help_text="Values by code; note_zh-hans is the Chinese text of the attribute note."
    )
    weight_kg = serializers.DecimalField(10, 3, required=False, allow_null=True)
    origin = serializers.CharField(max_length=2, required=False, allow_blank=True)
    is_public = serializers.BooleanField(required=False)


@extend_schema_field(ProductInput(many=True))
class ProductRows(serializers.ListField):
    """Declared as :class:`ProductInput`; read by the service, which also takes what a spreadsheet says instead:
    ``title_zh-hans``, texts for numbers and flags, lists in one text. It names unknown fields by row.
    """


class BulkInput(serializers.Serializer):
    products = ProductRows(
        child=serializers.DictField(allow_empty=False), min_length=1, max_length=services.MOST_ROWS
    )
    partial = serializers.BooleanField(
        default=False, help_text="Save the good rows although others are wrong."
    )
    rehearse = serializers.BooleanField(default=False, help_text="Only say what would happen.")


class BulkProblemOutput(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()
    field = serializers.CharField()


class BulkRowOutput(serializers.Serializer):
    line = serializers.IntegerField()
    sku = serializers.CharField()
    outcome = serializers.ChoiceField(["created", "changed", "unchanged", "refused"])
    id = serializers.IntegerField(allow_null=True)
    problems = BulkProblemOutput(many=True)


class BulkOutput(serializers.Serializer):
    saved = serializers.BooleanField()
    counts = serializers.DictField(child=serializers.IntegerField())
    new_options = serializers.ListField(child=serializers.CharField())
    rows = BulkRowOutput(many=True)
