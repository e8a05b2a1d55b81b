"""Set, close and remove the rows of a price list, set-based."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.numbers import rules as numbers

from .. import rules
from ..codes import product_ids
from ..models import ALWAYS, PriceList, PriceRow
from . import staging

MAX_ROWS = 200_000
#: How many changed rows an entry of the history keeps with old and new price.
KEPT_CHANGES = 200
#: How many notices of one call are told.
MOST_WARNINGS = 100
#: How many of them are shown in words.
SHOWN_CHANGES = 10


@dataclass(frozen=True, slots=True)
class PriceInput:
    """A row for a price list. ``product`` is a product id or a code: a SKU, or ``ext:`` and the external key."""

    product: int | str
    min_quantity: Decimal
    unit_price: Decimal
    valid_from: date = ALWAYS
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class PricesSet:
    """What :func:`set_prices` did; ``problems`` carry the ``line`` (from 1) of the row they refuse.

    ``warnings``: what was written but looks like a mistake (``dearer_break``), with the line it belongs to.
    ``outcomes``: line → ``created``, ``changed`` or ``unchanged``, where they were asked for.
    """

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    problems: tuple[core.Problem, ...] = ()
    outcomes: Mapping[int, str] = field(default_factory=dict)
    warnings: tuple[core.Problem, ...] = ()


@transaction.atomic
def set_prices(
    *,
    actor: Any,
    price_list: PriceList,
    rows: Sequence[PriceInput],
    replace: bool = False,
    partial: bool = False,
    outcomes: bool = False,
    reference: str = "",
) -> PricesSet:
    """Add and change rows of a list with prices of its own; with ``replace`` the list is then exactly ``rows``.

    A row is known by product, minimum and first day; one that says what the list says is not touched. The new
    prices count from the next request. Side effects: one entry in the list's history and one event
    ``prices.changed``, when anything changed. About ten statements, however many rows.

    :raises Refusal: ``rows_invalid`` with a problem per row, and nothing is written; with ``partial`` the good
        rows are written and the problems returned. ``list_is_derived``. ``too_many_rows`` above 200,000.
    """
    _refuse_derived(price_list)
    if len(rows) > MAX_ROWS:
        raise _too_many()
    _lock(price_list)
    problems: dict[int, core.Problem] = {}
    with staging.staged(list(_stageable(rows, problems))):
        for line in staging.resolve():
            problems[line] = _problem("unknown_product", line, rows[line - 1])
        problems |= _divided(rows)
        staging.drop([line for line in problems])
        doubles = staging.doubles()
        problems |= {line: _problem("duplicate_row", line, rows[line - 1]) for line in doubles}
        staging.drop(doubles)
        if problems and not partial:
            raise _refused(problems)
        by_line = staging.outcomes(price_list.pk) if outcomes else {}
        done = _merge(actor, price_list, replace, reference)
        warnings = _warnings(price_list) if done[0] or done[1] else ()
    return PricesSet(*done, tuple(problems[line] for line in sorted(problems)), by_line, warnings)


@transaction.atomic
def remove_prices(*, actor: Any, price_list: PriceList, row_ids: Iterable[int]) -> int:
    """Delete rows of a list; answers how many there were. Safe to repeat. Audited with their prices."""
    _refuse_derived(price_list)
    _lock(price_list)
    rows = PriceRow.objects.filter(price_list=price_list, pk__in=list(row_ids))
    kept = rows.values_list("product__profile__sku", "min_quantity", "valid_from", "unit_price")
    old = [_change(*facts, None) for facts in kept.order_by("pk")[:KEPT_CHANGES]]
    removed, _by_model = rows.delete()
    if removed:
        _note(actor, price_list, "qudao.prices.removed", old, (0, 0, 0, removed), "")
    return removed


@transaction.atomic
def close_prices(
    *, actor: Any, price_list: PriceList, last_day: date, product_ids: Iterable[int] | None = None
) -> int:
    """Give rows that are valid beyond ``last_day`` this last day; rows that begin later are removed.

    For some products, or for the whole list. Answers how many rows that were. Audited.
    """
    _refuse_derived(price_list)
    _lock(price_list)
    rows = PriceRow.objects.filter(price_list=price_list)
    if product_ids is not None:
        rows = rows.filter(product_id__in=list(product_ids))
    removed, _by_model = rows.filter(valid_from__gt=last_day).delete()
    still = Q(valid_until=None) | Q(valid_until__gt=last_day)
    closed = rows.filter(still).update(valid_until=last_day, updated_at=timezone.now())
    if removed or closed:
        _note(actor, price_list, "qudao.prices.set", [], (0, closed, 0, removed), last_day.isoformat())
    return removed + closed


def _lock(price_list: PriceList) -> None:
    """Whoever writes rows of a list holds the list: two writers of the same rows wait for each other."""
    PriceList.objects.select_for_update().filter(pk=price_list.pk).first()


def _divided(rows: Sequence[PriceInput]) -> dict[int, core.Problem]:
    """Minimums that are no quantity of their product's unit: half a piece."""
    finite = (row.min_quantity for row in rows if row.min_quantity.is_finite())
    if not any(numbers.has_more_places(quantity, 0) for quantity in finite):
        return {}
    found = staging.divided()
    units = catalog.units_of(found.values())
    faults = {
        line: catalog.quantity_fault(rows[line - 1].min_quantity, units.get(pk, catalog.ANY_UNIT))
        for line, pk in found.items()
    }
    return {
        line: catalog.fraction_problem(code, units[found[line]], field="min_quantity", line=line)
        for line, code in faults.items()
        if code
    }


def _stageable(rows: Sequence[PriceInput], problems: dict[int, core.Problem]) -> Iterable[staging.Staged]:
    """The rows that may go in, as the staging table takes them; the others become problems."""
    problem_of = rules.row_problem
    for line, row in enumerate(rows, start=1):
        code = problem_of(row.min_quantity, row.unit_price, row.valid_from, row.valid_until)
        if code:
            problems[line] = _problem(code, line, row)
            continue
        names = _names(row.product)
        if names is None:
            problems[line] = _problem("unknown_product", line, row)
            continue
        yield (line, *names, row.min_quantity, row.unit_price, row.valid_from, row.valid_until)


def _names(product: int | str) -> tuple[int | None, str | None, str | None] | None:
    """What the staging table looks the product up by: id, SKU or external key."""
    found = catalog.read_code(product)
    if found is None:
        return None
    if found.kind == "barcode":
        return product_ids([product]).get(product), None, None
    if found.kind == "id":
        return found.id, None, None
    return (None, None, found.value) if found.kind == "ext" else (None, found.value, None)


def _warnings(price_list: PriceList) -> tuple[core.Problem, ...]:
    """Breaks that cost more than a smaller quantity: written as asked, and said."""
    found = staging.dearer_breaks(price_list.pk, MOST_WARNINGS)
    return tuple(_dearer(line, sku or "", *map(_number, figures)) for line, sku, *figures in found)


def _dearer(
    line: int, sku: str, start: Decimal, price: Decimal, lower: Decimal, below: Decimal
) -> core.Problem:
    figures = {
        "sku": sku,
        "from": catalog.figure(start),
        "price": numbers.format_number(price),
        "lower": catalog.figure(lower),
        "below": numbers.format_number(below),
    }
    message = _("%(sku)s from %(from)s costs %(price)s, more than the %(below)s from %(lower)s.") % figures
    remedy = _("Check the price: a larger quantity usually costs less.")
    params = {
        "sku": sku, "min_quantity": start, "unit_price": price, "lower_min_quantity": lower, "lower_price": below
    }  # fmt: skip
    return core.Problem("dearer_break", message, field="unit_price", line=line, remedy=remedy, params=params)


def _number(value: Any) -> Decimal:
    return Decimal(str(value))


def _merge(actor: Any, price_list: PriceList, replace: bool, reference: str) -> tuple[int, int, int, int]:
    created, changed, unchanged = staging.compare(price_list.pk)
    kept = _kept_changes(price_list.pk) if changed else []
    if created or changed:
        staging.merge(price_list.pk)
    removed = staging.remove_others(price_list.pk) if replace else 0
    done = (created, changed, unchanged, removed)
    if created or changed or removed:
        _note(actor, price_list, "qudao.prices.set", kept, done, reference)
    return done


def _kept_changes(list_id: int) -> list[dict[str, Any]]:
    found = staging.changes(list_id, KEPT_CHANGES)
    product = PriceRow._meta.get_field("product").related_model
    skus = dict(
        product._default_manager.filter(pk__in={row[0] for row in found}).values_list("pk", "profile__sku")
    )
    return [
        _change(skus.get(pk) or str(pk), minimum, start, old, new)
        for pk, minimum, start, old, new, _old_end, _new_end in found
    ]


def _change(sku: str, minimum: Any, start: Any, old: Any, new: Any) -> dict[str, Any]:
    """One changed row as the history keeps it; a price that is gone or unchanged reads as ``None``."""
    return {
        "sku": sku,
        "from": f"{Decimal(str(minimum)).normalize():f}",
        "start": str(start),
        "old": _text(old),
        "new": _text(new),
    }


def _text(price: Any) -> str | None:
    return None if price is None else str(Decimal(str(price)).quantize(rules.UNIT_PRICE_STEP))


def _note(
    actor: Any,
    price_list: PriceList,
    action: str,
    kept: list[dict[str, Any]],
    done: tuple[int, int, int, int],
    reference: str,
) -> None:
    counts = dict(zip(("created", "changed", "unchanged", "removed"), done, strict=True))
    shown = {
        f"{each['sku']} ≥ {each['from']}": [each["old"] or "", each["new"] or ""]
        for each in kept[:SHOWN_CHANGES]
    }
    touch(price_list, rows_removed=bool(counts["removed"]))
    data = {"note": reference, "counts": counts, "changes": shown, "rows": kept}
    core.record(actor=actor, instance=price_list, action=action, data=data)
    core.emit(
        "prices.changed",
        aggregate=f"price_list:{price_list.pk}",
        payload={"price_list": price_list.code, **counts},
    )


def touch(price_list: PriceList, *, rows_removed: bool = False) -> None:
    """Note a change of a list that is not in its own row: prices, percentages, assignments."""
    now = timezone.now()
    removed = {"rows_removed_at": now} if rows_removed else {}
    PriceList.objects.filter(pk=price_list.pk).update(updated_at=now, **removed)


def _problem(code: str, line: int, row: PriceInput) -> core.Problem:
    fields = {
        "unknown_product": ("product", _("Unknown product “%(product)s”.") % {"product": row.product}),
        "unit_price_invalid": ("unit_price", _("A unit price from 0 up, with at most 4 decimals.")),
        "quantity_invalid": ("min_quantity", _("A quantity above 0, with at most 3 decimals.")),
        "dates_invalid": ("valid_until", _("The last day is before the first.")),
        "duplicate_row": (
            "product",
            _("An earlier row has the same product, quantity and first day."),
        ),
    }
    field, message = fields[code]
    return core.Problem(code, message, field=field, line=line)


def _refused(problems: dict[int, core.Problem]) -> core.Refusal:
    return core.Refusal(
        "rows_invalid",
        _("Some rows are not valid; nothing was saved."),
        problems=[problems[line] for line in sorted(problems)],
        remedy=_("Correct the rows named and send all of them again."),
    )


def _too_many() -> core.Refusal:
    return core.Refusal(
        "too_many_rows",
        _("At most %(max)s rows at once.") % {"max": MAX_ROWS},
        remedy=_("Send them in smaller batches."),
        params={"max": MAX_ROWS},
        status=413,
    )


def _refuse_derived(price_list: PriceList) -> None:
    if price_list.kind != PriceList.Kind.ROWS:
        raise core.Refusal(
            "list_is_derived",
            _("This list derives its prices from another list; it has none of its own."),
            remedy=_("Change the percentages, or the prices of the list it derives from."),
        )
