"""What the platform adds to Wagtail's admin: imports, and how actions read on history pages."""

from __future__ import annotations

from typing import Any

from wagtail import hooks as wagtail_hooks
from wagtail.log_actions import LogFormatter

from .audit.labels import details_in_words
from .hooks import audit_actions
from .imports import admin as imports_admin
from .wording import with_label

wagtail_hooks.register("register_admin_viewset", imports_admin.ImportViewSet)


@wagtail_hooks.register("register_log_actions")
def register_log_actions(registry: Any) -> None:
    """Every action in ``hooks.audit_actions`` reads on Wagtail's history pages as its label and its figures."""
    for action, text in audit_actions.items():
        formatter = type("QudaoFormatter", (LogFormatter,), {"label": text, "format_message": _message})
        registry.register_action(action)(formatter)


def _message(formatter: LogFormatter, entry: Any) -> str:
    figures = details_in_words(entry.data or {}, entry.content_type.model_class())
    return with_label(formatter.label, figures) if figures else str(formatter.label)
