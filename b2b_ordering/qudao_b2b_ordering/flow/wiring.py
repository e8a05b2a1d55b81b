from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from qudao_core import hooks as core_hooks

from .models import Flow
from .words import history_words

ACTIONS = {
    "qudao.flow.changed": _("Order flow changed"),
    "qudao.flow.published": _("Order flow published"),
}


def connect() -> None:
    """Flows are read fresh; nothing is kept."""
    core_hooks.audit_data_labels.register(Flow._meta.label_lower, history_words)
