"""How an entry of the audit log reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that happened to a record.

    ``at`` is aware (UTC); ``actor_name`` is empty when the system acted; ``label`` says what happened in the reader's
    language; ``data`` may hold ``note`` (what a person wrote, or a name), ``changes`` (field → [before, after])
    and ``counts`` (``created``, ``changed``, ``unchanged``, ``removed``, ``rejected`` → how many); ``details`` is both
    in one line, in the reader's words.
    """

    at: datetime
    actor_name: str
    action: str
    label: str
    data: dict[str, Any] = field(default_factory=dict)
    details: str = ""


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[str]]:
    """The fields of ``after`` whose value differs from ``before``, as texts.

    >>> differences({"tier": "silver", "name": "A"}, {"tier": "gold", "name": "A"})
    {'tier': ['silver', 'gold']}
    """
    return {
        name: [_text(before.get(name)), _text(value)]
        for name, value in after.items()
        if _text(before.get(name)) != _text(value)
    }


def details(data: Mapping[str, Any], labelled: Callable[[str, str], str] = "{}: {}".format) -> str:
    """The figures of an entry in one line: what changed, how much, then the note.

    ``labelled`` has the reader's punctuation; ``counted`` is what ``counts`` says in the reader's words.

    >>> details({"changes": {"tier": ["silver", "gold"]}, "note": "Year-end review"})
    'tier: silver → gold · Year-end review'
    """
    changes = data.get("changes") or {}
    parts = [labelled(name, f"{before or '–'} → {after or '–'}") for name, (before, after) in changes.items()]
    parts += [str(data[name]) for name in ("counted", "note") if data.get(name)]
    return " · ".join(parts)


def _text(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(sorted(str(item) for item in value))
    return str(value)
