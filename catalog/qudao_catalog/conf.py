"""Settings of the catalogue. Read lazily, so that tests and hosts may change them."""

from __future__ import annotations

from django.conf import settings


def page_size() -> int:
    """``QUDAO_CATALOGUE_PAGE_SIZE``: products on a page of the catalogue. Default 24, at most 100."""
    return max(1, min(100, int(getattr(settings, "QUDAO_CATALOGUE_PAGE_SIZE", 24))))


def deepest_page() -> int:
    """``QUDAO_CATALOGUE_DEEPEST_PAGE``: pages a reader may turn before filters are asked for. Default 200."""
    return max(1, int(getattr(settings, "QUDAO_CATALOGUE_DEEPEST_PAGE", 200)))


def facet_options() -> int:
    """``QUDAO_CATALOGUE_FACET_OPTIONS``: values of one filter shown at most, chosen ones always. Default 50."""
    return max(1, int(getattr(settings, "QUDAO_CATALOGUE_FACET_OPTIONS", 50)))


def picture_quality() -> int:
    """``QUDAO_PICTURE_QUALITY``: of the WebP pictures made from originals, 1 to 100. Default 80."""
    return max(1, min(100, int(getattr(settings, "QUDAO_PICTURE_QUALITY", 80))))


def default_product_type() -> str:
    """``QUDAO_DEFAULT_PRODUCT_TYPE``: Oscar product type of products that name none. Default ``Goods``."""
    return str(getattr(settings, "QUDAO_DEFAULT_PRODUCT_TYPE", "Goods"))
