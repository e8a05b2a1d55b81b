"""One barcode names one product: whoever scans it must not be asked which."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models.functions import Upper

from ..bulk_rows import parts
from .models import ProductProfile

if TYPE_CHECKING:
    from .bulk import Work


def check(works: Iterable[Work]) -> None:
    """Refuse rows whose new barcode another product has, or gets by an earlier row; a row may pass its own on.

    A family and its variants may share one, because the family is never ordered. Barcodes that stood twice before
    stay until somebody changes them.
    """
    rows = [work for work in works if work.profile is not None and work.product is not None]
    fresh = [work for work in rows if work.profile and work.profile.barcode and _is_new(work)]
    if not fresh:
        return
    kept = {work.profile.pk for work in rows if work.profile and "barcode" in work.values}
    taken = _stored({work.profile.barcode.upper() for work in fresh if work.profile}, kept)
    for work in rows:
        if work.profile and work.profile.barcode and not _is_new(work):
            taken.setdefault(work.profile.barcode.upper(), []).append(_owner(work))
    for work in fresh:
        assert work.profile is not None
        own = _owner(work)
        owners = taken.setdefault(work.profile.barcode.upper(), [])
        other = next((each for each in owners if not _same(own, each)), None)
        if other is not None:
            work.refuse("barcode_taken", "barcode", value=work.profile.barcode, sku=other[0])
        else:
            owners.append(own)


#: SKU, product and its family, as objects or ids.
Owner = tuple[str, Any, Any]


def _is_new(work: Work) -> bool:
    return "barcode" in work.changes or (work.is_new and "barcode" in work.values)


def _owner(work: Work) -> Owner:
    return (work.row.sku, work.product.pk or id(work.product), _key(work.parent))


def _key(product: Any) -> Any:
    return None if product is None else product.pk or id(product)


def _same(one: Owner, other: Owner) -> bool:
    """The same product, or a family and its variant."""
    return one[1] == other[1] or one[1] == other[2] or one[2] == other[1]


def _stored(barcodes: set[str], changed: set[int]) -> dict[str, list[Owner]]:
    """Who has these barcodes, but for products whose barcode the same call sets."""
    found: dict[str, list[Owner]] = {}
    for part in parts(sorted(barcodes)):
        rows = ProductProfile.objects.alias(key=Upper("barcode")).filter(key__in=part).order_by("pk")
        for pk, sku, barcode, parent in rows.values_list("pk", "sku", "barcode", "product__parent_id"):
            if pk not in changed:
                found.setdefault(barcode.upper(), []).append((sku, pk, parent))
    return found
