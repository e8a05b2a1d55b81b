"""Products in the API: the shapes for the API reference, and the documents themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from qudao_core.numbers import rules as numbers
from rest_framework import serializers

from .. import hooks
from ..pictures import rules as pictures
from ..product_facts import ProductFacts
from .detail import ProductDetail


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


UNIT_PRICE = numbers.UNIT_PRICE
NONE_IN_CART = Decimal("0.000")
#: What ``?fields=`` may name in lists.
FIELDS = (
    "id",
    "sku",
    "external_key",
    "barcode",
    "name",
    "names",
    "line",
    "status",
    "unit",
    "pack",
    "min_quantity",
    "max_quantity",
    "tax",
    "parent_id",
    "replacement_id",
    "picture",
    "offer",
)


def product_documents(
    facts: Sequence[ProductFacts],
    offers: Mapping[int, hooks.Offer],
    language: str,
    base: str,
    fields: frozenset[str] | None = None,
) -> list[dict[str, Any]]:
    """One document per product. ``base`` is what picture addresses begin with.

    ``fields`` keeps only those.
    """
    chinese = language.startswith("zh")
    rows = [_document(each, offers.get(each.id), chinese, base) for each in facts]
    if fields is None:
        return rows
    return [{name: row[name] for name in FIELDS if name in fields} for row in rows]


def _document(facts: ProductFacts, offer: hooks.Offer | None, chinese: bool, base: str) -> dict[str, Any]:
    title_zh = facts.title_zh
    return {
        "id": facts.id,
        "sku": facts.sku,
        "external_key": facts.external_key,
        "barcode": facts.barcode,
        "name": title_zh if chinese and title_zh else facts.title,
        "names": {"en": facts.title, "zh-hans": title_zh} if title_zh else {"en": facts.title},
        "line": facts.line_code or None,
        "status": facts.status,
        "unit": {
            "code": facts.unit_code,
            "name": facts.unit_zh if chinese and facts.unit_zh else facts.unit,
            "decimals": facts.unit_decimals,
        },
        "pack": _pack(facts, chinese),
        "min_quantity": numbers.quantity(facts.min_quantity),
        "max_quantity": numbers.quantity(facts.max_quantity),
        "tax": {"class": facts.tax_code, "rate": numbers.rate(facts.tax_rate)},
        "parent_id": facts.parent_id,
        "replacement_id": facts.replacement_id,
        "picture": pictures.rendition_url(base, facts.picture, pictures.CARD) or None,
        "offer": offer_document(offer) if offer is not None else None,
    }


def _pack(facts: ProductFacts, chinese: bool) -> dict[str, Any] | None:
    if not facts.pack_unit_code:
        return None
    return {
        "unit": facts.pack_unit_code,
        "name": facts.pack_unit_zh if chinese and facts.pack_unit_zh else facts.pack_unit,
        "size": numbers.quantity(facts.pack_size),
        "whole_packs_only": facts.sold_in_packs,
    }


def offer_document(offer: hooks.Offer) -> dict[str, Any]:
    return {
        "unit_price": numbers.unit_price(offer.unit_price),
        "currency": offer.currency,
        "from_quantity": numbers.quantity(offer.from_quantity),
        "breaks": [
            {
                "min_quantity": numbers.quantity(each.min_quantity),
                "unit_price": numbers.unit_price(each.unit_price),
            }
            for each in offer.breaks
        ],
        "price_note": offer.price_note,
        "last_price": numbers.unit_price(offer.last_price),
        "stock": _stock(offer.stock),
        "in_cart": numbers.quantity(offer.in_cart) if offer.in_cart else NONE_IN_CART,
        "orderable": offer.orderable,
        "problems": [_problem(each) for each in offer.problems],
    }


def _stock(stock: hooks.StockView | None) -> dict[str, Any] | None:
    if stock is None:
        return None
    return {
        "mode": stock.mode,
        "band": stock.band,
        "quantity": numbers.quantity(stock.quantity),
        "backorder": stock.backorder,
        "arrivals": [
            {"date": day, "quantity": numbers.quantity(quantity)} for day, quantity in stock.arrivals
        ],
    }


def _problem(problem: Any) -> dict[str, Any]:
    return {
        "code": problem.code,
        "message": str(problem.message),
        "remedy": str(problem.remedy) if problem.remedy else None,
        "remedy_url": problem.remedy_url,
        "params": problem.params,
    }


def detail_document(
    detail: ProductDetail, offers: Mapping[int, hooks.Offer], language: str, base: str, site: str
) -> dict[str, Any]:
    """A product or a family with everything about it. ``site`` is put before addresses of documents."""
    chinese = language.startswith("zh")
    own = detail.facts
    head = _document(own, offers.get(own.id), chinese, base) if own else _family(detail, chinese, base)
    variants = product_documents(detail.variants, offers, language, base) if own is None else []
    return head | {
        "description": detail.text(language),
        "pictures": [
            {
                "caption": caption,
                **{str(width): pictures.rendition_url(base, original, width) for width in pictures.WIDTHS},
            }
            for original, caption in detail.images
        ],
        "attributes": [
            {"code": each.code, "name": each.name(language), "value": each.text(language), "unit": each.unit}
            for each in detail.attributes
        ],
        "documents": [
            {"title": each.title, "kind": each.kind, "language": each.language, "url": site + each.url}
            for each in detail.documents
        ],
        "categories": [each.slug for each in detail.categories],
        "family": detail.family_sku or None,
        "variants": variants,
        "variant_skus": [each.sku for each in detail.variants],
        "related_skus": [each.sku for each in detail.related],
        "replacement_sku": detail.replacement.sku if detail.replacement else None,
    }


def _family(detail: ProductDetail, chinese: bool, base: str) -> dict[str, Any]:
    picture = detail.images[0][0] if detail.images else ""
    names = {"en": detail.title, "zh-hans": detail.title_zh} if detail.title_zh else {"en": detail.title}
    return dict.fromkeys(FIELDS) | {
        "id": detail.id,
        "sku": detail.sku,
        "name": detail.title_zh if chinese and detail.title_zh else detail.title,
        "names": names,
        "picture": pictures.rendition_url(base, picture, pictures.CARD) or None,
    }
