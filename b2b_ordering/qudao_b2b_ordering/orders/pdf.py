"""Order confirmations and delivery notes as PDF, made in the background."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.exports import queries as exports
from qudao_core.exports import services as export_services
from qudao_core.exports.rules import file_name, fingerprint
from qudao_core.headless import Reference

from . import rules
from .models import Order, OrderExport, Shipment
from .queries import flow_of, get_order, get_shipment, unit_names


@dataclass(frozen=True, slots=True)
class Document:
    """A document of an order that was loaded through a viewer, in a language."""

    kind: str
    order: Order
    shipment: Shipment | None
    language: str
    lines: int

    @property
    def number(self) -> str:
        return self.shipment.number if self.shipment else self.order.number

    @property
    def title(self) -> str:
        with override(self.language):
            return f"{OrderExport.Document(self.kind).label} {self.number}"

    @property
    def is_short(self) -> bool:
        return self.lines <= rules.SHORT


def order_document(viewer: core.Viewer, reference: str | Reference, language: str | None = None) -> Document:
    """The confirmation of an order; while it is not confirmed, a document that says so.

    Without a language it is in the one the order was placed in.

    :raises NotFound: as ``get_order``.
    :raises Refusal: ``order_not_confirmed``: the order was returned, rejected or cancelled.
    """
    order = get_order(viewer, reference)
    kind = rules.order_document_kind(order.status, is_confirmed=order.confirmed_at is not None)
    if not kind:
        raise core.Refusal(
            "order_not_confirmed",
            _("There is no confirmation of order %(number)s: %(status)s.")
            % {"number": order.number, "status": order.get_status_display()},
            remedy=_("Print the order's page, which shows its current status."),
            params={"status": order.status},
            status=409,
        )
    return Document(kind, order, None, _language(order, language), order.line_count)


def delivery_note(
    viewer: core.Viewer,
    reference: str | Reference,
    shipment: str | Reference,
    language: str | None = None,
) -> Document:
    """The delivery note of one shipment.

    :raises NotFound: as ``get_order`` and ``get_shipment``.
    """
    order = get_order(viewer, reference)
    if isinstance(shipment, str):
        shipment = Reference("number", shipment)
    found = get_shipment(order, shipment)
    found.order = order
    return Document(rules.DELIVERY_NOTE, order, found, _language(order, language), found.lines.count())


def document_of(viewer: core.Viewer, export: OrderExport) -> Document:
    """The document that an export holds, as it is now.

    :raises NotFound: the viewer may not see the order any more.
    :raises Refusal: ``export_outdated``: the order has changed since it was asked for.
    """
    if export.shipment is not None:
        found = delivery_note(viewer, export.order.number, export.shipment.number, export.language)
    else:
        found = order_document(viewer, export.order.number, export.language)
    if (found.kind, found.order.revision) != (export.document, export.revision):
        raise exports.outdated_export(_("The order has changed since this PDF was requested."))
    return found


def mark_of(viewer: core.Viewer, document: Document) -> str:
    """What tells this PDF, as the viewer would get it today, from every other one. It names the day it was printed."""
    order, shipment = document.order, document.shipment
    return fingerprint(
        document.kind,
        order.pk,
        shipment and shipment.pk,
        order.revision,
        order.status,
        order.step,
        document.language,
        viewer.company_id,
        timezone.localdate().isoformat(),
    )


def made_today(viewer: core.Viewer, document: Document) -> OrderExport | None:
    """The PDF that would come out now, if the person has it already. One statement."""
    return exports.find_finished_export(OrderExport, viewer, mark_of(viewer, document))


def get_export(viewer: core.Viewer, export_id: int) -> OrderExport:
    """One of the person's own PDFs of an order that the person may still see.

    :raises NotFound: ``export_not_found``: unknown, somebody else's, or too old; ``order_not_found``.
    """
    found = exports.get_export(OrderExport, viewer, export_id)
    get_order(viewer, found.order.number)
    return found


def get_file(viewer: core.Viewer, export_id: int) -> OrderExport:
    """A finished PDF of an order that the person may still see and that has not changed since.

    :raises NotFound: as :func:`get_export`; ``export_not_ready``.
    :raises Refusal: ``export_outdated``, ``order_not_confirmed``.
    """
    found = exports.get_ready(OrderExport, viewer, export_id)
    document_of(viewer, found)
    return found


def number_of(export: OrderExport) -> str:
    """The number of the document in an export."""
    return export.shipment.number if export.shipment else export.order.number


def _language(order: Order, asked: str | None) -> str:
    """The asked one, else the one the order was placed in, else the company's, else the site's."""
    return asked or order.language or order.company.language or settings.LANGUAGE_CODE


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
    received = gettext("Received with discrepancies") if has_claim else gettext("Received")
    return {
        "shipment": shipment,
        "lines": [
            line | {"quantity": catalog.quantity_text(row.quantity, line["unit"])}
            for line, row in zip(lines, rows, strict=True)
        ],
        "status": received if shipment.received_at else gettext("On its way"),
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


REQUESTED = "order_export.requested"
Made = export_services.ExportResult


def obtain(*, viewer: core.Viewer, document: Document) -> Made | OrderExport:
    """The PDF of a short document; of a long one, the row that has it or will have it.

    Asking again finds the same row.

    Side effects: for a long one, event ``order_export.requested``, whose handler makes the file.

    :raises core.Refusal: ``pdf_unavailable``, ``too_many_exports``.
    """
    core.require_pdf()
    if document.is_short:
        return _printed(document)
    ready = made_today(viewer, document)
    if ready is not None:
        return ready
    return export_services.request_export(
        kind=DOCUMENTS,
        viewer=viewer,
        fingerprint=mark_of(viewer, document),
        order=document.order,
        shipment=document.shipment,
        document=document.kind,
        revision=document.order.revision,
        language=document.language,
        title=document.title,
        total=document.lines,
    )


def make_export(*, export_id: int) -> None:
    """Make the file of an export, unless it is made or being made. Side effects: the file."""
    export_services.make_export(kind=DOCUMENTS, export_id=export_id)


def forget_exports() -> int:
    """Delete PDFs whose time is over, with their files; called once a day. Returns how many."""
    return export_services.delete_expired_exports(kind=DOCUMENTS)


def _printed(document: Document) -> Made:
    return Made(pdf(document), file_name(document.number))


def _make(export: OrderExport, viewer: core.Viewer, progress: export_services.Progress) -> Made:
    document = document_of(viewer, export)
    progress(export.total)
    return _printed(document)


DOCUMENTS = export_services.ExportKind(
    model=OrderExport,
    topic=REQUESTED,
    aggregate="order-export",
    make=_make,
    failed=_("The PDF could not be created. Print the order's page, or ask the operator to check the log."),
)
handle_event = export_services.export_event_handler(DOCUMENTS)
