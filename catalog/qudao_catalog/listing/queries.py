"""Lists of products with their filters and counts.

The number of statements never depends on the number of rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower, Substr, Upper
from oscar.core.loading import get_model
from qudao_partner_portal import api as portal
from qudao_search import api as search

from .. import hooks
from ..assortments.queries import in_categories
from ..categories.queries import category_tree
from ..categories.rules import CategoryNode
from ..products.models import AttributeProfile, OptionTranslation, ProductProfile
from ..products.queries import TERMS, fact_annotations, read_facts, visible_profiles
from ..products.rules import ProductFacts
from .rules import RELEVANCE, AttributeChoice, FacetDefinition, FacetOption, Found, Listing

AttributeValue = get_model("catalogue", "ProductAttributeValue")
#: The search's kind of entries that are products.
KIND = "product"
KINDS = {
    "option": "option",
    "multi_option": "option",
    "boolean": "flag",
    "integer": "range",
    "float": "range",
}
_kept: portal.Kept[tuple[FacetDefinition, ...]] = portal.Kept(size=2)


@dataclass(frozen=True, slots=True)
class FacetCount:
    """One filter with what it would give: options with counts, or the span of a number."""

    definition: FacetDefinition
    counts: Mapping[int | bool, int] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Facets:
    """Everything a list may be narrowed by, counted under all the other filters that are set."""

    total: int
    lines: Mapping[int, int]
    available: int | None
    price_span: tuple[Decimal, Decimal] | None
    attributes: tuple[FacetCount, ...]


def facet_definitions(versions: portal.Versions | None = None) -> tuple[FacetDefinition, ...]:
    """The attributes flagged as filters, in their order; kept until one of them changes."""
    versions = versions if versions is not None else portal.Versions.read()
    return _kept.get("facets", versions.of(TERMS), _read_definitions)


def looked_up(viewer: portal.Viewer, listing: Listing) -> Listing:
    """The list with what its words find: the search everybody asks, so that a word finds the same everywhere."""
    if not listing.words or listing.found is not None:
        return listing
    match = search.matching(viewer, " ".join(listing.words), KIND)
    ids = tuple(int(item) for item in match.items if item.isdecimal())
    return replace(listing, found=Found(ids, match.corrected, match.did_you_mean, match.partial))


def products(
    viewer: portal.Viewer, listing: Listing, versions: portal.Versions | None = None
) -> QuerySet[ProductProfile]:
    """The profiles of a list, filtered but not sorted. ``pk`` is the product's id."""
    versions = versions if versions is not None else portal.Versions.read()
    rows = _base(viewer, listing, versions)
    for condition in _conditions(viewer, listing, versions).values():
        rows = rows.filter(condition)
    return rows


def sort_products(
    viewer: portal.Viewer, rows: QuerySet[ProductProfile], sort: str
) -> QuerySet[ProductProfile]:
    """``rows`` in the order ``sort``; every order ends in a unique column."""
    if sort in ("price", "-price"):
        return hooks.offer_provider().order_by_price(viewer, rows, sort.startswith("-"))
    if sort == "new":
        return rows.order_by("-pk")
    if sort == "name":
        return rows.annotate(**fact_annotations(), sort_name=_sort_name(viewer)).order_by("sort_name", "sku")
    return rows.order_by("sku")


def by_key(
    viewer: portal.Viewer, rows: QuerySet[ProductProfile], sort: str
) -> tuple[QuerySet[ProductProfile, Any], tuple[str, ...]]:
    """Rows (``pk`` and the sort's own columns) to walk by a cursor, and their ordering; for every sort but price."""
    if sort == "name":
        rows = rows.annotate(**fact_annotations(), sort_name=_sort_name(viewer))
        return rows.values("pk", "sort_name", "sku"), ("sort_name", "sku")
    if sort == "new":
        return rows.values("pk"), ("-pk",)
    return rows.values("pk", "sku"), ("sku",)


def facts_in_order(ids: Sequence[int], versions: portal.Versions | None = None) -> list[ProductFacts]:
    """Facts of products whose ids were read through the viewer, in this order."""
    found = {facts.id: facts for facts in read_facts(ProductProfile.objects.filter(pk__in=ids), versions)}
    return [found[pk] for pk in ids if pk in found]


def page_of_facts(
    viewer: portal.Viewer,
    rows: QuerySet[ProductProfile],
    listing: Listing,
    offset: int,
    limit: int,
    versions: portal.Versions | None = None,
) -> list[ProductFacts]:
    """A stretch of a list as facts; one statement, or two by price or relevance (ids first, then facts)."""
    if listing.sort == RELEVANCE and listing.found is not None:
        there = set(rows.order_by().values_list("pk", flat=True))
        ids = [pk for pk in listing.found.ids if pk in there][offset : offset + limit]
    else:
        ordered = sort_products(viewer, rows, listing.sort)
        if listing.sort not in ("price", "-price"):
            return read_facts(ordered[offset : offset + limit], versions)
        ids = list(ordered.values_list("pk", flat=True)[offset : offset + limit])
    return facts_in_order(ids, versions)


def _sort_name(viewer: portal.Viewer) -> Any:
    if viewer.language.startswith("zh"):
        return Coalesce(F("zh__sort_key"), F("parent_zh__sort_key"), Lower("fact_title"))
    return Lower("fact_title")


def count_facets(viewer: portal.Viewer, listing: Listing, versions: portal.Versions | None = None) -> Facets:
    """Counts of every filter: five statements, whatever is set and however much there is.

    Each product carries a mask of the filters it fails. A filter counts the products that fail nothing,
    or nothing but itself: so the other values of a filter that is set still show what choosing them
    would give. No statement filters by the mask before it joins: a planner that expects one row where there are
    thousands joins them in nested loops.
    """
    versions = versions if versions is not None else portal.Versions.read()
    conditions = _conditions(viewer, listing, versions)
    bits = {name: 1 << position for position, name in enumerate(conditions)}
    rows = _base(viewer, listing, versions).annotate(failed=_failed(conditions, bits))
    provider = hooks.offer_provider()
    per_line = list(rows.order_by().values_list("line_id", "failed").annotate(count=Count("pk")))
    available = price_span = None
    if hooks.sells():
        available = provider.count_available(viewer, rows, Q(failed__in=_passing(bits, "available")))
        price_span = provider.price_span(viewer, rows, Q(failed__in=_passing(bits, "price")))
    return Facets(
        total=sum(count for _line, failed, count in per_line if not failed),
        lines=_per_line(per_line, _passing(bits, "line")),
        available=available,
        price_span=price_span,
        attributes=tuple(_count_attributes(rows, bits, facet_definitions(versions))),
    )


def count_sections(
    viewer: portal.Viewer,
    listing: Listing,
    category: CategoryNode | None,
    versions: portal.Versions | None = None,
) -> list[tuple[CategoryNode, int]]:
    """The categories just below ``category`` (or the top ones) that hold something, with how much.

    One statement.
    """
    versions = versions if versions is not None else portal.Versions.read()
    tree = category_tree(versions)
    children = tree.children(category)
    if not children:
        return []
    path = Coalesce(F("product__categories__path"), F("product__parent__categories__path"))
    rows = products(viewer, listing, versions).annotate(path=path)
    counted = rows.order_by().values_list(Substr("path", 1, len(children[0].path)))
    counts = dict(counted.annotate(count=Count("pk", distinct=True)))
    return [(each, counts[each.path]) for each in children if counts.get(each.path)]


def count_categories(viewer: portal.Viewer, versions: portal.Versions | None = None) -> dict[int, int]:
    """How many products the viewer sees in each category and below it, each once; one statement and a pass."""
    versions = versions if versions is not None else portal.Versions.read()
    tree = category_tree(versions)
    path = Coalesce(F("product__categories__path"), F("product__parent__categories__path"))
    rows = visible_profiles(viewer, versions).annotate(path=path).filter(path__isnull=False)
    held: dict[int, set[int]] = {}
    for pk, place in rows.order_by().values_list("pk", "path"):
        node = tree.by_path(place)
        for each in [*tree.above(node), node] if node else ():
            held.setdefault(each.id, set()).add(pk)
    return {pk: len(products) for pk, products in held.items()}


def _base(viewer: portal.Viewer, listing: Listing, versions: portal.Versions) -> QuerySet[ProductProfile]:
    """What the list is about, before filters with counts: category, text, state, single products."""
    rows = visible_profiles(viewer, versions)
    if listing.category_ids:
        filed = in_categories(listing.category_ids)
        rows = rows.filter(Q(pk__in=filed) | Q(product__parent_id__in=filed))
    if listing.statuses:
        rows = rows.filter(status__in=listing.statuses)
    if listing.skus:
        rows = rows.alias(upper_sku=Upper("sku")).filter(upper_sku__in=listing.skus)
    if listing.words:
        found = looked_up(viewer, listing).found
        rows = rows.filter(pk__in=found.ids if found else ())
    return rows


def _conditions(viewer: portal.Viewer, listing: Listing, versions: portal.Versions) -> dict[str, Q]:
    """The filters that are set, by name. Products must meet all of them."""
    found: dict[str, Q] = {}
    provider = hooks.offer_provider()
    if listing.lines:
        found["line"] = Q(line_id__in=listing.lines)
    if hooks.sells() and listing.available:
        rows = provider.filter_available(viewer, visible_profiles(viewer, versions))
        found["available"] = Q(pk__in=rows.order_by().values("pk"))
    if hooks.sells() and listing.has_price:
        rows = visible_profiles(viewer, versions)
        rows = provider.filter_price(viewer, rows, listing.price_low, listing.price_high)
        found["price"] = Q(pk__in=rows.order_by().values("pk"))
    by_code = {each.code: each for each in facet_definitions(versions)}
    for code, choice in listing.attributes.items():
        found[f"attr:{code}"] = _has_attribute(by_code[code], choice)
    return found


def _has_attribute(definition: FacetDefinition, choice: AttributeChoice) -> Q:
    """Own value, or the parent's where the variant has none of its own."""
    stated = AttributeValue.objects.filter(attribute_id__in=definition.attribute_ids).order_by()
    fitting = stated.filter(_value_fits(definition.kind, choice)).values("product_id")
    own = Q(pk__in=fitting)
    inherited = Q(product__parent_id__in=fitting) & ~Q(pk__in=stated.values("product_id"))
    return own | inherited


def _value_fits(kind: str, choice: AttributeChoice) -> Q:
    if kind == "option":
        return Q(value_option_id__in=choice.keys) | Q(value_multi_option__in=choice.keys)
    if kind == "flag":
        return Q(value_boolean__in=choice.keys)
    fits = Q()
    for bound, lookup in ((choice.low, "gte"), (choice.high, "lte")):
        if bound is not None:
            fits &= Q(**{f"value_float__{lookup}": bound}) | Q(**{f"value_integer__{lookup}": bound})
    return fits


def _failed(conditions: Mapping[str, Q], bits: Mapping[str, int]) -> Any:
    total: Any = Value(0)
    for name, condition in conditions.items():
        total = total + Case(When(condition, then=0), default=bits[name], output_field=IntegerField())
    return total


def _per_line(rows: list[tuple[int | None, int, int]], masks: tuple[int, ...]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for line, failed, count in rows:
        if line is not None and failed in masks:
            counts[line] = counts.get(line, 0) + count
    return counts


def _passing(bits: Mapping[str, int], name: str) -> tuple[int, ...]:
    return (0, bits[name]) if name in bits else (0,)


def _count_attributes(
    rows: QuerySet[ProductProfile], bits: Mapping[str, int], definitions: tuple[FacetDefinition, ...]
) -> Iterator[FacetCount]:
    ids = [pk for each in definitions for pk in each.attribute_ids]
    if not ids:
        return
    own = _attribute_rows(rows, "product__attribute_values", ids)
    overridden = AttributeValue.objects.filter(attribute_id__in=ids)
    inherited = _attribute_rows(rows, "product__parent__attribute_values", ids, overridden)
    counted = [*own, *inherited]
    for each in definitions:
        masks = _passing(bits, f"attr:{each.code}")
        mine = [row for row in counted if row[0] in each.attribute_ids and row[3] in masks]
        yield _facet_count(each, mine)


def _attribute_rows(
    rows: QuerySet[ProductProfile], path: str, ids: list[int], overridden: QuerySet[Any] | None = None
) -> list[tuple[Any, ...]]:
    """(attribute, option, yes or no, failed mask, products, smallest, largest) of every value.

    One statement.
    """
    found = rows.filter(**{f"{path}__attribute_id__in": ids})
    if overridden is not None:
        own = overridden.filter(product_id=OuterRef("pk"), attribute_id=OuterRef(f"{path}__attribute_id"))
        found = found.exclude(Exists(own))
    option = Coalesce(F(f"{path}__value_option_id"), F(f"{path}__value_multi_option"))
    number = Coalesce(F(f"{path}__value_float"), F(f"{path}__value_integer") * 1.0)
    grouped = found.order_by().values_list(
        f"{path}__attribute_id", option, f"{path}__value_boolean", "failed"
    )
    return list(grouped.annotate(count=Count("pk"), low=Min(number), high=Max(number)))


def _facet_count(definition: FacetDefinition, rows: list[tuple[Any, ...]]) -> FacetCount:
    counts: dict[int | bool, int] = {}
    for _attribute, option, flag, _failed_mask, count, _low, _high in rows:
        key = flag if definition.kind == "flag" else option
        if key is not None:
            counts[key] = counts.get(key, 0) + count
    lows = [row[5] for row in rows if row[5] is not None]
    highs = [row[6] for row in rows if row[6] is not None]
    return FacetCount(definition, counts, min(lows, default=None), max(highs, default=None))


def _read_definitions() -> tuple[FacetDefinition, ...]:
    rows = AttributeProfile.objects.filter(is_facet=True, attribute__type__in=list(KINDS))
    rows = rows.select_related("attribute").order_by("position", "attribute__code", "pk")
    merged: dict[str, list[AttributeProfile]] = {}
    for row in rows:
        merged.setdefault(row.attribute.code, []).append(row)
    options = _options({row.attribute.option_group_id for row in rows if row.attribute.option_group_id})
    return tuple(_definition(code, same, options) for code, same in merged.items())


def _definition(
    code: str, rows: list[AttributeProfile], options: Mapping[int, list[FacetOption]]
) -> FacetDefinition:
    """One filter of the attributes that share ``code``; those of another kind than the first are left out."""
    first = rows[0]
    kind = KINDS[first.attribute.type]
    same = [row for row in rows if KINDS[row.attribute.type] == kind]
    groups = dict.fromkeys(row.attribute.option_group_id for row in same if row.attribute.option_group_id)
    choices = tuple(option for group in groups for option in options.get(group, ()))
    if kind == "flag":
        choices = (FacetOption("1", True, "Yes", "是"), FacetOption("0", False, "No", "否"))
    return FacetDefinition(
        code=code,
        kind=kind,
        label=first.attribute.name,
        label_zh=first.name_zh,
        unit=first.unit,
        attribute_ids=tuple(row.pk for row in same),
        options=choices,
    )


def _options(group_ids: set[int]) -> dict[int, list[FacetOption]]:
    words = dict(
        OptionTranslation.objects.filter(option__group_id__in=group_ids, language="zh-hans").values_list(
            "option_id", "name"
        )
    )
    found: dict[int, list[FacetOption]] = {}
    rows = get_model("catalogue", "AttributeOption").objects.filter(group_id__in=group_ids).order_by("pk")
    for pk, group_id, name, code in rows.values_list("pk", "group_id", "option", "code"):
        found.setdefault(group_id, []).append(FacetOption(code or str(pk), pk, name, words.get(pk, "")))
    return found
