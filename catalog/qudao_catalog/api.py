"""The door of the catalogue: what other plugins and hosts may call.

``from qudao_catalog import api as catalog``.
"""

from __future__ import annotations

from .assortments.queries import sees_all
from .products.problems import quantity_problem, status_problem
from .products.queries import (
    facts_by_code,
    facts_for_staff,
    facts_of,
    product_facts,
    product_not_found,
    terms,
    visible_products,
    visible_profiles,
)
from .products.rules import (
    ProductFacts,
    QuantityIssue,
    UnreadableQuantity,
    check_quantity,
    highest_quantity,
    lowest_quantity,
    pack_count,
    parse_quantity,
    plain_number,
    snap_quantity,
)
from .products.shown import shown_stock

__all__ = [
    "ProductFacts",
    "QuantityIssue",
    "UnreadableQuantity",
    "check_quantity",
    "facts_by_code",
    "facts_for_staff",
    "facts_of",
    "highest_quantity",
    "lowest_quantity",
    "pack_count",
    "parse_quantity",
    "plain_number",
    "product_facts",
    "product_not_found",
    "quantity_problem",
    "sees_all",
    "shown_stock",
    "snap_quantity",
    "status_problem",
    "terms",
    "visible_products",
    "visible_profiles",
]
