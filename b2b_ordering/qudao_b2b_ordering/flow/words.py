"""Who does a step, in words. The roles are the portal's; the names are the same in both."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

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


def role_at(role: str, company: object) -> str:
    """The role and whose it is: ``Buyer, Lakeside``, ``湖畔 · 采购员``."""
    return gettext("%(role)s, %(company)s") % {"role": role_label(role), "company": company}
