"""Take over past orders from a customer's old system: set-based, safe to repeat, without touching stock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qudao_catalog import api as catalog
from qudao_partner_portal import api as portal

from ... import bulk, conf
from ...pricing.rules import TaxableLine, line_net, totals
from .. import rules
from ..models import Order, OrderLine, OrderTransition
from ..rules import PastLine, PastOrder
from .last_prices import remember_past
from .numbers import next_numbers


@dataclass(frozen=True, slots=True)
class ImportedOrders:
    """How many orders (and lines) were new, how many stood there before; problems name the order by ``field``.

    An order with a problem is left out whole. ``lines_without_product`` were kept with the words of the old system,
    because the catalogue does not know their code.
    """

    created: int = 0
    lines: int = 0
    known: int = 0
    lines_without_product: int = 0
    problems: tuple[portal.Problem, ...] = ()


@transaction.atomic
def import_orders(
    *, actor: Any, seller: Any, rows: Iterable[PastOrder], dry_run: bool = False
) -> ImportedOrders:
    """Import the past orders of a seller's customers, each known by its ``external_key``; known ones are left alone.

    Imported orders are complete (or cancelled), keep their prices to the cent, move no stock, send no mail and feed
    "last price paid" and reordering. One audit entry on the seller, one transition per order. About a dozen
    statements for any number of rows; give it at most some 50,000 lines at once. ``dry_run`` checks and writes nothing.

    Problems (with the order's external key as ``field`` and its place from 1 as ``line``): ``external_key_missing``,
    ``order_twice``, ``company_unknown``, ``order_empty``, ``quantity_not_positive``, ``price_negative``,
    ``unknown_status``.
    """
    given = list(rows)
    known = _known(seller, given)
    companies = _companies(given)
    fresh, problems = _sound(given, known, companies)
    products = _products(line.code for order in fresh for line in order.lines)
    placed = [_order(seller, companies[past.company], past, products) for past in fresh]
    result = ImportedOrders(
        created=len(placed),
        lines=sum(len(lines) for _order_row, lines in placed),
        known=len([order for order in given if order.external_key in known]),
        lines_without_product=sum(line.product_id is None for _row, lines in placed for line in lines),
        problems=tuple(problems),
    )
    if placed and not dry_run:
        _write(actor, seller, placed, result)
    return result


def _known(seller: Any, given: Sequence[PastOrder]) -> set[str]:
    keys = [order.external_key for order in given if order.external_key]
    rows = Order.objects.filter(seller_id=seller.pk, external_key__in=keys)
    return set(rows.order_by().values_list("external_key", flat=True))


def _companies(given: Sequence[PastOrder]) -> dict[str, Any]:
    """What the rows call a company → the company; by code or, with ``ext:``, by external key."""
    names = {order.company for order in given}
    keys = {name.removeprefix("ext:") for name in names if name.startswith("ext:")}
    model = apps.get_model("qudao_partner_portal", "Company")
    found: dict[str, Any] = {each.code: each for each in model.objects.filter(code__in=names)}
    if keys:
        rows = model.objects.filter(external_key__in=keys)
        found |= {f"ext:{each.external_key}": each for each in rows}
    return found


def _products(codes: Iterable[str]) -> dict[str, catalog.ProductFacts]:
    """Everything the catalogue has, whoever may see it: what was once bought was once allowed."""
    wanted = sorted({code for code in codes if code})
    viewer = portal.system_viewer()
    found: dict[str, catalog.ProductFacts] = {}
    for start in range(0, len(wanted), 10_000):
        found |= catalog.facts_by_code(viewer, wanted[start : start + 10_000])
    return found


def _sound(
    given: Sequence[PastOrder], known: set[str], companies: Mapping[str, Any]
) -> tuple[list[PastOrder], list[portal.Problem]]:
    fresh, problems, seen = [], [], set[str]()
    for place, order in enumerate(given, start=1):
        problem = _problem(order, place, seen, companies)
        if problem is not None:
            problems.append(problem)
        elif order.external_key not in known:
            fresh.append(order)
        seen.add(order.external_key)
    return fresh, problems


def _problem(
    order: PastOrder, place: int, seen: set[str], companies: Mapping[str, Any]
) -> portal.Problem | None:
    def told(code: str, message: Any) -> portal.Problem:
        return portal.Problem(code, message, field=order.external_key, line=place)

    if not order.external_key:
        return told("external_key_missing", _("A past order needs its number in the old system."))
    if order.external_key in seen:
        return told("order_twice", _("This order was named before."))
    if order.company not in companies:
        return told("company_unknown", _("There is no company %(code)s.") % {"code": order.company})
    if not order.lines:
        return told("order_empty", _("The order has no lines."))
    if order.status not in (rules.COMPLETE, rules.CANCELLED):
        return told("unknown_status", _("A past order is complete or cancelled."))
    if any(line.quantity <= 0 for line in order.lines):
        return told("quantity_not_positive", _("Every quantity is above zero."))
    if any(line.unit_price < 0 for line in order.lines):
        return told("price_negative", _("No price is below zero."))
    return None


def _order(
    seller: Any, company: Any, past: PastOrder, products: Mapping[str, catalog.ProductFacts]
) -> tuple[Order, list[OrderLine]]:
    lines = [_line(number, line, products.get(line.code)) for number, line in enumerate(past.lines, start=1)]
    summed = totals(TaxableLine(line.net, line.tax_rate) for line in lines)
    order = Order(
        external_key=past.external_key,
        source=Order.Source.IMPORT,
        seller_id=seller.pk,
        company_id=company.pk,
        status=past.status,
        currency=past.currency or company.currency,
        net=summed.net,
        tax=summed.tax,
        gross=summed.gross,
        tax_by_rate=[
            {"rate": str(each.rate.normalize()), "net": str(each.net), "tax": str(each.tax)}
            for each in summed.by_rate
        ],
        line_count=len(lines),
        po_number=past.po_number[:60],
        note=past.note,
        submitted_at=past.ordered_at,
        closed_at=past.ordered_at,
    )
    for line in lines:
        line.shipped = line.received = line.quantity if past.status == rules.COMPLETE else Decimal(0)
    return order, lines


def _line(number: int, past: PastLine, facts: catalog.ProductFacts | None) -> OrderLine:
    rate = past.tax_rate if past.tax_rate is not None else (facts.tax_rate if facts else Decimal(0))
    return OrderLine(
        position=number,
        product_id=facts.id if facts else None,
        sku=(facts.sku if facts else past.code)[:64],
        name=(past.name or (facts.title if facts else past.code))[:255],
        name_zh=facts.title_zh if facts else "",
        line_code=facts.line_code if facts else "",
        unit=facts.unit_code if facts else "",
        quantity=past.quantity,
        unit_price=past.unit_price,
        net=past.net if past.net is not None else line_net(past.unit_price, past.quantity),
        tax_rate=rate,
        price_source={"imported": True},
    )


def _write(
    actor: Any, seller: Any, placed: Sequence[tuple[Order, list[OrderLine]]], result: ImportedOrders
) -> None:
    _number(placed)
    bulk.insert([order for order, _lines in placed])
    keys = [order.external_key for order, _lines in placed]
    rows = Order.objects.filter(seller_id=seller.pk, external_key__in=keys).order_by()
    ids = dict(rows.values_list("external_key", "pk"))
    for order, lines in placed:
        order.pk = ids[order.external_key]
        for line in lines:
            line.order_id = order.pk
    bulk.insert([line for _order_row, lines in placed for line in lines])
    bulk.insert([_transition(order) for order, _lines in placed])
    remember_past((order, lines) for order, lines in placed if order.status == rules.COMPLETE)
    figures = {"orders": ["", str(result.created)], "lines": ["", str(result.lines)]}
    portal.record(actor=actor, instance=seller, action="qudao.order.imported", data={"changes": figures})


def _number(placed: Sequence[tuple[Order, list[OrderLine]]]) -> None:
    """Past orders are numbered in the month they were placed; one statement per month."""
    months: dict[tuple[int, int], list[Order]] = {}
    for order, _lines in placed:
        day = timezone.localdate(order.submitted_at)
        months.setdefault((day.year, day.month), []).append(order)
    for orders in months.values():
        day = timezone.localdate(orders[0].submitted_at)
        for order, number in zip(orders, next_numbers(conf.order_prefix(), day, len(orders)), strict=True):
            order.number = number


def _transition(order: Order) -> OrderTransition:
    return OrderTransition(
        order_id=order.pk,
        at=order.submitted_at,
        action=OrderTransition.Action.SUBMIT,
        actor_name="",
        details={"imported": order.external_key},
    )
