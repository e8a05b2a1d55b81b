"""How codes of the portal read in the audit log: audiences, tiers, territories, roles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.apps import apps
from qudao_core import hooks

from .queries import audience_labels

#: Fields that hold audience keys, in every plugin.
AUDIENCES = ("audience", "audiences", "audience_key", "audience_keys")
#: Fields that hold codes, and whose: their names are read when somebody looks.
CODES = {"tier": "qudao_partner_portal.Tier", "territories": "qudao_partner_portal.Territory"}


def connect() -> None:
    for name in AUDIENCES:
        hooks.audit_value_labels.register(name, audience_labels)
    for name, label in CODES.items():
        hooks.audit_value_labels.register(name, _VALUE_NAMES[label])
    hooks.audit_value_labels.register("roles", _role_labels)


def _names(label: str, codes: Sequence[str], language: str) -> Mapping[str, str]:
    """Code → name in the reader's language; what is gone keeps its code."""
    rows = apps.get_model(label)._default_manager.filter(code__in=codes)
    found = rows.values_list("code", "name", "name_zh")
    is_chinese = language.startswith("zh")
    return {code: name_zh if is_chinese and name_zh else name for code, name, name_zh in found}


_VALUE_NAMES: Mapping[str, Callable[[Sequence[str], str], Mapping[str, str]]] = {
    label: partial(_names, label) for label in CODES.values()
}


def _role_labels(values: Sequence[str], language: str) -> Mapping[str, Any]:
    return {code: label for code in values if (label := hooks.roles.get(code))}
