"""What a page says after something was done to an order: what happened, to which order, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from qudao_catalog import api as catalog
from qudao_core import api as core

from .. import queries, rules
from ..models import Order
from ..queries.detail import ShipmentView
from ..queries.lists import next_of

#: Numbers named in one sentence; the rest is counted.
NAMED = 8

_DONE: Mapping[str, Callable[[], str]] = {
    "approve": lambda: _("Order %(number)s approved."),
    "release": lambda: _("Order %(number)s released to the warehouse."),
    "return": lambda: _("Order %(number)s returned to %(company)s for changes."),
    "reject": lambda: _("Order %(number)s rejected. %(company)s can read your reason."),
    "cancel": lambda: _("Order %(number)s cancelled. Its reserved stock is available again."),
    "close_rest": lambda: _("The undelivered rest of order %(number)s was cancelled."),
    "undo": lambda: _("Undone: order %(number)s is back at the previous step."),
    "note": lambda: _("Note added to order %(number)s."),
}


def done(viewer: core.Viewer, action: str, order: Order) -> str:
    """What became of one order, and who has to act next."""
    words = _DONE.get(action, lambda: _("Order %(number)s updated."))()
    told = words % {"number": order.number, "company": order.company}
    if action == "note" or order.status != rules.OPEN:
        return told
    coming = next_of(viewer, order, queries.flow_of(order))
    if coming is None:
        return told
    return _("%(told)s Next: %(step)s (%(who)s).") % {"told": told, "step": coming.name, "who": coming.who}


def many_done(action: str, numbers: Sequence[str]) -> str:
    """What became of several orders, by their numbers."""
    count = len(numbers)
    texts = {
        "approve": ngettext(
            "%(count)d order approved: %(list)s.", "%(count)d orders approved: %(list)s.", count
        ),
        "release": ngettext(
            "%(count)d order released to the warehouse: %(list)s.",
            "%(count)d orders released to the warehouse: %(list)s.",
            count,
        ),
        "return": ngettext(
            "%(count)d order returned for changes: %(list)s.",
            "%(count)d orders returned for changes: %(list)s.",
            count,
        ),
        "reject": ngettext(
            "%(count)d order rejected: %(list)s.", "%(count)d orders rejected: %(list)s.", count
        ),
        "undo": ngettext(
            "%(count)d order back at its previous step: %(list)s.",
            "%(count)d orders back at their previous step: %(list)s.",
            count,
        ),
    }
    words = texts.get(
        action, ngettext("%(count)d order updated: %(list)s.", "%(count)d orders updated: %(list)s.", count)
    )
    return words % {"count": count, "list": _listed(numbers)}


def _listed(numbers: Sequence[str]) -> str:
    shown = pgettext("list", ", ").join(numbers[:NAMED])
    rest = len(numbers) - NAMED
    return shown if rest <= 0 else _("%(list)s and %(count)d more") % {"list": shown, "count": rest}


def shipped(number: str, order: Order) -> str:
    return _("Shipment %(number)s of order %(order)s is on its way to %(company)s.") % {
        "number": number,
        "order": order.number,
        "company": order.company,
    }


def received(shipment: ShipmentView, claims: Sequence[rules.ReceiptLine], order: Order) -> str:
    """The receipt in words; what was short or damaged is said together with who reads it."""
    short = sum((claim.short for claim in claims), Decimal(0))
    damaged = sum((claim.damaged for claim in claims), Decimal(0))
    if not short and not damaged:
        return _("Receipt of %(number)s confirmed: everything arrived in good order.") % {
            "number": shipment.number
        }
    parts = []
    if short:
        parts.append(_("%(quantity)s short") % {"quantity": f"{catalog.plain_number(short):f}"})
    if damaged:
        parts.append(_("%(quantity)s damaged") % {"quantity": f"{catalog.plain_number(damaged):f}"})
    return _(
        "Receipt of %(number)s confirmed with discrepancies: %(what)s. %(seller)s sees this on the order."
    ) % {
        "number": shipment.number,
        "what": pgettext("list", ", ").join(parts),
        "seller": order.seller,
    }
