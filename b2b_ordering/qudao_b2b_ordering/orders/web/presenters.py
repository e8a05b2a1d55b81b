"""Orders as the pages show them, and what is said after an action."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_partner_portal import api as portal

from ...flow import rules as flow_rules
from .. import queries, rules
from ..models import Order
from ..queries import OrderDetail, OrderRow
from ..queries.detail import LineView, ShipmentView, StepView, TimelineEntry
from ..queries.lists import NextStep, next_step_of

#: Status of an order → state of the theme. Of an open one :func:`state_of` knows more.
STATES = {
    "open": "progress",
    "returned": "waiting",
    "rejected": "out",
    "cancelled": "neutral",
    "complete": "done",
}
STEP_STATES = {
    "done": "done",
    "current": "current",
    "ahead": "todo",
    "stopped": "failed",
    "omitted": "skipped",
}
ICONS = {
    "submit": "send",
    "approve": "check",
    "release": "warehouse",
    "ship": "truck",
    "receive": "package-check",
    "reject": "x",
    "return": "undo-2",
    "cancel": "ban",
    "complete": "check-check",
    "note": "message-square",
    "undo": "rotate-ccw",
}
#: Width of a picture beside a line, in pixels.
THUMBNAIL = 96
#: What moves an order on; the first one offered is the page's main action.
FORWARD = ("approve", "release", "ship", "receive", "revise")
REASONED = ("reject", "return", "cancel", "close_rest")


def order_row(row: OrderRow) -> dict[str, Any]:
    waits = row.next
    return {
        "url": reverse("ordering:order", args=[row.number]),
        "number": row.number,
        "po_number": row.po_number,
        "company": row.company_name,
        "submitted_at": row.submitted_at,
        "placed_by": "",
        "state": state_of(row.status, waits),
        "state_label": waits.name if waits else row.status_label,
        "waits_for": waits.who if waits else "",
        "is_late": bool(waits and waits.late),
        "line_count": row.line_count,
        "gross": row.gross,
        "currency": row.currency,
    }


def state_of(status: str, waits: NextStep | None = None) -> str:
    """An open order waits for the reader, is on its way once only the receipt is missing, or is in progress."""
    if waits is not None and waits.mine:
        return "waiting"
    if waits is not None and waits.kind == flow_rules.RECEIPT:
        return "moving"
    return STATES.get(status, "neutral")


def detail_context(viewer: core.Viewer, detail: OrderDetail) -> dict[str, Any]:
    """Everything the order page shows."""
    order, actions = detail.order, list(_actions(detail))
    known = catalog.product_facts(viewer, [line.product_id for line in detail.lines if line.product_id])
    return {
        "order": order,
        "states": list(_states(detail)),
        "lines": [_line(line, known.get(line.product_id or 0)) for line in detail.lines],
        "has_shipped": any(line.shipped for line in detail.lines),
        "rates": [
            {key: Decimal(str(row[key])) for key in ("rate", "net", "tax")} for row in order.tax_by_rate
        ],
        "shipments": [_shipment(each, "receive" in detail.actions) for each in detail.shipments],
        "timeline": [_event(event) for event in reversed(detail.timeline)],
        "stepper": [_step(step) for step in detail.steps],
        "turn": _turn(detail),
        "forward": next((action for action in actions if action["kind"] == "primary"), None),
        "held": detail.held,
        "actions": actions,
        "facts": _facts(detail),
        "may_note": "note" in detail.actions,
        "may_reorder": "reorder" in detail.actions,
        "pdf": core.pdf_available(),
        "document": _document(order),
    }


def _document(order: Order) -> str:
    """What the order's PDF is called; empty where there is none."""
    words = {
        rules.CONFIRMATION: _("Order confirmation (PDF)"),
        rules.AWAITING: _("Order awaiting approval (PDF)"),
    }
    return words.get(rules.order_document_kind(order.status, is_confirmed=order.confirmed_at is not None), "")


def _states(detail: OrderDetail) -> Iterable[dict[str, str]]:
    """Badges of the order's head: its status, and a discrepancy found at a receipt."""
    order = detail.order
    yield {"kind": state_of(order.status), "label": str(order.get_status_display())}
    if any(shipment.has_claim for shipment in detail.shipments):
        yield {"kind": "low", "label": _("Received with discrepancies")}


def _line(line: LineView, facts: catalog.ProductFacts | None) -> dict[str, Any]:
    """A line with the picture and the page of its product, where the reader may still see it."""
    names = ("number", "sku", "name", "unit", "note", "unit_price", "net", "supply")
    figures = ("quantity", "shipped", "dropped", "received", "short", "damaged")
    return (
        {name: getattr(line, name) for name in names}
        | {name: catalog.plain_number(getattr(line, name)) for name in figures}
        | product_link(facts)
    )


def product_link(facts: catalog.ProductFacts | None) -> dict[str, str]:
    """Picture and address of a product; empty for one that the reader may not see."""
    return {
        "picture": catalog.picture_url(facts.picture, THUMBNAIL) if facts else "",
        "url": reverse("catalog:product", args=[facts.sku]) if facts else "",
    }


def _shipment(shipment: ShipmentView, may_receive: bool) -> dict[str, Any]:
    received = shipment.received_at is not None
    state, label = ("done", _("Received")) if received else ("moving", _("On its way"))
    if shipment.has_claim:
        state, label = "low", _("Received with discrepancies")
    return {
        "number": shipment.number,
        "state": state,
        "state_label": label,
        "carrier": shipment.carrier,
        "tracking_number": shipment.tracking_number,
        "warehouse": shipment.warehouse,
        "note": shipment.note,
        "shipped_at": shipment.shipped_at,
        "received_at": shipment.received_at,
        "lines": shipment.lines,
        "may_receive": may_receive and not received,
    }


def _event(event: TimelineEntry) -> dict[str, Any]:
    who = " · ".join(part for part in (event.who, event.company) if part) or _("The system")
    failed = event.action in ("reject", "cancel")
    moved = event.to_step if event.to_step and event.to_step != event.from_step else ""
    claimed = event.action == "receive" and any(
        claim.get("short") not in ("0", None) or claim.get("damaged") not in ("0", None)
        for claim in event.details.get("claims", ())
    )
    label = _("Receipt confirmed with discrepancies") if claimed else event.label
    return {
        "label": f"{label} → {moved}" if moved else label,
        "who": who,
        "when": event.at,
        "note": event.note,
        "state": "failed" if failed else "waiting" if claimed else "done",
        "icon": ICONS.get(event.action, "circle-dot"),
    }


def _step(step: StepView) -> dict[str, Any]:
    return {
        "label": step.name,
        "state": STEP_STATES[step.state],
        "who": step.by or (step.who if step.state == "current" else ""),
        "when": step.at,
    }


def _turn(detail: OrderDetail) -> dict[str, Any]:
    """Whose turn it is, and what was said; ``mine``: the reader is to act. ``beside``: the step, or who does it."""
    step, mine = detail.next, "revise" in detail.actions
    stopped = _stopped(detail.order)
    if stopped:
        title = _waiting(step) if step else stopped
        if mine:
            title = _("Your turn: change and resubmit the order")
        return {"mine": mine or bool(step and step.mine), "title": title, "note": detail.last_reason}
    if step is None:
        return {"title": _("Nothing left to do"), "completed_at": detail.order.closed_at}
    title = _("Your turn: %(step)s") % {"step": step.name} if step.mine else _waiting(step)
    beside = step.who if step.mine else step.name
    return {"mine": step.mine, "title": title, "beside": beside, "due": step.due, "late": step.late}


def _waiting(step: NextStep) -> str:
    return _("Waiting for %(who)s") % {"who": step.who}


def _stopped(order: Order) -> str:
    """Why the order does not go on; empty while it does, and when it is complete."""
    titles = {
        Order.Status.RETURNED: _("Returned for changes"),
        Order.Status.REJECTED: _("Rejected"),
        Order.Status.CANCELLED: _("Cancelled"),
    }
    return titles.get(Order.Status(order.status), "")


def _actions(detail: OrderDetail) -> Iterable[dict[str, Any]]:
    """The buttons of the page, the way forward first and in the brand's colour."""
    number, words = detail.order.number, _action_words()
    forward = next((code for code in detail.actions if code in FORWARD), None)
    for code in detail.actions:
        if code not in words:
            continue
        label, icon = words[code]
        yield {
            "code": code,
            "label": label,
            "icon": icon,
            "kind": "primary"
            if code == forward
            else "danger"
            if code in ("reject", "cancel")
            else "secondary",
            "needs_reason": code in REASONED,
            "dialog": f"act-{code}",
            "form": f"form-{code}",
            "href": _action_page(code, number, detail),
            "post": reverse(
                "ordering:order-revise" if code == "revise" else "ordering:order-act", args=[number]
            ),
        }


def _action_words() -> dict[str, tuple[str, str]]:
    return {
        "approve": (_("Approve"), "check"),
        "release": (_("Release to warehouse"), "warehouse"),
        "ship": (_("Ship"), "truck"),
        "receive": (_("Confirm receipt"), "package-check"),
        "revise": (_("Change this order"), "pencil"),
        "return": (_("Return for changes"), "undo-2"),
        "reject": (_("Reject"), "x"),
        "close_rest": (_("Cancel the undelivered rest"), "package-x"),
        "undo": (_("Undo"), "rotate-ccw"),
        "cancel": (_("Cancel the order"), "ban"),
    }


def _action_page(code: str, number: str, detail: OrderDetail) -> str:
    """Actions with a page of their own."""
    if code == "ship":
        return reverse("ordering:order-ship", args=[number])
    open_ones = [each.number for each in detail.shipments if each.received_at is None]
    if code == "receive" and open_ones:
        return reverse("ordering:receipt", args=[number, open_ones[0]])
    return ""


def _facts(detail: OrderDetail) -> list[dict[str, Any]]:
    order, to = detail.order, detail.order.address
    terms = portal.payment_terms(order.terms)
    parts = (to.get("recipient"), to.get("phone"), order.region, to.get("street"), to.get("postcode"))
    where = " ".join(str(part) for part in parts if part)
    pairs = [
        (_("Seller"), str(order.seller)),
        (_("Buyer"), f"{order.company} · {order.company.code}"),
        (_("Ordered by"), detail.placed_by),
        (_("Deliver to"), where),
        (_("Requested date"), date_format(order.requested_on) if order.requested_on else ""),
        (_("Payment"), " · ".join(part for part in (order.get_payment_display(), terms) if part)),
        (_("Billing details"), order.invoice_title.get("title", "")),
        (_("Note"), order.note),
    ]
    return [{"label": label, "value": value} for label, value in pairs if value]


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


def done_message(viewer: core.Viewer, action: str, order: Order) -> str:
    """What became of one order, and who has to act next."""
    words = _DONE.get(action, lambda: _("Order %(number)s updated."))()
    told = words % {"number": order.number, "company": order.company}
    if action == "note" or order.status != rules.OPEN:
        return told
    coming = next_step_of(viewer, order, queries.flow_of(order))
    if coming is None:
        return told
    return _("%(told)s Next: %(step)s (%(who)s).") % {"told": told, "step": coming.name, "who": coming.who}


def many_done_message(action: str, numbers: Sequence[str]) -> str:
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


def shipped_message(number: str, order: Order) -> str:
    return _("Shipment %(number)s of order %(order)s is on its way to %(company)s.") % {
        "number": number,
        "order": order.number,
        "company": order.company,
    }


def received_message(shipment: ShipmentView, claims: Sequence[rules.ReceiptLine], order: Order) -> str:
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
