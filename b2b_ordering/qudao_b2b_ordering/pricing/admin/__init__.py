"""Price lists in Wagtail's admin."""

from .viewset import PriceListViewSet

__all__ = ["PriceListViewSet"]
