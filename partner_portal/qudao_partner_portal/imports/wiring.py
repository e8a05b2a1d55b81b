"""What the imports connect at start."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ..hooks import audit_actions, event_handlers

ACTIONS = {
    "qudao.import.uploaded": _("File uploaded for import"),
    "qudao.import.applied": _("Imported"),
}


def connect() -> None:
    for action, label in ACTIONS.items():
        audit_actions.register(action, label)
    event_handlers.register("imports", (("import.check", "import.apply"), _handle))


def _handle(**event: Any) -> None:
    from .services import handle_event  # noqa: PLC0415 - models must be loaded first

    handle_event(**event)
