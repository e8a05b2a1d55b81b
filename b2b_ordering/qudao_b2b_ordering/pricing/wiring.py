from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from qudao_catalog import hooks as catalog_hooks
from qudao_core import api as core
from qudao_core import hooks as core_hooks

from .editor import PricePart, without_price
from .importer import PriceImporter
from .models import PriceList, PriceListAssignment, PriceListLine, PriceRow
from .queries.books import FACT
from .queries.own import ROWS

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
}


EVENT_WORDS = {"prices.changed": _("Prices changed"), "price_list": _("Price list")}


def connect() -> None:
    for name, label in EVENT_WORDS.items():
        core_hooks.event_labels.register(name, label)
    facts = ("product_id", "min_quantity", "unit_price", "valid_from", "valid_until")
    core.watch(ROWS, PriceRow, *facts, by="price_list_id")
    core.bump_on_change(FACT, PriceList, PriceListAssignment, PriceListLine)
    core_hooks.importers.register(PriceImporter.kind, PriceImporter, order=40)
    catalog_hooks.editor_parts.register("prices", PricePart(), order=10)
    catalog_hooks.editor_gaps.register("price", catalog_hooks.Gap(_("Price"), without_price))
