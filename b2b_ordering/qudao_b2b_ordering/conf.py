"""Settings of ordering. Read lazily, so that tests and hosts may change them."""

from __future__ import annotations

from django.conf import settings


def parents_see_orders() -> bool:
    """``QUDAO_PARENTS_SEE_ORDERS``: may a company see the orders of everyone below it, sold by others? Default no."""
    return bool(getattr(settings, "QUDAO_PARENTS_SEE_ORDERS", False))


def order_prefix() -> str:
    """``QUDAO_ORDER_PREFIX``: how order numbers begin. Default ``SO``."""
    return str(getattr(settings, "QUDAO_ORDER_PREFIX", "SO"))


def shipment_prefix() -> str:
    """``QUDAO_SHIPMENT_PREFIX``: how shipment numbers begin. Default ``DN`` (delivery note)."""
    return str(getattr(settings, "QUDAO_SHIPMENT_PREFIX", "DN"))
