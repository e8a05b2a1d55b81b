"""Create and change price lists, their percentages and whom they are assigned to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core
from qudao_partner_portal import api as portal

from .. import rules
from ..models import PriceList, PriceListAssignment, PriceListLine, PriceRow
from ..queries.books import FACT, read_book
from .rows import touch

#: Fields that :func:`change_list` may change; seller and currency are settled when a list is made.
CHANGEABLE = (
    "name",
    "name_zh",
    "base",
    "percent",
    "rounding",
    "rounding_step",
    "valid_from",
    "valid_until",
    "is_active",
)
#: (audience key, priority)
Assignment = tuple[str, int]


@transaction.atomic
def create_list(
    *,
    actor: Any,
    seller_id: int,
    code: str,
    name: str,
    currency: str = "CNY",
    base: PriceList | None = None,
    **fields: Any,
) -> PriceList:
    """A new list of a seller: with prices of its own, or derived when ``base`` is given. Audited.

    :raises Refusal: ``code_taken``, ``code_invalid``, and those of :func:`change_list`.
    """
    _refuse_code(code)
    created = PriceList(
        seller_id=seller_id,
        code=code,
        name=name.strip(),
        currency=currency,
        base=base,
        kind=PriceList.Kind.DERIVED if base else PriceList.Kind.ROWS,
    )
    _set(created, fields)
    _check(created)
    created.save()
    core.record(actor=actor, instance=created, action="qudao.price_list.created")
    return created


@transaction.atomic
def change_list(*, actor: Any, price_list: PriceList, **fields: Any) -> PriceList:
    """Change a list's name, validity, base, percentage or rounding; it counts from the next request. Audited.

    :raises Refusal: ``name_required``, ``dates_invalid``, ``currency_invalid``, ``percent_invalid``,
        ``rounding_step_invalid``, ``base_required``, ``base_of_other_seller``, ``base_other_currency``,
        ``price_list_cycle``, ``price_list_too_deep``.
    """
    held = PriceList.objects.select_for_update().get(pk=price_list.pk)
    before = {name: getattr(held, name) for name in CHANGEABLE}
    _set(held, fields)
    _check(held)
    changes = core.differences(before, {name: getattr(held, name) for name in CHANGEABLE})
    if changes:
        held.save()
        _record(actor, held, "qudao.price_list.changed", changes)
    return held


@transaction.atomic
def set_percents(
    *, actor: Any, price_list: PriceList, percents: Mapping[int, Decimal], percent: Decimal | None = None
) -> None:
    """Replace a derived list's percentages: ``percents`` by product line id, ``percent`` for everything else.

    Audited. Takes effect at the next request.

    :raises Refusal: ``list_has_rows``, ``percent_invalid``.
    """
    held = PriceList.objects.select_for_update().get(pk=price_list.pk)
    if held.kind != PriceList.Kind.DERIVED:
        raise core.Refusal("list_has_rows", _("Only a derived list has percentages."))
    for each in (*percents.values(), *([percent] if percent is not None else [])):
        _check_percent(each)
    before = dict(held.line_percents.values_list("line_id", "percent"))
    if percent is not None and percent != held.percent:
        change_list(actor=actor, price_list=held, percent=percent)
    if before == dict(percents):
        return
    held.line_percents.all().delete()
    rows = [
        PriceListLine(price_list=held, line_id=line_id, percent=each) for line_id, each in percents.items()
    ]
    PriceListLine.objects.bulk_create(rows)
    core.bump(FACT)
    touch(held)
    changes = core.differences(_named(before), _named(dict.fromkeys(before, "") | dict(percents)))
    _record(actor, held, "qudao.price_list.percents", changes)


@transaction.atomic
def assign(*, actor: Any, price_list: PriceList, audience_key: str, priority: int = 0) -> PriceListAssignment:
    """Mean a list for an audience (again: with another priority). Audited; counts from the next request.

    :raises Refusal: ``unknown_audience``, ``priority_invalid``.
    """
    _check_assignments([(audience_key, priority)])
    found = PriceListAssignment.objects.filter(price_list=price_list, audience_key=audience_key).first()
    before = "" if found is None else str(found.priority)
    if found is None or found.priority != priority:
        found = found or PriceListAssignment(price_list=price_list, audience_key=audience_key)
        found.priority = priority
        found.save()
        _record(actor, price_list, "qudao.price_list.assigned", {audience_key: [before, str(priority)]})
    return found


@transaction.atomic
def unassign(*, actor: Any, price_list: PriceList, audience_key: str) -> None:
    """A list is no longer meant for an audience. Audited. Safe to repeat."""
    found = PriceListAssignment.objects.filter(price_list=price_list, audience_key=audience_key).first()
    if found is not None:
        found.delete()
        changes = {audience_key: [str(found.priority), ""]}
        _record(actor, price_list, "qudao.price_list.unassigned", changes)


@transaction.atomic
def set_assignments(*, actor: Any, price_list: PriceList, assignments: Sequence[Assignment]) -> None:
    """Let the list be meant for exactly these audiences. One entry in the history.

    :raises Refusal: ``unknown_audience``, ``priority_invalid``.
    """
    wanted = dict(assignments)
    _check_assignments(list(wanted.items()))
    before = dict(price_list.assignments.values_list("audience_key", "priority"))
    if before == wanted:
        return
    gone = [key for key in before if key not in wanted]
    price_list.assignments.filter(audience_key__in=gone).delete()
    PriceListAssignment.objects.bulk_create(
        [
            PriceListAssignment(price_list=price_list, audience_key=key, priority=priority)
            for key, priority in sorted(wanted.items())
            if before.get(key) != priority
        ],
        update_conflicts=True,
        unique_fields=["price_list", "audience_key"],
        update_fields=["priority"],
    )
    core.bump(FACT)
    touch(price_list)
    every = dict.fromkeys([*before, *wanted], "")
    changes = core.differences(every | before, every | wanted)
    _record(actor, price_list, "qudao.price_list.assigned", changes)


@transaction.atomic
def copy_list(*, actor: Any, price_list: PriceList, code: str, name: str, **fields: Any) -> PriceList:
    """A copy with the same rows or percentages, meant for nobody yet: the start of next year's list. Audited.

    One statement copies the rows, however many.

    :raises Refusal: as :func:`create_list`.
    """
    settings = {
        each: getattr(price_list, each) for each in CHANGEABLE if each not in ("name", "name_zh", "base")
    }
    created = create_list(
        actor=actor,
        seller_id=price_list.seller_id,
        code=code,
        name=name,
        currency=price_list.currency,
        base=price_list.base,
        **(settings | fields),
    )
    rows = price_list.line_percents.values_list("line_id", "percent")
    PriceListLine.objects.bulk_create(
        [PriceListLine(price_list=created, line_id=line_id, percent=percent) for line_id, percent in rows]
    )
    copied = _copy_rows(price_list.pk, created.pk)
    core.bump(FACT)
    note = {"note": f"{price_list.code} ({copied})"}
    core.record(actor=actor, instance=created, action="qudao.price_list.copied", data=note)
    return created


@transaction.atomic
def delete_list(*, actor: Any, price_list: PriceList) -> None:
    """Delete a list with its rows and assignments. Its history stays in the audit log.

    :raises Conflict: ``list_has_derived``: other lists derive from it.
    """
    derived = list(price_list.derived.values_list("code", flat=True)[:5])
    if derived:
        raise core.Conflict(
            "list_has_derived",
            _("Other lists derive from it: %(codes)s.") % {"codes": core.join_list(derived)},
            remedy=_("Give them another base first, or switch this list off."),
            params={"lists": derived},
        )
    core.record(actor=actor, instance=price_list, action="qudao.price_list.deleted")
    price_list.delete()


def _copy_rows(source_id: int, target_id: int) -> int:
    rows = f'"{PriceRow._meta.db_table}"'
    columns = "product_id, min_quantity, unit_price, valid_from, valid_until"
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {rows} (price_list_id, updated_at, {columns})"
            f" SELECT %s, %s, {columns} FROM {rows} WHERE price_list_id = %s",
            [
                target_id,
                transaction.get_connection().ops.adapt_datetimefield_value(timezone.now()),
                source_id,
            ],
        )
        return int(cursor.rowcount)


def _set(price_list: PriceList, fields: Mapping[str, Any]) -> None:
    unknown = set(fields) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"A price list's {', '.join(sorted(unknown))} cannot be set.")
    for name, value in fields.items():
        setattr(price_list, name, value.strip() if name in ("name", "name_zh") else value)


def _check(price_list: PriceList) -> None:
    """Every rule a list must meet by itself and together with its base."""
    if not price_list.name:
        raise core.Refusal("name_required", _("Give the list a name."), field="name")
    if not (
        len(price_list.currency) == 3 and price_list.currency.isalpha() and price_list.currency.isupper()
    ):
        raise core.Refusal(
            "currency_invalid", _("A currency is three capital letters, such as CNY."), field="currency"
        )
    if price_list.valid_until is not None and price_list.valid_until < price_list.valid_from:
        raise core.Refusal("dates_invalid", _("The last day is before the first."), field="valid_until")
    if price_list.kind == PriceList.Kind.DERIVED:
        _check_percent(price_list.percent)
        _check_rounding(price_list)
        _check_base(price_list)
    elif price_list.base_id is not None:
        raise core.Refusal(
            "list_has_rows", _("A list with its own prices cannot have a base list."), field="base"
        )


def _check_percent(percent: Decimal) -> None:
    if not (percent.is_finite() and -100 <= percent < 1000 and percent == round(percent, 4)):
        raise core.Refusal(
            "percent_invalid",
            _("A percentage from -100 up, with at most 4 decimals."),
            field="percent",
        )


def _check_rounding(price_list: PriceList) -> None:
    step = price_list.rounding_step
    if price_list.rounding not in PriceList.Rounding.values:
        raise core.Refusal("rounding_invalid", _("Round half up, up, or down."), field="rounding")
    if not (step.is_finite() and step > 0 and step % rules.UNIT_PRICE_STEP == 0):
        raise core.Refusal(
            "rounding_step_invalid", _("Round to a multiple of 0.0001."), field="rounding_step"
        )


def _check_base(price_list: PriceList) -> None:
    base = price_list.base
    if base is None:
        raise core.Refusal("base_required", _("Choose the list it derives from."), field="base")
    if base.seller_id != price_list.seller_id:
        raise core.Refusal("base_of_other_seller", _("The base belongs to another seller."), field="base")
    if base.currency != price_list.currency:
        raise core.Refusal("base_other_currency", _("The base is in another currency."), field="base")
    code = rules.chain_problem(read_book(price_list.seller_id).heads, price_list.pk, base.pk)
    if code == "price_list_cycle":
        raise core.Refusal("price_list_cycle", _("The list would derive from itself."), field="base")
    if code:
        raise core.Refusal(
            "price_list_too_deep",
            _("There can be at most %(max)s lists between a derived list and its prices.")
            % {"max": rules.MAX_DEPTH},
            field="base",
            params={"max": rules.MAX_DEPTH},
        )


def _refuse_code(code: str) -> None:
    if not code or len(code) > 60 or slugify(code) != code.lower():
        raise core.Refusal(
            "code_invalid", _("A code of letters, digits and hyphens, at most 60."), field="code"
        )
    if PriceList.objects.filter(code=code).exists():
        raise core.Conflict("code_taken", _("This code is taken. Choose another."), field="code")


def _check_assignments(assignments: Sequence[Assignment]) -> None:
    unknown = portal.unknown_keys([key for key, _priority in assignments])
    if unknown:
        raise core.Refusal(
            "unknown_audience",
            _("“%(key)s” matches no audience.") % {"key": unknown[0]},
            field="audience_key",
            params={"keys": unknown},
        )
    if any(not -32768 <= priority <= 32767 for _key, priority in assignments):
        raise core.Refusal("priority_invalid", _("A whole number up to 32767."), field="priority")


def _named(percents: Mapping[int, Any]) -> dict[str, Any]:
    """Percentages under the codes of their product lines, for people who read the history."""
    line = PriceListLine._meta.get_field("line").related_model
    codes = dict(line._default_manager.filter(pk__in=percents).values_list("pk", "code"))
    return {codes.get(pk, str(pk)): value for pk, value in percents.items()}


def _record(actor: Any, price_list: PriceList, action: str, changes: dict[str, list[str]]) -> None:
    core.record(actor=actor, instance=price_list, action=action, data={"changes": changes})
