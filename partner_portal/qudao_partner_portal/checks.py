"""System checks: what a host forgot when it installed the portal."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

PREVIEW = "qudao_partner_portal.middleware.PreviewMiddleware"
SHELL = "qudao_partner_portal.context_processors.shell"


@register("qudao_partner_portal")
def check_installation(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The middleware and the context of the pages."""
    found: list[CheckMessage] = []
    if PREVIEW not in settings.MIDDLEWARE:
        hint = f"Add {PREVIEW} after qudao_core.middleware.ViewerMiddleware."
        found.append(Error("Previews show one's own pages.", hint=hint, id="qudao_partner_portal.E001"))
    if not any(
        SHELL in engine.get("OPTIONS", {}).get("context_processors", ()) for engine in settings.TEMPLATES
    ):
        hint = f"Add {SHELL} to the template context processors."
        found.append(Warning("Pages show no navigation.", hint=hint, id="qudao_partner_portal.W001"))
    return found
