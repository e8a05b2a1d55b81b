"""What is connected once at start: audit actions, event handlers, importers, periodic work, parts of other pages."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from qudao_catalog import hooks as catalog_hooks
from qudao_core import api as core
from qudao_core import hooks as core_hooks
from qudao_partner_portal import hooks as portal_hooks

from . import home
from .flow.labels import history_labels as flow_history
from .flow.models import Flow
from .offers import provider as offers
from .orders import pdf
from .orders.importer import PastOrderImporter
from .orders.mails import order_mail
from .orders.services import assume_receipts
from .orders.services.allocation import ALLOCATED, handle_allocated, stock_was_added
from .pricing.editor import PricePart, without_price
from .pricing.importer import PriceImporter
from .pricing.models import PriceList, PriceListAssignment, PriceListLine, PriceRow
from .pricing.queries.prices import FACT as PRICE_FACT
from .pricing.queries.prices import ROWS
from .signals import stock_added
from .stock.editor import StockPart
from .stock.importer import ArrivalImporter, StockImporter
from .stock.models import StockLevel, StockPolicy, StockTerms, Warehouse
from .stock.queries import AVAILABLE
from .stock.queries import FACT as STOCK_FACT

ACTIONS = {
    "qudao.price_list.created": _("Price list created"),
    "qudao.price_list.changed": _("Price list changed"),
    "qudao.price_list.copied": _("Price list copied"),
    "qudao.price_list.deleted": _("Price list deleted"),
    "qudao.price_list.assigned": _("Assignment changed"),
    "qudao.price_list.unassigned": _("Assignment removed"),
    "qudao.price_list.percents": _("Percentages changed"),
    "qudao.prices.set": _("Prices set"),
    "qudao.prices.removed": _("Prices removed"),
    "qudao.warehouse.changed": _("Warehouse changed"),
    "qudao.warehouse.removed": _("Warehouse removed"),
    "qudao.stock_policy.changed": _("Stock visibility changed"),
    "qudao.stock_policy.removed": _("Stock visibility removed"),
    "qudao.stock_terms.changed": _("Stock terms changed"),
    "qudao.flow.changed": _("Order flow changed"),
    "qudao.flow.published": _("Order flow published"),
    "qudao.own_numbers.changed": _("Own item numbers changed"),
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
#: How the event log reads: topics, what they are about, who handles them.
EVENT_LABELS = {
    "prices.changed": _("Prices changed"),
    "price_list": _("Price list"),
    "stock": _("Stock"),
    "order": _("Order"),
    ALLOCATED: _("Stock allocated to waiting orders"),
    "ordering.allocated": _("Orders: note allocated stock"),
    "ordering.mail": _("E-mails about orders"),
    "order_export.requested": _("Orders: PDF requested"),
    "order-export": _("PDF of an order"),
    "order-pdf": _("PDF of an order"),
}


def connect() -> None:
    for action, label in ACTIONS.items():
        core_hooks.audit_actions.register(action, label)
    for name, label in EVENT_LABELS.items():
        core_hooks.event_labels.register(name, label)
    core_hooks.audit_data_labels.register(Flow._meta.label_lower, flow_history)
    _connect_pricing()
    _connect_stock()
    _connect_orders()
    offers.register()
    portal_hooks.navigation.register("ordering", home.navigation, order=30)
    portal_hooks.tiles.register("ordering", home.tiles, order=10)


def _connect_pricing() -> None:
    facts = ("product_id", "min_quantity", "unit_price", "valid_from", "valid_until")
    core.watch(ROWS, PriceRow, *facts, by="price_list_id")
    core.bump_on_change(PRICE_FACT, PriceList, PriceListAssignment, PriceListLine)
    core_hooks.importers.register(PriceImporter.kind, PriceImporter, order=40)
    catalog_hooks.editor_parts.register("prices", PricePart(), order=10)
    catalog_hooks.editor_gaps.register("price", catalog_hooks.Gap(_("Price"), without_price))


def _connect_stock() -> None:
    core.bump_on_change(STOCK_FACT, StockPolicy)
    core.watch(AVAILABLE, StockLevel, "warehouse_id", "product_id", "{row}.on_hand > {row}.allocated")
    core.watch(AVAILABLE, StockTerms, "is_unlimited")
    core.watch(AVAILABLE, Warehouse, "seller_id", "is_active")
    core_hooks.importers.register(StockImporter.kind, StockImporter, order=50)
    core_hooks.importers.register(ArrivalImporter.kind, ArrivalImporter, order=60)
    catalog_hooks.editor_parts.register("stock", StockPart(), order=20)


def _connect_orders() -> None:
    stock_added.connect(stock_was_added, dispatch_uid="ordering.backorders")
    core_hooks.event_handlers.register("ordering.allocated", ((ALLOCATED,), handle_allocated))
    core_hooks.event_handlers.register("ordering.mail", (("order.*",), order_mail))
    core_hooks.event_handlers.register("order-pdf", ((pdf.REQUESTED,), pdf.handle_event))
    core_hooks.daily.register("order-pdf", pdf.forget_exports)
    core_hooks.periodic.register(
        "ordering.receipts", core_hooks.Periodic(timedelta(hours=6), assume_receipts)
    )
    core_hooks.importers.register(PastOrderImporter.kind, PastOrderImporter, order=70)
