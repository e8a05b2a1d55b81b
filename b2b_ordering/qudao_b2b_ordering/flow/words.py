"""Who does a step, in words. The roles are the portal's; the names are the same in both."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from qudao_partner_portal import api as portal

from .rules import APPROVAL, BAR, DEFAULT, SELLER, Step

ROLE_LABELS: dict[str, Promise] = {
    "admin": _("Administrator"),
    "buyer": pgettext_lazy("role", "Buyer"),
    "approver": _("Approver"),
    "finance": _("Finance"),
    "sales": _("Sales"),
    "warehouse": _("Warehouse"),
}


FIGURES: dict[str, Promise] = {
    "allocate_on": _("Stock is allocated"),
    "buyer_may_cancel_until": _("The buyer may cancel until"),
    "auto_receive_days": _("Receipt assumed after (days)"),
    "steps": _("Steps"),
}
WHEN: dict[str, Promise] = {
    "submission": _("when submitted"),
    "approval": _("when approved"),
    "shipment": _("when shipped"),
    "release": _("when released"),
    "on": _("on"),
    "off": _("off"),
    "over credit": _("over credit"),
    "seller": _("Seller"),
    "buyer": pgettext_lazy("side", "Buyer"),
}


def history_words(name: str, before: str, after: str) -> tuple[str, list[str]]:
    """A figure of a published flow as its history shows it; see ``services.publish`` for what is kept."""
    if name == "steps":
        return str(FIGURES[name]), [" → ".join(map(_step, text.split(" → "))) for text in (before, after)]
    return str(FIGURES.get(name) or _step(name)), [_figure(before), _figure(after)]


def _step(reference: str) -> str:
    """The name a step had when it was published; see ``rules.step_reference``."""
    code, name, name_zh = (*reference.split(BAR), "", "")[:3]
    if name:
        return Step(code, name, APPROVAL, SELLER, "", name_zh=name_zh).label(get_language() or "en")
    standard = next((step for step in DEFAULT.steps if step.code == code), None)
    return standard.label(get_language() or "en") if standard else code


def _figure(text: str) -> str:
    return " · ".join(_part(part) for part in text.split(" · ")) if text else ""


def _part(part: str) -> str:
    side, slash, role = part.partition("/")
    if slash and role in ROLE_LABELS:
        return portal.labelled(WHEN.get(side, side), role_label(role))
    hours = part.removesuffix(" h")
    if hours != part and hours.isdigit():
        return ngettext("%(hours)s hour", "%(hours)s hours", int(hours)) % {"hours": hours}
    return str(WHEN.get(part, part))


def role_label(role: str) -> str:
    return str(ROLE_LABELS.get(role, role))


def role_at(role: str, company: object) -> str:
    """The role and whose it is: ``Buyer, Lakeside``, ``湖畔 · 采购员``."""
    return gettext("%(role)s, %(company)s") % {"role": role_label(role), "company": company}
