"""Products by the codes that files and ERP systems send."""

from __future__ import annotations

from collections.abc import Iterable

from oscar.core.loading import get_model

#: Codes are looked up so many at a time: SQLite takes some 32,000 parameters in a statement.
CHUNK = 20_000
EXTERNAL = "ext:"


def product_ids(codes: Iterable[str]) -> dict[str, int]:
    """Code → product id for those that exist; a code is a SKU, or ``ext:`` and an external key. Case counts.

    Whether somebody may see the product is not asked: this is for sellers' own writes. One statement per
    20,000 codes of each kind.
    """
    unique = set(codes)
    external = {code.removeprefix(EXTERNAL): code for code in unique if code.startswith(EXTERNAL)}
    found = _by("profile__sku", [code for code in unique if not code.startswith(EXTERNAL)])
    found |= {external[key]: pk for key, pk in _by("profile__external_key", list(external)).items()}
    return found


def _by(field: str, values: list[str]) -> dict[str, int]:
    model = get_model("catalogue", "Product")
    found: dict[str, int] = {}
    for start in range(0, len(values), CHUNK):
        rows = model.objects.filter(**{f"{field}__in": values[start : start + CHUNK]}).order_by()
        found.update(rows.values_list(field, "pk"))
    return found
