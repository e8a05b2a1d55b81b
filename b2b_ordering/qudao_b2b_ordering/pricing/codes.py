"""Products by the codes that files and ERP systems send."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models.functions import Upper
from oscar.core.loading import get_model

#: Codes are looked up so many at a time: SQLite takes some 32,000 parameters in a statement.
CHUNK = 20_000
EXTERNAL = "ext:"


def product_ids(codes: Iterable[str]) -> dict[str, int]:
    """Code → product id for those that exist; a code is a SKU, or ``ext:`` and an external key.

    Upper and lower case are the same, as in the catalogue. Whether somebody may see the product is not asked:
    this is for sellers' own writes. One statement per 20,000 codes of each kind.
    """
    unique = set(codes)
    skus = _by("sku", [code for code in unique if not code.startswith(EXTERNAL)])
    keys = _by("external_key", [code[len(EXTERNAL) :] for code in unique if code.startswith(EXTERNAL)])
    return skus | {EXTERNAL + key: pk for key, pk in keys.items()}


def _by(field: str, values: list[str]) -> dict[str, int]:
    """The values that name a product, as they were given, with its id."""
    rows = get_model("catalogue", "Product").objects.alias(upper_code=Upper(f"profile__{field}")).order_by()
    uppers = {value: value.upper() for value in values if value}
    wanted = sorted(set(uppers.values()))
    found: dict[str, int] = {}
    for start in range(0, len(wanted), CHUNK):
        known = rows.filter(upper_code__in=wanted[start : start + CHUNK])
        found.update((code.upper(), pk) for code, pk in known.values_list(f"profile__{field}", "pk"))
    return {value: found[upper] for value, upper in uppers.items() if upper in found}
