"""Documents of orders that may be had as PDF, and those made in the background."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from qudao_core import api as core
from qudao_core.exports import queries as exports
from qudao_core.exports.rules import fingerprint
from qudao_core.headless import Reference

from ..models import Order, Shipment
from ..queries import get_order, get_shipment
from . import rules
from .models import OrderExport


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
    kind = rules.order_document(order.status, is_confirmed=order.confirmed_at is not None)
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
