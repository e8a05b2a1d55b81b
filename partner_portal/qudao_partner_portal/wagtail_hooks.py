"""What the portal adds to Wagtail's admin."""

from __future__ import annotations

from typing import Any

from wagtail import hooks as wagtail_hooks
from wagtail.log_actions import LogFormatter

from .audit.rules import details
from .hooks import audit_actions
from .imports import admin as imports_admin

wagtail_hooks.register("register_admin_viewset", imports_admin.ImportViewSet)


@wagtail_hooks.register("register_log_actions")
def register_log_actions(registry: Any) -> None:
    """Every action in ``hooks.audit_actions`` reads on Wagtail's history pages as its label and its figures."""
    for action, text in audit_actions.items():
        formatter = type("QudaoFormatter", (LogFormatter,), {"label": text, "format_message": _message})
        registry.register_action(action)(formatter)


def _message(formatter: LogFormatter, entry: Any) -> str:
    figures = details(entry.data or {})
    return f"{formatter.label}: {figures}" if figures else str(formatter.label)
