"""What the back office's list of products finds: what the search everybody asks finds, and parts of codes besides."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from qudao_partner_portal import api as portal
from qudao_search import api as search

from .models import ProductProfile, ProductTranslation
from .reindexing import KIND

#: Products of one answer of the search.
MOST = 5000


def found_by_staff(
    viewer: portal.Viewer, rows: QuerySet[ProductProfile], words: str
) -> QuerySet[ProductProfile]:
    """The rows that a query means. Families and hidden products, which no dealer finds, are found by name and code."""
    try:
        items = search.matching(viewer, words, KIND).items
    except search.SearchProblem:
        items = ()  # too long a text; it may still be a part of a name
    by_search = [int(item) for item in items if item.isdecimal()][:MOST]
    condition = Q(pk__in=by_search)
    for field in ("sku", "barcode", "external_key", "product__title", "product__parent__title"):
        condition |= Q(**{f"{field}__icontains": words})
    translated = ProductTranslation.objects.filter(title__icontains=words).order_by().values("product_id")
    return rows.filter(condition | Q(product__in=translated) | Q(product__parent__in=translated))
