"""What changed, in the reader's words: fields and choices are kept by their English names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.translation import get_language, gettext

from ..people.models import Role
from .rules import details


def details_in_words(data: Mapping[str, Any], model: type[Model] | None) -> str:
    """The figures of an entry about a ``model`` in one line; names without a translation stay as they are."""
    if (get_language() or "en").startswith("en"):
        return details(data)
    changes = {
        _label(name): [_value(model, name, text) for text in pair]
        for name, pair in (data.get("changes") or {}).items()
    }
    return details({**data, "changes": changes})


def _label(name: str) -> str:
    text = name.replace("_", " ")
    said = gettext(text)
    return name if said == text else said


def _value(model: type[Model] | None, name: str, text: str) -> str:
    words = _choices(model, name)
    return ", ".join(str(words.get(part, part)) for part in str(text).split(", "))


def _choices(model: type[Model] | None, name: str) -> Mapping[Any, Any]:
    if name == "roles":
        return dict(Role.choices)
    try:
        return dict(getattr(model._meta.get_field(name), "flatchoices", ())) if model else {}
    except FieldDoesNotExist:
        return {}
