"""Who does a step, in words. The roles are the portal's; the names are the same in both."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ROLE_LABELS: dict[str, Promise] = {
    "admin": _("Administrator"),
    "buyer": pgettext_lazy("role", "Buyer"),
    "approver": _("Approver"),
    "finance": _("Finance"),
    "sales": _("Sales"),
    "warehouse": _("Warehouse"),
}


def role_label(role: str) -> str:
    return str(ROLE_LABELS.get(role, role))
