"""Orders as templates show them: states of the theme, words for actions, addresses."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from qudao_catalog import api as catalog
from qudao_partner_portal import api as portal

from ..models import Order
from ..queries import OrderDetail, OrderRow
from ..queries.detail import Happened, LineView, ShipmentView, StepView

#: Status of an order → state of the theme; an open one is "moving" when it waits for somebody else.
STATES = {
    "open": "moving",
    "returned": "waiting",
    "rejected": "out",
    "cancelled": "neutral",
    "complete": "done",
}
STEP_STATES = {"done": "done", "current": "current", "ahead": "todo"}
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
        "state": "waiting" if waits and waits.mine else STATES.get(row.status, "neutral"),
        "state_label": waits.name if waits else row.status_label,
        "waits_for": waits.who if waits else "",
        "is_late": bool(waits and waits.late),
        "line_count": row.line_count,
        "gross": row.gross,
        "currency": row.currency,
    }


def detail_context(viewer: portal.Viewer, detail: OrderDetail) -> dict[str, Any]:
    """Everything the order page shows."""
    order = detail.order
    return {
        "order": order,
        "state": {"kind": STATES.get(order.status, "neutral"), "label": order.get_status_display()},
        "lines": [_line(line) for line in detail.lines],
        "rates": [
            {key: Decimal(str(row[key])) for key in ("rate", "net", "tax")} for row in order.tax_by_rate
        ],
        "shipments": [_shipment(each, "receive" in detail.actions) for each in detail.shipments],
        "timeline": [_event(event) for event in reversed(detail.timeline)],
        "stepper": [_step(step) for step in detail.steps],
        "next": detail.next,
        "reason": _reason(detail),
        "held": detail.held,
        "actions": list(_actions(detail)),
        "facts": _facts(detail),
        "may_note": "note" in detail.actions,
        "may_reorder": "reorder" in detail.actions,
        "pdf": portal.pdf_available(),
    }


def _line(line: LineView) -> dict[str, Any]:
    names = ("number", "sku", "name", "unit", "note", "unit_price", "net", "supply")
    figures = ("quantity", "shipped", "dropped", "received", "short", "damaged")
    return {name: getattr(line, name) for name in names} | {
        name: catalog.plain_number(getattr(line, name)) for name in figures
    }


def _shipment(shipment: ShipmentView, may_receive: bool) -> dict[str, Any]:
    received = shipment.received_at is not None
    state, label = ("done", _("Received")) if received else ("moving", _("On its way"))
    if shipment.has_claim:
        state, label = "low", _("Received with a claim")
    return {
        "number": shipment.number,
        "state": state,
        "state_label": label,
        "carrier": shipment.carrier,
        "tracking_number": shipment.tracking_number,
        "warehouse": shipment.warehouse,
        "note": shipment.note,
        "shipped_at": shipment.shipped_at,
        "lines": shipment.lines,
        "may_receive": may_receive and not received,
    }


def _event(event: Happened) -> dict[str, Any]:
    who = " · ".join(part for part in (event.who, event.company) if part) or _("The system")
    failed = event.action in ("reject", "cancel")
    moved = event.to_step if event.to_step and event.to_step != event.from_step else ""
    return {
        "label": f"{event.label} → {moved}" if moved else event.label,
        "who": who,
        "when": event.at,
        "note": event.note,
        "state": "failed" if failed else "done",
        "icon": ICONS.get(event.action, "circle-dot"),
    }


def _step(step: StepView) -> dict[str, Any]:
    return {
        "label": step.name,
        "state": STEP_STATES[step.state],
        "who": step.by or (step.who if step.state == "current" else ""),
        "when": step.at,
    }


def _reason(detail: OrderDetail) -> dict[str, Any] | None:
    titles = {
        Order.Status.RETURNED: _("Returned for change"),
        Order.Status.REJECTED: _("Rejected"),
        Order.Status.CANCELLED: _("Cancelled"),
    }
    title = titles.get(Order.Status(detail.order.status))
    if title is None:
        return None
    return {"title": title, "note": detail.last_reason, "may_change": "revise" in detail.actions}


def _actions(detail: OrderDetail) -> Iterable[dict[str, Any]]:
    """The buttons of the page, the way forward first and in the brand's colour."""
    number, words = detail.order.number, _action_words()
    forward = next(
        (code for code in detail.actions if code in ("approve", "release", "ship", "receive")), None
    )
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
            "href": _action_page(code, number, detail),
        }


def _action_words() -> dict[str, tuple[str, str]]:
    return {
        "approve": (_("Approve"), "check"),
        "release": (_("Release to warehouse"), "warehouse"),
        "ship": (_("Ship"), "truck"),
        "receive": (_("Confirm receipt"), "package-check"),
        "return": (_("Return for change"), "undo-2"),
        "reject": (_("Reject"), "x"),
        "close_rest": (_("Close the rest"), "package-x"),
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
    parts = (to.get("recipient"), to.get("phone"), order.region, to.get("street"), to.get("postcode"))
    where = " ".join(str(part) for part in parts if part)
    pairs = [
        (_("Company"), f"{order.company} ({order.company.code})"),
        (_("Ordered by"), detail.placed_by),
        (_("Deliver to"), where),
        (_("Requested date"), order.requested_on),
        (_("Payment"), " · ".join(part for part in (order.get_payment_display(), order.terms) if part)),
        (_("Invoice title"), order.invoice_title.get("title", "")),
        (_("Note"), order.note),
    ]
    return [{"label": label, "value": value} for label, value in pairs if value]
