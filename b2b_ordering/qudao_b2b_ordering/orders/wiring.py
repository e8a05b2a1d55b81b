from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from qudao_core import hooks as core_hooks

from .importer import PastOrderImporter
from .mails import order_mail
from .pdf import services as pdf
from .services import assume_receipts

ACTIONS = {
    "qudao.order.submitted": _("Order submitted"),
    "qudao.order.approved": _("Approved"),
    "qudao.order.released": _("Released to warehouse"),
    "qudao.order.shipped": _("Shipped"),
    "qudao.order.received": _("Receipt confirmed"),
    "qudao.order.rejected": _("Rejected"),
    "qudao.order.returned": _("Returned for changes"),
    "qudao.order.cancelled": _("Cancelled"),
    "qudao.order.completed": _("Completed"),
    "qudao.order.undone": _("Undone"),
    "qudao.order.noted": _("Comment"),
    "qudao.order.keyed": _("External key changed"),
    "qudao.order.imported": _("Past orders imported"),
    "qudao.order.import_undone": _("Import of past orders undone"),
}


EVENT_WORDS = {
    "order": _("Order"),
    "ordering.mail": _("E-mails about orders"),
    "order_export.requested": _("Orders: PDF requested"),
    "order-export": _("PDF of an order"),
    "order-pdf": _("PDF of an order"),
}


def connect() -> None:
    for name, label in EVENT_WORDS.items():
        core_hooks.event_labels.register(name, label)
    core_hooks.event_handlers.register("ordering.mail", (("order.*",), order_mail))
    core_hooks.event_handlers.register("order-pdf", ((pdf.REQUESTED,), pdf.handle_event))
    core_hooks.daily.register("order-pdf", pdf.forget_exports)
    core_hooks.periodic.register(
        "ordering.receipts", core_hooks.Periodic(timedelta(hours=6), assume_receipts)
    )
    core_hooks.importers.register(PastOrderImporter.kind, PastOrderImporter, order=70)
