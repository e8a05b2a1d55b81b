"""Products and what describes them in Wagtail's admin."""

from __future__ import annotations

from .products import ProductViewSet
from .terms import (
    AttributeViewSet,
    CategoryWordsViewSet,
    LineViewSet,
    OptionWordsViewSet,
    TaxClassViewSet,
    UnitViewSet,
)

__all__ = [
    "AttributeViewSet",
    "CategoryWordsViewSet",
    "LineViewSet",
    "OptionWordsViewSet",
    "ProductViewSet",
    "TaxClassViewSet",
    "UnitViewSet",
]
