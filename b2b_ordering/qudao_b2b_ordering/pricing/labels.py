"""What people read about prices: outcomes of an explanation, problems with rows."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from qudao_partner_portal import api as portal

from . import rules

#: Outcome → (state of the theme's badge, words).
_STATES = {
    "decides": "ok",
    "below_first_break": "warn",
    "later": "neutral",
    "no_price": "neutral",
    "no_price_on_date": "neutral",
}


def outcome_label(outcome: str) -> str:
    """Why a list decided or lost, in a sentence."""
    words = {
        "decides": _("Sets the price."),
        "below_first_break": _("Takes precedence, but has a price only for larger quantities."),
        "later": _("Also has a price, but ranks below the list that sets it."),
        "no_price": _("Has no price for this product."),
        "no_price_on_date": _("Has prices for this product, but none valid on this day."),
        "not_yet_valid": _("Is not valid yet."),
        "expired": _("Is no longer valid."),
        "inactive": _("Is inactive."),
        "base_not_in_force": _("Derives from a list that is not in effect."),
        "other_currency": _("Is in another currency."),
        "not_assigned": _("Does not apply to this company."),
    }
    return words.get(outcome, outcome)


def explanation_rows(found: rules.Explanation, language: str) -> list[dict[str, Any]]:
    """The considered lists as rows of a table: name, for whom, what it says, why."""
    labels = portal.audience_labels(
        [each.audience_key for each in found.considered if each.audience_key], language
    )
    return [
        {
            "name": each.list_name,
            "code": each.list_code,
            "audience": labels.get(each.audience_key, each.audience_key) or "–",
            "unit_price": each.unit_price,
            "from_quantity": each.from_quantity,
            "decides": each.outcome in ("decides", rules.BELOW_FIRST_BREAK),
            "state": _STATES.get(each.outcome, "neutral"),
            "outcome": each.outcome,
            "why": outcome_label(each.outcome),
        }
        for each in found.considered
    ]
