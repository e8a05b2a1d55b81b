"""Products by the codes that files and ERP systems send."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models.functions import Upper
from oscar.core.loading import get_model
from qudao_catalog import api as catalog

#: Codes are looked up so many at a time: SQLite takes some 32,000 parameters in a statement.
CHUNK = 20_000
EXTERNAL = "ext:"


def product_ids(codes: Iterable[str]) -> dict[str, int]:
    """Code → product id for those that exist; a code is a SKU, or ``ext:`` and an external key.

    Upper and lower case are the same, as in the catalogue. Whether somebody may see the product is not asked:
    this is for sellers' own writes. One statement per 20,000 codes of each kind.
    """
    return {code: pk for code, (pk, _unit) in products_with_units(codes).items()}


def products_with_units(codes: Iterable[str]) -> dict[str, tuple[int, catalog.UnitFacts]]:
    """As :func:`product_ids`, with the unit each product is counted in."""
    unique = set(codes)
    skus = _by("sku", [code for code in unique if not code.startswith(EXTERNAL)])
    keys = _by("external_key", [code[len(EXTERNAL) :] for code in unique if code.startswith(EXTERNAL)])
    return skus | {EXTERNAL + key: found for key, found in keys.items()}


_UNIT = tuple(f"profile__unit__{name}" for name in ("code", "name", "name_plural", "name_zh", "decimals"))


def _by(field: str, values: list[str]) -> dict[str, tuple[int, catalog.UnitFacts]]:
    """The values that name a product, as they were given, with its id and unit."""
    rows = get_model("catalogue", "Product").objects.alias(upper_code=Upper(f"profile__{field}")).order_by()
    uppers = {value: value.upper() for value in values if value}
    wanted = sorted(set(uppers.values()))
    found: dict[str, tuple[int, catalog.UnitFacts]] = {}
    for start in range(0, len(wanted), CHUNK):
        known = rows.filter(upper_code__in=wanted[start : start + CHUNK])
        for code, pk, unit, *facts in known.values_list(f"profile__{field}", "pk", *_UNIT):
            found[code.upper()] = pk, catalog.UnitFacts(unit, *facts) if unit else catalog.ANY_UNIT
    return {value: found[upper] for value, upper in uppers.items() if upper in found}
