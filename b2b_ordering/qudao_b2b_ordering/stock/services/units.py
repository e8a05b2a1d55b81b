"""Quantities of stock are quantities of the product's unit."""

from __future__ import annotations

from decimal import Decimal

from qudao_catalog import api as catalog
from qudao_core import api as core


def refuse_fraction(product_id: int, quantity: Decimal, field: str) -> None:
    """:raises Refusal: ``quantity`` is none of the product's unit: ``quantity_fractional``, ``quantity_too_large``."""
    unit = catalog.units_of([product_id]).get(product_id, catalog.ANY_UNIT)
    code = catalog.quantity_fault(quantity, unit)
    if code:
        problem = catalog.fraction_problem(code, unit, field=field)
        raise core.Refusal(
            code, problem.message, field=field, remedy=problem.remedy, params=dict(problem.params)
        )
