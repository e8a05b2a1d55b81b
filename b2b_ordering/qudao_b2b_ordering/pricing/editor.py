"""The prices of a product beside the product, in the catalogue's editor."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from qudao_catalog import hooks as catalog_hooks
from qudao_core import api as core
from qudao_core.numbers.forms import DecimalField

from . import services
from .models import ALWAYS, PriceList, PriceRow

#: More lists than these are edited in their own screens.
MOST_LISTS = 30
MOST_ROWS = 200
ONE = Decimal(1)


def without_price(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Product profiles that no list prices today; families of variants have no price of their own."""
    today = timezone.localdate()
    now = Q(valid_until=None) | Q(valid_until__gte=today)
    priced = PriceRow.objects.filter(now, product=OuterRef("product"), valid_from__lte=today)
    return rows.filter(~Exists(priced)).exclude(product__structure="parent")


class PricePart:
    """The price from the smallest quantity up, in every list with prices of its own."""

    def fields(self, viewer: core.Viewer, product_id: int | None) -> dict[str, forms.Field]:
        if not viewer.may("qudao_b2b_ordering.change_pricelist"):
            return {}
        rows = _first_rows(product_id)
        return {
            f"list-{each.pk}": DecimalField(
                label=str(each),
                required=False,
                max_digits=14,
                decimal_places=4,
                initial=rows[each.pk].unit_price if each.pk in rows else None,
            )
            for each in _lists()
        }

    def panel(
        self, viewer: core.Viewer, product_id: int | None, fields: Mapping[str, forms.BoundField]
    ) -> catalog_hooks.Panel | None:
        if not fields and not viewer.may("qudao_b2b_ordering.view_pricelist"):
            return None
        lists = [_shown(each, fields.get(f"list-{each.pk}")) for each in _lists()]
        return catalog_hooks.Panel(
            "prices",
            "qudao_b2b_ordering/admin/product_prices.html",
            {
                "lists": lists,
                "rows": _rows(product_id) if product_id else [],
                "more": PriceList.objects.filter(kind=PriceList.Kind.ROWS).count() - len(lists),
                "url": reverse("qudao_price_lists:index"),
            },
        )

    def hold(self, product_id: int, names: Collection[str]) -> None:
        named = [each.pk for each in _lists() if f"list-{each.pk}" in names]
        list(PriceList.objects.select_for_update().filter(pk__in=named).order_by("code").values_list("pk"))

    def save(self, viewer: core.Viewer, product_id: int, values: Mapping[str, Any]) -> None:
        rows = _first_rows(product_id)
        for each in _lists():
            name = f"list-{each.pk}"
            if name in values:
                _save(viewer, each, product_id, rows.get(each.pk), values[name], name)


def _save(
    viewer: core.Viewer,
    price_list: PriceList,
    product_id: int,
    row: PriceRow | None,
    price: Decimal | None,
    name: str,
) -> None:
    """Set the price from the smallest quantity up, or take it away where the field was emptied."""
    try:
        if price is None:
            if row is not None:
                services.remove_prices(actor=viewer, price_list=price_list, row_ids=[row.pk])
            return
        span = (row.valid_from, row.valid_until) if row else (ALWAYS, None)
        wanted = services.PriceInput(product_id, row.min_quantity if row else ONE, price, *span)
        services.set_prices(actor=viewer, price_list=price_list, rows=[wanted])
    except core.Refusal as refusal:
        first = (refusal.problems or (refusal.problem,))[0]
        raise core.Refusal(first.code, first.message, field=name, remedy=first.remedy) from refusal


def _lists() -> list[PriceList]:
    rows = PriceList.objects.filter(kind=PriceList.Kind.ROWS, is_active=True).select_related("seller")
    return list(rows.order_by("code")[:MOST_LISTS])


def _first_rows(product_id: int | None) -> dict[int, PriceRow]:
    """List → the row of the smallest quantity that counts today."""
    today = timezone.localdate()
    rows = PriceRow.objects.filter(Q(valid_until=None) | Q(valid_until__gte=today), product_id=product_id)
    rows = rows.filter(valid_from__lte=today).order_by("-min_quantity", "valid_from")
    return {row.price_list_id: row for row in rows} if product_id else {}


def _shown(price_list: PriceList, field: forms.BoundField | None) -> dict[str, Any]:
    return {
        "name": str(price_list),
        "seller": str(price_list.seller),
        "currency": price_list.currency,
        "field": field,
        "url": reverse("qudao_price_lists:rows", args=(price_list.pk,)),
    }


def _rows(product_id: int) -> list[dict[str, Any]]:
    rows = PriceRow.objects.filter(product_id=product_id).select_related("price_list")
    return [
        {
            "list": str(row.price_list),
            "currency": row.price_list.currency,
            "min_quantity": format(row.min_quantity.normalize(), "f"),
            "unit_price": row.unit_price,
            "valid": _span(row),
            "url": reverse("qudao_price_lists:rows", args=(row.price_list_id,)),
        }
        for row in rows.order_by("price_list__code", "min_quantity", "valid_from")[:MOST_ROWS]
    ]


def _span(row: PriceRow) -> str:
    start = "" if row.valid_from == ALWAYS else row.valid_from.isoformat()
    end = row.valid_until.isoformat() if row.valid_until else ""
    return f"{start} – {end}" if start or end else str(_("always"))
