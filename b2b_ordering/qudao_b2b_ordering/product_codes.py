"""Products by the codes that files and ERP systems send."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Q
from django.db.models.functions import Upper
from oscar.core.loading import get_model
from qudao_catalog import api as catalog

#: Codes are looked up so many at a time: SQLite takes some 32,000 parameters in a statement.
CHUNK = 20_000
EXTERNAL = "ext:"
_UNIT = tuple(f"profile__unit__{name}" for name in ("code", "name", "name_plural", "name_zh", "decimals"))
_COLUMNS = {"sku": "upper_sku", "ext": "upper_key", "barcode": "upper_barcode"}


class _Product(NamedTuple):
    id: int
    sku: str
    external_key: str
    barcode: str
    unit: catalog.UnitFacts


def product_ids(codes: Iterable[int | str]) -> dict[Any, int]:
    """Code → product id for those that exist; a code is a SKU, ``ext:``, ``barcode:`` or ``id:`` and a name, or an id.

    Upper and lower case are the same, as in the catalogue. Whether somebody may see the product is not asked:
    this is for sellers' own writes. One statement per 20,000 codes of each kind.
    """
    return {code: pk for code, (pk, _unit) in products_with_units(codes).items()}


def products_with_units(codes: Iterable[int | str]) -> dict[Any, tuple[int, catalog.UnitFacts]]:
    """As :func:`product_ids`, with the unit each product is counted in."""
    wanted = catalog.Codes.of(set(codes), plain=catalog.SKU_ONLY)
    rows: list[_Product] = []
    for kind, names in wanted.wanted.items():
        rows += _rows(f"{_COLUMNS[kind]}__in", sorted(names))
    rows += _rows("pk__in", sorted(wanted.ids))
    return {code: (row.id, row.unit) for code, row in wanted.match(dict.fromkeys(rows)).items()}


def _rows(lookup: str, values: list[str] | list[int]) -> list[_Product]:
    products = get_model("catalogue", "Product").objects.filter(profile__isnull=False).order_by()
    products = products.alias(
        upper_sku=Upper("profile__sku"),
        upper_key=Upper("profile__external_key"),
        upper_barcode=Upper("profile__barcode"),
    )
    columns = ("pk", "profile__sku", "profile__external_key", "profile__barcode", *_UNIT)
    found: list[_Product] = []
    for start in range(0, len(values), CHUNK):
        chunk = products.filter(Q(**{lookup: values[start : start + CHUNK]}))
        for pk, sku, key, barcode, unit, *facts in chunk.values_list(*columns):
            counted = catalog.UnitFacts(unit, *facts) if unit else catalog.ANY_UNIT
            found.append(_Product(pk, sku, key, barcode, counted))
    return found
