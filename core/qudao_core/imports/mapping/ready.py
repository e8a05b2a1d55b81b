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
    #: Fields named once for several rows.
    filled: tuple[str, ...] = ()

    def fits(self, headers: Sequence[str]) -> bool:
        return {normalise(each) for each in self.headers} <= {normalise(each) for each in headers}

    def make(self, seen: Understanding) -> FileMapping:
        place = {normalise(each.header): each.number for each in reversed(seen.columns) if each.header}
        at: Callable[[str], int] = lambda header: place.get(normalise(header), 0)  # noqa: E731
        sources = [
            Source(field, (at(header),), fill=field in self.filled)
            for field, header in self.fields.items()
            if at(header)
        ]
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
        "shopify_orders",
        _("Shopify: order export"),
        "orders",
        ("Name", "Email", "Created at", "Lineitem quantity", "Lineitem price", "Lineitem sku"),
        {
            "number": "Name",
            "company": "Email",
            "ordered_at": "Created at",
            "sku": "Lineitem sku",
            "name": "Lineitem name",
            "quantity": "Lineitem quantity",
            "unit_price": "Lineitem price",
            "currency": "Currency",
        },
        filled=("company", "ordered_at", "currency"),
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
        "woocommerce_products",
        _("WooCommerce: product export"),
        "products",
        ("ID", "Type", "SKU", "Name", "Published", "Regular price"),
        {
            "sku": "SKU",
            "title": "Name",
            "description": "Description",
            "barcode": "GTIN, UPC, EAN, or ISBN",
            "parent": "Parent",
            "categories": "Categories",
            "weight_kg": "Weight (kg)",
        },
        excluded=(("SKU", "empty", ""), ("Type", "equals", "grouped"), ("Type", "equals", "external")),
    ),
    ReadyMapping(
        "woocommerce_prices",
        _("WooCommerce: product export"),
        "prices",
        ("ID", "Type", "SKU", "Regular price"),
        {"product": "SKU", "unit_price": "Regular price"},
        excluded=(("SKU", "empty", ""), ("Regular price", "empty", "")),
    ),
    ReadyMapping(
        "woocommerce_stock",
        _("WooCommerce: product export"),
        "stock",
        ("ID", "Type", "SKU", "Stock"),
        {"product": "SKU", "on_hand": "Stock"},
        excluded=(("SKU", "empty", ""), ("Stock", "empty", ""), ("Stock", "negative", "")),
    ),
    ReadyMapping(
        "prestashop_products",
        _("PrestaShop: products"),
        "products",
        ("Product ID", "Active (0/1)", "Name *", "Reference #"),
        {
            "sku": "Reference #",
            "title": "Name *",
            "description": "Description",
            "barcode": "EAN13",
            "categories": "Categories (x,y,z...)",
            "weight_kg": "Weight",
            "min_quantity": "Minimal quantity",
        },
        excluded=(("Reference #", "empty", ""),),
    ),
    ReadyMapping(
        "prestashop_prices",
        _("PrestaShop: products"),
        "prices",
        ("Product ID", "Active (0/1)", "Reference #", "Price tax excluded"),
        {"product": "Reference #", "unit_price": "Price tax excluded"},
        excluded=(("Reference #", "empty", ""), ("Price tax excluded", "empty", "")),
    ),
    ReadyMapping(
        "prestashop_stock",
        _("PrestaShop: products"),
        "stock",
        ("Product ID", "Active (0/1)", "Reference #", "Quantity"),
        {"product": "Reference #", "on_hand": "Quantity"},
        excluded=(("Reference #", "empty", ""), ("Quantity", "empty", ""), ("Quantity", "negative", "")),
    ),
    ReadyMapping(
        "magento_products",
        _("Magento: product export"),
        "products",
        ("sku", "store_view_code", "attribute_set_code", "name"),
        {"sku": "sku", "title": "name", "description": "description", "weight_kg": "weight"},
        excluded=(
            ("sku", "empty", ""),
            ("store_view_code", "filled", ""),
            ("product_type", "equals", "bundle"),
        ),
    ),
    ReadyMapping(
        "magento_prices",
        _("Magento: product export"),
        "prices",
        ("sku", "store_view_code", "attribute_set_code", "price"),
        {"product": "sku", "unit_price": "price"},
        excluded=(("sku", "empty", ""), ("store_view_code", "filled", ""), ("price", "empty", "")),
    ),
    ReadyMapping(
        "magento_stock",
        _("Magento: product export"),
        "stock",
        ("sku", "store_view_code", "attribute_set_code", "qty"),
        {"product": "sku", "on_hand": "qty"},
        excluded=(
            ("sku", "empty", ""),
            ("store_view_code", "filled", ""),
            ("product_type", "equals", "bundle"),
            ("qty", "empty", ""),
            ("qty", "negative", ""),
        ),
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
