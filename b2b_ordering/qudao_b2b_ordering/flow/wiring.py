from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "qudao.flow.changed": _("Order flow changed"),
    "qudao.flow.published": _("Order flow published"),
}


def connect() -> None:
    """Flows are read fresh; nothing is kept."""
