"""What changed, in the reader's words: fields, choices, audiences and yes or no are kept by their names in the code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.translation import get_language, gettext

from ..audience.queries import audience_labels
from ..hooks import audit_words
from ..people.models import Role
from ..wording import labelled, listed
from .rules import details

#: Keys without a value.
FIXED = frozenset({"everyone", "members", "guests"})
#: Fields that hold codes, and whose: their names are read when somebody looks.
CODES = {"tier": "qudao_partner_portal.Tier", "territories": "qudao_partner_portal.Territory"}
#: Fields that hold audience keys, in every plugin.
AUDIENCES = frozenset({"audience", "audiences", "audience_key", "audience_keys"})


def details_in_words(data: Mapping[str, Any], model: type[Model] | None) -> str:
    """The figures of an entry about a ``model`` in one line; names without a translation stay as they are.

    A model whose figures are not its fields says itself how they read (``hooks.audit_words``).
    """
    changes = data.get("changes") or {}
    own = audit_words.get(model._meta.label_lower) if model else None
    data = {**data, "counted": counted(data.get("counts") or {})}
    if own is not None:
        names = {"names": data["names"]} if data.get("names") else {}
        return details(
            {**data, "changes": dict(own(name, *pair, **names) for name, pair in changes.items())}, labelled
        )
    said = {
        _label(model, name): [_value(model, name, text) for text in pair] for name, pair in changes.items()
    }
    return details({**data, "changes": said}, labelled)


def counted(counts: Mapping[str, Any]) -> str:
    """``{"created": 2, "changed": 0, "rejected": 1}`` → ``2 created, 1 rejected``."""
    words = {
        "created": gettext("%(count)s created"),
        "changed": gettext("%(count)s changed"),
        "unchanged": gettext("%(count)s unchanged"),
        "removed": gettext("%(count)s removed"),
        "rejected": gettext("%(count)s rejected"),
        "restored": gettext("%(count)s restored"),
        "recreated": gettext("%(count)s added again"),
    }
    return listed(text % {"count": f"{counts[name]:,}"} for name, text in words.items() if counts.get(name))


def _label(model: type[Model] | None, name: str) -> str:
    if _is_key(name):
        return audience_labels([name], get_language() or "en").get(name, name)
    text = name.replace("_", " ")
    said = gettext(text)
    if said != text:
        return said
    try:
        return str(model._meta.get_field(name).verbose_name) if model else name  # type: ignore[union-attr]
    except (FieldDoesNotExist, AttributeError):
        return name


def _is_key(name: str) -> bool:
    """Whether a figure is told by audience (a priority, say): its name is then the audience's key."""
    return ":" in name or name in FIXED


def _value(model: type[Model] | None, name: str, text: str) -> str:
    parts = str(text).split(", ")
    if name in AUDIENCES and text:
        words: Mapping[Any, Any] = audience_labels(parts, get_language() or "en")
    elif name in CODES and text:
        words = _names(CODES[name], parts)
    else:
        words = _choices(model, name) or {"True": gettext("Yes"), "False": gettext("No")}
    return listed(words.get(part, part) for part in parts)


def _names(label: str, codes: Iterable[str]) -> Mapping[str, str]:
    """Code → name in the reader's language; what is gone keeps its code."""
    rows = apps.get_model(label)._default_manager.filter(code__in=codes)
    is_chinese = (get_language() or "").startswith("zh")
    found = rows.values_list("code", "name", "name_zh")
    return {code: name_zh if is_chinese and name_zh else name for code, name, name_zh in found}


def _choices(model: type[Model] | None, name: str) -> Mapping[Any, Any]:
    if name == "roles":
        return dict(Role.choices)
    try:
        return dict(getattr(model._meta.get_field(name), "flatchoices", ())) if model else {}
    except FieldDoesNotExist:
        return {}
