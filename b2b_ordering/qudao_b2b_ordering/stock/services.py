"""Writes of stock: what was counted, moved and expected, and who may see how much of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core import bulk_sql
from qudao_partner_portal import api as portal

from ..product_codes import products_with_units
from ..signals import stock_added
from .models import Arrival, StockLevel, StockMovement, StockPolicy, StockTerms, Warehouse
from .queries import FACT


def refuse_fraction(product_id: int, quantity: Decimal, field: str) -> None:
    """:raises Refusal: ``quantity`` is none of the product's unit: ``quantity_fractional``, ``quantity_too_large``."""
    unit = catalog.units_of([product_id]).get(product_id, catalog.ANY_UNIT)
    code = catalog.quantity_fault(quantity, unit)
    if code:
        problem = catalog.fraction_problem(code, unit, field=field)
        raise core.Refusal(
            code, problem.message, field=field, remedy=problem.remedy, params=dict(problem.params)
        )


def actor_id(actor: Any) -> int | None:
    """The user id of a user, a viewer or an id; ``None`` for the system."""
    if actor is None or isinstance(actor, int):
        return actor
    return actor.user_id if hasattr(actor, "user_id") else actor.pk


def record_movements(
    kind: str, changes: Iterable[tuple[int, Decimal]], *, actor: Any, reference: str = ""
) -> None:
    """One movement per (level id, change) that is not zero, in one statement."""
    rows = [(level_id, change) for level_id, change in changes if change]
    if rows:
        known = [kind, reference[:80], actor_id(actor), bulk_sql.now()]
        bulk_sql.run(_INSERT, rows, (bulk_sql.BIGINT, bulk_sql.NUMERIC), known)


_INSERT = f"""
    INSERT INTO "{StockMovement._meta.db_table}" (kind, reference, by_id, at, level_id, quantity)
    SELECT %s, %s, %s, %s, v.c0, v.c1 FROM {{rows}} WHERE true
"""


#: SQLite takes some 32,000 parameters in a statement.
MAX_ROWS = 20_000
MAX_QUANTITY = Decimal("99999999999.999")


@dataclass(frozen=True, slots=True)
class StockInput:
    """A counted quantity. ``product`` is a product id or a code (SKU, ``ext:KEY``), ``warehouse`` a code."""

    product: int | str
    warehouse: str
    on_hand: Decimal


@dataclass(frozen=True, slots=True)
class ArrivalInput:
    """Expected goods; the same ``external_key`` again replaces what was said before. Quantity 0 withdraws
    it.
    """

    product: int | str
    warehouse: str
    quantity: Decimal
    expected_on: date
    external_key: str = ""


@dataclass(frozen=True, slots=True)
class SetResult:
    """How many rows were new, changed and as before; ``problems`` carry the ``line`` (from 1) they belong
    to.
    """

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: tuple[core.Problem, ...] = field(default=())


def lock_products(product_ids: Collection[int]) -> None:
    """Lock every stock level of the products, in primary-key order.

    Whoever changes stock takes all its levels at once, before any order line, to avoid deadlocks.
    A service that does several things to the same goods calls this first. The order of all locks is in
    ``docs/reference/locking.md``.
    """
    rows = StockLevel.objects.select_for_update().filter(product_id__in=product_ids).order_by("pk")
    list(rows.values_list("pk"))


@transaction.atomic
def set_stock(
    *, actor: Any, seller_id: int, rows: Sequence[StockInput], reference: str = "", partial: bool = False
) -> SetResult:
    """Set what is on hand of many products in the seller's warehouses, as an ERP counts it.

    Allocations stay: a count below what is allocated is kept, and nothing is saleable there. Side effects:
    levels, one movement per changed level, free stock goes to waiting order lines. Unchanged levels are not
    touched. A constant number of statements, for up to 20,000 rows.

    :raises Refusal: ``rows_invalid`` with a problem per row, and nothing is written; with ``partial`` the
        good rows are written and the problems returned.
    """
    _bound(rows)
    resolved, problems = _resolve(seller_id, rows)
    if problems and not partial:
        raise refuse_rows(problems)
    wanted = {(warehouse_id, product_id): row.on_hand for (warehouse_id, product_id), row in resolved.items()}
    lock_products({product_id for _warehouse_id, product_id in wanted})
    known = _known(wanted)
    changed = {key: quantity for key, quantity in wanted.items() if known.get(key, (0, None))[1] != quantity}
    _write_levels(changed)
    created = [key for key in changed if key not in known]
    _note_counts(changed, known, actor, reference)
    grown = {product for (warehouse, product) in changed if _grew(known, warehouse, product, changed)}
    if grown:
        stock_added.send(StockLevel, seller_id=seller_id, product_ids=grown)
    return SetResult(len(created), len(changed) - len(created), len(wanted) - len(changed), tuple(problems))


@transaction.atomic
def adjust(
    *,
    actor: Any,
    level: StockLevel,
    change: Decimal,
    kind: str = StockMovement.Kind.COUNT,
    reference: str = "",
) -> StockLevel:
    """Add ``change`` (which may be negative) to one level: goods received, returned, lost or found.

    Side effects: the level, a movement; free stock goes to waiting order lines.

    :raises Refusal: ``below_zero``: less would lie there than nothing; ``quantity_fractional``, ``quantity_too_large``.
    """
    lock_products({level.product_id})
    held = StockLevel.objects.select_related("warehouse").get(pk=level.pk)
    after = held.on_hand + change
    if not after.is_finite() or after < 0:
        raise core.Refusal(
            "below_zero",
            _("There are %(on_hand)s on hand; this change is not possible.")
            % {"on_hand": catalog.number_text(held.on_hand)},
            field="change",
        )
    refuse_fraction(held.product_id, after, "change")
    held.on_hand = after
    held.save(update_fields=["on_hand", "updated_at"])
    record_movements(kind, [(held.pk, change)], actor=actor, reference=reference)
    if change > 0:
        stock_added.send(StockLevel, seller_id=held.warehouse.seller_id, product_ids={held.product_id})
    return held


@transaction.atomic
def set_arrivals(
    *, actor: Any, seller_id: int, rows: Sequence[ArrivalInput], partial: bool = False
) -> SetResult:
    """Announce expected goods of the seller's warehouses; rows with a known external key are replaced.

    Received arrivals are never changed by this. Constant number of statements.

    :raises Refusal: ``rows_invalid`` as in :func:`set_stock`.
    """
    _bound(rows)
    lookups = _lookups(seller_id, rows)
    foreign = _foreign_keys(seller_id, rows)
    problems: list[core.Problem] = []
    fresh: dict[str | int, Arrival] = {}
    withdrawn: set[str] = set()
    for line, row in enumerate(rows, start=1):
        problem = _row_problem(row, "quantity", lookups, line)
        problem = problem or _arrival_problem(row, foreign, line)
        if problem:
            problems.append(problem)
        elif row.quantity == 0:
            withdrawn.add(row.external_key)
        else:
            fresh[row.external_key or line] = Arrival(
                external_key=row.external_key,
                warehouse_id=lookups.places[row.warehouse],
                product_id=lookups.product_id(row.product),
                quantity=row.quantity,
                expected_on=row.expected_on,
            )
    if problems and not partial:
        raise refuse_rows(problems)
    return _write_arrivals(seller_id, fresh, withdrawn, problems)


@transaction.atomic
def receive_arrival(*, actor: Any, arrival: Arrival, quantity: Decimal | None = None) -> Arrival:
    """Goods have come: close the arrival and add ``quantity`` (all of it by default) to the stock.

    Safe to repeat: a received arrival is not counted twice. Side effects as in :func:`adjust`.
    """
    held = Arrival.objects.select_for_update(of=("self",)).select_related("warehouse").get(pk=arrival.pk)
    if held.received_at is None:
        held.received_at = timezone.now()
        held.save(update_fields=["received_at"])
        level, _created = StockLevel.objects.get_or_create(
            warehouse_id=held.warehouse_id, product_id=held.product_id
        )
        adjust(
            actor=actor,
            level=level,
            change=_received(held, quantity),
            kind=StockMovement.Kind.RECEIPT,
            reference=held.external_key or f"arrival {held.pk}",
        )
    return held


def refuse_rows(problems: Sequence[core.Problem]) -> core.Refusal:
    return core.Refusal(
        "rows_invalid",
        _("Some rows are not valid; nothing was saved."),
        problems=problems,
        remedy=_("Correct the rows named and send all of them again."),
    )


def _bound(rows: Sequence[Any]) -> None:
    if len(rows) > MAX_ROWS:
        raise core.Refusal(
            "too_many_rows",
            _("At most %(max)s rows at once.") % {"max": MAX_ROWS},
            remedy=_("Send them in smaller batches."),
            params={"max": MAX_ROWS},
            status=413,
        )


def _received(arrival: Arrival, quantity: Decimal | None) -> Decimal:
    """:raises Refusal: ``quantity_fractional``, ``quantity_invalid``."""
    if quantity is None:
        return arrival.quantity
    if not quantity.is_finite() or quantity < 0:
        raise core.Refusal("quantity_invalid", _("A quantity from 0 up."), field="quantity")
    refuse_fraction(arrival.product_id, quantity, "quantity")
    return quantity


@dataclass(frozen=True, slots=True)
class Lookups:
    """What rows refer to: warehouses by code, products by code and id, and the products' units."""

    places: Mapping[str, int]
    products: Mapping[str, int]
    units: Mapping[int, catalog.UnitFacts]

    def product_id(self, given: int | str) -> int | None:
        """The product a row names, where there is one."""
        found = self.products.get(given) if isinstance(given, str) else given
        return found if found in self.units else None


def _lookups(seller_id: int, rows: Sequence[StockInput] | Sequence[ArrivalInput]) -> Lookups:
    places = dict(Warehouse.objects.filter(seller_id=seller_id).order_by().values_list("code", "pk"))
    named = products_with_units(row.product for row in rows if isinstance(row.product, str))
    ids = {row.product for row in rows if isinstance(row.product, int) and row.product < 2**63}
    units = dict(named.values()) | (catalog.units_of(ids) if ids else {})
    return Lookups(places, {code: pk for code, (pk, _unit) in named.items()}, units)


def _row_problem(
    row: StockInput | ArrivalInput, field: str, lookups: Lookups, line: int
) -> core.Problem | None:
    if row.warehouse not in lookups.places:
        return core.Problem(
            "unknown_warehouse",
            _("Unknown warehouse “%(code)s”.") % {"code": row.warehouse},
            "warehouse",
            line,
        )
    product_id = lookups.product_id(row.product)
    if product_id is None:
        return core.Problem(
            "unknown_product", _("Unknown product “%(code)s”.") % {"code": row.product}, "product", line
        )
    quantity: Decimal = getattr(row, field)
    if not quantity.is_finite() or not 0 <= quantity <= MAX_QUANTITY:
        return core.Problem("quantity_invalid", _("A quantity from 0 up."), field, line)
    unit = lookups.units[product_id]
    code = catalog.quantity_fault(quantity, unit)
    return catalog.fraction_problem(code, unit, field=field, line=line) if code else None


def _foreign_keys(seller_id: int, rows: Sequence[ArrivalInput]) -> set[str]:
    """Those of the external keys that name an arrival of another seller."""
    keys = {row.external_key for row in rows if row.external_key}
    taken = Arrival.objects.filter(external_key__in=keys).exclude(warehouse__seller_id=seller_id)
    return set(taken.values_list("external_key", flat=True)) if keys else set()


def _arrival_problem(row: ArrivalInput, foreign: set[str], line: int) -> core.Problem | None:
    if row.quantity == 0 and not row.external_key:
        return core.Problem("quantity_invalid", _("A quantity above 0."), "quantity", line)
    if row.external_key in foreign:
        message = _("This key is taken. Choose another.")
        return core.Problem("external_key_taken", message, "external_key", line)
    return None


def _resolve(
    seller_id: int, rows: Sequence[StockInput]
) -> tuple[dict[tuple[int, int], StockInput], list[core.Problem]]:
    """(warehouse, product) → row; of a product counted twice in one place the last row stands."""
    lookups = _lookups(seller_id, rows)
    found: dict[tuple[int, int], StockInput] = {}
    problems: list[core.Problem] = []
    for line, row in enumerate(rows, start=1):
        problem = _row_problem(row, "on_hand", lookups, line)
        product_id = lookups.product_id(row.product)
        if problem or product_id is None:
            problems.extend([problem] if problem else [])
        else:
            found[lookups.places[row.warehouse], product_id] = row
    return found, problems


def _known(wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], tuple[int, Decimal]]:
    """(warehouse, product) → (level id, on hand) of the levels there are."""
    keys = list(wanted)
    rows = StockLevel.objects.filter(
        warehouse_id__in={key[0] for key in keys}, product_id__in={key[1] for key in keys}
    ).order_by()
    found = rows.values_list("warehouse_id", "product_id", "pk", "on_hand")
    return {(warehouse, product): (pk, on_hand) for warehouse, product, pk, on_hand in found}


_LEVELS = f'"{StockLevel._meta.db_table}"'
_UPSERT = f"""
    INSERT INTO {_LEVELS} (updated_at, allocated, warehouse_id, product_id, on_hand)
    SELECT %s, 0, v.c0, v.c1, v.c2 FROM {{rows}} WHERE true
    ON CONFLICT (warehouse_id, product_id) DO UPDATE SET on_hand = excluded.on_hand, updated_at =
    excluded.updated_at
"""


def _write_levels(changed: Mapping[tuple[int, int], Decimal]) -> None:
    if changed:
        rows = [(warehouse, product, quantity) for (warehouse, product), quantity in sorted(changed.items())]
        bulk_sql.run(_UPSERT, rows, (bulk_sql.BIGINT, bulk_sql.BIGINT, bulk_sql.NUMERIC), [bulk_sql.now()])


def _note_counts(
    changed: Mapping[tuple[int, int], Decimal],
    known: Mapping[tuple[int, int], tuple[int, Decimal]],
    actor: Any,
    reference: str,
) -> None:
    created = [key for key in changed if key not in known]
    level_ids = {key: pk for key, (pk, _on_hand) in known.items()}
    level_ids |= {key: pk for key, (pk, _on_hand) in _known(created).items()} if created else {}
    changes = [
        (level_ids[key], quantity - known.get(key, (0, Decimal(0)))[1]) for key, quantity in changed.items()
    ]
    record_movements(StockMovement.Kind.COUNT, changes, actor=actor, reference=reference)


def _grew(
    known: Mapping[tuple[int, int], tuple[int, Decimal]],
    warehouse: int,
    product: int,
    changed: Mapping[tuple[int, int], Decimal],
) -> bool:
    return changed[warehouse, product] > known.get((warehouse, product), (0, Decimal(0)))[1]


def _write_arrivals(
    seller_id: int,
    fresh: Mapping[str | int, Arrival],
    withdrawn: set[str],
    problems: Sequence[core.Problem],
) -> SetResult:
    keys = {key for key in fresh if isinstance(key, str)}
    open_rows = Arrival.objects.filter(warehouse__seller_id=seller_id, received_at=None)
    open_rows.filter(external_key__in=withdrawn).delete()
    own = Arrival.objects.select_for_update().filter(external_key__in=keys).order_by("pk")
    known = {row.external_key: row for row in own} if keys else {}
    create, update, unchanged = [], [], 0
    for key, arrival in fresh.items():
        before = known.get(str(key)) if isinstance(key, str) else None
        if before is None:
            create.append(arrival)
        elif before.received_at is not None or _same(before, arrival):
            unchanged += 1
        else:
            arrival.pk = before.pk
            update.append(arrival)
    _create_arrivals(create)
    Arrival.objects.bulk_update(update, ["warehouse", "product", "quantity", "expected_on"], batch_size=500)
    return SetResult(len(create), len(update), unchanged, tuple(problems))


def _create_arrivals(rows: list[Arrival]) -> None:
    """:raises Outdated: ``changed_meanwhile``: somebody else has just announced one of the keys."""
    try:
        with transaction.atomic():
            Arrival.objects.bulk_create(rows, batch_size=1000)
    except IntegrityError as error:
        raise core.Outdated(
            "changed_meanwhile",
            _("This was changed by someone else. Load it again and repeat your change."),
        ) from error


def _same(before: Arrival, after: Arrival) -> bool:
    fields = ("warehouse_id", "product_id", "quantity", "expected_on")
    return all(getattr(before, name) == getattr(after, name) for name in fields)


@transaction.atomic
def set_warehouse(*, actor: Any, seller_id: int, code: str, **fields: Any) -> Warehouse:
    """Create or change the seller's warehouse ``code``. Audited.

    :raises Conflict: ``code_taken``: another seller's warehouse has this code.
    :raises Refusal: ``code_invalid``: too long, or not made of letters, digits, hyphens and underscores.
    """
    _require_code(code)
    found = Warehouse.objects.select_for_update().filter(code=code).first()
    if found and found.seller_id != seller_id:
        raise core.Conflict("code_taken", _("This code is taken. Choose another."), field="code")
    warehouse = found or Warehouse(code=code, seller_id=seller_id)
    changes = _apply(warehouse, fields)
    if found is None or changes:
        warehouse.save()
        _record(actor, warehouse, "qudao.warehouse.changed", changes)
    return warehouse


@transaction.atomic
def delete_warehouse(*, actor: Any, warehouse: Warehouse) -> None:
    """Delete a warehouse that never held anything. Audited.

    :raises Conflict: ``warehouse_in_use``: its stock, with the journal, arrivals or shipments would go too.
    """
    has_stock = StockLevel.objects.filter(warehouse=warehouse).exists()
    if has_stock or Arrival.objects.filter(warehouse=warehouse).exists():
        raise _warehouse_in_use(warehouse)
    try:
        _record(actor, warehouse, "qudao.warehouse.removed", {"code": [warehouse.code, ""]})
        warehouse.delete()
    except ProtectedError as error:
        raise _warehouse_in_use(warehouse) from error


def _warehouse_in_use(warehouse: Warehouse) -> core.Conflict:
    return core.Conflict(
        "warehouse_in_use",
        _("“%(name)s” has stock, arrivals or shipments and cannot be deleted.") % {"name": warehouse},
        remedy=_("Make the warehouse inactive instead."),
    )


def _require_code(code: str) -> None:
    try:
        Warehouse._meta.get_field("code").run_validators(code)
    except ValidationError as error:
        raise core.Refusal("code_invalid", error.messages[0], field="code") from error


@transaction.atomic
def set_policy(*, actor: Any, seller_id: int, audience_key: str, **fields: Any) -> StockPolicy:
    """Create or change how ``audience_key`` sees the seller's stock. Audited; holds from the next request.

    :raises Refusal: ``unknown_audience``, ``not_a_choice``, ``bands_out_of_order``.
    """
    if "mode" in fields:
        core.require_choice(fields["mode"], StockPolicy.Mode.values, field="mode")
    if portal.unknown_keys([audience_key]):
        raise core.Refusal("unknown_audience", _("This audience does not exist."), field="audience_key")
    found = (
        StockPolicy.objects.select_for_update().filter(seller_id=seller_id, audience_key=audience_key).first()
    )
    policy = found or StockPolicy(seller_id=seller_id, audience_key=audience_key)
    changes = _apply(policy, fields)
    if policy.plenty_threshold is not None and policy.plenty_threshold < policy.low_threshold:
        raise core.Refusal(
            "bands_out_of_order",
            _("“Plenty” must not start below “low”."),
            field="plenty_threshold",
        )
    if found is None or changes:
        policy.save()
        core.bump(FACT)
        _record(actor, policy, "qudao.stock_policy.changed", changes)
    return policy


@transaction.atomic
def remove_policy(*, actor: Any, seller_id: int, audience_key: str) -> None:
    """Take an audience's own rule away. Audited. Safe to repeat."""
    found = StockPolicy.objects.filter(seller_id=seller_id, audience_key=audience_key).first()
    if found is not None:
        _record(actor, found, "qudao.stock_policy.removed", {audience_key: [found.mode, ""]})
        found.delete()


@transaction.atomic
def set_terms(
    *,
    actor: Any,
    product_id: int,
    backorder: bool = False,
    backorder_limit: Decimal | None = None,
    is_unlimited: bool = False,
    low_threshold: Decimal | None = None,
) -> StockTerms:
    """Say whether a product may be ordered beyond its stock. Audited.

    :raises Refusal: ``quantity_fractional``, ``quantity_too_large``: a limit is no quantity of the product's unit.
    """
    for name, limit in (("backorder_limit", backorder_limit), ("low_threshold", low_threshold)):
        if limit is not None:
            refuse_fraction(product_id, limit, name)
    terms = StockTerms.objects.select_for_update().filter(pk=product_id).first() or StockTerms(pk=product_id)
    fresh = terms._state.adding
    changes = _apply(
        terms,
        {
            "backorder": backorder,
            "backorder_limit": backorder_limit,
            "is_unlimited": is_unlimited,
            "low_threshold": low_threshold,
        },
    )
    if fresh or changes:
        terms.save()
        _record(actor, terms, "qudao.stock_terms.changed", changes)
    return terms


def _apply(row: Any, fields: dict[str, Any]) -> dict[str, list[str]]:
    """Set fields and say what changed: name → [before, after] as text."""
    changes = {}
    for name, value in fields.items():
        before = getattr(row, name)
        if before != value:
            changes[name] = ["" if before is None else str(before), "" if value is None else str(value)]
            setattr(row, name, value)
    return changes


def _record(actor: Any, row: Any, action: str, changes: dict[str, list[str]]) -> None:
    core.record(actor=actor, instance=row, action=action, data={"changes": changes})
