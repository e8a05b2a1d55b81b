"""What lists are filtered, counted and sorted by, read once and kept while it stands.

Every column is read by one plain statement over a whole table, never by a statement per product or per request, and
counts only under the version of its data (``core.data_versions``), which a database trigger raises with every change.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import count
from typing import Any

from django.db.models import Aggregate, F, TextField
from django.db.models.functions import Coalesce, Lower
from oscar.core.loading import get_model
from qudao_core import api as core

from ..assortments.models import AssortmentItem
from ..assortments.queries import visible_sight
from ..products.models import ProductProfile, ProductTranslation
from ..products.queries import TERMS, fact_annotations, terms, visible_profiles
from ..products.rules import ProductFacts, lowest_quantity
from .bitmaps import AttributeColumn, Bitmap, ProductIndex, bitmap, mask
from .rules import FacetDefinition

#: Names of the data versions.
PRODUCTS, NAMES, FILED, VALUES, GRANTED = (
    "products",
    "product_names",
    "product_categories",
    "product_attributes",
    "assortment_products",
)
DATA = (PRODUCTS, NAMES, FILED, VALUES, GRANTED)
Product = get_model("catalogue", "Product")
AttributeValue = get_model("catalogue", "ProductAttributeValue")
ProductCategory = get_model("catalogue", "ProductCategory")

_serials = count(1)
_index: core.VersionedCache[ProductIndex] = core.VersionedCache(size=1)
_columns: core.VersionedCache[Any] = core.VersionedCache(size=8)
_visible: core.VersionedCache[Bitmap] = core.VersionedCache(size=500)


class Ids(Aggregate):
    """The ids of a group as one text: a row per group instead of a row per product."""

    output_field = TextField()

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(
            compiler, connection, template="string_agg((%(expressions)s)::text, ',')", **context
        )

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return super().as_sql(compiler, connection, template="group_concat(%(expressions)s)", **context)


def watch() -> None:
    """Let the database note every change of what the columns are made of."""
    facts = ("sku", "status", "line_id", "unit_id", "pack_size", "sold_in_packs", "min_quantity")
    core.watch(PRODUCTS, ProductProfile, *facts)
    core.watch(PRODUCTS, Product, "structure", "is_public", "parent_id")
    core.watch(NAMES, Product, "title")
    core.watch(NAMES, ProductTranslation, "product_id", "language", "sort_key")
    core.watch(FILED, ProductCategory, "product_id", "category_id")
    values = ("value_boolean", "value_float", "value_integer", "value_option_id")
    core.watch(VALUES, AttributeValue, "product_id", "attribute_id", *values)
    options = AttributeValue.value_multi_option.through
    core.watch(VALUES, options, "productattributevalue_id", "attributeoption_id")
    core.watch(GRANTED, AssortmentItem, "assortment_id", "product_id", "line_id", "category_id")


def product_index(versions: core.Versions, data: core.Versions) -> ProductIndex:
    """All products that can be ordered, whoever may see them."""
    version = (*data.of(PRODUCTS), *versions.of(TERMS))
    return _index.get("products", version, lambda: _read_index(versions))


def visible(viewer: core.Viewer, index: ProductIndex, versions: core.Versions, data: core.Versions) -> Bitmap:
    """The products that the viewer may see; shared by all whose assortments say the same."""
    sight = visible_sight(viewer, versions)
    if sight.nothing:
        return 0

    def read() -> Bitmap:
        rows = visible_profiles(viewer, versions).order_by().values_list("pk", flat=True)
        return index.bitmap(rows)

    return _visible.get(sight, (index.serial, *data.of(FILED, GRANTED)), read)


def filed(index: ProductIndex, data: core.Versions) -> Mapping[int, Bitmap]:
    """Category → what is filed in it, a variant with its parent."""

    def read() -> Mapping[int, Bitmap]:
        rows = ProductCategory.objects.order_by().values_list("category_id").annotate(ids=Ids("product_id"))
        return {category_id: _with_children(index, _numbers(ids)) for category_id, ids in rows}

    return _kept("filed", index, data.of(FILED), read)


def lines(index: ProductIndex) -> Mapping[int, Bitmap]:
    """Product line → its products."""

    def read() -> Mapping[int, Bitmap]:
        found: dict[int, list[int]] = {}
        for place, line_id in enumerate(index.line_ids):
            if line_id is not None:
                found.setdefault(line_id, []).append(place)
        return {line_id: bitmap(places, index.size) for line_id, places in found.items()}

    return _kept("lines", index, (), read)


def attributes(
    index: ProductIndex,
    definitions: Sequence[FacetDefinition],
    versions: core.Versions,
    data: core.Versions,
) -> Mapping[str, AttributeColumn]:
    """Code of a filter → its values: a product's own, or its parent's where it has none of its own."""

    def read() -> Mapping[str, AttributeColumn]:
        rows = _values([pk for each in definitions for pk in each.attribute_ids])
        return {
            each.code: _attribute(index, each, [row for row in rows if row[0] in each.attribute_ids])
            for each in definitions
        }

    return _kept("attributes", index, (*data.of(VALUES), *versions.of(TERMS)), read)


def by_name(index: ProductIndex, language: str, data: core.Versions) -> Sequence[int]:
    """All positions in the order of the names that readers of a language see."""
    chinese = language.startswith("zh")

    def read() -> Sequence[int]:
        rows = ProductProfile.objects.annotate(**fact_annotations(), sort_name=sort_name(language))
        ordered = rows.order_by("sort_name", "sku").values_list("pk", flat=True)
        places = [index.position[pk] for pk in ordered if pk in index.position]
        missing = set(range(index.size)).difference(places)
        return array("l", [*places, *sorted(missing)])

    return _kept(f"names-{chinese}", index, data.of(NAMES), read)


def sort_name(language: str) -> Any:
    """What names are sorted by: Chinese by its sound."""
    if language.startswith("zh"):
        return Coalesce(F("zh__sort_key"), F("parent_zh__sort_key"), Lower("fact_title"))
    return Lower("fact_title")


def _kept(name: str, index: ProductIndex, version: tuple[int, ...], read: Callable[[], Any]) -> Any:
    return _columns.get(name, (index.serial, *version), read)


_COLUMNS = (
    "pk",
    "line_id",
    "status",
    "product__parent_id",
    "unit_id",
    "pack_size",
    "sold_in_packs",
    "min_quantity",
)


def _read_index(versions: core.Versions) -> ProductIndex:
    orderable = (Product.STANDALONE, Product.CHILD)
    rows = list(
        ProductProfile.objects.filter(product__structure__in=orderable).order_by("sku").values_list(*_COLUMNS)
    )
    units = terms(versions).units
    decimals = {pk: unit.decimals for pk, unit in units.items()}
    ids = array("q", (row[0] for row in rows))
    statuses: dict[str, list[int]] = {}
    children: dict[int, list[int]] = {}
    for place, row in enumerate(rows):
        statuses.setdefault(row[2], []).append(place)
        if row[3]:
            children.setdefault(row[3], []).append(place)
    return ProductIndex(
        next(_serials),
        ids,
        {pk: place for place, pk in enumerate(ids)},
        array("l", sorted(range(len(ids)), key=ids.__getitem__)),
        [_lowest(decimals.get(row[4], 0), *row[5:]) for row in rows],
        [row[1] for row in rows],
        {status: bitmap(places, len(rows)) for status, places in statuses.items()},
        {parent: tuple(places) for parent, places in children.items()},
    )


@lru_cache(maxsize=5000)
def _lowest(decimals: int, pack: Decimal, in_packs: bool, minimum: Decimal) -> Decimal:
    facts = ProductFacts(
        0, "", "", unit_decimals=decimals, pack_size=pack, sold_in_packs=in_packs, min_quantity=minimum
    )
    return lowest_quantity(facts)


def _with_children(index: ProductIndex, ids: Iterable[int]) -> Bitmap:
    return bitmap(_places(index, ids), index.size)


def _places(index: ProductIndex, ids: Iterable[int]) -> list[int]:
    """The positions of products and of the variants of families."""
    found: list[int] = []
    for pk in ids:
        place = index.position.get(pk)
        if place is not None:
            found.append(place)
        found += index.children.get(pk, ())
    return found


def _numbers(text: str) -> Iterable[int]:
    return map(int, text.split(","))


def _values(attribute_ids: list[int]) -> list[tuple[Any, ...]]:
    """(attribute, option, yes or no, number, ids of products) of every value that occurs."""
    if not attribute_ids:
        return []
    option = Coalesce(F("value_option_id"), F("value_multi_option"))
    number = Coalesce(F("value_float"), F("value_integer") * 1.0)
    rows = AttributeValue.objects.filter(attribute_id__in=attribute_ids).order_by()
    return list(
        rows.values_list("attribute_id", option, "value_boolean", number).annotate(ids=Ids("product_id"))
    )


def _attribute(
    index: ProductIndex, definition: FacetDefinition, rows: list[tuple[Any, ...]]
) -> AttributeColumn:
    """Own values first: what a variant says itself hides its parent's."""
    own = mask(index.bitmap(pk for row in rows for pk in _numbers(row[4])), index.size)
    sets: dict[int | bool, Bitmap] = {}
    numbers: list[tuple[float, int]] = []
    for _attribute_id, option, flag, number, text in rows:
        ids = list(_numbers(text))
        mine = [index.position[pk] for pk in ids if pk in index.position]
        inherited = [place for pk in ids for place in index.children.get(pk, ()) if not own[place]]
        key = flag if definition.kind == "flag" else option
        if key is not None:
            sets[key] = sets.get(key, 0) | bitmap([*mine, *inherited], index.size)
        if number is not None:
            numbers += [(number, place) for place in (*mine, *inherited)]
    numbers.sort()
    return AttributeColumn(
        sets,
        array("d", (number for number, _place in numbers)),
        array("l", (place for _number, place in numbers)),
        index.size,
    )
