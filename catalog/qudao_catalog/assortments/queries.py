"""Which products a viewer may know of, as one condition for any queryset. Nothing is asked per product."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from oscar.core.loading import get_model
from qudao_core import api as core

from . import rules
from .models import Assortment, AssortmentItem
from .rules import Item, Reach, Sight

#: Raised by every change of assortments.
FACT = "assortments"
SEES_ALL = Sight(granted=Reach(everything=True))
_kept: core.VersionedCache[Sight] = core.VersionedCache(size=2000)


def sees_all(viewer: core.Viewer) -> bool:
    """Back-office people who may view products and act for no company see every public product."""
    return viewer.is_staff and not viewer.is_member and viewer.may("catalogue.view_product")


def sight_of(
    audience: frozenset[str], *, versions: core.Versions | None = None, on: date | None = None
) -> Sight:
    """What the assortments say about an audience on a day (today in the site's time zone).

    Kept until an assortment or a category changes; then three statements.
    """
    versions = versions if versions is not None else core.Versions.read()
    day = on or timezone.localdate()
    return _kept.get(
        (audience, day), versions.of(FACT, "categories"), lambda: rules.sight(_items(audience, day))
    )


def visible_sight(viewer: core.Viewer, versions: core.Versions | None = None) -> Sight:
    """What the assortments say about a viewer today."""
    return SEES_ALL if sees_all(viewer) else sight_of(viewer.audience, versions=versions)


def visibility(
    viewer: core.Viewer, *, product: str, profile: str, versions: core.Versions | None = None
) -> Q | None:
    """The condition under which a standalone product or a variant may be seen; ``None`` when nothing may.

    ``product`` and ``profile`` are the prefixes that lead from the queryset's model to the Oscar
    product and to its profile, such as ``"product__"`` and ``""``.
    """
    sight = visible_sight(viewer, versions)
    if sight.nothing:
        return None
    public = Q(**{f"{product}is_public": True})
    public &= Q(**{f"{product}parent": None}) | Q(**{f"{product}parent__is_public": True})
    if not sight.granted.everything:
        public &= _covered(sight.granted, product, profile)
    if sight.denied:
        public &= ~_covered(sight.denied, product, profile)
    return public


def current(queryset: QuerySet[Assortment], on: date) -> QuerySet[Assortment]:
    """The active ones whose dates include the day; both ends are inside."""
    started = Q(valid_from=None) | Q(valid_from__lte=on)
    return queryset.filter(started, Q(valid_until=None) | Q(valid_until__gte=on), is_active=True)


def _items(audience: frozenset[str], on: date) -> list[Item]:
    meant = Assortment.objects.filter(audiences__audience_key__in=sorted(audience)).distinct()
    effects = {
        pk: (effect, all_)
        for pk, effect, all_ in current(meant, on).values_list("pk", "effect", "all_products")
    }
    items = [Item(pk, effect, everything=True) for pk, (effect, all_) in effects.items() if all_]
    rows = AssortmentItem.objects.filter(assortment_id__in=list(effects))
    by_product = rows.filter(product__isnull=False).values_list("assortment_id", flat=True).distinct()
    items += [Item(pk, effects[pk][0], names_products=True) for pk in by_product.order_by("assortment_id")]
    wide = list(
        rows.filter(product=None).values_list("assortment_id", "line_id", "category_id", "category__path")
    )
    below = _subtrees({path for *_rest, path in wide if path})
    for pk, line_id, _category_id, path in wide:
        items.append(Item(pk, effects[pk][0], line_id=line_id, category_ids=below.get(path, frozenset())))
    return items


def _subtrees(paths: set[str]) -> dict[str, frozenset[int]]:
    """The ids of the categories at and below each path; one statement."""
    if not paths:
        return {}
    rows = list(get_model("catalogue", "Category").objects.order_by().values_list("pk", "path"))
    return {path: frozenset(pk for pk, own in rows if own.startswith(path)) for path in paths}


def _covered(reach: Reach, product: str, profile: str) -> Q:
    if reach.everything:
        return Q(**{f"{product}id__isnull": False})
    conditions = Q()
    if reach.lines:
        conditions |= Q(**{f"{profile}line_id__in": sorted(reach.lines)})
    if reach.product_sets:
        conditions |= _product_or_parent(product, _named(reach.product_sets))
    if reach.categories:
        conditions |= _product_or_parent(product, in_categories(reach.categories))
    return conditions


def _product_or_parent(product: str, ids: QuerySet[Any]) -> Q:
    return Q(**{f"{product}id__in": ids}) | Q(**{f"{product}parent_id__in": ids})


def _named(assortment_ids: Iterable[int]) -> QuerySet[Any]:
    rows = AssortmentItem.objects.filter(assortment_id__in=sorted(assortment_ids), product__isnull=False)
    return rows.order_by().values("product_id")


def in_categories(category_ids: Iterable[int]) -> QuerySet[Any]:
    """Ids of the products filed in any of the categories. Variants are filed with their parent."""
    rows = get_model("catalogue", "ProductCategory").objects.filter(category_id__in=sorted(category_ids))
    return rows.order_by().values("product_id")


def named_in(assortments: Iterable[int], *, product_id: int, parent_id: int | None) -> frozenset[int]:
    """Those of the assortments that name the product or its parent."""
    rows = AssortmentItem.objects.filter(
        assortment_id__in=list(assortments), product_id__in=[pk for pk in (product_id, parent_id) if pk]
    )
    return frozenset(rows.values_list("assortment_id", flat=True))


def exists_for(viewer: core.Viewer, *, versions: core.Versions | None = None) -> bool:
    """Whether anything at all is granted to the viewer (an empty catalogue says so on its page)."""
    return sees_all(viewer) or not sight_of(viewer.audience, versions=versions).nothing
