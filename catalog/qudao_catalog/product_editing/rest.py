"""Bulk writing of products for an ERP."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from drf_spectacular.utils import extend_schema, extend_schema_field
from qudao_core import api as core
from qudao_core.headless import HeadlessView
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from . import services
from .inputs import as_sent

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


class ProductBulk(HeadlessView):
    """Create or change products by SKU.

    Repeating it changes nothing more, so no idempotency key is needed.
    """

    tags = ("products",)

    @extend_schema(operation_id="upsert_products", request=BulkInput, responses=BulkOutput)
    def put(self, request: Request) -> Response:
        """Create or change products by SKU.

        Repeating it changes nothing more, so no idempotency key is needed.
        """
        services.require_editor(self.viewer)
        given = self.read(BulkInput)
        result = services.upsert_products(
            actor=self.viewer,
            rows=map(as_sent, given["products"]),
            partial=given["partial"],
            rehearse=given["rehearse"],
        )
        if result.problems and not given["partial"] and not given["rehearse"]:
            raise core.Refusal(
                "rows_invalid",
                ngettext(
                    "Nothing was saved: %(count)d row has errors.",
                    "Nothing was saved: %(count)d rows have errors.",
                    result.count("refused"),
                )
                % {"count": result.count("refused")},
                remedy=_("Correct them, or send partial=true to save the others."),
                problems=result.problems,
                params={"refused": result.count("refused")},
            )
        return Response(_bulk_document(result))


def _bulk_document(result: services.UpsertResult) -> dict[str, Any]:
    counts = {name: result.count(name) for name in ("created", "changed", "unchanged", "refused")}
    rows = [
        {
            "line": row.line,
            "sku": row.sku,
            "outcome": row.outcome,
            "id": row.product_id,
            "problems": [
                {"code": each.code, "message": str(each.message), "field": each.field}
                for each in row.problems
            ],
        }
        for row in result.rows
    ]
    return {"saved": result.saved, "counts": counts, "new_options": list(result.new_options), "rows": rows}
