"""What the imports connect at start."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ..events.dispatch import outside_transaction
from ..hooks import audit_actions, event_handlers

ACTIONS = {
    "qudao.import.uploaded": _("File uploaded for import"),
    "qudao.import.applied": _("Imported"),
    "qudao.import.undone": _("Import undone"),
    "qudao.import.discarded": _("Import discarded"),
    "qudao.import.mapping_kept": _("Column mapping saved"),
    "qudao.import.mapping_changed": _("Column mapping changed"),
    "qudao.import.mapping_forgotten": _("Column mapping deleted"),
}


def connect() -> None:
    for action, label in ACTIONS.items():
        audit_actions.register(action, label)
    event_handlers.register("imports", (("import.check", "import.apply", "import.undo"), _handle))


@outside_transaction
def _handle(**event: Any) -> None:
    from .services import handle_event  # noqa: PLC0415 - models must be loaded first

    handle_event(**event)
