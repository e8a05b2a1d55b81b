"""Import past orders, and remove those that were imported by mistake."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core import bulk_sql

from ... import conf
from ...pricing.rules import MAX_AMOUNT, MAX_QUANTITY, MAX_UNIT_PRICE, TaxableLine, line_net, totals
from .. import rules
from ..models import Order, OrderLine, OrderTransition
from ..rules import PastLine, PastOrder
from .transitions import Paid, forget_prices_of_removed, next_numbers, remember_prices


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
    problems: tuple[core.Problem, ...] = ()


@transaction.atomic
def import_orders(
    *, actor: Any, seller: Any, rows: Iterable[PastOrder], dry_run: bool = False
) -> ImportedOrders:
    """Import the past orders of a seller's customers, each known by its ``external_key``; known ones are left alone.

    Imported orders are complete (or cancelled), keep their prices to the cent, move no stock, send no mail and feed
    "last price paid" and reordering. One audit entry on the seller, one transition per order. About a dozen
    statements for any number of rows; give it at most some 50,000 lines at once. ``dry_run`` checks and writes nothing.

    Problems (with the order's external key as ``field`` and its place from 1 as ``line``): ``external_key_missing``,
    ``order_twice``, ``unknown_company``, ``order_empty``, ``quantity_not_positive``, ``price_negative``,
    ``quantity_fractional``, ``unknown_status``.
    """
    given = list(rows)
    known = _known(seller, given)
    companies = _companies(given)
    fresh, problems = _sound(given, known, companies)
    products = _products(line.code for order in fresh for line in order.lines)
    fresh, divided = _undivided(given, fresh, products)
    problems += divided
    placed = [_placed(seller, companies[past.company], past, products) for past in fresh]
    result = ImportedOrders(
        created=len(placed),
        lines=sum(len(each.lines) for each in placed),
        known=len([order for order in given if order.external_key in known]),
        lines_without_product=sum(line.product_id is None for each in placed for line in each.lines),
        problems=tuple(problems),
    )
    if placed and not dry_run:
        _write(actor, seller, placed, result)
    return result


class _Line(NamedTuple):
    """The columns of an order line that past orders fill; the others stand at their defaults."""

    position: int
    product_id: int | None
    sku: str
    name: str
    name_zh: str
    line_code: str
    unit: str
    quantity: Decimal
    unit_price: Decimal
    net: Decimal
    tax_rate: Decimal


@dataclass(frozen=True, slots=True)
class _Placed:
    order: Order
    lines: list[_Line]


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
    viewer = core.system_viewer()
    found: dict[str, catalog.ProductFacts] = {}
    for start in range(0, len(wanted), 10_000):
        known = catalog.facts_by_code(viewer, wanted[start : start + 10_000])
        found.update((str(code), facts) for code, facts in known.items())
    return found


def _sound(
    given: Sequence[PastOrder], known: set[str], companies: Mapping[str, Any]
) -> tuple[list[PastOrder], list[core.Problem]]:
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
) -> core.Problem | None:
    def problem(code: str, message: Any) -> core.Problem:
        return core.Problem(code, message, field=order.external_key, line=place)

    if not order.external_key:
        return problem("external_key_missing", _("A past order needs its number in the old system."))
    if order.external_key in seen:
        return problem("order_twice", _("This order is already listed."))
    if order.company not in companies:
        return problem("unknown_company", _("There is no company %(code)s.") % {"code": order.company})
    if not order.lines:
        return problem("order_empty", _("The order has no lines."))
    if order.status not in (rules.COMPLETE, rules.CANCELLED):
        return problem("unknown_status", _("A past order is complete or cancelled."))
    if not _storable(order.lines):
        return problem("number_too_large", _("A quantity, price or amount of this order is too large."))
    if any(line.quantity <= 0 for line in order.lines):
        return problem("quantity_not_positive", _("Every quantity must be above zero."))
    if any(line.unit_price < 0 for line in order.lines):
        return problem("price_negative", _("A price cannot be negative."))
    return None


def _storable(lines: Sequence[PastLine]) -> bool:
    """Whether every figure fits, and the amounts of the whole order with any tax on them."""
    whole = Decimal(0)
    for line in lines:
        own = Decimal(0) if line.net is None else line.net
        if not (line.quantity.is_finite() and line.unit_price.is_finite() and own.is_finite()):
            return False
        if (
            abs(line.quantity) > MAX_QUANTITY
            or abs(line.unit_price) > MAX_UNIT_PRICE
            or abs(own) > MAX_AMOUNT
        ):
            return False
        whole += abs(own) if line.net is not None else abs(line_net(line.unit_price, line.quantity))
    return whole <= MAX_AMOUNT / 2


def _undivided(
    given: Sequence[PastOrder], fresh: Sequence[PastOrder], products: Mapping[str, catalog.ProductFacts]
) -> tuple[list[PastOrder], list[core.Problem]]:
    """The orders without half pieces, and a problem for each of the others."""
    places = {order.external_key: place for place, order in enumerate(given, start=1)}
    sound, problems = [], []
    for order in fresh:
        code = next(filter(None, (_fault(line, products.get(line.code)) for line in order.lines)), None)
        if code is None:
            sound.append(order)
        else:
            message = _("A quantity has more decimals than its unit.")
            key = order.external_key
            problems.append(core.Problem(code, message, field=key, line=places[key]))
    return sound, problems


def _fault(line: PastLine, facts: catalog.ProductFacts | None) -> str | None:
    return None if facts is None else catalog.quantity_fault(line.quantity, facts.measure)


def _placed(
    seller: Any, company: Any, past: PastOrder, products: Mapping[str, catalog.ProductFacts]
) -> _Placed:
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
        confirmed_at=past.ordered_at if past.status == rules.COMPLETE else None,
        closed_at=past.ordered_at,
        updated_at=timezone.now(),
    )
    return _Placed(order, lines)


def _line(number: int, past: PastLine, facts: catalog.ProductFacts | None) -> _Line:
    net = past.net if past.net is not None else line_net(past.unit_price, past.quantity)
    if facts is None:
        name, rate = past.name or past.code, past.tax_rate or Decimal(0)
        return _Line(
            number, None, past.code[:64], name[:255], "", "", "", past.quantity, past.unit_price, net, rate
        )
    return _Line(
        number,
        facts.id,
        facts.sku,
        (past.name or facts.title)[:255],
        facts.title_zh,
        facts.line_code,
        facts.unit_code,
        past.quantity,
        past.unit_price,
        net,
        facts.tax_rate if past.tax_rate is None else past.tax_rate,
    )


def _write(actor: Any, seller: Any, placed: Sequence[_Placed], result: ImportedOrders) -> None:
    orders = [each.order for each in placed]
    _number(orders)
    _insert_orders(orders)
    rows = Order.objects.filter(
        seller_id=seller.pk, external_key__in=[order.external_key for order in orders]
    )
    ids = dict(rows.order_by().values_list("external_key", "pk"))
    for order in orders:
        order.pk = ids[order.external_key]
    bulk_sql.insert_values(OrderLine, _LINE_COLUMNS, _line_rows(placed))
    bulk_sql.insert_values(OrderTransition, _TRANSITION_COLUMNS, map(_transition, orders))
    remember_prices(_paid(placed))
    figures = {"orders": ["", str(result.created)], gettext_noop("lines"): ["", str(result.lines)]}
    core.record(actor=actor, instance=seller, action="qudao.order.imported", data={"changes": figures})


def _insert_orders(orders: Sequence[Order]) -> None:
    fields = [field for field in Order._meta.concrete_fields if field.name != "id"]
    whole = [(field.attname, field.get_internal_type() == "JSONField") for field in fields]
    rows = (
        [json.dumps(getattr(order, name)) if is_json else getattr(order, name) for name, is_json in whole]
        for order in orders
    )
    bulk_sql.insert_values(Order, [field.name for field in fields], rows)


_LINE_COLUMNS = (
    "order",
    *(name.removesuffix("_id") for name in _Line._fields),
    "note",
    "price_source",
    "shipped",
    "received",
    "allocated",
    "backordered",
    "dropped",
    "short",
    "damaged",
)
_ZERO = Decimal(0)
_SOURCE = json.dumps({"imported": True})


def _line_rows(placed: Sequence[_Placed]) -> Iterator[tuple[Any, ...]]:
    for each in placed:
        complete = each.order.status == rules.COMPLETE
        for line in each.lines:
            arrived = line.quantity if complete else _ZERO
            yield (each.order.pk, *line, "", _SOURCE, arrived, arrived, _ZERO, _ZERO, _ZERO, _ZERO, _ZERO)


def _paid(placed: Sequence[_Placed]) -> Iterator[Paid]:
    for each in placed:
        order, day = each.order, timezone.localdate(each.order.submitted_at)
        if order.status != rules.COMPLETE:
            continue
        for line in each.lines:
            if line.product_id is not None:
                yield (
                    order.company_id,
                    order.seller_id,
                    line.product_id,
                    order.currency,
                    line.unit_price,
                    line.quantity,
                    day,
                    order.number,
                )


def _number(placed: Sequence[Order]) -> None:
    """Past orders are numbered in the month they were placed; one statement per month."""
    months: dict[tuple[int, int], list[Order]] = {}
    for order in placed:
        day = timezone.localdate(order.submitted_at)
        months.setdefault((day.year, day.month), []).append(order)
    for orders in months.values():
        day = timezone.localdate(orders[0].submitted_at)
        numbers = next_numbers(conf.order_prefix(), day, len(orders))
        for order, number in zip(orders, numbers, strict=True):
            order.number = number


_TRANSITION_COLUMNS = (
    "order",
    "at",
    "action",
    "actor_name",
    "actor_company",
    "from_step",
    "to_step",
    "note",
    "details",
)


def _transition(order: Order) -> tuple[Any, ...]:
    details = json.dumps({"imported": order.external_key})
    action = OrderTransition.Action.SUBMIT.value
    return (order.pk, order.submitted_at, action, "", "", "", "", "", details)


#: Rows that are part of an order and go with it.
OWN = ("OrderLine.order", "OrderTransition.order")
CHUNK = 500


def orders_in_use(ids: Collection[int]) -> dict[int, str]:
    """Order id → what refers to it, as people call it: shipments, exports, a cart that revises it."""
    return core.find_referrers(Order, ids, OWN)


@transaction.atomic
def remove_imported_orders(*, actor: Any, ids: Collection[int]) -> int:
    """Delete past orders that were imported; the last prices they set are again what they were before.

    One audit entry on each seller. A fixed number of statements per 500 orders.

    :raises core.Conflict: ``order_in_use``: something refers to one of them, or it was not imported.
    """
    orders = {row.pk: row for chunk in _chunks(sorted(ids)) for row in Order.objects.filter(pk__in=chunk)}
    foreign = {pk for pk, row in orders.items() if row.source != Order.Source.IMPORT}
    if foreign or orders_in_use(orders):
        raise core.Conflict("order_in_use", _("An order that is in use cannot be removed."))
    sellers: dict[int, int] = {}
    for row in orders.values():
        sellers[row.seller_id] = sellers.get(row.seller_id, 0) + 1
    for chunk in _chunks(sorted(orders)):
        for model in (OrderLine, OrderTransition):
            model.objects.filter(order_id__in=chunk)._raw_delete(connection.alias)
        Order.objects.filter(pk__in=chunk).delete()
    forget_prices_of_removed(list(orders.values()))
    company = Order._meta.get_field("seller").related_model
    entries = [
        (row, "qudao.order.import_undone", {"changes": {"orders": [str(sellers[row.pk]), ""]}})
        for row in company._default_manager.filter(pk__in=sellers)
    ]
    core.record_many(actor=actor, entries=entries)
    return len(orders)


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
