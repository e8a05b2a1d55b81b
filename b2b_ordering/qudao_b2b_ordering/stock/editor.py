"""The stock of a product beside the product, in the catalogue's editor."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from qudao_catalog import hooks as catalog_hooks
from qudao_core import api as core
from qudao_core.numbers.forms import DecimalField

from . import services
from .models import Arrival, StockLevel, Warehouse

#: More warehouses than these are counted in their own screen.
MOST_WAREHOUSES = 30


class StockPart:
    """What is on hand in every warehouse in use."""

    def fields(self, viewer: core.Viewer, product_id: int | None) -> dict[str, forms.Field]:
        if not viewer.may("qudao_b2b_ordering.change_stocklevel"):
            return {}
        levels = _levels(product_id)
        return {
            f"warehouse-{each.pk}": DecimalField(
                label=str(each),
                required=each.pk in levels,
                max_digits=14,
                decimal_places=3,
                min_value=0,
                initial=levels[each.pk].on_hand if each.pk in levels else None,
            )
            for each in _warehouses()
        }

    def panel(
        self, viewer: core.Viewer, product_id: int | None, fields: Mapping[str, forms.BoundField]
    ) -> catalog_hooks.Panel | None:
        if not fields and not viewer.may("qudao_b2b_ordering.view_stocklevel"):
            return None
        levels = _levels(product_id)
        arrivals = Arrival.objects.filter(product_id=product_id, received_at=None).select_related("warehouse")
        return catalog_hooks.Panel(
            "stock",
            "qudao_b2b_ordering/admin/product_stock.html",
            {
                "rows": [
                    _shown(each, levels.get(each.pk), fields.get(f"warehouse-{each.pk}"))
                    for each in _warehouses()
                ],
                "arrivals": list(arrivals[:MOST_WAREHOUSES]) if product_id else [],
                "url": reverse("qudao_stock_levels:index"),
                "arrivals_url": reverse("qudao_arrivals:index"),
                "terms_url": reverse("stockterms:index"),
            },
        )

    def hold(self, product_id: int, names: Collection[str]) -> None:
        services.lock_products({product_id})

    def save(self, viewer: core.Viewer, product_id: int, values: Mapping[str, Any]) -> None:
        for each in _warehouses():
            quantity = values.get(f"warehouse-{each.pk}")
            if quantity is not None:
                _count(viewer, each, product_id, quantity)


def _count(viewer: core.Viewer, warehouse: Warehouse, product_id: int, quantity: Any) -> None:
    row = services.StockInput(product_id, warehouse.code, quantity)
    try:
        services.set_stock(actor=viewer, seller_id=warehouse.seller_id, rows=[row])
    except core.Refusal as refusal:
        first = (refusal.problems or (refusal.problem,))[0]
        name = f"warehouse-{warehouse.pk}"
        raise core.Refusal(first.code, first.message, field=name, remedy=first.remedy) from refusal


def _warehouses() -> list[Warehouse]:
    return list(Warehouse.objects.filter(is_active=True).select_related("seller")[:MOST_WAREHOUSES])


def _levels(product_id: int | None) -> dict[int, StockLevel]:
    rows = StockLevel.objects.filter(product_id=product_id) if product_id else ()
    return {row.warehouse_id: row for row in rows}


def _shown(warehouse: Warehouse, level: StockLevel | None, field: forms.BoundField | None) -> dict[str, Any]:
    on_hand = level.on_hand if level else None
    return {
        "name": str(warehouse),
        "seller": str(warehouse.seller),
        "on_hand": _("none") if on_hand is None else format(on_hand.normalize(), "f"),
        "allocated": format(level.allocated.normalize(), "f") if level else "–",
        "field": field,
    }
