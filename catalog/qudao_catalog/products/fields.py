"""How a request names a product: ``product``, the same in every endpoint."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from qudao_core.headless.references import ReferenceField
from qudao_core.headless.rules import MAX_ID, MAX_REFERENCE
from rest_framework import serializers

from ..product_references import read_code


class ProductField(ReferenceField):
    """A SKU, ``ext:KEY``, ``barcode:…``, ``id:…``, or a number, which is the id.

    The value is the code as it was given.
    """

    default_error_messages = {"invalid": _("Use a SKU, ext:KEY or an id.")}

    def to_internal_value(self, data: Any) -> Any:
        if read_code(data) is None:
            self.fail("invalid")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field({"type": "string", "minLength": 1, "maxLength": MAX_REFERENCE, "deprecated": True})
class FormerText(ProductField):
    """``sku`` of before: as ``product``, but a number is the SKU, too."""

    def to_internal_value(self, data: Any) -> Any:
        is_number = isinstance(data, int) and not isinstance(data, bool)
        return super().to_internal_value(str(data) if is_number else data)


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": MAX_ID, "deprecated": True})
class FormerId(ProductField):
    """``product_id`` of before."""

    def to_internal_value(self, data: Any) -> Any:
        text = data.strip() if isinstance(data, str) else data
        number = (
            int(text)
            if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 20
            else text
        )
        if not isinstance(number, int):
            self.fail("invalid")
        return super().to_internal_value(number)


class NamesProduct(serializers.Serializer):  # type: ignore[type-arg]
    """A row that names a product, by ``product``; ``sku`` and ``product_id`` are its names of before."""

    product = ProductField(required=False, help_text=_("SKU, ext:KEY, barcode:…, or the id as a number."))
    sku = FormerText(required=False, help_text=_("Use the field “product” instead."))
    product_id = FormerId(required=False, help_text=_("Use the field “product” instead."))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        given = [attrs.pop(name) for name in ("product", "sku", "product_id") if name in attrs]
        if len(given) != 1:
            raise serializers.ValidationError(
                {"product": [_("Specify one product in the field “product”.")]}, "required"
            )
        attrs["product"] = given[0]
        return attrs
