"""Why a product is seen or not, as the back office shows it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from . import rules
from .explain import Explanation, Reason


def reason_rows(explanation: Explanation) -> list[dict[str, Any]]:
    """A row for each assortment that covers the product, in words."""
    return [
        {
            "name": each.name,
            "code": each.code,
            "effect": _("Deny") if each.effect == rules.DENY else _("Grant"),
            "matched_by": _matched_by(each),
            "audience": ", ".join(each.audience),
            "counts_today": each.counts_today,
            "applies": each.applies,
        }
        for each in explanation.reasons
    ]


def _matched_by(reason: Reason) -> str:
    words = {
        "all": _("all products"),
        "line": _("product line %(name)s"),
        "category": _("category %(name)s"),
        "product": _("product %(name)s"),
    }
    return words[reason.via] % {"name": reason.what}
