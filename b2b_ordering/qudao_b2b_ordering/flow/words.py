"""Who does a step, in words. The roles are the portal's; the names are the same in both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from qudao_core import api as core

from .rules import DEFAULT

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


DEFAULT_NAMES: dict[str, Sequence[str]] = {step.code: (step.name, step.name_zh) for step in DEFAULT.steps}


def history_words(
    name: str, before: str, after: str, names: Mapping[str, Sequence[str]] = DEFAULT_NAMES
) -> tuple[str, list[str]]:
    """A figure of a published flow as its history shows it; see ``services.publish`` for what is kept.

    ``names``: code of a step → the names it had then, in English and in Chinese.
    """
    if name == "steps":
        walks = [[_step(code, names) for code in text.split(" → ")] for text in (before, after)]
        return str(FIGURES[name]), [core.join_list(walk) for walk in walks]
    return str(FIGURES.get(name) or _step(name, names)), [_figure(before), _figure(after)]


def _step(code: str, names: Mapping[str, Sequence[str]]) -> str:
    """A step by the name it had; by the standard step's, or its code, where that was not kept."""
    name, name_zh = names.get(code) or DEFAULT_NAMES.get(code) or (code, "")
    return name_zh if name_zh and (get_language() or "").startswith("zh") else name


def _figure(text: str) -> str:
    return " · ".join(_part(part) for part in text.split(" · ")) if text else ""


def _part(part: str) -> str:
    side, slash, role = part.partition("/")
    if slash and role in ROLE_LABELS:
        return core.with_label(WHEN.get(side, side), role_label(role))
    hours = part.removesuffix(" h")
    if hours != part and hours.isdigit():
        return ngettext("%(hours)s hour", "%(hours)s hours", int(hours)) % {"hours": hours}
    return str(WHEN.get(part, part))


def role_label(role: str) -> str:
    return str(ROLE_LABELS.get(role, role))


def role_at(role: str, company: object) -> str:
    """The role and whose it is: ``Buyer, Lakeside``, ``湖畔 · 采购员``."""
    return gettext("%(role)s, %(company)s") % {"role": role_label(role), "company": company}
