"""Orders as the API shows them."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from qudao_core.numbers import rules as numbers

from ...documents import problem_document
from ..queries import Board, Card, Column, Next, OrderDetail, OrderRow, Waiting
from ..queries.shown import Happened, LineView, ShipmentView
from ..services import Outcome


def next_document(found: Next | None) -> dict[str, Any] | None:
    return asdict(found) if found else None


def row_document(row: OrderRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "external_key": row.external_key,
        "status": row.status,
        "company": row.company_code,
        "company_name": row.company_name,
        "seller_name": row.seller_name,
        "po_number": row.po_number,
        "gross": row.gross,
        "currency": row.currency,
        "line_count": row.line_count,
        "submitted_at": row.submitted_at,
        "requested_on": row.requested_on,
        "closed_at": row.closed_at,
        "updated_at": row.updated_at,
        "revision": row.revision,
        "next": next_document(row.next),
    }


def order_document(detail: OrderDetail) -> dict[str, Any]:
    order = detail.order
    return {
        "number": order.number,
        "external_key": order.external_key,
        "status": order.status,
        "company": order.company.code,
        "company_name": str(order.company),
        "seller_name": str(order.seller),
        "po_number": order.po_number,
        "gross": order.gross,
        "currency": order.currency,
        "line_count": order.line_count,
        "submitted_at": order.submitted_at,
        "requested_on": order.requested_on,
        "closed_at": order.closed_at,
        "updated_at": order.updated_at,
        "revision": order.revision,
        "next": next_document(detail.next),
        "totals": _totals(detail),
        "payment": order.payment,
        "terms": order.terms,
        "note": order.note,
        "address": order.address,
        "invoice_title": order.invoice_title,
        "placed_by": detail.placed_by,
        "held": detail.held,
        "same_po_number": list(detail.same_reference),
        "actions": list(detail.actions),
        "lines": [line_document(line) for line in detail.lines],
        "shipments": [shipment_document(each) for each in detail.shipments],
        "steps": [asdict(step) for step in detail.steps],
    }


def _totals(detail: OrderDetail) -> dict[str, Any]:
    order = detail.order
    by_rate = [
        {
            "rate": numbers.rate(Decimal(str(row["rate"]))),
            "net": numbers.amount(Decimal(str(row["net"]))),
            "tax": numbers.amount(Decimal(str(row["tax"]))),
        }
        for row in order.tax_by_rate
    ]
    return {"net": order.net, "tax": order.tax, "gross": order.gross, "by_rate": by_rate}


def line_document(line: LineView) -> dict[str, Any]:
    document = asdict(line)
    document["product"] = document.pop("product_id")
    for name in ("id", "price_source"):
        del document[name]
    return document


def shipment_document(shipment: ShipmentView) -> dict[str, Any]:
    document = asdict(shipment)
    for line in document["lines"]:
        del line["name"], line["unit"]
    return document


def event_document(event: Happened) -> dict[str, Any]:
    return asdict(event)


def outcome_document(outcome: Outcome) -> dict[str, Any]:
    if outcome.order is None:
        problem = problem_document(outcome.problem) if outcome.problem else {}
        return {"number": outcome.number, "done": False, "problem": problem}
    order = outcome.order
    return {
        "number": order.number,
        "done": True,
        "status": order.status,
        "step": order.step,
        "revision": order.revision,
    }


def board_document(board: Board) -> dict[str, Any]:
    return {"columns": [_column(column) for column in board.columns]}


def _column(column: Column) -> dict[str, Any]:
    return {
        "code": column.code,
        "name": column.name,
        "kind": column.kind,
        "count": column.count,
        "late": column.late,
        "orders": [_card(card) for card in column.cards],
    }


def _card(card: Card) -> dict[str, Any]:
    return {
        "number": card.number,
        "revision": card.revision,
        "company": card.company_code,
        "company_name": card.company_name,
        "gross": card.gross,
        "currency": card.currency,
        "line_count": card.line_count,
        "since": card.since,
        "due": card.due,
        "hours": card.hours,
        "late": card.late,
        "blocked": card.blocked,
        "actions": list(card.actions),
    }


def waiting_document(waiting: Waiting) -> dict[str, Any]:
    return {
        "to_do": waiting.to_do,
        "returned": waiting.returned,
        "in_progress": waiting.in_progress,
        "steps": [
            {"step": code, "name": name, "kind": kind, "count": count}
            for code, name, kind, count in waiting.steps
        ],
    }
