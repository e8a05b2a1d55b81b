from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from qudao_partner_portal import hooks as portal_hooks

from .importer import PastOrderImporter
from .mails import order_mail
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
}


EVENT_WORDS = {"order": _("Order"), "ordering.mail": _("E-mails about orders")}


def connect() -> None:
    for name, label in EVENT_WORDS.items():
        portal_hooks.event_words.register(name, label)
    portal_hooks.event_handlers.register("ordering.mail", (("order.*",), order_mail))
    portal_hooks.periodic.register(
        "ordering.receipts", portal_hooks.Periodic(timedelta(hours=6), assume_receipts)
    )
    portal_hooks.importers.register(PastOrderImporter.kind, PastOrderImporter, order=70)
