from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from qudao_catalog import hooks as catalog_hooks
from qudao_core import api as core
from qudao_core import hooks as core_hooks

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
        core_hooks.event_labels.register(name, label)
    core_hooks.event_handlers.register("ordering.allocated", ((ALLOCATED,), note_allocated))
    core.bump_on_change(FACT, StockPolicy)
    core.watch(AVAILABLE, StockLevel, "warehouse_id", "product_id", "{row}.on_hand > {row}.allocated")
    core.watch(AVAILABLE, StockTerms, "is_unlimited")
    core.watch(AVAILABLE, Warehouse, "seller_id", "is_active")
    core_hooks.importers.register(StockImporter.kind, StockImporter, order=50)
    core_hooks.importers.register(ArrivalImporter.kind, ArrivalImporter, order=60)
    catalog_hooks.editor_parts.register("stock", StockPart(), order=20)
