"""Price rows as the API receives them: read by hand, because ten thousand must take no time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from qudao_catalog import api as catalog
from qudao_core import api as core
from qudao_core.numbers import messages
from qudao_core.numbers import rules as numbers

from .codes import EXTERNAL
from .models import ALWAYS
from .services import PriceInput

ONE = Decimal(1)
FIELDS = frozenset(
    {
        "product",
        "sku",
        "product_id",
        "external_key",
        "min_quantity",
        "unit_price",
        "valid_from",
        "valid_until",
    }
)


@dataclass(frozen=True, slots=True)
class RowsGiven:
    """A bulk request that could be read."""

    rows: list[PriceInput]
    replace: bool
    partial: bool
    reference: str


def read_rows(body: Any) -> RowsGiven:
    """The rows and options of a bulk request.

    :raises Refusal: 400 ``invalid`` with a problem per value of the wrong shape.
    """
    if not isinstance(body, dict) or not isinstance(body.get("rows"), list):
        raise _invalid([core.Problem("invalid", _("Send an object with a list of rows."), field="rows")])
    problems = [
        core.Problem("invalid", _("True or false."), field=name)
        for name in ("replace", "partial")
        if not isinstance(body.get(name, False), bool)
    ]
    reference = body.get("reference", "")
    if not isinstance(reference, str) or len(reference) > 80:
        problems.append(core.Problem("invalid", _("A text of at most 80 characters."), field="reference"))
    rows: list[PriceInput] = []
    for number, raw in enumerate(body["rows"]):
        try:
            rows.append(_row(raw))
        except _Unreadable as error:
            field = f"rows.{number}.{error.field}" if error.field else f"rows.{number}"
            problems.append(core.Problem(error.code, error.message, field=field, line=number + 1))
    if problems:
        raise _invalid(problems)
    return RowsGiven(rows, body.get("replace", False), body.get("partial", False), reference)


class _Unreadable(Exception):
    def __init__(self, field: str, message: str, code: str = "invalid") -> None:
        self.field, self.message, self.code = field, message, code


def _row(raw: Any) -> PriceInput:
    if not isinstance(raw, dict):
        raise _Unreadable("", _("Each row must be an object."))
    if not raw.keys() <= FIELDS:
        raise _Unreadable(sorted(raw.keys() - FIELDS)[0], _("There is no such field."))
    minimum, start, end = raw.get("min_quantity"), raw.get("valid_from"), raw.get("valid_until")
    return PriceInput(
        _product(raw),
        ONE if minimum is None else _number(minimum, "min_quantity"),
        _number(raw.get("unit_price"), "unit_price"),
        ALWAYS if start is None else _day(start, "valid_from"),
        None if end is None else _day(end, "valid_until"),
    )


def _product(raw: dict[str, Any]) -> int | str:
    key = raw.get("external_key")
    formerly = (raw.get("sku"), raw.get("product_id"), f"{EXTERNAL}{key}" if key else None)
    named = raw.get("product")
    if named is None:
        named = next((name for name in formerly if name not in (None, "")), None)
    if named is None:
        raise _Unreadable("product", _("Specify one product in the field “product”."))
    is_text = raw.get("product") is None and named is not raw.get("product_id")
    if catalog.read_code(named) is None or (is_text and not isinstance(named, str)):
        raise _Unreadable("product", _("Use a SKU, ext:KEY or an id."))
    return named.strip() if isinstance(named, str) else int(named)


def _number(value: Any, field: str) -> Decimal:
    """Numbers may come as texts or as JSON numbers, which are read as they are written."""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        try:
            return numbers.read_number(str(value), numbers.PROGRAM)
        except numbers.NumberError as error:
            if error.code == numbers.AMBIGUOUS:
                raise _Unreadable(field, messages.error_message(error), error.code) from error
    raise _Unreadable(field, _("A number such as 12.5."))


def _day(value: Any, field: str) -> date:
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise _Unreadable(field, _("A day such as 2026-12-31."))


def _invalid(problems: list[core.Problem]) -> core.Refusal:
    return core.Refusal("invalid", _("Some values are not valid."), problems=problems, status=400)
