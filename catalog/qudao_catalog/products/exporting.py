"""Products as a file that the import of products reads again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from oscar.core.loading import get_model
from qudao_core import api as core

from ..bulk_rows import parts
from .attribute_fields import NOT_ENTERED
from .importer import ATTRIBUTE, ProductImporter
from .models import AttributeText, ProductProfile, ProductTranslation
from .names import sku_of
from .queries import CHINESE

ProductAttribute = get_model("catalogue", "ProductAttribute")
AttributeValue = get_model("catalogue", "ProductAttributeValue")
Category = get_model("catalogue", "Category")
ProductCategory = get_model("catalogue", "ProductCategory")
#: Profiles read at once; each part costs the same few statements.
PART = 1000


def export(rows: QuerySet[ProductProfile], kind: str, language: str) -> HttpResponse | StreamingHttpResponse:
    """``kind``: ``csv`` (streamed) or ``xlsx``. Headers are the import's, in the reader's language."""
    lines = chain([_header(language)], _lines(rows))
    if kind == "xlsx":
        content = core.spreadsheets.workbook(lines, title="Products")
        response = HttpResponse(content, content_type=core.spreadsheets.XLSX)
    else:
        text = core.spreadsheets.csv_lines(lines)
        response = StreamingHttpResponse(text, content_type=core.spreadsheets.CSV)
    response["Content-Disposition"] = f'attachment; filename="products.{kind}"'
    return response


def _codes() -> list[str]:
    rows = ProductAttribute.objects.exclude(type__in=NOT_ENTERED).values_list("code", flat=True)
    words = AttributeText.objects.values_list("attribute__code", "language").distinct().order_by()
    return sorted({*rows, *(f"{code}_{language}" for code, language in words)})


def _header(language: str) -> list[str]:
    own = [column.title(language) for column in ProductImporter.columns]
    return [*own, *(f"{ATTRIBUTE[0]}{code}" for code in _codes())]


def _lines(rows: QuerySet[ProductProfile]) -> Iterator[Sequence[object]]:
    ids = list(rows.values_list("pk", flat=True))
    paths, codes = _category_paths(), _codes()
    for part in parts(ids, PART):
        profiles = ProductProfile.objects.filter(pk__in=part).select_related(
            "product__parent__profile", "product__product_class", "line", "unit", "pack_unit", "tax_class"
        )
        by_id = {row.pk: row for row in profiles.select_related("replacement__profile")}
        words = ProductTranslation.objects.filter(product_id__in=part, language=CHINESE)
        chinese = {row.product_id: row for row in words}
        filed: dict[int, list[str]] = {}
        for product_id, category in ProductCategory.objects.filter(product_id__in=part).values_list(
            "product_id", "category_id"
        ):
            filed.setdefault(product_id, []).append(paths.get(category, ""))
        values = _attributes(part)
        for pk in part:
            if pk in by_id:
                found = _row(by_id[pk], chinese.get(pk), filed.get(pk, []))
                own = [found.get(column.name, "") for column in ProductImporter.columns]
                yield [*own, *(values.get((pk, code), "") for code in codes)]


def _row(profile: ProductProfile, chinese: ProductTranslation | None, filed: list[str]) -> dict[str, object]:
    product, family = profile.product, profile.product.parent
    return {
        "sku": profile.sku,
        "title": product.title,
        "title_zh": chinese.title if chinese else "",
        "description": product.description,
        "description_zh": chinese.description if chinese else "",
        "external_key": profile.external_key,
        "barcode": profile.barcode,
        "status": profile.status,
        "line": profile.line.code if profile.line else "",
        "unit": profile.unit.code,
        "pack_unit": profile.pack_unit.code if profile.pack_unit else "",
        "pack_size": _plain(profile.pack_size),
        "sold_in_packs": "yes" if profile.sold_in_packs else "no",
        "min_quantity": _plain(profile.min_quantity),
        "max_quantity": _plain(profile.max_quantity),
        "tax_class": profile.tax_class.code,
        "product_type": product.product_class.name if product.product_class else "",
        "parent": sku_of(family) if family else "",
        "replacement": sku_of(profile.replacement) if profile.replacement else "",
        "categories": "; ".join(sorted(filter(None, filed))),
        "weight_kg": _plain(profile.weight_kg),
        "origin": profile.origin,
    }


def _plain(number: Any) -> str:
    return "" if number is None else format(number.normalize(), "f")


def _category_paths() -> dict[int, str]:
    names: dict[str, str] = {}
    found = {}
    for row in Category.objects.order_by("path"):
        above = names.get(row.path[: -row.steplen], "")
        names[row.path] = f"{above} > {row.name}".removeprefix(" > ")
        found[row.pk] = names[row.path]
    return found


def _attributes(product_ids: Sequence[int]) -> dict[tuple[int, str], object]:
    rows = AttributeValue.objects.filter(product_id__in=product_ids).exclude(attribute__type__in=NOT_ENTERED)
    rows = rows.select_related("attribute", "value_option").prefetch_related("value_multi_option")
    found = {(row.product_id, row.attribute.code): _value(row) for row in rows}
    words = AttributeText.objects.filter(product_id__in=product_ids).order_by()
    for pk, code, language, text in words.values_list("product_id", "attribute__code", "language", "text"):
        found[(pk, f"{code}_{language}")] = text
    return found


def _value(row: Any) -> object:
    kind = row.attribute.type
    if kind == "option":
        return row.value_option.option if row.value_option else ""
    if kind == "multi_option":
        return "|".join(each.option for each in row.value_multi_option.all())
    value = getattr(row, f"value_{kind}")
    if kind == "boolean":
        return "" if value is None else "yes" if value else "no"
    return "" if value is None else value.isoformat() if kind in ("date", "datetime") else str(value)
