"""Products from and to spreadsheets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from oscar.apps.catalogue.categories import create_from_breadcrumbs
from oscar.core.loading import get_model
from qudao_core import api as core
from qudao_core.api import cells

from ..bulk_rows import chunks
from ..products.models import AttributeText, ProductLine, ProductProfile, ProductTranslation, TaxClass, Unit
from ..products.queries import CHINESE, known_skus, sku_of
from .attributes import NOT_ENTERED
from .bulk import example_category
from .removal import ProductUndo
from .services import upsert_products
from .types import type_labels

STATUSES = {
    "active": ("Active", "在售", "正常", "启用"),
    "announced": ("Announced", "预告"),
    "discontinued": ("Discontinued", "停产", "停售", "停用"),
}
POSITIVE: dict[str, Any] = {"places": 3, "above": Decimal(0)}
ATTRIBUTE = ("attr:", "attribute:", "属性:")


def _lines(viewer: core.Viewer) -> list[tuple[str, str]]:
    return [(line.code, str(line)) for line in ProductLine.objects.all()]


def _units(viewer: core.Viewer) -> list[tuple[str, str]]:
    return [(unit.code, str(unit)) for unit in Unit.objects.all()]


def _taxes(viewer: core.Viewer) -> list[tuple[str, str]]:
    return [(tax.code, str(tax)) for tax in TaxClass.objects.all()]


def _types(viewer: core.Viewer) -> list[tuple[str, str]]:
    return list(type_labels(viewer.language).items())


def _country(cell: cells.Cell) -> str:
    """Two letters; the name of a place is not one."""
    text = str(cells.text(2, upper=True)(cell))
    if not (len(text) == 2 and text.isascii() and text.isalpha()):
        raise cells.CellError("not_a_choice", value=text, choices="CN, DE, …")
    return text


class ProductImporter(core.Importer):
    kind = "products"
    label = _("Products")
    help = _(
        "Identified by SKU. An empty cell keeps the stored value. A column “attr:code” sets that attribute."
    )
    permission = "catalogue.change_product"
    undo = ProductUndo
    batch_size = 5_000
    unique = ("sku",)
    section_field = "categories"
    filled_fields = ("line",)
    variant_fields = ("parent", "sku", "title")
    columns = (
        core.Column(
            "sku",
            "SKU",
            "货号",
            cells.identifier(64),
            ("商品编号", "商品编码", "Item no.", "Code"),
            required=True,
            example="LH-D07-W",
            hints="артикул|sku|货号|编号|编码|料号|型号|item|article|artikel|artnr|part|mpn|product code|"
            "reference|référence|código|codice|code|model",
        ),
        core.Column(
            "title",
            "Name",
            "商品名称",
            cells.text(255),
            ("Title", "名称"),
            example="Downlight 7 W, warm white",
            hints="наименование|name|title|bezeichnung|designation|品名|名称|description|denominazione|"
            "descripción|désignation|规格|article|product|item",
        ),
        core.Column("title_zh", "Chinese name", "中文名称", cells.text(255), example="7W 筒灯 暖白"),
        core.Column(
            "description",
            "Description",
            "描述",
            cells.text(20_000),
            hints="description|beschreibung|描述|说明|details",
        ),
        core.Column("description_zh", "Chinese description", "中文描述", cells.text(20_000)),
        core.Column(
            "external_key",
            "External key",
            "外部编码",
            cells.identifier(80),
            ("ERP code", "ERP编码"),
            example="100417",
        ),
        core.Column(
            "barcode",
            "Barcode",
            "条码",
            cells.identifier(32),
            ("EAN", "条形码"),
            example="6901234567892",
            hints="ean|gtin|upc|barcode|条码",
        ),
        core.Column(
            "status", "Status", "状态", cells.choice(STATUSES), example="active", help=", ".join(STATUSES)
        ),
        core.Column("line", "Product line", "产品线", cells.identifier(40), ("Line",), example="lighting"),
        core.Column(
            "unit",
            "Unit",
            "单位",
            cells.text(20),
            ("计量单位",),
            example="pcs",
            hints="unit|einheit|单位|uom",
        ),
        core.Column("pack_unit", "Packing unit", "包装单位", cells.text(20), example="ctn"),
        core.Column(
            "pack_size",
            "Units per pack",
            "装箱数",
            cells.decimal(**POSITIVE),
            ("Pack size", "包装数量"),
            example="24",
            hints="pack|装箱|箱规|inner|carton|verpackung",
        ),
        core.Column("sold_in_packs", "Whole packs only", "整箱销售", cells.flag, example="no"),
        core.Column(
            "min_quantity",
            "Minimum quantity",
            "起订量",
            cells.decimal(**POSITIVE),
            ("MOQ", "最小起订量"),
            example="1",
        ),
        core.Column("max_quantity", "Maximum quantity", "限购量", cells.decimal(**POSITIVE)),
        core.Column("tax_class", "Tax class", "税类", cells.identifier(40), example="standard"),
        core.Column("product_type", "Product type", "商品类型", cells.text(128), ("Type",)),
        core.Column(
            "parent",
            "Variant of",
            "所属商品",
            cells.identifier(64),
            ("Parent", "Parent SKU"),
            help=_("SKU of the product it is a variant of."),
        ),
        core.Column(
            "replacement", "Replaced by", "替代商品", cells.identifier(64), ("Replacement",), help=_("SKU.")
        ),
        core.Column(
            "categories",
            "Category",
            "分类",
            cells.text(500),
            ("Categories", "类目"),
            example="Lighting > Downlights",
            help=_("From top to bottom, separated by “>”; separate several categories with semicolons."),
            hints="category|categories|group|gruppe|warengruppe|类别|分类|品类|类目|大类",
        ),
        core.Column(
            "weight_kg",
            "Weight in kg",
            "重量",
            cells.decimal(places=3, digits=10, above=Decimal(0)),
            ("Weight", "重量kg"),
            hints="weight|gewicht|重量",
        ),
        core.Column(
            "origin",
            "Country of origin",
            "原产地",
            _country,
            ("Origin",),
            example="CN",
            hints="origin|产地|ursprung",
        ),
    )
    options = (
        core.Option("line", _("Product line if the file does not specify one"), choices=_lines),
        core.Option("unit", _("Unit if the file does not specify one"), choices=_units),
        core.Option("tax_class", _("Tax class if the file does not specify one"), choices=_taxes),
        core.Option("product_type", _("Product type if the file does not specify one"), choices=_types),
        core.Option(
            "new_categories",
            _("Categories that do not exist yet"),
            default="refuse",
            choices=lambda viewer: [("refuse", _("reject the row")), ("create", _("create them"))],
        ),
    )

    def existing(self, name: str) -> str | None:
        models = {"line": ProductLine, "unit": Unit, "pack_unit": Unit, "tax_class": TaxClass}
        if name == "categories":
            return example_category()
        if name not in models:
            return None
        codes = set(models[name]._default_manager.values_list("code", flat=True))
        usual = next(column.example for column in self.columns if column.name == name)
        return usual if usual in codes else min(codes, default="")

    def known(self, name: str, values: Collection[str]) -> Collection[str] | None:
        return known_skus(values) if name == "sku" else super().known(name, values)

    def extra_column(self, header: str) -> core.Column | None:
        mark = next((mark for mark in ATTRIBUTE if header.casefold().replace("：", ":").startswith(mark)), "")
        code = header.replace("：", ":")[len(mark) :].strip()
        return core.Column(f"attribute:{code}", header, header, _attribute) if mark and code else None

    def write(self, rows: Sequence[core.Row]) -> core.UpsertResult:
        given = [self._values(row) for row in rows]
        if self.given["new_categories"] == "create":
            _create_categories(given)
        result = upsert_products(actor=self.viewer, rows=given, partial=True)
        words = {"changed": cells.Outcome.UPDATED, "refused": cells.Outcome.REJECTED}
        return core.UpsertResult(
            result.count("created"),
            result.count("changed"),
            result.count("unchanged"),
            tuple(self._told(each) for each in result.problems),
            {row.line: words.get(row.outcome) or cells.Outcome(row.outcome) for row in result.rows},
        )

    def _told(self, problem: core.Problem) -> core.Problem:
        remedy = _("Create the category first, or choose “create them” for categories that do not exist yet.")
        problem = replace(problem, field=self._header(problem.field or ""))
        return replace(problem, remedy=remedy) if problem.code == "unknown_category" else problem

    def _values(self, row: core.Row) -> dict[str, Any]:
        given = {name: value for name, value in (row.values | row.extra).items() if value is not None}
        if "parent" in given:
            return given
        defaults = {name: self.given[name] for name in ("line", "unit", "tax_class", "product_type")}
        return {name: value for name, value in defaults.items() if value} | given

    def _header(self, name: str) -> str:
        if name.startswith("attribute:"):
            return "attr:" + name.removeprefix("attribute:")
        return self.header_of(name.replace("zh-hans", "zh").replace(":", "_"))


#: Everything is the text a person sees; the attribute's type decides what it means.
_attribute = cells.WrittenReader()


def _create_categories(rows: Sequence[dict[str, Any]]) -> None:
    """Make the paths of the batch that do not exist; what exists is found by Oscar by its names."""
    paths = {
        path.strip() for row in rows for path in str(row.get("categories", "")).split(";") if path.strip()
    }
    for path in sorted(paths):
        if all(slugify(name, allow_unicode=True) for name in path.split(">")):
            create_from_breadcrumbs(path)


ProductAttribute = get_model("catalogue", "ProductAttribute")
AttributeValue = get_model("catalogue", "ProductAttributeValue")
Category = get_model("catalogue", "Category")
ProductCategory = get_model("catalogue", "ProductCategory")
#: Profiles read at once; each part costs the same few statements.
PART = 1000


def export(rows: QuerySet[ProductProfile], kind: str, language: str) -> HttpResponse | StreamingHttpResponse:
    """``kind``: ``csv`` (streamed) or ``xlsx``. Headers are the import's, in the reader's language."""
    lines = chain([_header(language)], _rows_of_file(rows))
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


def _rows_of_file(rows: QuerySet[ProductProfile]) -> Iterator[Sequence[object]]:
    ids = list(rows.values_list("pk", flat=True))
    paths, codes = _category_paths(), _codes()
    for part in chunks(ids, PART):
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
