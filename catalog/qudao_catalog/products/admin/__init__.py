"""Products and what describes them in Wagtail's admin."""

from __future__ import annotations

from .products import ProductViewSet
from .terms import LineViewSet, TaxClassViewSet, UnitViewSet
from .types import OptionSetViewSet, ProductTypeViewSet

__all__ = [
    "LineViewSet",
    "OptionSetViewSet",
    "ProductTypeViewSet",
    "ProductViewSet",
    "TaxClassViewSet",
    "UnitViewSet",
]
