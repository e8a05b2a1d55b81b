"""Change rows of a price list in a table that other people may have open too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from qudao_core import api as core
from qudao_core.numbers import rules as numbers

from ..models import PriceList, PriceRow
from .rows import PriceInput, PricesSet, remove_prices, set_prices


@dataclass(frozen=True, slots=True)
class PriceEdit:
    """What somebody wants of the row ``row_id``, and what was shown to them: ``seen`` is price and last day."""

    row_id: int
    seen: tuple[Decimal, date | None]
    unit_price: Decimal
    valid_until: date | None = None
    remove: bool = False

    @property
    def is_change(self) -> bool:
        return self.remove or (self.unit_price, self.valid_until) != self.seen


@transaction.atomic
def edit_prices(*, actor: Any, price_list: PriceList, edits: Sequence[PriceEdit]) -> PricesSet:
    """Change and remove rows of a table: only those that differ from what was shown, all of them or none.

    :raises Outdated: ``changed_meanwhile``: such a row says something else now, or is gone.
    :raises Refusal: as :func:`set_prices`. ``line`` counts ``edits`` from 1.
    """
    PriceList.objects.select_for_update().filter(pk=price_list.pk).first()
    changes = {line: edit for line, edit in enumerate(edits, start=1) if edit.is_change}
    wanted = [edit.row_id for edit in changes.values()]
    rows = {row.pk: row for row in PriceRow.objects.filter(price_list=price_list, pk__in=wanted)}
    _refuse_outdated(changes, rows)
    kept = {line: edit for line, edit in changes.items() if not edit.remove}
    gone = [edit.row_id for edit in changes.values() if edit.remove]
    try:
        done = set_prices(
            actor=actor,
            price_list=price_list,
            rows=[_input(rows[edit.row_id], edit) for edit in kept.values()],
        )
    except core.Refusal as refusal:
        raise _renumbered(refusal, list(kept)) from refusal
    removed = remove_prices(actor=actor, price_list=price_list, row_ids=gone)
    return replace(done, removed=removed)


def _input(row: PriceRow, edit: PriceEdit) -> PriceInput:
    return PriceInput(row.product_id, row.min_quantity, edit.unit_price, row.valid_from, edit.valid_until)


def _refuse_outdated(changes: Mapping[int, PriceEdit], rows: Mapping[int, PriceRow]) -> None:
    problems = []
    for line, edit in changes.items():
        row = rows.get(edit.row_id)
        if row is None or (row.unit_price, row.valid_until) != edit.seen:
            message = _("This price has been removed meanwhile.") if row is None else _said(row)
            problems.append(core.Problem("changed_meanwhile", message, field="unit_price", line=line))
    if problems:
        raise core.Outdated(
            "changed_meanwhile",
            _("Someone else has changed prices that you also changed; nothing was saved."),
            remedy=_("Check the rows marked below and save again."),
            problems=problems,
        )


def _said(row: PriceRow) -> str:
    price = numbers.format_number(row.unit_price)
    if row.valid_until is None:
        return _("Someone else has set %(price)s in the meantime.") % {"price": price}
    said = _("Someone else has set %(price)s until %(day)s in the meantime.")
    return said % {"price": price, "day": row.valid_until.isoformat()}


def _renumbered(refusal: core.Refusal, lines: Sequence[int]) -> core.Refusal:
    """The refusal of a part of the rows, with the lines of the whole."""
    problems = [
        replace(problem, line=lines[problem.line - 1]) if problem.line else problem
        for problem in refusal.problems
    ]
    return core.Refusal(
        refusal.code, refusal.message, problems=problems, remedy=refusal.problem.remedy, status=refusal.status
    )
