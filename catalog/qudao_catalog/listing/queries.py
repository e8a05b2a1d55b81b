"""Lists of products: to walk by a cursor, and as stretches in any order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Upper
from oscar.core.loading import get_model
from qudao_core import api as core
from qudao_core.headless import keyset_filter

from .. import hooks
from ..assortments.queries import in_categories
from ..products.models import ProductProfile
from ..products.queries import ORDERABLE, fact_annotations, facts_in_order, visible_profiles
from ..products.rules import ProductFacts
from .columns import sort_name
from .definitions import facet_definitions
from .matching import Matches, looked_up, matches
from .rules import AttributeChoice, FacetDefinition, Listing

AttributeValue = get_model("catalogue", "ProductAttributeValue")
#: Sort orders that the index of all products has, each with the columns that a cursor holds.
KEYSETS = {"sku": ("sku",), "new": ("-pk",)}
#: So often a page is put together again when a product went away between its id and its facts.
TRIES = 5


def products(
    viewer: core.Viewer, listing: Listing, versions: core.Versions | None = None
) -> QuerySet[ProductProfile]:
    """The profiles of a list, filtered but not sorted. ``pk`` is the product's id."""
    versions = versions if versions is not None else core.Versions.read()
    rows = _base(viewer, listing, versions)
    if hooks.sells() and (listing.available or listing.has_price):
        found = matches(viewer, listing, versions)
        return rows.filter(pk__among=found.index.products(found.all))
    for condition in _conditions(listing, versions):
        rows = rows.filter(condition)
    return rows


def by_name(
    viewer: core.Viewer, rows: QuerySet[ProductProfile]
) -> tuple[QuerySet[ProductProfile, Any], tuple[str, ...]]:
    """Rows (``pk`` and the columns that names are sorted by) to walk by a cursor, and their ordering."""
    rows = rows.annotate(**fact_annotations(), sort_name=sort_name(viewer.language))
    return rows.values("pk", "sort_name", "sku"), ("sort_name", "sku")


def page_of_facts(
    viewer: core.Viewer,
    listing: Listing,
    offset: int,
    limit: int,
    versions: core.Versions | None = None,
    *,
    matched: Matches | None = None,
) -> list[ProductFacts]:
    """A stretch of a list as facts, in its order; one statement once it is known what the list holds."""
    found = matched or matches(viewer, listing, versions)
    ids = found.page(offset, limit)
    return facts_in_order(ids, versions) if ids else []


def walk(
    viewer: core.Viewer,
    listing: Listing,
    values: Sequence[str] | None,
    backwards: bool,
    count: int,
    versions: core.Versions,
) -> list[ProductFacts]:
    """``count`` products of a list sorted as one of :data:`KEYSETS` says, after those that a cursor's ``values`` name.

    ``values`` ``None``: from the first one on. ``backwards``: those before, the nearest first. Three statements, two
    without a cursor.

    :raises ValueError: an id that is no number.
    """
    found: list[ProductFacts] = []
    for _try in range(TRIES):
        matched = matches(viewer, listing, versions)
        first = None if values is None else _first_beyond(listing.sort, values, backwards)
        if values is not None and first is None:
            return []
        if first is not None and first not in matched.index.position:
            continue  # younger than what the list was read from
        ids = matched.walk(first, backwards, count)
        found = facts_in_order(ids, versions)
        if len(found) == len(
            ids
        ):  # else one was deleted meanwhile, and a short page would look like the last
            break
    return found


def _first_beyond(sort: str, values: Sequence[str], backwards: bool) -> int | None:
    """The id of the first product beyond a cursor, whether it is in the list or not.

    The database compares, as it does where it sorts: the row of the cursor may be gone, and collations differ.
    """
    ordering = KEYSETS[sort]
    rows = ProductProfile.objects.filter(
        keyset_filter(ordering, values, backwards=backwards), product__structure__in=ORDERABLE
    ).order_by(*ordering)
    return (rows.reverse() if backwards else rows).values_list("pk", flat=True).first()


def _base(viewer: core.Viewer, listing: Listing, versions: core.Versions) -> QuerySet[ProductProfile]:
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
        rows = rows.filter(pk__among=found.ids if found else ())
    return rows


def _conditions(listing: Listing, versions: core.Versions) -> list[Q]:
    """The filters that are set and do not ask who is looking. Products must meet all of them."""
    found = [Q(line_id__in=listing.lines)] if listing.lines else []
    by_code = {each.code: each for each in facet_definitions(versions)}
    return found + [_has_attribute(by_code[code], choice) for code, choice in listing.attributes.items()]


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
