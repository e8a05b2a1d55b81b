"""What changed, in the reader's words: fields, choices, audiences and yes or no are kept by their names in the code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.translation import get_language, gettext

from .. import hooks
from ..wording import join_list, with_label
from .rules import details

#: Keys without a value.
FIXED = frozenset({"everyone", "members", "guests"})


def details_in_words(data: Mapping[str, Any], model: type[Model] | None) -> str:
    """The figures of an entry about a ``model`` in one line; names without a translation stay as they are.

    A model whose figures are not its fields says itself how they read (``hooks.audit_data_labels``).
    """
    changes = data.get("changes") or {}
    own = hooks.audit_data_labels.get(model._meta.label_lower) if model else None
    data = {**data, "counted": counted(data.get("counts") or {})}
    if own is not None:
        names = {"names": data["names"]} if data.get("names") else {}
        return details(
            {**data, "changes": dict(own(name, *pair, **names) for name, pair in changes.items())}, with_label
        )
    said = {
        _label(model, name): [_value(model, name, text) for text in pair] for name, pair in changes.items()
    }
    return details({**data, "changes": said}, with_label)


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
    return join_list(
        text % {"count": f"{counts[name]:,}"} for name, text in words.items() if counts.get(name)
    )


def _label(model: type[Model] | None, name: str) -> str:
    if _is_key(name):
        return _named("audience_key", [name]).get(name, name)
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
    if text and hooks.audit_value_labels.get(name):
        words = _named(name, parts)
    else:
        words = _choices(model, name) or {"True": gettext("Yes"), "False": gettext("No")}
    return join_list(words.get(part, part) for part in parts)


def _named(name: str, values: Sequence[str]) -> Mapping[Any, Any]:
    """Names of values that the field ``name`` holds by code; what is gone keeps its code."""
    label = hooks.audit_value_labels.get(name)
    return label(values, get_language() or "en") if label else {}


def _choices(model: type[Model] | None, name: str) -> Mapping[Any, Any]:
    try:
        return dict(getattr(model._meta.get_field(name), "flatchoices", ())) if model else {}
    except FieldDoesNotExist:
        return {}
