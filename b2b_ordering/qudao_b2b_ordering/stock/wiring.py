from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from qudao_catalog import hooks as catalog_hooks
from qudao_partner_portal import api as portal
from qudao_partner_portal import hooks as portal_hooks

from .editor import StockPart
from .importer import ArrivalImporter, StockImporter
from .models import StockLevel, StockPolicy, StockTerms, Warehouse
from .queries import AVAILABLE, FACT
from .services import ALLOCATED, note_allocated

ACTIONS = {
    "qudao.warehouse.changed": _("Warehouse changed"),
    "qudao.stock_policy.changed": _("Stock visibility changed"),
    "qudao.stock_policy.removed": _("Stock visibility removed"),
    "qudao.stock_terms.changed": _("Stock terms changed"),
}


EVENT_WORDS = {
    "stock": _("Stock"),
    ALLOCATED: _("Stock allocated to waiting orders"),
    "ordering.allocated": _("Orders: note allocated stock"),
}


def connect() -> None:
    for name, label in EVENT_WORDS.items():
        portal_hooks.event_words.register(name, label)
    portal_hooks.event_handlers.register("ordering.allocated", ((ALLOCATED,), note_allocated))
    portal.bump_on_change(FACT, StockPolicy)
    portal.watch(AVAILABLE, StockLevel, "warehouse_id", "product_id", "{row}.on_hand > {row}.allocated")
    portal.watch(AVAILABLE, StockTerms, "is_unlimited")
    portal.watch(AVAILABLE, Warehouse, "seller_id", "is_active")
    portal_hooks.importers.register(StockImporter.kind, StockImporter, order=50)
    portal_hooks.importers.register(ArrivalImporter.kind, ArrivalImporter, order=60)
    catalog_hooks.editor_parts.register("stock", StockPart(), order=20)
