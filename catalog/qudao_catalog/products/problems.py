"""What quantity issues and product states say to people."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core

from .. import product_facts
from ..measures import UnitFacts, unit_form
from ..product_facts import ProductFacts
from .rules import QuantityIssue

MESSAGES: dict[str, Promise | str] = {
    "quantity_not_positive": _("Enter a quantity above zero."),
    "quantity_fractional": _("This product is counted in whole {unit}."),
    "quantity_decimals": _("At most {decimals} decimal places."),
    "below_minimum": _("The minimum is {minimum} {unit}."),
    "off_pack": _("Sold in packs of {pack} {unit}; the next is {nearest}."),
    "above_maximum": _("At most {maximum} {unit} per line."),
    "quantity_unreadable": _(
        "“{text}” is not a quantity. Enter a number, or a number of packs such as “3 ctn”."
    ),
    "quantity_missing": _("Enter a quantity."),
    "quantity_ambiguous": _("“{text}” could mean {one} or {other}. Enter the one you mean."),
    "quantity_unit_unknown": _("“{word}” is not a unit of this product. It is sold in {unit}."),
    "quantity_too_large": _("“{text}” is too large."),
}


def quantity_problem(
    facts: ProductFacts, issue: QuantityIssue, *, field: str | None = "quantity", line: int | None = None
) -> core.Problem:
    """``issue`` in the reader's words, with the figures for machines in ``params``."""
    code = issue.code
    template = MESSAGES[_key(issue, facts)]
    words: dict[str, Any] = {key: _shown(value) for key, value in issue.params.items()}
    words["unit"] = unit_form(facts.unit_name(get_language() or "en"), _counted(issue))
    return core.Problem(code, format_lazy(template, **words), field=field, line=line, params=issue.params)


def _key(issue: QuantityIssue, facts: ProductFacts) -> str:
    """Which message says it: an empty field is asked for, not quoted."""
    if issue.code == "quantity_unreadable" and not issue.params.get("text"):
        return "quantity_missing"
    return "quantity_decimals" if issue.code == "quantity_fractional" and facts.unit_decimals else issue.code


def fraction_problem(
    code: str, unit: UnitFacts, *, field: str | None = "quantity", line: int | None = None
) -> core.Problem:
    """Why a number is no :class:`Quantity` of ``unit``: said in the same words wherever it is tried."""
    key = "quantity_decimals" if code == "quantity_fractional" and unit.decimals else code
    words = {"unit": unit_form(unit.label(get_language() or "en"), None), "decimals": unit.decimals}
    message = _("The quantity is too large.") if code == "quantity_too_large" else MESSAGES[key]
    if code == "quantity_unreadable":
        message = _("This is not a quantity.")
    return core.Problem(
        code,
        format_lazy(message, **words),
        field=field,
        line=line,
        remedy=_("Round the quantity up or down."),
        params={"decimals": unit.decimals},
    )


def _counted(issue: QuantityIssue) -> Decimal | None:
    """The number in front of the unit."""
    found = (issue.params.get(name) for name in ("minimum", "pack", "maximum"))
    return next((number for number in found if isinstance(number, Decimal)), None)


def status_problem(facts: ProductFacts) -> core.Problem | None:
    """Why the product's state keeps it from being ordered at all; ``None`` when it does not.

    A discontinued product is sold while stock lasts, so it is no problem here.
    """
    if facts.status == product_facts.ANNOUNCED:
        return core.Problem("not_yet_available", _("Announced: it cannot be ordered yet."), field="sku")
    return None


def _shown(value: object) -> object:
    return format(value, "f") if hasattr(value, "normalize") else value
