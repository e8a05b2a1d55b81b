"""Mappings that come with the product: exports of programs many companies leave behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..importer import Importer
from ..rules import normalise
from .rules import Exclusion, FileMapping, Source
from .understanding import Understanding


@dataclass(frozen=True, slots=True)
class ReadyMapping:
    """For files of ``kind`` whose header holds all of ``headers``: ``fields`` by the header they come from."""

    name: str
    label: str | Promise
    kind: str
    headers: tuple[str, ...]
    fields: dict[str, str]
    variants: str = ""
    excluded: tuple[tuple[str, str, str], ...] = ()
    dates: str = ""
    blank: tuple[str, ...] = ()

    def fits(self, headers: Sequence[str]) -> bool:
        return {normalise(each) for each in self.headers} <= {normalise(each) for each in headers}

    def make(self, seen: Understanding) -> FileMapping:
        place = {normalise(each.header): each.number for each in reversed(seen.columns) if each.header}
        at: Callable[[str], int] = lambda header: place.get(normalise(header), 0)  # noqa: E731
        sources = [Source(field, (at(header),)) for field, header in self.fields.items() if at(header)]
        return replace(
            FileMapping(),
            encoding=seen.mapping.encoding,
            delimiter=seen.mapping.delimiter,
            sheets=seen.mapping.sheets,
            header=seen.mapping.header,
            sources=tuple(sources),
            variants=at(self.variants) if self.variants else 0,
            excluded=tuple(Exclusion(at(each[0]), *each[1:]) for each in self.excluded if at(each[0])),
            dates=seen.mapping.dates or self.dates,
            blank=self.blank,
        )


READY = (
    ReadyMapping(
        "shopify_products",
        _("Shopify: product export"),
        "products",
        ("Handle", "Title", "Variant SKU", "Variant Price"),
        {
            "sku": "Variant SKU",
            "title": "Title",
            "description": "Body (HTML)",
            "barcode": "Variant Barcode",
            "categories": "Type",
        },
        variants="Handle",
    ),
    ReadyMapping(
        "shopify_prices",
        _("Shopify: product export"),
        "prices",
        ("Handle", "Variant SKU", "Variant Price"),
        {"product": "Variant SKU", "unit_price": "Variant Price"},
        excluded=(("Variant SKU", "empty", ""),),
    ),
    ReadyMapping(
        "shopify_stock",
        _("Shopify: product export"),
        "stock",
        ("Handle", "Variant SKU", "Variant Inventory Qty"),
        {"product": "Variant SKU", "on_hand": "Variant Inventory Qty"},
        excluded=(("Variant SKU", "empty", ""), ("Variant Inventory Qty", "negative", "")),
    ),
    ReadyMapping(
        "odoo_products",
        _("Odoo: product export"),
        "products",
        ("Internal Reference", "Name"),
        {
            "sku": "Internal Reference",
            "title": "Name",
            "barcode": "Barcode",
            "unit": "Unit of Measure",
            "categories": "Product Category",
            "weight_kg": "Weight",
        },
        excluded=(("Internal Reference", "empty", ""),),
    ),
    ReadyMapping(
        "odoo_prices",
        _("Odoo: product export"),
        "prices",
        ("Internal Reference", "Sales Price"),
        {"product": "Internal Reference", "unit_price": "Sales Price"},
        excluded=(("Internal Reference", "empty", ""),),
    ),
    ReadyMapping(
        "odoo_stock",
        _("Odoo: product export"),
        "stock",
        ("Internal Reference", "Quantity On Hand"),
        {"product": "Internal Reference", "on_hand": "Quantity On Hand"},
        excluded=(("Internal Reference", "empty", ""),),
    ),
    ReadyMapping(
        "uci_online_retail",
        _("UCI Online Retail"),
        "orders",
        ("InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"),
        {
            "number": "InvoiceNo",
            "company": "CustomerID",
            "ordered_at": "InvoiceDate",
            "sku": "StockCode",
            "name": "Description",
            "quantity": "Quantity",
            "unit_price": "UnitPrice",
        },
        excluded=(
            ("InvoiceNo", "starts", "C"),
            ("InvoiceNo", "starts", "A"),
            ("Quantity", "negative", ""),
            ("CustomerID", "empty", ""),
        ),
        dates="mdy",
    ),
)


def ready_for(importer: Importer, seen: Understanding) -> ReadyMapping | None:
    """The ready mapping for a file with these column names."""
    headers = [each.header for each in seen.columns]
    return next((each for each in READY if each.kind == importer.kind and each.fits(headers)), None)
