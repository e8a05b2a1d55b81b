"""What quantity issues and product states say to people."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from qudao_partner_portal import api as portal

from . import rules
from .rules import ProductFacts, QuantityIssue

MESSAGES: dict[str, Promise | str] = {
    "quantity_not_positive": _("Enter a quantity above zero."),
    "quantity_fractional": _("This product is sold in whole {unit}: no fractions."),
    "quantity_decimals": _("At most {decimals} decimals."),
    "below_minimum": _("The minimum is {minimum} {unit}."),
    "off_pack": _("Sold in packs of {pack} {unit}; the next is {nearest}."),
    "above_maximum": _("At most {maximum} {unit} per line."),
    "quantity_unreadable": _(
        "“{text}” is not a quantity. Enter a number, or a number of packs such as “3 ctn”."
    ),
    "quantity_unit_unknown": _("“{word}” is not a unit of this product. It is sold by {unit}."),
    "quantity_too_large": _("“{text}” is too large."),
}


def quantity_problem(
    facts: ProductFacts, issue: QuantityIssue, *, field: str | None = "quantity", line: int | None = None
) -> portal.Problem:
    """``issue`` in the reader's words, with the figures for machines in ``params``."""
    code = issue.code
    template = MESSAGES[
        "quantity_decimals" if code == "quantity_fractional" and facts.unit_decimals else code
    ]
    words: dict[str, Any] = {key: _shown(value) for key, value in issue.params.items()}
    words["unit"] = facts.unit_name(get_language() or "en")
    return portal.Problem(code, format_lazy(template, **words), field=field, line=line, params=issue.params)


def status_problem(facts: ProductFacts) -> portal.Problem | None:
    """Why the product's state keeps it from being ordered at all; ``None`` when it does not.

    A discontinued product is sold while stock lasts, so it is no problem here.
    """
    if facts.status == rules.ANNOUNCED:
        return portal.Problem("not_yet_available", _("Announced: it cannot be ordered yet."), field="sku")
    return None


def _shown(value: object) -> object:
    return format(value, "f") if hasattr(value, "normalize") else value
