"""Order confirmation and delivery note as PDF, in the dealer's language, from what the order kept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from qudao_catalog import api as catalog
from qudao_core import api as core

from ..models import Order, Shipment
from ..queries import flow_of, unit_names
from . import rules
from .queries import Document

TEMPLATES = {
    rules.CONFIRMATION: "order_confirmation",
    rules.AWAITING: "order_confirmation",
    rules.DELIVERY_NOTE: "delivery_note",
}


def pdf(document: Document) -> bytes:
    """A document of an order as PDF: lines, prices and terms of an order, or the lines of a shipment without prices.

    :raises Refusal: ``pdf_unavailable``.
    """
    core.require_pdf()
    with override(document.language):
        return core.render_pdf(html(document))


def html(document: Document) -> str:
    """What the PDF is made of, in the active language."""
    order, shipment = document.order, document.shipment
    context = {"order": order, "printed": timezone.now(), "is_awaiting": document.kind == rules.AWAITING}
    context |= _shipment_context(shipment) if shipment else _order_context(order)
    return render_to_string(f"qudao_b2b_ordering/pdf/{TEMPLATES[document.kind]}.html", context)


def _order_context(order: Order) -> dict[str, Any]:
    step = flow_of(order).find(order.step) if order.flow and order.step else None
    status = str(order.get_status_display())
    return {
        "lines": _named(order.lines.all()),
        "rates": _rates(order),
        "status": f"{status} · {step.label(_active())}" if step else status,
        "in_words": amount_in_words(order.gross)
        if order.currency == "CNY" and _active().startswith("zh")
        else "",
    }


def _shipment_context(shipment: Shipment) -> dict[str, Any]:
    rows = list(shipment.lines.select_related("line").order_by("line__position"))
    lines = _named([row.line for row in rows])
    has_claim = any(row.short or row.damaged for row in rows)
    received = _("Received with discrepancies") if has_claim else _("Received")
    return {
        "shipment": shipment,
        "lines": [
            line | {"quantity": catalog.quantity_text(row.quantity, line["unit"])}
            for line, row in zip(lines, rows, strict=True)
        ],
        "status": received if shipment.received_at else _("On its way"),
    }


def amount_in_words(amount: Decimal) -> str:
    """An amount in renminbi in the capital figures of Chinese documents.

    >>> amount_in_words(Decimal("16306.64"))
    '人民币壹万陆仟叁佰零陆元陆角肆分'
    >>> amount_in_words(Decimal("100.00"))
    '人民币壹佰元整'
    """
    import cn2an  # noqa: PLC0415 - loads its data for half a second, which no start of the site should wait for

    return f"人民币{cn2an.an2cn(f'{amount:.2f}', 'rmb')}"


def _active() -> str:
    return get_language() or ""


def _named(lines: Any) -> list[dict[str, Any]]:
    """Lines with name and unit in the document's language."""
    chinese, units = _active().startswith("zh"), unit_names(_active())
    return [
        {
            "position": line.position,
            "sku": line.sku,
            "name": line.name_zh if chinese and line.name_zh else line.name,
            "quantity": catalog.quantity_text(line.quantity, units.get(line.unit, line.unit)),
            "unit": units.get(line.unit, line.unit),
            "unit_price": line.unit_price,
            "tax_rate": line.tax_rate,
            "net": line.net,
            "note": line.note,
            "backordered": catalog.quantity_text(line.backordered, units.get(line.unit, line.unit))
            if line.backordered
            else "",
        }
        for line in lines
    ]


def _rates(order: Order) -> list[dict[str, Decimal]]:
    return [{key: Decimal(str(row[key])) for key in ("rate", "net", "tax")} for row in order.tax_by_rate]
