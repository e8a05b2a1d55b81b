"""Order confirmation and delivery note as PDF, in the dealer's language, from what the order kept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language, override
from qudao_partner_portal import api as portal

from .models import Order, Shipment
from .queries import unit_names


def confirmation(order: Order, *, language: str | None = None) -> bytes:
    """The order confirmation: what was ordered, at which prices and terms. ``order`` was loaded through a viewer.

    :raises Refusal: ``pdf_unavailable``.
    """
    return _pdf("qudao_b2b_ordering/pdf/order_confirmation.html", _order_context, order, language)


def delivery_note(shipment: Shipment, *, language: str | None = None) -> bytes:
    """The delivery note of one shipment, without prices. ``shipment.order`` was loaded through a viewer.

    :raises Refusal: ``pdf_unavailable``.
    """
    return _pdf("qudao_b2b_ordering/pdf/delivery_note.html", _shipment_context, shipment, language)


def _pdf(template: str, context: Any, document: Any, language: str | None) -> bytes:
    order = getattr(document, "order", document)
    with override(_language(order, language)):
        return portal.render_pdf(render_to_string(template, context(document)))


def _language(order: Order, asked: str | None) -> str:
    """The asked one, else the one the order was placed in, else the company's, else the site's."""
    return asked or order.language or order.company.language or settings.LANGUAGE_CODE


def _order_context(order: Order) -> dict[str, Any]:
    return {"order": order, "lines": _named(order.lines.all()), "rates": _rates(order)}


def _shipment_context(shipment: Shipment) -> dict[str, Any]:
    rows = shipment.lines.select_related("line").order_by("line__position")
    lines = _named([row.line for row in rows])
    return {
        "order": shipment.order,
        "shipment": shipment,
        "lines": [{**line, "quantity": row.quantity} for line, row in zip(lines, rows, strict=True)],
        "total": sum((row.quantity for row in rows), Decimal(0)),
    }


def _named(lines: Any) -> list[dict[str, Any]]:
    """Lines with name and unit in the document's language."""
    language = get_language() or ""
    chinese, units = language.startswith("zh"), unit_names(language)
    return [
        {
            "position": line.position,
            "sku": line.sku,
            "name": line.name_zh if chinese and line.name_zh else line.name,
            "quantity": line.quantity,
            "unit": units.get(line.unit, line.unit),
            "unit_price": line.unit_price,
            "tax_rate": line.tax_rate,
            "net": line.net,
            "note": line.note,
            "backordered": line.backordered,
        }
        for line in lines
    ]


def _rates(order: Order) -> list[dict[str, Decimal]]:
    return [{key: Decimal(str(row[key])) for key in ("rate", "net", "tax")} for row in order.tax_by_rate]
